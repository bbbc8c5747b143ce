//! A server over a database: the real service behind the real router, without a socket.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use natter_mock_provider::MockProvider;
use natter_server::clock::Clock;
use natter_server::files::Files;
use natter_server::http::{AppState, Limits, Rates, router};
use natter_server::secret::Secrets;
use natter_server::service::origin::Origin;
use natter_server::service::{Applied, Service, Settings};
use natter_server::store::Store;

use super::{Database, OWN, Visitor, Wire, shop, with_models};

/// How a server is set up.
pub(crate) struct Setup {
    pub(crate) clock: Clock,
    pub(crate) rates: Rates,
    pub(crate) secrets: String,
    pub(crate) proxies: Vec<IpAddr>,
    /// What is applied before the server starts.
    pub(crate) file: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        let many = NonZeroU32::new(100_000).unwrap();
        Self {
            clock: Clock::system(),
            rates: Rates { calls: many, sessions: many, questions: many },
            secrets: "a secret of the tests, which is long enough".into(),
            proxies: Vec::new(),
            file: Some(shop()),
        }
    }
}

impl Setup {
    /// Time stands still until a test moves it.
    pub(crate) fn at_a_fixed_time() -> Self {
        let start = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Self { clock: Clock::fixed(start), ..Self::default() }
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) service: Service,
    pub(crate) clock: Clock,
    pub(crate) wire: Wire,
    pub(crate) applied: Applied,
}

impl Server {
    /// A server with the shop's configuration.
    pub(crate) async fn start(database: &Database) -> Self {
        Self::with(database, Setup::default()).await
    }

    /// A server with a setup of its own.
    pub(crate) async fn with(database: &Database, setup: Setup) -> Self {
        let store = Store::open(&database.url).await.unwrap();
        let secrets = Secrets::parse(&setup.secrets).unwrap();
        let origin = Origin::parse(Some(OWN)).unwrap();
        let settings = Settings {
            own_origins: vec![origin],
            public_url: OWN.to_owned(),
            pace: Duration::ZERO,
            files: Some(Files::folder(&database.folder().join("files")).unwrap()),
        };
        let service = Service::start(store, setup.clock.clone(), secrets, settings).await.unwrap();
        let applied = match &setup.file {
            Some(text) => file(&service, text).await.unwrap(),
            None => Applied::default(),
        };
        let state = AppState::new(service.clone(), Limits::new(setup.rates), setup.proxies);
        Self { service, clock: setup.clock, wire: Wire::Router(router(state)), applied }
    }

    /// The API key with this name.
    pub(crate) fn key(&self, name: &str) -> &str {
        &self.applied.new_keys.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// Ends it as an operator would.
    pub(crate) async fn end(self) {
        self.service.shut_down(Duration::ZERO).await;
    }
}

/// Applies a configuration that names no files and no variables.
pub(crate) async fn file(service: &Service, text: &str) -> Result<Applied, String> {
    let missing = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let applied = service.apply("natter.toml", text, &missing, &|_| None).await;
    applied.map_err(|error| error.to_string())
}

/// A server with one of the mock provider's models, and a visitor of its chatbot.
pub(crate) async fn with_model(
    database: &Database,
    model: &str,
) -> (MockProvider, Server, Visitor) {
    let provider = MockProvider::start().await;
    let file = Some(with_models(&provider, &[model]));
    let server = Server::with(database, Setup { file, ..Setup::default() }).await;
    let visitor = server.visitor("llm-0").await;
    (provider, server, visitor)
}
