//! `natter apply FILE.toml`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::clock::Clock;
use crate::config::ServeArgs;
use crate::secret::Secrets;
use crate::service::{Service, Settings};
use crate::store::Store;
use crate::telemetry;

/// Arguments of `natter apply`.
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// The file
    file: PathBuf,
    #[command(flatten)]
    serve: ServeArgs,
}

/// A service without a listener, over the configured database.
pub(super) async fn open(args: ServeArgs) -> anyhow::Result<Service> {
    let config = args.resolve()?;
    telemetry::start(config.log_format, "warn");
    let clock = Clock::system();
    let secrets = Secrets::load(&config.secret_file, &clock)?;
    let store = Store::open(&config.database_url)
        .await
        .context("cannot open the database; check --database-url")?;
    let (public_url, pace) = (String::new(), Duration::ZERO);
    let settings = Settings { own_origins: Vec::new(), public_url, pace, files: None };
    Ok(Service::tool(store, clock, secrets, settings)?)
}

pub(super) async fn run(args: ApplyArgs) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("cannot read {}", args.file.display()))?;
    let folder = args.file.parent().map_or_else(PathBuf::new, Path::to_owned);
    let service = open(args.serve).await?;
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let variable = |name: &str| std::env::var(name).ok();
    let applied = service.apply(&args.file.display().to_string(), &text, &read, &variable).await;
    service.shut_down(Duration::ZERO).await;
    let applied = applied?;
    for line in &applied.lines {
        super::say(line);
    }
    for (name, key) in &applied.new_keys {
        super::say(&format!("new api key {name}: {key} (it is shown only now; keep it safe)"));
    }
    for (chatbot, secret) in &applied.new_identity_secrets {
        super::say(&format!(
            "new identity secret of {chatbot}: {secret} (it is shown only now; keep it on the site's server)"
        ));
    }
    Ok(())
}
