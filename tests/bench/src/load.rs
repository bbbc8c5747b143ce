//! The load: one question after the other, and many at once.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use serde_json::json;

use crate::process::open_session;

/// A first token of the mock provider, as both sides pass it on.
const FIRST: &[u8] = b"t1";

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Floor { url: String, model: String },
    Natter { url: String, slug: String },
}

impl Target {
    /// A conversation: where to send questions and what to send.
    pub(crate) async fn conversation(&self, client: &reqwest::Client) -> Result<(String, String)> {
        Ok(match self {
            Self::Floor { url, model } => {
                let messages = json!([{ "role": "user", "content": "When does the shop open?" }]);
                (
                    url.clone(),
                    json!({ "model": model, "stream": true, "messages": messages }).to_string(),
                )
            }
            Self::Natter { url, slug } => {
                let body = json!({ "message": "When does the shop open?" }).to_string();
                (open_session(client, url, slug).await?, body)
            }
        })
    }
}

/// A client that keeps its connections.
pub(crate) fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .no_proxy()
        .tcp_nodelay(true)
        .pool_max_idle_per_host(20_000)
        .build()?)
}

/// Asks once and reads to the end; gives the time to the first token.
pub(crate) async fn ask(client: &reqwest::Client, url: &str, body: &str) -> Result<Duration> {
    let started = Instant::now();
    let answer = client
        .post(url)
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(body.to_owned())
        .send()
        .await?
        .error_for_status()?;
    let mut first = None;
    let mut stream = answer.bytes_stream();
    let mut tail = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        if first.is_none() && piece.windows(FIRST.len()).any(|window| window == FIRST) {
            first = Some(started.elapsed());
        }
        tail = piece.to_vec();
    }
    ensure!(tail.ends_with(b"[DONE]\n\n"), "the stream broke off");
    first.context("no token came")
}

/// Median time to the first token in seconds, one question after the other.
pub(crate) async fn first_token(
    client: &reqwest::Client,
    target: &Target,
    questions: usize,
) -> Result<f64> {
    let mut times = Vec::with_capacity(questions);
    // A new conversation now and then: what is measured is a question, not a long history.
    for _ in 0..questions / 5 {
        let (url, body) = target.conversation(client).await?;
        for _ in 0..5 {
            times.push(ask(client, &url, &body).await?.as_secs_f64());
        }
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().context("no questions")
}

/// What a round of questions came to.
pub(crate) struct Turns {
    /// Questions that were answered.
    pub(crate) count: u32,
    /// How many it were in a second.
    pub(crate) per_second: f64,
}

/// Asks over `connections` conversations at once for so long.
pub(crate) async fn turns(
    client: &reqwest::Client,
    target: &Target,
    connections: usize,
    length: Duration,
) -> Result<Turns> {
    let started = Instant::now();
    let workers = (0..connections).map(|_| async {
        let mut done = 0_u32;
        while started.elapsed() < length {
            let (url, body) = target.conversation(client).await?;
            for _ in 0..10 {
                ask(client, &url, &body).await?;
                done += 1;
            }
        }
        anyhow::Ok(done)
    });
    let count: u32 = try_join_all(workers).await?.into_iter().sum();
    Ok(Turns { count, per_second: f64::from(count) / started.elapsed().as_secs_f64() })
}
