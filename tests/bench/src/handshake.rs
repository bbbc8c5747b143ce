//! Handshakes, by a client that does as little as possible: with a full one both sides would mostly measure that.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::future::try_join_all;
use natter_shared::handshake::HANDSHAKE_VERSION;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The page that shakes hands.
pub(crate) const ORIGIN: &str = "https://shop.example";

/// A handshake with one of the two.
pub(crate) struct Handshake {
    host: String,
    request: Vec<u8>,
}

impl Handshake {
    pub(crate) fn new(url: &str, path: &str, chatbot: &str) -> Self {
        let host = url.trim_start_matches("http://").to_owned();
        let body =
            json!({ "chatbot_id": chatbot, "project_id": "1", "version": HANDSHAKE_VERSION })
                .to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: {ORIGIN}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self { host, request: request.into_bytes() }
    }

    /// A connection to shake hands on.
    pub(crate) async fn connect(&self) -> Result<TcpStream> {
        let connection = TcpStream::connect(&self.host).await?;
        connection.set_nodelay(true)?;
        Ok(connection)
    }

    /// Shakes hands once and reads the answer to its end.
    pub(crate) async fn once(&self, connection: &mut TcpStream) -> Result<Duration> {
        let started = Instant::now();
        connection.write_all(&self.request).await?;
        let mut answer = Vec::with_capacity(8 * 1024);
        loop {
            let read = connection.read_buf(&mut answer).await?;
            ensure!(read > 0, "the server closed the connection during a handshake");
            if let Some(length) = whole_length(&answer)?
                && answer.len() >= length
            {
                return Ok(started.elapsed());
            }
        }
    }

    /// Shakes hands over `connections` connections at once for so long. Gives the number of handshakes, and how many it
    /// were in a second.
    pub(crate) async fn many(&self, connections: usize, length: Duration) -> Result<(u32, f64)> {
        let started = Instant::now();
        let workers = (0..connections).map(|_| async {
            let mut connection = self.connect().await?;
            let mut done = 0_u32;
            while started.elapsed() < length {
                self.once(&mut connection).await?;
                done += 1;
            }
            anyhow::Ok(done)
        });
        let count: u32 = try_join_all(workers).await?.into_iter().sum();
        Ok((count, f64::from(count) / started.elapsed().as_secs_f64()))
    }
}

/// Length of a response with its head, once the head is there.
fn whole_length(answer: &[u8]) -> Result<Option<usize>> {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&answer[..end]);
    ensure!(head.starts_with("HTTP/1.1 200"), "a handshake was refused: {head}");
    let body = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("a handshake's answer has no content-length")?
        .1
        .trim()
        .parse::<usize>()?;
    Ok(Some(end + 4 + body))
}
