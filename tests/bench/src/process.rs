//! The processes that are measured.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::load::Target;

/// A process that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The bare pass-through.
pub(crate) struct Floor {
    process: Running,
    pub(crate) url: String,
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

    pub(crate) fn id(&self) -> u32 {
        self.process.0.id()
    }
}

/// `natter serve` over a new SQLite database, with one chatbot for each pace of the provider.
pub(crate) struct Natter {
    process: Running,
    url: String,
    _data: TempDir,
}

const CHATBOTS: [(&str, &str); 2] = [("fast", "tokens:20:0"), ("slow", "tokens:60:500")];

impl Natter {
    pub(crate) async fn start(binary: &str, provider: &str) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let database = format!("sqlite://{}", data.path().join("natter.db").display());
        let settings = format!(
            "listen = \"127.0.0.1:{port}\"\ndatabase_url = \"{database}\"\nsecret_file = \"{}\"\n[limits]\n\
             calls_per_minute = 4000000000\nsessions_per_minute = 4000000000\nquestions_per_minute = 4000000000\n",
            data.path().join("secret").display(),
        );
        let settings_file = data.path().join("natter.toml");
        fs::write(&settings_file, settings)?;
        let mut apply = String::from(
            "[organization]\nname = \"Bench\"\n[[projects]]\nnumber = 1\nname = \"Bench\"\n",
        );
        for (slug, model) in CHATBOTS {
            write!(
                apply,
                "[[chatbots]]\nproject = 1\npublic_id = \"{slug}\"\nslug = \"{slug}\"\nname = \"{slug}\"\n\
                 [chatbots.answerer]\nkind = \"openai\"\nbase_url = \"{provider}\"\nmodel = \"{model}\"\n\
                 [[chatbots.sources]]\ntitle = \"Page\"\ntext = \"The shop opens at nine and closes at five.\"\n",
            )?;
        }
        let apply_file = data.path().join("apply.toml");
        fs::write(&apply_file, apply)?;
        let applied = Command::new(binary)
            .arg("apply")
            .arg(&apply_file)
            .arg("--config")
            .arg(&settings_file)
            .output()?;
        anyhow::ensure!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        let process = Command::new(binary)
            .arg("serve")
            .arg("--config")
            .arg(&settings_file)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()?;
        let natter = Self { process: Running(process), url, _data: data };
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
        anyhow::bail!("natter serve does not become ready")
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// A chatbot to be asked.
    pub(crate) fn target(&self, slug: &str) -> Target {
        Target::natter(&self.url, slug)
    }
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

/// Resident memory of a process, in bytes.
pub(crate) fn memory(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}

/// Processor time that a process has used.
pub(crate) fn cpu(process: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> =
        stat.rsplit_once(')').context("no stat")?.1.split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
    // Linux counts in hundredths of a second for every program.
    Ok(Duration::from_millis(ticks * 10))
}
