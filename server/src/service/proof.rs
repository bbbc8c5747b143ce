//! Proofs of who a visitor is: what a site's server makes with its chatbot's identity secret, and how it is checked.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use natter_shared::identity::Identity;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sha2::Sha256;

use crate::store::IdentityRow;

use super::ServiceError;
use super::session::check_text;

/// How far ahead a token may expire …
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// … and how far the two clocks may be apart there.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// Longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 4 * 1024;

/// What a site's server says of its user.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    aud: Option<Audience>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, chatbot: &str) -> bool {
        match self {
            Self::One(one) => one == chatbot,
            Self::Many(many) => many.iter().any(|one| one == chatbot),
        }
    }
}

/// The secrets that proofs of one chatbot may be made with: the one that holds, and the one before it.
pub(super) struct Proofs {
    pub(super) secrets: Vec<SecretString>,
}

impl Proofs {
    /// Who it is: proven, or only said when no proof came along. A proof that is wrong is never taken for none.
    pub(super) fn check(
        &self,
        identity: &Identity,
        chatbot: &str,
        now: DateTime<Utc>,
    ) -> Result<IdentityRow, ServiceError> {
        let Identity { token, user_id, user_hash, name, email } = identity;
        check_text("identity.user_id", user_id.as_deref(), 200)?;
        check_text("identity.name", name.as_deref(), 200)?;
        check_text("identity.email", email.as_deref(), 254)?;
        let who = match (token, user_id, user_hash) {
            (Some(token), ..) => {
                let claims = self.check_token(token, chatbot, now)?;
                if user_id.as_ref().is_some_and(|said| *said != claims.sub) {
                    return Err(ServiceError::IdentityInvalid);
                }
                if let Some(hash) = user_hash {
                    self.check_hash(&claims.sub, hash)?;
                }
                check_text("identity.name", claims.name.as_deref(), 200)?;
                check_text("identity.email", claims.email.as_deref(), 254)?;
                IdentityRow {
                    verified: true,
                    user_id: Some(claims.sub),
                    name: claims.name.or_else(|| name.clone()),
                    email: claims.email.or_else(|| email.clone()),
                }
            }
            (None, Some(user), Some(hash)) => {
                self.check_hash(user, hash)?;
                let user_id = Some(user.clone());
                IdentityRow { verified: true, user_id, name: name.clone(), email: email.clone() }
            }
            // A proof of nobody.
            (None, None, Some(_)) => return Err(ServiceError::IdentityInvalid),
            (None, user_id, None) => IdentityRow {
                verified: false,
                user_id: user_id.clone(),
                name: name.clone(),
                email: email.clone(),
            },
        };
        // Nobody is no user: proven or not, an empty id would make one of all who have none.
        match who.user_id.as_deref() {
            Some("") if who.verified => Err(ServiceError::IdentityInvalid),
            Some("") => Ok(IdentityRow { user_id: None, ..who }),
            _ => Ok(who),
        }
    }

    fn check_token(
        &self,
        token: &str,
        chatbot: &str,
        now: DateTime<Utc>,
    ) -> Result<Claims, ServiceError> {
        if token.len() > MAX_TOKEN {
            return Err(ServiceError::IdentityInvalid);
        }
        let mut rules = Validation::new(Algorithm::HS256);
        // Time is checked by our own clock, and the audience only where there is one.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.set_required_spec_claims(&["sub", "exp"]);
        let read = |secret: &SecretString| {
            let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
            decode::<Claims>(token, &key, &rules).ok()
        };
        let claims =
            self.secrets.iter().find_map(read).ok_or(ServiceError::IdentityInvalid)?.claims;
        let seconds = now.timestamp();
        let in_time = claims.exp > seconds
            && claims.exp <= (now + LONGEST + SKEW).timestamp()
            && claims.nbf.is_none_or(|from| from <= (now + SKEW).timestamp());
        let for_us = claims.aud.as_ref().is_none_or(|audience| audience.names(chatbot));
        let usable = claims.sub.chars().count() <= 200 && !claims.sub.contains('\0');
        if in_time && for_us && usable { Ok(claims) } else { Err(ServiceError::IdentityInvalid) }
    }

    /// Compared in constant time, as a whole: how much of a wrong one was right cannot be measured.
    fn check_hash(&self, user: &str, hash: &str) -> Result<(), ServiceError> {
        let proof = unhex(hash).ok_or(ServiceError::IdentityInvalid)?;
        let proves = |secret: &SecretString| {
            Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
                .is_ok_and(|mac| mac.chain_update(user.as_bytes()).verify_slice(&proof).is_ok())
        };
        if self.secrets.iter().any(proves) { Ok(()) } else { Err(ServiceError::IdentityInvalid) }
    }
}

/// The 32 bytes that 64 hexadecimal digits stand for.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "the identity secret of a shop, long enough";
    const OLD: &str = "the identity secret before it, long enough";

    fn proofs() -> Proofs {
        Proofs { secrets: vec![SECRET.into(), OLD.into()] }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn token(algorithm: Algorithm, secret: &str, claims: &Value) -> Identity {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let token = encode(&Header::new(algorithm), claims, &key).unwrap();
        Identity { token: Some(token), ..Identity::default() }
    }

    fn hash(secret: &str, user: &str) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let bytes = mac.chain_update(user.as_bytes()).finalize().into_bytes();
        bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }

    fn check(identity: &Identity) -> Result<IdentityRow, ServiceError> {
        proofs().check(identity, "shop-1", now())
    }

    #[test]
    fn a_token_of_the_site_proves_its_user_and_names_them() {
        let exp = now().timestamp() + 3600;
        for claims in [
            json!({ "sub": "u1", "exp": exp }),
            json!({ "sub": "u1", "exp": exp, "aud": "shop-1" }),
            json!({ "sub": "u1", "exp": exp, "aud": ["x", "shop-1"], "name": "Ann", "email": "a@b.example" }),
        ] {
            let who = check(&token(Algorithm::HS256, SECRET, &claims)).ok().unwrap();
            assert!(who.verified && who.user_id.as_deref() == Some("u1"), "{claims}");
            assert_eq!(who.name.as_deref(), claims["name"].as_str());
        }
        let old = token(Algorithm::HS256, OLD, &json!({ "sub": "u1", "exp": exp }));
        assert!(check(&old).is_ok_and(|who| who.verified), "the secret before it is still good");
    }

    #[test]
    fn a_token_that_is_wrong_in_any_way_proves_nothing() {
        let seconds = now().timestamp();
        let good = json!({ "sub": "u1", "exp": seconds + 3600 });
        let with = |field: &str, value: Value| {
            let mut claims = good.clone();
            claims[field] = value;
            token(Algorithm::HS256, SECRET, &claims)
        };
        let raw = |text: &str| Identity { token: Some(text.into()), ..Identity::default() };
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJ1MSIsImV4cCI6MTgwMDAwMzYwMH0.";
        let another = Identity { user_id: Some("u2".into()), ..with("iat", json!(seconds)) };
        for (what, identity) in [
            (
                "another secret",
                token(Algorithm::HS256, "some other secret, just as long as that", &good),
            ),
            ("another algorithm", token(Algorithm::HS384, SECRET, &good)),
            ("none", raw(none)),
            ("nothing", raw("")),
            ("noise", raw("a.b.c")),
            ("too long", raw(&"a".repeat(5_000))),
            ("expired", with("exp", json!(seconds))),
            ("for too long", with("exp", json!(seconds + 25 * 3600))),
            ("not yet", with("nbf", json!(seconds + 3600))),
            ("for another chatbot", with("aud", json!("other-1"))),
            ("for no chatbot", with("aud", json!([]))),
            ("of nobody", with("sub", json!(""))),
            ("without a user", token(Algorithm::HS256, SECRET, &json!({ "exp": seconds + 9 }))),
            ("without an end", token(Algorithm::HS256, SECRET, &json!({ "sub": "u1" }))),
            ("of another than is said", another),
        ] {
            assert!(matches!(check(&identity), Err(ServiceError::IdentityInvalid)), "{what}");
        }
    }

    #[test]
    fn a_hash_proves_the_user_that_it_was_made_of_and_no_other() {
        let with = |user: Option<&str>, hash: &str| Identity {
            user_id: user.map(Into::into),
            user_hash: Some(hash.into()),
            ..Identity::default()
        };
        for secret in [SECRET, OLD] {
            let good = with(Some("u1"), &hash(secret, "u1"));
            assert!(check(&good).is_ok_and(|who| who.verified));
        }
        assert!(check(&with(Some("u1"), &hash(SECRET, "u1").to_uppercase())).is_ok());
        let others = hash(SECRET, "u2");
        for (user, hash) in [
            (Some("u1"), ""),
            (Some("u1"), "0"),
            (Some("u1"), &"0".repeat(64)),
            (Some("u1"), &"z".repeat(64)),
            (Some("u1"), others.as_str()),
            (Some(""), &hash(SECRET, "")),
            (None, others.as_str()),
        ] {
            assert!(
                matches!(check(&with(user, hash)), Err(ServiceError::IdentityInvalid)),
                "{hash}"
            );
        }
    }

    #[test]
    fn without_a_proof_it_is_only_said() {
        let said = Identity { user_id: Some("u1".into()), ..Identity::default() };
        assert!(check(&said).is_ok_and(|who| !who.verified && who.user_id.is_some()));
        let nobody = Proofs { secrets: Vec::new() };
        let proven = Identity { user_hash: Some(hash("", "u1")), ..said };
        assert!(nobody.check(&proven, "shop-1", now()).is_err(), "nothing proves without a secret");
    }
}
