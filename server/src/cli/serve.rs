//! `natter serve`.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::ServeArgs;
use crate::files::Files;
use crate::http::Rates;
use crate::secret::Secrets;
use crate::{shutdown, telemetry};

/// Pause between the pieces of an extractive answer: long enough to be read along, short enough not to be waited for.
pub(super) const PACE: Duration = Duration::from_millis(12);

pub(super) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let config = args.resolve()?;
    telemetry::start(config.log_format, "info");
    let defaults = Rates::default();
    let rates = Rates {
        calls: config.calls_per_minute.unwrap_or(defaults.calls),
        sessions: config.sessions_per_minute.unwrap_or(defaults.sessions),
        questions: config.questions_per_minute.unwrap_or(defaults.questions),
    };
    let secrets = Secrets::load(&config.secret_file, &Clock::system())?;
    let files = files(config.files_url)?;
    let app = App::bind(Parts {
        listen: config.listen,
        public_url: config.public_url,
        database_url: &config.database_url,
        secrets,
        trusted_proxies: config.trusted_proxies,
        pace: PACE,
        files,
        rates,
    })
    .await?;
    super::say(&format!("Natter serves on http://{}", app.address));
    app.run(shutdown::on_signal()?, config.drain).await
}

/// Where uploaded files are kept.
fn files(url: Option<String>) -> anyhow::Result<Files> {
    let Some(url) = url else { return Files::folder(Path::new("natter-data/files")) };
    // A bucket's key and place come from the variables that all its tools read.
    let text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let variables = std::env::vars_os().filter_map(text);
    Files::open(&url, variables.filter(|(name, _)| name.starts_with("AWS_")))
}
