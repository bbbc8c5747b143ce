//! The settings of `natter serve`: flag before variable before file before default.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use url::Url;

/// For how many seconds running answers may go on after the server was asked to end.
const DRAIN_SECONDS: u32 = 30;

/// Settings that may be given as flags or variables.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8787]
    #[arg(long, env = "NATTER_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Address of this server as browsers see it [default: `http://` and the listen address]
    #[arg(long, env = "NATTER_PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// `sqlite://PATH` or `postgres://…` [default: `sqlite://natter-data/natter.db`]
    #[arg(long, env = "NATTER_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Redis, for more than one node
    #[arg(long, env = "NATTER_REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,
    /// File with the server's secret, the current one first and older ones after it; made when absent
    /// [default: natter-data/secret]
    #[arg(long, env = "NATTER_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,
    /// Address of a proxy whose forwarded addresses count; repeat it or separate by commas
    #[arg(long, env = "NATTER_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// Where uploaded files are kept: `file:///FOLDER` or `s3://BUCKET/PREFIX` [default: natter-data/files]
    #[arg(long, env = "NATTER_FILES_URL")]
    pub files_url: Option<String>,
    /// Form of the log
    #[arg(long, env = "NATTER_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Seconds for which running answers may go on after the server was asked to end [default: 30]
    #[arg(long, env = "NATTER_DRAIN_SECONDS")]
    pub drain_seconds: Option<u32>,
    /// File with settings [default: natter.toml, when there is one]
    #[arg(long, env = "NATTER_CONFIG")]
    pub config: Option<PathBuf>,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// The same settings in a file.
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    public_url: Option<Url>,
    database_url: Option<String>,
    redis_url: Option<String>,
    secret_file: Option<PathBuf>,
    trusted_proxies: Option<Vec<IpAddr>>,
    files_url: Option<String>,
    log_format: Option<LogFormat>,
    drain_seconds: Option<u32>,
    limits: LimitsFile,
}

/// The rate limits in a file; none of them has a flag.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
struct LimitsFile {
    calls_per_minute: Option<NonZeroU32>,
    sessions_per_minute: Option<NonZeroU32>,
    questions_per_minute: Option<NonZeroU32>,
}

/// The settings that hold.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address of this server as browsers see it, when it is set.
    pub public_url: Option<Url>,
    /// Database.
    pub database_url: String,
    /// File with the server's secret.
    pub secret_file: PathBuf,
    /// Proxies whose forwarded addresses count.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where uploaded files are kept; none for the default.
    pub files_url: Option<String>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// How long running answers may go on after the server was asked to end.
    pub drain: Duration,
    /// Any public call, by address, in a minute; none for the default.
    pub calls_per_minute: Option<NonZeroU32>,
    /// Sessions opened, by address, in a minute; none for the default.
    pub sessions_per_minute: Option<NonZeroU32>,
    /// Questions, by session, in a minute; none for the default.
    pub questions_per_minute: Option<NonZeroU32>,
}

impl ServeArgs {
    /// Fills what is not given from the file and the defaults.
    ///
    /// # Errors
    /// When the file cannot be read, or names something that is not known or not possible.
    pub fn resolve(self) -> anyhow::Result<Config> {
        let file = read_file(self.config.as_deref())?;
        if self.redis_url.or(file.redis_url).is_some() {
            bail!("redis_url is set, but this version runs as a single node; remove it");
        }
        let public_url = self.public_url.or(file.public_url);
        if let Some(url) = &public_url
            && (!matches!(url.scheme(), "http" | "https")
                || url.path() != "/"
                || url.query().is_some())
        {
            bail!(
                "public_url must be an origin such as https://chat.example.com; remove what stands after the host"
            );
        }
        Ok(Config {
            listen: self.listen.or(file.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8787))),
            public_url,
            database_url: self
                .database_url
                .or(file.database_url)
                .unwrap_or_else(|| "sqlite://natter-data/natter.db".into()),
            secret_file: self
                .secret_file
                .or(file.secret_file)
                .unwrap_or_else(|| "natter-data/secret".into()),
            trusted_proxies: self.trusted_proxies.or(file.trusted_proxies).unwrap_or_default(),
            files_url: self.files_url.or(file.files_url),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
            drain: Duration::from_secs(
                self.drain_seconds.or(file.drain_seconds).unwrap_or(DRAIN_SECONDS).into(),
            ),
            calls_per_minute: file.limits.calls_per_minute,
            sessions_per_minute: file.limits.sessions_per_minute,
            questions_per_minute: file.limits.questions_per_minute,
        })
    }
}

fn read_file(named: Option<&Path>) -> anyhow::Result<File> {
    let path = named.unwrap_or(Path::new("natter.toml"));
    if named.is_none() && !path.exists() {
        return Ok(File::default());
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let key = text
            .lines()
            .nth(line - 1)
            .and_then(|line| line.split('=').next())
            .unwrap_or_default()
            .trim();
        anyhow::anyhow!(
            "{}:{line}: {key}: {}",
            path.display(),
            error.message().trim().replace('\n', " ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("natter.toml");
        fs::write(&path, text)?;
        ServeArgs { config: Some(path), ..ServeArgs::default() }.resolve()
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("natter.toml");
        fs::write(&path, "listen = \"127.0.0.1:1\"\nsecret_file = \"from-file\"\n").unwrap();
        let listen = Some("127.0.0.1:2".parse().unwrap());
        let config =
            ServeArgs { config: Some(path), listen, ..ServeArgs::default() }.resolve().unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.secret_file, PathBuf::from("from-file"));
        assert_eq!(config.database_url, "sqlite://natter-data/natter.db");
    }

    #[test]
    fn a_mistake_in_the_file_is_named_with_line_and_key() {
        for (text, expected) in [
            ("\nlistn = \"x\"\n", "natter.toml:2: listn: unknown field `listn`"),
            ("listen = \"here\"\n", "natter.toml:1: listen: "),
            ("log_format = 7\n", "natter.toml:1: log_format: "),
        ] {
            let error = with_file(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_public_url_with_a_path_is_refused() {
        assert!(with_file("public_url = \"https://a.example/chat\"").is_err());
    }
}
