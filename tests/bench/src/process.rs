//! The processes that are measured.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::handshake::{Handshake, ORIGIN};
use crate::load::Target;

/// A process that ends with this value.
pub(crate) struct Running(Child);

impl Running {
    /// Resident memory, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
    }

    /// Processor time used so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let fields: Vec<&str> =
            stat.rsplit_once(')').context("no stat")?.1.split_whitespace().collect();
        let ticks: u64 =
            [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
        // Linux counts in hundredths of a second for every program.
        Ok(Duration::from_millis(ticks * 10))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Says so before anything is measured when this process may not open two connections for each of `held` streams: the
/// reader's and the provider's.
pub(crate) fn check_open_files(held: usize) -> Result<()> {
    let needed = 2 * held + 200;
    let limits = fs::read_to_string("/proc/self/limits")?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .context("no limit of open files in /proc/self/limits")?;
    let allowed = line.split_whitespace().next().and_then(|text| text.parse::<usize>().ok());
    anyhow::ensure!(
        allowed.is_none_or(|allowed| allowed >= needed),
        "{held} held streams need {needed} open files; type `ulimit -n {needed}` first, or hold fewer"
    );
    Ok(())
}

/// How a chatbot answers: the name of the pace, and the provider's model for it.
const PACES: [(&str, &str); 2] = [("fast", "tokens:20:0"), ("slow", "tokens:60:500")];

/// The bare pass-through.
pub(crate) struct Floor {
    pub(crate) process: Running,
    url: String,
}

impl Floor {
    pub(crate) async fn start(provider: &str) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["floor", provider])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("no output")?;
        let process = Running(child);
        let url = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(output).read_line(&mut line).map(|_| line.trim().to_owned())
        })
        .await??;
        Ok(Self { process, url })
    }

    /// Where to ask for an answer at this pace.
    pub(crate) fn target(&self, pace: &str) -> Target {
        let model = PACES.iter().find(|(name, _)| *name == pace).map_or(pace, |(_, model)| model);
        Target::Floor { url: format!("{}/chat", self.url), model: model.to_owned() }
    }

    pub(crate) fn handshake(&self) -> Handshake {
        Handshake::new(&self.url, "/handshake", "fast")
    }
}

/// `natter serve` over a new SQLite database, with one chatbot for each pace of the provider.
pub(crate) struct Natter {
    pub(crate) process: Running,
    url: String,
    data: TempDir,
}

impl Natter {
    pub(crate) async fn start(binary: &str, provider: &str) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let settings = data.path().join("natter.toml");
        fs::write(&settings, settings_file(data.path(), port))?;
        let apply = data.path().join("apply.toml");
        fs::write(&apply, apply_file(provider)?)?;
        let applied = Command::new(binary)
            .arg("apply")
            .arg(&apply)
            .arg("--config")
            .arg(&settings)
            .output()
            .with_context(|| format!("cannot start {binary}"))?;
        anyhow::ensure!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        // Logs as it does in production, to nowhere.
        let process = Command::new(binary)
            .arg("serve")
            .arg("--config")
            .arg(&settings)
            .env_remove("RUST_LOG")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let natter = Self { process: Running(process), url, data };
        natter.wait().await?;
        Ok(natter)
    }

    async fn wait(&self) -> Result<()> {
        let client = crate::load::client()?;
        let ready = format!("{}/health/ready", self.url);
        for _ in 0..200 {
            if client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("natter serve does not become ready; run it by hand to see why")
    }

    /// Where it keeps its database.
    pub(crate) fn folder(&self) -> &Path {
        self.data.path()
    }

    /// The chatbot that answers at this pace.
    pub(crate) fn target(&self, pace: &str) -> Target {
        Target::Natter { url: self.url.clone(), slug: pace.to_owned() }
    }

    pub(crate) fn handshake(&self) -> Handshake {
        Handshake::new(&self.url, "/v1/widget/handshake", "fast")
    }
}

fn settings_file(data: &Path, port: u16) -> String {
    format!(
        "listen = \"127.0.0.1:{port}\"\ndatabase_url = \"sqlite://{}\"\nsecret_file = \"{}\"\n[limits]\n\
         calls_per_minute = 4000000000\nsessions_per_minute = 4000000000\nquestions_per_minute = 4000000000\n",
        data.join("natter.db").display(),
        data.join("secret").display(),
    )
}

fn apply_file(provider: &str) -> Result<String> {
    let mut text = String::from(
        "[organization]\nname = \"Bench\"\n[[projects]]\nnumber = 1\nname = \"Bench\"\n",
    );
    for (slug, model) in PACES {
        write!(
            text,
            "[[chatbots]]\nproject = 1\npublic_id = \"{slug}\"\nslug = \"{slug}\"\nname = \"{slug}\"\n\
             origins = [\"{ORIGIN}\"]\n\
             [chatbots.answerer]\nkind = \"openai\"\nbase_url = \"{provider}\"\nmodel = \"{model}\"\n\
             [[chatbots.sources]]\ntitle = \"Page\"\ntext = \"The shop opens at nine and closes at five.\"\n",
        )?;
    }
    Ok(text)
}

/// Opens a session and gives the address of its messages.
pub(crate) async fn open_session(
    client: &reqwest::Client,
    url: &str,
    slug: &str,
) -> Result<String> {
    let answer = client
        .post(format!("{url}/v1/public/robots/{slug}/sessions"))
        .header("content-type", "application/json")
        .body(json!({}).to_string())
        .send()
        .await?
        .error_for_status()?;
    let session: Value = serde_json::from_slice(&answer.bytes().await?)?;
    let id = session["session_id"].as_str().context("no session id")?;
    Ok(format!("{url}/v1/public/sessions/{id}/messages"))
}
