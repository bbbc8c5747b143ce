//! Who may use a session: the handshake's token, a session's secret, or an API key.

use std::sync::Arc;

use natter_shared::id::SessionId;

use crate::secret;
use crate::store::{KeyScope, OpenedRow, SessionRow};

use super::token::Claims;
use super::{OriginProof, Published, Service, ServiceError};

/// What a session is to be used for. A secret opens it for seven days, and for keeping or deleting one's words as long
/// as they are there; a key opens it as far as its scope goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Talking in it.
    Converse,
    /// Reading along.
    Follow,
    /// Taking one's words along.
    Keep,
    /// Deleting them.
    Delete,
    /// Looking at what all visitors left, which is the owner's.
    Survey,
    /// What else is the owner's.
    Own,
}

impl Purpose {
    /// Whether a secret opens the session for it however old the secret is.
    const fn outlives_secrets(self) -> bool {
        matches!(self, Self::Keep | Self::Delete)
    }

    /// Whether a key of this scope opens the session for it: `read` looks, `runtime` does whatever a visitor may do, and
    /// `admin` all that there is.
    const fn suits(self, scope: KeyScope) -> bool {
        match scope {
            KeyScope::Read => matches!(self, Self::Follow | Self::Keep | Self::Survey),
            KeyScope::Runtime => !matches!(self, Self::Survey | Self::Own),
            KeyScope::Admin => true,
        }
    }
}

/// What a request brings along to prove who it is.
#[derive(Debug, Clone, Default)]
pub enum Credential {
    /// Nothing, or only the secret in the address.
    #[default]
    None,
    /// The handshake's token.
    Token(String),
    /// An API key.
    Key(String),
}

impl Credential {
    /// Reads the value of `Authorization: Bearer`.
    #[must_use]
    pub fn bearer(value: &str) -> Self {
        // A JWT has two dots, a key none.
        if value.contains('.') { Self::Token(value.into()) } else { Self::Key(value.into()) }
    }
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A browser with the handshake's token.
    Browser {
        /// Origin of its page.
        origin: String,
    },
    /// A client with the session's secret.
    Secret {
        /// Origin of its page, when it has one.
        origin: Option<String>,
    },
    /// A server with an API key.
    Key,
}

/// The right to use one session.
#[derive(Clone)]
pub struct Access {
    /// The session.
    pub session: SessionRow,
    /// Its chatbot.
    pub chatbot: Arc<Published>,
    /// Who is calling.
    pub caller: Caller,
}

impl Access {
    /// The origin that the answer may be read from.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        match &self.caller {
            Caller::Browser { origin } => Some(origin),
            Caller::Secret { origin } => origin.as_deref(),
            Caller::Key => None,
        }
    }
}

impl Service {
    /// The claims of a token, when the call comes from the origin that shook hands.
    pub(super) fn check_token(
        &self,
        token: &str,
        proof: &OriginProof,
    ) -> Result<Claims, ServiceError> {
        let claims = self.inner.tokens.check(token, self.clock().now())?;
        let own = || {
            claims.org == self.inner.settings.public_url
                || self.inner.settings.own_origins.iter().any(|own| own.as_str() == claims.org)
        };
        match &proof.origin {
            Some(origin) if *origin == claims.org => Ok(claims),
            None if proof.same_origin_read && own() => Ok(claims),
            _ => Err(ServiceError::CredentialInvalid),
        }
    }

    /// The origin of a good token's page, which may read why a call is refused.
    #[must_use]
    pub fn token_origin(&self, credential: &Credential, proof: &OriginProof) -> Option<String> {
        let Credential::Token(token) = credential else { return None };
        let claims = match self.check_token(token, proof) {
            // A token that has just expired still tells which page it was made for.
            Err(ServiceError::TokenExpired) => self.inner.tokens.check_expired(token)?,
            other => other.ok()?,
        };
        (proof.origin.as_deref() == Some(claims.org.as_str())).then_some(claims.org)
    }

    /// Whether the secret opens the session.
    pub(super) async fn check_secret(
        &self,
        id: SessionId,
        secret: &str,
        purpose: Purpose,
    ) -> Result<(), ServiceError> {
        self.session_by_secret(id, secret, purpose).await.map(drop)
    }

    /// The session, when the secret opens it.
    async fn session_by_secret(
        &self,
        id: SessionId,
        secret: &str,
        purpose: Purpose,
    ) -> Result<SessionRow, ServiceError> {
        let mut tx = self.store().read().await?;
        let opened = tx.session_by_secret(id, &secret::hash(secret)).await?;
        let OpenedRow { session, access } = opened.ok_or(ServiceError::NotFound("session"))?;
        if !purpose.outlives_secrets() && access.expires_at <= self.clock().now() {
            return Err(ServiceError::SessionExpired);
        }
        Ok(session)
    }

    /// The right to use the session that an address names: `ID` with a token or key, or `ID.SECRET`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or is somebody else's; others name the credential's fault.
    pub async fn access(
        &self,
        address: &str,
        credential: &Credential,
        proof: &OriginProof,
        purpose: Purpose,
    ) -> Result<Access, ServiceError> {
        const NONE: ServiceError = ServiceError::NotFound("session");
        let (id, secret) =
            address.split_once('.').map_or((address, None), |(id, secret)| (id, Some(secret)));
        let id: SessionId = id.parse().map_err(|_| NONE)?;
        // Whoever holds a secret has proved enough; a token that came along with it is not needed.
        let claims = match (credential, secret) {
            (Credential::Token(token), None) => Some(self.check_token(token, proof)?),
            (Credential::None, None) => return Err(ServiceError::CredentialMissing),
            _ => None,
        };
        if claims.as_ref().is_some_and(|claims| claims.sid != Some(id)) {
            return Err(NONE);
        }
        let session = match secret {
            Some(secret) => self.session_by_secret(id, secret, purpose).await?,
            None => self.store().read().await?.session(id).await?.ok_or(NONE)?,
        };
        let chatbot = self.chatbot_by_id(session.chatbot())?;
        let caller = match (claims, credential, secret) {
            (Some(claims), ..) => Caller::Browser { origin: claims.org },
            (None, _, Some(_)) => {
                let origin = proof
                    .origin
                    .as_ref()
                    .map(|_| self.allowed_origin(&chatbot, proof))
                    .transpose()?;
                Caller::Secret { origin }
            }
            (None, Credential::Key(key), None) => {
                self.check_key(key, &chatbot, purpose).await?;
                Caller::Key
            }
            _ => return Err(ServiceError::CredentialMissing),
        };
        Ok(Access { session, chatbot, caller })
    }

    /// Whether the API key opens the chatbot's conversations for this purpose.
    pub(super) async fn check_key(
        &self,
        key: &str,
        chatbot: &Published,
        purpose: Purpose,
    ) -> Result<(), ServiceError> {
        let row = self.store().read().await?.api_key(&secret::hash(key)).await?;
        let row = row.ok_or(ServiceError::CredentialInvalid)?;
        // What belongs to others must not be told from what does not exist, so this comes first.
        let fits = row.organization() == chatbot.organization
            && row.chatbot().is_none_or(|id| id == chatbot.id);
        if !fits {
            return Err(ServiceError::NotFound("chatbot"));
        }
        if purpose.suits(row.scope) { Ok(()) } else { Err(ServiceError::KeyScope) }
    }
}
