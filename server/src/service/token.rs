//! The handshake's token: a JWT of 15 minutes, signed with HS256 under a key that the server's secret derives. The
//! algorithm is pinned, and the key is chosen by `kid` among those that are still in the secret file.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use natter_shared::id::{ChatbotId, SessionId};
use serde::{Deserialize, Serialize};

use crate::secret::Secrets;

use super::ServiceError;

/// How long a token works.
const LIFETIME: Duration = Duration::from_mins(15);
const AUDIENCE: &str = "natter-widget";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    aud: String,
    iat: i64,
    exp: i64,
    /// Origin of the page that shook hands.
    pub(super) org: String,
    /// The chatbots that it was offered.
    pub(super) bots: Vec<ChatbotId>,
    /// The session that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<SessionId>,
}

/// Signs and checks tokens.
pub(super) struct Tokens {
    keys: Vec<Key>,
}

struct Key {
    id: String,
    sign: EncodingKey,
    check: DecodingKey,
}

impl Tokens {
    pub(super) fn new(secrets: &Secrets) -> Self {
        let key = |key: [u8; 32]| Key {
            id: Secrets::key_id(&key),
            sign: EncodingKey::from_secret(&key),
            check: DecodingKey::from_secret(&key),
        };
        Self { keys: secrets.derive("handshake").into_iter().map(key).collect() }
    }

    /// A new token.
    pub(super) fn sign(
        &self,
        origin: &str,
        bots: Vec<ChatbotId>,
        sid: Option<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<String, ServiceError> {
        let iat = now.timestamp();
        let exp = iat.saturating_add_unsigned(LIFETIME.as_secs());
        let claims = Claims { aud: AUDIENCE.into(), iat, exp, org: origin.into(), bots, sid };
        let fault =
            |what: &str| ServiceError::Internal(anyhow::anyhow!("cannot sign a token: {what}"));
        let key = self.keys.first().ok_or_else(|| fault("no key"))?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &key.sign).map_err(|error| fault(&error.to_string()))
    }

    /// What a token says, when it is one of ours and has not expired.
    pub(super) fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, ServiceError> {
        let claims = self.verify(token)?;
        if claims.exp <= now.timestamp() { Err(ServiceError::TokenExpired) } else { Ok(claims) }
    }

    /// What a token says, when it is one of ours, however old.
    pub(super) fn check_expired(&self, token: &str) -> Option<Claims> {
        self.verify(token).ok()
    }

    fn verify(&self, token: &str) -> Result<Claims, ServiceError> {
        let invalid = |_| ServiceError::CredentialInvalid;
        let header = decode_header(token).map_err(invalid)?;
        let key = self
            .keys
            .iter()
            .find(|key| header.kid.as_deref() == Some(&key.id))
            .ok_or(ServiceError::CredentialInvalid)?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[AUDIENCE]);
        // Time is checked by our own clock.
        rules.validate_exp = false;
        Ok(decode::<Claims>(token, &key.check, &rules).map_err(invalid)?.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(secret: &str) -> Tokens {
        Tokens::new(&Secrets::parse(secret).unwrap())
    }

    const ONE: &str = "the first secret, long enough to be one";
    const TWO: &str = "the second secret, long enough to be one";

    #[test]
    fn a_token_opens_until_it_expires() {
        let now = DateTime::UNIX_EPOCH;
        let token = tokens(ONE).sign("https://shop.example", Vec::new(), None, now).unwrap();
        assert_eq!(tokens(ONE).check(&token, now).unwrap().org, "https://shop.example");
        let late = now + LIFETIME;
        assert!(matches!(tokens(ONE).check(&token, late), Err(ServiceError::TokenExpired)));
    }

    #[test]
    fn a_token_of_an_older_secret_is_valid_until_that_is_removed() {
        let now = DateTime::UNIX_EPOCH;
        let token = tokens(ONE).sign("https://shop.example", Vec::new(), None, now).unwrap();
        assert!(tokens(&format!("{TWO}\n{ONE}")).check(&token, now).is_ok());
        assert!(matches!(tokens(TWO).check(&token, now), Err(ServiceError::CredentialInvalid)));
    }

    #[test]
    fn a_changed_token_or_another_algorithm_is_refused() {
        let now = DateTime::UNIX_EPOCH;
        let tokens = tokens(ONE);
        let token = tokens.sign("https://shop.example", Vec::new(), None, now).unwrap();
        let claims = tokens.check(&token, now).unwrap();
        let key = &tokens.keys[0];
        let with = |alg| {
            let header = Header { kid: Some(key.id.clone()), ..Header::new(alg) };
            encode(&header, &claims, &key.sign).unwrap()
        };
        let mut parts: Vec<&str> = token.split('.').collect();
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        parts[0] = none;
        for forged in
            [with(Algorithm::HS384), parts.join("."), format!("{token}x"), String::from("a.b.c")]
        {
            assert!(
                matches!(tokens.check(&forged, now), Err(ServiceError::CredentialInvalid)),
                "{forged}"
            );
        }
    }
}
