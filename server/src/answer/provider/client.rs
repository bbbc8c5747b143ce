//! The HTTP client that all providers share, and the checks of what they are configured with.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::tls;

/// A provider's configuration can never work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProvider {
    /// The base URL is not a plain http or https address.
    #[error(
        "the provider's base URL must be an http or https address without user name, password or fragment"
    )]
    BaseUrl,
    /// The key has characters that no header can carry.
    #[error(
        "the provider's API key holds characters that cannot be sent; was a line break copied with it?"
    )]
    ApiKey,
    /// The model is empty.
    #[error("the provider's model must be named")]
    Model,
    /// TLS could not be set up on this machine.
    #[error("the TLS library refused its own defaults")]
    Tls,
}

/// Connections to providers, shared by all of them. Cloning it is cheap and shares the pool.
///
/// It speaks HTTP/1.1 only: over HTTP/2 all turns of one provider would share one connection and queue behind its
/// stream limit, and stopping an answer would not close anything. It follows no redirect, so a key never travels to a
/// host that nobody configured, and honours the usual proxy variables.
#[derive(Clone)]
pub struct ProviderClient(reqwest::Client);

impl ProviderClient {
    /// How long connecting may take unless the operator says otherwise.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

    /// Makes one. Reads the machine's certificates, so make only one.
    ///
    /// # Errors
    /// [`InvalidProvider::Tls`] when TLS cannot be set up.
    pub fn new(connect_timeout: Duration) -> Result<Self, InvalidProvider> {
        let tls = tls::client_config().map_err(|_| InvalidProvider::Tls)?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(connect_timeout)
            .user_agent(concat!("natter/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|_| InvalidProvider::Tls)
    }

    /// The client itself.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0
    }
}

impl fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderClient")
    }
}

/// Where completions are asked for, below `base`.
pub(super) fn endpoint(base: &Url) -> Result<Url, InvalidProvider> {
    let web = matches!(base.scheme(), "http" | "https") && base.has_host();
    let plain =
        base.username().is_empty() && base.password().is_none() && base.fragment().is_none();
    if !web || !plain {
        return Err(InvalidProvider::BaseUrl);
    }
    let mut endpoint = base.clone();
    endpoint
        .path_segments_mut()
        .map_err(|()| InvalidProvider::BaseUrl)?
        .pop_if_empty()
        .extend(["chat", "completions"]);
    Ok(endpoint)
}

/// The header that carries `key`, marked so that no library prints it.
pub(super) fn bearer(key: &SecretString) -> Result<HeaderValue, InvalidProvider> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret().trim()))
        .map_err(|_| InvalidProvider::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completions_lie_below_the_base_url_with_or_without_its_last_slash() {
        for (base, expected) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
            ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/chat/completions"),
            ("http://vllm", "http://vllm/chat/completions"),
            (
                "https://x.example/openai?api-version=1",
                "https://x.example/openai/chat/completions?api-version=1",
            ),
        ] {
            assert_eq!(endpoint(&base.parse().unwrap()).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn a_base_url_that_cannot_work_or_hides_a_password_is_refused() {
        for base in
            ["ftp://x/v1", "mailto:a@b.example", "http://user:secret@x/v1", "http://x/v1#frag"]
        {
            assert_eq!(endpoint(&base.parse().unwrap()), Err(InvalidProvider::BaseUrl), "{base}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let header = bearer(&SecretString::from("sk-1")).unwrap();
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert_eq!(bearer(&SecretString::from("sk\n1")), Err(InvalidProvider::ApiKey));
    }
}
