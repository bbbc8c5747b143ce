//! The secrets of an apply file: they come from the environment or are made here, and are kept sealed.

use std::ops::Range;

use natter_shared::id::ChatbotId;
use secrecy::ExposeSecret as _;

use crate::store::{ChatbotRow, IdentityConfig};

use super::Service;
use super::apply_file::ChatbotPart;
use super::chatbot::identity_context;

/// Shortest identity secret that is accepted, in characters.
const MIN_SECRET: usize = 32;

/// What the environment holds for a chatbot.
pub(super) struct Given {
    pub(super) provider_key: Option<String>,
    identity_secret: Option<String>,
}

impl Given {
    /// Reads it.
    pub(super) fn read(
        chatbot: &ChatbotPart,
        variable: &(dyn Fn(&str) -> Option<String> + Sync),
    ) -> Result<Self, (Range<usize>, String)> {
        let value = |name: &str| {
            variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let mut given = Self { provider_key: None, identity_secret: None };
        if let Some(answerer) = &chatbot.answerer
            && let Some(name) = &answerer.get_ref().api_key_env
        {
            given.provider_key = Some(value(name).ok_or_else(|| {
                let reason = format!(
                    "chatbots.answerer.api_key_env: the variable {name} is not set; set it to the provider's key"
                );
                (answerer.span(), reason)
            })?);
        }
        if let Some(identity) = &chatbot.identity
            && let Some(name) = &identity.get_ref().secret_env
        {
            if !identity.get_ref().enabled {
                let reason = "chatbots.identity.secret_env: identities are off; set chatbots.identity.enabled = true to \
                              have proofs checked with the secret, or leave both out";
                return Err((identity.span(), reason.into()));
            }
            let long = |secret: &String| secret.chars().count() >= MIN_SECRET;
            given.identity_secret = Some(value(name).filter(long).ok_or_else(|| {
                let reason = format!(
                    "chatbots.identity.secret_env: the variable {name} must hold at least {MIN_SECRET} characters; set \
                     it to what the site's server signs with"
                );
                (identity.span(), reason)
            })?);
        }
        Ok(given)
    }
}

/// The identity secrets of a chatbot, sealed, and one that was made just now.
#[derive(Default)]
pub(super) struct IdentitySecrets {
    pub(super) current: Option<Vec<u8>>,
    pub(super) previous: Option<Vec<u8>>,
    pub(super) made: Option<String>,
}

impl Service {
    /// The identity secrets that a chatbot has from now on. A new one makes the one before it the previous, which goes
    /// on being good; all are sealed anew, so that a rotated secret of the server takes over.
    pub(super) fn identity_secrets_of(
        &self,
        id: ChatbotId,
        existing: Option<&ChatbotRow>,
        wanted: &IdentityConfig,
        given: &Given,
    ) -> anyhow::Result<Result<IdentitySecrets, String>> {
        if !wanted.enabled {
            return Ok(Ok(IdentitySecrets::default()));
        }
        let given = given.identity_secret.as_deref();
        let context = identity_context(id);
        let open = |sealed: Option<&Vec<u8>>| {
            let opened = sealed.map(|sealed| self.inner.secrets.open(&context, sealed)).transpose();
            opened.map(|secret| secret.map(|secret| secret.expose_secret().to_owned()))
        };
        let current = open(existing.and_then(|row| row.identity_secret.as_ref()));
        let previous = open(existing.and_then(|row| row.identity_previous.as_ref()));
        let rotated = existing.is_none_or(|row| row.draft().identity.rotation != wanted.rotation);
        let current = match current {
            Ok(current) => current,
            // Lost with the server's secret: only a new one helps.
            Err(_) if rotated || given.is_some() => None,
            Err(_) => {
                let reason = "chatbots.identity: the secret cannot be read with this server's secret file; raise \
                              chatbots.identity.rotation to have a new one made";
                return Ok(Err(reason.into()));
            }
        };
        let next = match (given, &current) {
            (Some(given), _) => given.to_owned(),
            (None, Some(current)) if !rotated => current.clone(),
            _ => format!("nis_{:032x}{:032x}", self.clock().random(), self.clock().random()),
        };
        let is_new = current.as_ref() != Some(&next);
        let previous = if is_new { current } else { previous.ok().flatten() };
        let seal = |secret: &String| self.inner.secrets.seal(&context, secret, self.clock());
        Ok(Ok(IdentitySecrets {
            current: Some(seal(&next)?),
            previous: previous.as_ref().map(seal).transpose()?,
            made: (is_new && given.is_none()).then_some(next),
        }))
    }
}
