//! One request: sending it, trying once more where that surely costs nothing, and judging what comes back before any
//! text does.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use url::Url;

use super::super::{AnswerError, Question};
use super::client::ProviderClient;
use super::fault;
use super::reading::Reading;

/// Pause before the second try, unless the provider asks for another short one.
const PAUSE: Duration = Duration::from_millis(250);

/// A provider that asks for a longer pause than this is not tried again: the visitor is told instead.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How much of a refusal is read, and for how long.
const REFUSAL_BYTES: usize = 16 * 1024;
const REFUSAL_TIME: Duration = Duration::from_secs(2);

/// How long to wait for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// From the question to the first sign of an answer.
    pub(super) first_token: Duration,
    /// Between two signs.
    pub(super) idle: Duration,
    /// From the question to the end.
    pub(super) total: Duration,
}

/// A request that is ready to be sent.
pub(super) struct Call {
    pub(super) client: ProviderClient,
    pub(super) endpoint: Url,
    pub(super) authorization: Option<HeaderValue>,
    pub(super) limits: Limits,
    pub(super) body: Bytes,
}

/// Why a try failed, and the pause after which another is allowed.
struct Failure {
    error: AnswerError,
    again: Option<Duration>,
}

impl Call {
    /// Sends it and gives the answer to read.
    pub(super) async fn open(self, question: Question) -> Result<Reading, AnswerError> {
        let start = Instant::now();
        let first = start + self.limits.first_token.min(self.limits.total);
        let response =
            timeout_at(first, self.response()).await.map_err(|_| AnswerError::TimedOut)??;
        Reading::new(response, first, start + self.limits.total, self.limits.idle, &question)
    }

    async fn response(&self) -> Result<Response, AnswerError> {
        match self.send().await {
            Err(Failure { again: Some(pause), .. }) => sleep(pause).await,
            other => return other.map_err(|failure| failure.error),
        }
        self.send().await.map_err(|failure| failure.error)
    }

    async fn send(&self) -> Result<Response, Failure> {
        let mut request = self
            .client
            .http()
            .post(self.endpoint.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream, application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        let response =
            request.body(self.body.clone()).send().await.map_err(|error| unsent(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(refused(response).await) }
    }
}

/// What it means that no response came.
fn unsent(error: &reqwest::Error) -> Failure {
    tracing::debug!(error.cause = ?cause(error), error.connect = error.is_connect(), "no response from the provider");
    if error.is_connect() {
        // A connection that timed out has cost the visitor enough already.
        let again = (!error.is_timeout()).then_some(PAUSE);
        return Failure { error: AnswerError::Unavailable { retry_after: None }, again };
    }
    let error = if error.is_timeout() { AnswerError::TimedOut } else { AnswerError::Broken };
    Failure { error, again: None }
}

/// The kind of system error at the bottom of `error`. Its text is left alone: a certificate's names stand in it.
fn cause(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last()
}

/// What it means that a response came which is no answer.
async fn refused(response: Response) -> Failure {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = if fault::needs_body(status) { beginning(response).await } else { Vec::new() };
    let gateway = matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    );
    let pause = fault::retry_after(&headers).unwrap_or(PAUSE);
    let again = (gateway && pause <= LONGEST_PAUSE).then_some(pause);
    Failure { error: fault::refusal(status, &headers, &body), again }
}

/// As much of the body as is worth reading.
async fn beginning(response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let mut pieces = response.bytes_stream();
    let read = async {
        while let Some(Ok(piece)) = pieces.next().await {
            body.extend_from_slice(&piece);
            if body.len() > REFUSAL_BYTES {
                break;
            }
        }
    };
    // What came in time is looked at, whole or not.
    timeout(REFUSAL_TIME, read).await.ok();
    body
}
