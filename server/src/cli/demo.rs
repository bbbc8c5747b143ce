//! `natter demo`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::LogFormat;
use crate::files::Files;
use crate::secret::Secrets;
use crate::{demo, http, shutdown, telemetry};

use super::serve::PACE;

/// How long answers may go on after the demo was asked to end: whoever plays with it does not want to wait.
const DRAIN: Duration = Duration::from_secs(2);

/// Arguments of `natter demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Address of the server
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Address of the example shop
    #[arg(long, default_value = "127.0.0.1:8788")]
    shop_listen: SocketAddr,
    /// Folder for the data [default: a temporary folder, removed at the end]
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(super) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    telemetry::start(LogFormat::Text, "warn");
    let temporary = tempfile::tempdir()?;
    let data = args.data.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&data)
        .with_context(|| format!("cannot make the folder {}", data.display()))?;
    let shop = TcpListener::bind(args.shop_listen).await.with_context(|| {
        format!("cannot listen on {}; choose another with --shop-listen", args.shop_listen)
    })?;
    let shop_origin = format!("http://{}", shop.local_addr()?);
    let app = App::bind(Parts {
        listen: args.listen,
        public_url: None,
        database_url: &format!("sqlite://{}", data.join("natter.db").display()),
        secrets: Secrets::load(&data.join("secret"), &Clock::system())?,
        trusted_proxies: Vec::new(),
        pace: PACE,
        files: Files::folder(&data.join("files"))?,
        rates: http::Rates::default(),
    })
    .await?;
    app.service.apply("demo.toml", &demo::apply_file(&shop_origin), &demo::read, &|_| None).await?;
    let api = format!("http://{}", app.address);
    let end = shutdown::on_signal()?;
    super::say(&format!("Natter serves on     {api}"));
    super::say(&format!("Example shop         {shop_origin}"));
    super::say(&format!("Full chat page       {api}/c/demo"));
    super::say(&format!("API reference        {api}/docs"));
    super::say("Press Ctrl+C to end.");
    let closed = end.clone();
    let serving = async {
        axum::serve(shop, http::shop(&api))
            .with_graceful_shutdown(async move { closed.cancelled().await })
            .await
    };
    let (served, shopped) = tokio::join!(app.run(end, DRAIN), serving);
    served?;
    shopped.context("the example shop failed")
}
