//! Robofy's chat calls: one question, in a session that is opened when none is named.

use natter_shared::message::SendMessage;
use natter_shared::robofy::ChatRequest;

use crate::store::{Channel, NewSession};

use super::session::invalid;
use super::{Access, Credential, OriginProof, Purpose, Reading, Service, ServiceError};

/// A question that was taken, and how its session is named from now on.
pub struct Asked {
    /// The answer.
    pub reading: Reading,
    /// The session's id for a caller with an API key, `ID.SECRET` for one with a token.
    pub session: String,
    /// Origin of the caller's page.
    pub origin: Option<String>,
}

impl Service {
    /// Takes a question of Robofy's client.
    ///
    /// # Errors
    /// [`ServiceError::ConsentRequired`] when the terms are on and a browser has not accepted them in a session; others
    /// as for any question.
    pub async fn ask(
        &self,
        request: &ChatRequest,
        credential: &Credential,
        proof: &OriginProof,
    ) -> Result<Asked, ServiceError> {
        let chatbot = self.chatbot_of_project(&request.pid, &request.chatbot_id)?;
        if request.query.trim().is_empty() {
            return Err(invalid("query", "the query is empty; write a question"));
        }
        let origin = match credential {
            Credential::Token(token) => {
                let claims = self.check_token(token, proof)?;
                if !claims.bots.contains(&chatbot.id) {
                    return Err(ServiceError::NotAllowed);
                }
                Some(claims.org)
            }
            Credential::Key(key) => {
                self.check_key(key, &chatbot, Purpose::Converse).await?;
                None
            }
            Credential::None => return Err(ServiceError::CredentialMissing),
        };
        let given = request.user_context.session_id.as_deref().filter(|id| !id.is_empty());
        let (address, access) = match given {
            Some(address) => (
                address.to_owned(),
                self.access(address, credential, proof, Purpose::Converse).await?,
            ),
            None => self.open_for_robofy(&chatbot, origin.as_deref(), credential, proof).await?,
        };
        if access.chatbot.id != chatbot.id {
            return Err(ServiceError::NotFound("session of this chatbot"));
        }
        let message = SendMessage { message: request.query.clone(), ..SendMessage::default() };
        let reading = self.send(&access, &message).await?;
        Ok(Asked { reading, session: address, origin })
    }

    async fn open_for_robofy(
        &self,
        chatbot: &super::Published,
        origin: Option<&str>,
        credential: &Credential,
        proof: &OriginProof,
    ) -> Result<(String, Access), ServiceError> {
        // A server vouches for its visitors; a browser must have accepted the terms in a session of its own.
        let vouched = origin.is_none();
        if chatbot.consent_hash.is_some() && !vouched {
            return Err(ServiceError::ConsentRequired);
        }
        let new = NewSession {
            id: self.clock().id(),
            organization: chatbot.organization,
            chatbot: chatbot.id,
            channel: if vouched { Channel::Api } else { Channel::Widget },
            client_session_id: None,
            visitor_label: None,
            locale: None,
            origin: origin.map(Into::into),
            address: None,
            consent_hash: None,
            consent_vouched: vouched && chatbot.consent_hash.is_some(),
            created_at: self.clock().now(),
        };
        let (id, secret) = self.store_session(&new, None).await?;
        let address = if vouched { id.to_string() } else { format!("{id}.{secret}") };
        let access = self.access(&address, credential, proof, Purpose::Converse).await?;
        Ok((address, access))
    }
}
