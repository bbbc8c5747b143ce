//! The running server: a listener, the router over the service, and an end that loses nothing.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::clock::Clock;
use crate::files::Files;
use crate::http::{self, AppState, Limits, Rates};
use crate::secret::Secrets;
use crate::service::origin::Origin;
use crate::service::{Service, Settings};
use crate::store::{Store, StoreError};

/// How long readers have for what is left to be sent to them when the last turn has ended. One that has stopped reading
/// would keep the server from ending.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What a server is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Address as browsers see it.
    pub public_url: Option<Url>,
    /// Database.
    pub database_url: &'a str,
    /// The server's secrets.
    pub secrets: Secrets,
    /// Proxies whose forwarded addresses count.
    pub trusted_proxies: Vec<IpAddr>,
    /// Pause between the pieces of an extractive answer.
    pub pace: Duration,
    /// Where uploaded files are kept.
    pub files: Files,
    /// Rate limits of the public routes.
    pub rates: Rates,
}

/// A server that is bound to its address and ready to run.
pub struct App {
    /// The service.
    pub service: Service,
    /// The address that it listens on.
    pub address: SocketAddr,
    listener: TcpListener,
    state: AppState,
}

impl App {
    /// Binds the address, opens the database and starts the service.
    ///
    /// # Errors
    /// When the address is taken, or the database cannot be opened.
    pub async fn bind(parts: Parts<'_>) -> anyhow::Result<Self> {
        let Parts { listen, public_url, database_url, secrets, trusted_proxies, .. } = parts;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}; free the address or choose another with --listen")
        })?;
        let address = listener.local_addr()?;
        let store = Store::open(database_url)
            .await
            .context("cannot open the database; check --database-url")?;
        let settings = Settings {
            files: Some(parts.files),
            ..settings(address, public_url.as_ref(), parts.pace)?
        };
        let service = Service::start(store, Clock::system(), secrets, settings).await?;
        let state = AppState::new(service.clone(), Limits::new(parts.rates), trusted_proxies);
        Ok(Self { service, address, listener, state })
    }

    /// Serves until `end` is cancelled, then lets running turns end for at most `drain`.
    ///
    /// # Errors
    /// When the listener fails, or another server has taken the database over.
    pub async fn run(self, end: CancellationToken, drain: Duration) -> anyhow::Result<()> {
        let Self { service, listener, state, .. } = self;
        let make: IntoMakeServiceWithConnectInfo<_, SocketAddr> =
            http::router(state).into_make_service_with_connect_info();
        let (closing, drained) = (CancellationToken::new(), CancellationToken::new());
        let closed = closing.clone();
        let listener = listener.tap_io(|connection| {
            // A piece of an answer must not wait for the one before it to be acknowledged. Where that cannot be set, it
            // comes a little later.
            let _ = connection.set_nodelay(true);
        });
        let served = axum::serve(listener, make)
            .with_graceful_shutdown(async move { closed.cancelled().await });
        // Connections end with their streams, and those with their turns.
        let serving = async {
            tokio::select! {
                served = async { served.await } => served.context("the server failed"),
                () = async { drained.cancelled().await; tokio::time::sleep(LAST_WORDS).await } => {
                    tracing::warn!("closed the connections of clients that have stopped reading");
                    Ok(())
                }
            }
        };
        let draining = async {
            let ended = tokio::select! {
                () = end.cancelled() => Ok(()),
                () = service.lost() => Err(StoreError::Claimed),
            };
            closing.cancel();
            tracing::info!("shutting down; running answers may end");
            service.shut_down(drain).await;
            drained.cancel();
            ended
        };
        let (served, ended) = tokio::join!(serving, draining);
        served?;
        Ok(ended?)
    }
}

fn settings(
    address: SocketAddr,
    public_url: Option<&Url>,
    pace: Duration,
) -> anyhow::Result<Settings> {
    let (urls, public) = if let Some(url) = public_url {
        (vec![url.clone()], url.clone())
    } else {
        let host =
            if address.ip().is_unspecified() { "127.0.0.1".into() } else { host(address.ip()) };
        let url = Url::parse(&format!("http://{host}:{}", address.port()))?;
        let local = Url::parse(&format!("http://localhost:{}", address.port()))?;
        (vec![url.clone(), local], url)
    };
    let own_origins: Vec<Origin> = urls.iter().filter_map(Origin::of_url).collect();
    Ok(Settings {
        own_origins,
        public_url: public.origin().ascii_serialization(),
        pace,
        files: None,
    })
}

fn host(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}
