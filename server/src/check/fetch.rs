//! Fetching pages for the install doctor: bounded in size, time and redirects.

use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use url::Url;

/// Largest body that is read, in bytes.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long one request may take in all.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How many redirects are followed.
const MAX_REDIRECTS: usize = 5;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// TLS could not be set up.
    #[error("TLS cannot be set up on this machine")]
    Tls,
    /// Nobody answers there.
    #[error("{0} does not answer; check the address")]
    Connect(String),
    /// It took too long.
    #[error("{0} did not answer within 15 seconds")]
    TimedOut(String),
    /// It redirects again and again.
    #[error("{0} redirects more than 5 times")]
    Redirects(String),
    /// Anything else.
    #[error("the answer of {0} cannot be read")]
    Broken(String),
}

/// What came back.
#[derive(Debug)]
pub(super) struct Fetched {
    /// The address after redirects.
    pub(super) url: Url,
    /// Status.
    pub(super) status: u16,
    /// Headers.
    pub(super) headers: HeaderMap,
    /// The body's beginning.
    pub(super) body: String,
}

impl Fetched {
    pub(super) fn content_type(&self) -> &str {
        self.headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// Fetches with the machine's certificates.
#[derive(Debug, Clone)]
pub struct Fetcher(reqwest::Client);

impl Fetcher {
    /// Makes one.
    ///
    /// # Errors
    /// [`FetchError::Tls`] when TLS cannot be set up.
    pub fn new() -> Result<Self, FetchError> {
        let tls = crate::tls::client_config().map_err(|_| FetchError::Tls)?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::limited(MAX_REDIRECTS))
            .timeout(TIMEOUT)
            .user_agent(concat!("natter-check/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|_| FetchError::Tls)
    }

    pub(super) async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        read(url, self.0.get(url.clone())).await
    }

    /// Fetches as a page of `origin` would.
    pub(super) async fn get_from(&self, url: &Url, origin: &str) -> Result<Fetched, FetchError> {
        read(url, self.0.get(url.clone()).header(header::ORIGIN, origin)).await
    }

    /// Posts JSON as a page of `origin` would.
    pub(super) async fn post(
        &self,
        url: &Url,
        origin: &str,
        body: &serde_json::Value,
    ) -> Result<Fetched, FetchError> {
        let request = self
            .0
            .post(url.clone())
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        read(url, request).await
    }
}

async fn read(url: &Url, request: reqwest::RequestBuilder) -> Result<Fetched, FetchError> {
    let failed = |error: &reqwest::Error| {
        let name = url.to_string();
        match error {
            error if error.is_timeout() => FetchError::TimedOut(name),
            error if error.is_redirect() => FetchError::Redirects(name),
            error if error.is_connect() => FetchError::Connect(name),
            _ => FetchError::Broken(name),
        }
    };
    let mut response = request.send().await.map_err(|error| failed(&error))?;
    let (url, status) = (response.url().clone(), response.status().as_u16());
    let headers = response.headers().clone();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| failed(&error))? {
        let room = MAX_BODY.saturating_sub(body.len());
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if room <= piece.len() {
            break;
        }
    }
    Ok(Fetched { url, status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}
