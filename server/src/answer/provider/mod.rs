//! The answerer behind any OpenAI-compatible chat completions API: OpenAI, Ollama, vLLM, llama.cpp, `LiteLLM` and
//! the many that copy them. Only streaming completions are used: no tools, no embeddings, no model listing.
//!
//! What a provider says when it fails stays in here. It may hold keys or another customer's words, so an
//! [`AnswerError`] carries a kind and a status, and the log gets no more than that either.
//!
//! One question is sent again at most once, and only while it surely cost nothing: when no connection came about, or
//! when a gateway answered 502, 503 or 504. After the first byte of a good answer nothing is retried.

mod call;
mod client;
mod fault;
mod filter;
mod prompt;
mod reading;
#[cfg(test)]
mod tests;
mod wire;

pub use self::client::{InvalidProvider, ProviderClient};

use std::fmt;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use url::Url;

use self::call::{Call, Limits};
use self::reading::Reading;
use super::{AnswerError, AnswerStream, Answerer, Question};

/// Which provider and model to ask, and how long to wait for them.
#[derive(Clone)]
pub struct ProviderConfig {
    /// Where its API begins, as an SDK takes it: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`.
    pub base_url: Url,
    /// The model's name there.
    pub model: String,
    /// Sent as a bearer token. Local servers need none.
    pub api_key: Option<SecretString>,
    /// The model's default when None.
    pub temperature: Option<f32>,
    /// The model's default when None.
    pub max_output_tokens: Option<u32>,
    /// From the question to the first sign of an answer, a second try included.
    pub first_token_timeout: Duration,
    /// Between two signs of an answer.
    pub idle_timeout: Duration,
    /// From the question to the end of the answer.
    pub total_timeout: Duration,
}

impl ProviderConfig {
    /// The model `model` at `base_url`, without a key and with the default limits.
    #[must_use]
    pub fn new(base_url: Url, model: impl Into<String>) -> Self {
        Self {
            base_url,
            model: model.into(),
            api_key: None,
            temperature: None,
            max_output_tokens: None,
            first_token_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_mins(2),
        }
    }
}

impl fmt::Debug for ProviderConfig {
    /// Leaves out the key, and of the address all but the host: a query may hold a key too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("host", &self.base_url.host_str())
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

/// Asks one model at one provider.
#[derive(Clone)]
pub struct Provider {
    client: ProviderClient,
    endpoint: Url,
    authorization: Option<HeaderValue>,
    config: ProviderConfig,
}

impl Provider {
    /// Cheap: the connections belong to `client`, which all providers share.
    ///
    /// # Errors
    /// [`InvalidProvider`] when the configuration can never work.
    pub fn new(client: &ProviderClient, config: ProviderConfig) -> Result<Self, InvalidProvider> {
        if config.model.trim().is_empty() {
            return Err(InvalidProvider::Model);
        }
        let endpoint = client::endpoint(&config.base_url)?;
        let authorization = config.api_key.as_ref().map(client::bearer).transpose()?;
        Ok(Self { client: client.clone(), endpoint, authorization, config })
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Answerer for Provider {
    fn answer(&self, question: Question) -> AnswerStream {
        let call = Call {
            client: self.client.clone(),
            endpoint: self.endpoint.clone(),
            authorization: self.authorization.clone(),
            limits: Limits {
                first_token: self.config.first_token_timeout,
                idle: self.config.idle_timeout,
                total: self.config.total_timeout,
            },
            body: wire::request(&self.config, &self.endpoint, &question),
        };
        let host = self.config.base_url.host_str().unwrap_or_default().to_owned();
        stream::once(call.open(question))
            .map_ok(Reading::parts)
            .try_flatten()
            .inspect_err(move |error| note(&host, error))
            .boxed()
    }
}

/// The log learns the kind of failure, and never what the provider wrote.
fn note(host: &str, error: &AnswerError) {
    tracing::warn!(provider.host = host, error.kind = ?error, "provider {host} failed: {error}");
}
