//! A pretend OpenAI-compatible provider. It is a real server on a real socket, and the **model name of a request
//! chooses how it answers**: correctly, slowly, in odd but legal framing, or by failing in one exact way. So the code
//! that talks to providers is tested offline against every fault that was seen in the wild. [`Behaviour`] lists them.
//!
//! Everything that goes wrong here carries [`PLANTED_SECRET`], so that a test can prove that no word of a provider's
//! error travels further. There is no model in it, and no authentication.

mod behaviour;
mod routes;
mod script;
mod stats;
mod wire;

pub use self::behaviour::{Behaviour, RetryHint, UnknownModel};
pub use self::script::{PLANTED_SECRET, SPLIT_TEXT};
pub use self::stats::Stats;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use self::stats::Recorder;

/// A running mock provider. It stops listening when dropped; calls that are under way end with the runtime.
#[derive(Debug)]
pub struct MockProvider {
    /// What a client is configured with: `http://127.0.0.1:PORT/v1`.
    pub base_url: Url,
    /// Where it listens.
    pub address: SocketAddr,
    recorder: Recorder,
    server: JoinHandle<()>,
}

impl MockProvider {
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Panics
    /// When the machine has no free port: a test cannot go on without it.
    #[expect(clippy::expect_used, reason = "a test cannot go on without its provider")]
    pub async fn start() -> Self {
        Self::listen((Ipv4Addr::LOCALHOST, 0).into())
            .await
            .expect("a free port on the loopback interface")
    }

    /// Starts one on `address`.
    ///
    /// # Errors
    /// When the address cannot be bound.
    #[expect(
        clippy::disallowed_methods,
        reason = "test code: the handle aborts its one task when dropped"
    )]
    pub async fn listen(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let base_url =
            Url::parse(&format!("http://{address}/v1")).map_err(std::io::Error::other)?;
        let recorder = Recorder::default();
        let router = routes::router(recorder.clone());
        let connections = recorder.clone();
        let listener = listener.tap_io(move |io| {
            connections.record(|stats| stats.connections += 1);
            // Without it small pieces would wait for one another.
            io.set_nodelay(true).ok();
        });
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { base_url, address, recorder, server })
    }

    /// Waits until the server ends, which it does not by itself.
    pub async fn run(mut self) {
        (&mut self.server).await.ok();
    }

    /// What happened so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.recorder.snapshot()
    }

    /// How many completions were asked for.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.stats().requests
    }

    /// How many of them ran to the end of their script, be it a good or a bad one.
    #[must_use]
    pub fn finished(&self) -> u64 {
        self.stats().finished
    }

    /// How many of them the client gave up.
    #[must_use]
    pub fn aborted(&self) -> u64 {
        self.stats().aborted
    }

    /// The body of the latest request.
    #[must_use]
    pub fn last_request(&self) -> Option<serde_json::Value> {
        self.stats().last_request
    }

    /// Waits until `reached` holds for what happened so far.
    pub async fn wait_until(&self, reached: impl FnMut(&Stats) -> bool) {
        self.recorder.wait_until(reached).await;
    }

    /// Waits until the client has given up a request, and tells when it first did.
    pub async fn wait_aborted(&self) -> Instant {
        self.wait_until(|stats| !stats.aborts.is_empty()).await;
        self.stats().aborts.first().copied().unwrap_or_else(Instant::now)
    }
}

impl Drop for MockProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}
