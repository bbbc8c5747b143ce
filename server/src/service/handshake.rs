//! The handshake: proves the origin, hands out the configuration and a token, and puts a visitor back into a session.

use std::sync::Arc;

use natter_shared::MAX_MESSAGE_CHARS;
use natter_shared::handshake::{
    HANDSHAKE_VERSION, HandshakeData, HandshakeExtras, HandshakeRequest, HandshakeResponse, Resume,
};
use natter_shared::id::SessionId;
use natter_shared::problem::Problem;
use natter_shared::session::SessionSnapshot;

use super::origin::{Origin, OriginRefusal};
use super::{Published, Purpose, Service, ServiceError, origin};

/// What a request says about where it comes from.
#[derive(Debug, Clone, Default)]
pub struct OriginProof {
    /// The `Origin` header.
    pub origin: Option<String>,
    /// Whether the browser vouches (`Sec-Fetch-Site: same-origin`, which no page can forge) for a request that changes
    /// nothing and therefore carries no `Origin`.
    pub same_origin_read: bool,
}

impl Service {
    /// Whether the origin is one of ours.
    #[must_use]
    pub fn is_own_origin(&self, origin: &Origin) -> bool {
        self.inner.settings.own_origins.contains(origin)
    }

    /// The origin of a request, when the chatbot allows it.
    ///
    /// # Errors
    /// [`ServiceError::Origin`] that says why not.
    pub fn allowed_origin(
        &self,
        chatbot: &Published,
        proof: &OriginProof,
    ) -> Result<String, ServiceError> {
        match Origin::parse(proof.origin.as_deref()) {
            Ok(origin) if self.is_own_origin(&origin) => Ok(origin.as_str().to_owned()),
            Ok(origin) => match origin::check(&chatbot.rules, &origin) {
                Ok(()) => Ok(origin.as_str().to_owned()),
                Err(refusal) => {
                    self.note_refusal(chatbot, origin.as_str().to_owned(), refusal);
                    Err(refusal.into())
                }
            },
            Err(OriginRefusal::Missing) if proof.same_origin_read => {
                Ok(self.inner.settings.public_url.clone())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The origin of a page that may read the answer of a call to this chatbot, whatever it says.
    #[must_use]
    pub fn readable_origin(&self, chatbot: &str, proof: &OriginProof) -> Option<String> {
        let chatbot = self.chatbot(chatbot).ok()?;
        let origin = Origin::parse(proof.origin.as_deref()).ok()?;
        let allowed = self.is_own_origin(&origin) || origin::check(&chatbot.rules, &origin).is_ok();
        allowed.then(|| origin.as_str().to_owned())
    }

    /// The chatbot that a handshake or a Robofy chat call names by project and public id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, or it belongs to another project.
    pub fn chatbot_of_project(
        &self,
        project: &str,
        chatbot: &str,
    ) -> Result<Arc<Published>, ServiceError> {
        let found = self.chatbot(chatbot)?;
        if project.trim().parse() == Ok(found.project_number) {
            Ok(found)
        } else {
            Err(ServiceError::NotFound("chatbot in this project"))
        }
    }

    /// Shakes hands.
    ///
    /// # Errors
    /// [`ServiceError`] when the version, the chatbot or the origin is wrong. A session that cannot be resumed is no
    /// error: the answer says why.
    pub async fn handshake(
        &self,
        request: &HandshakeRequest,
        proof: &OriginProof,
    ) -> Result<HandshakeResponse, ServiceError> {
        if request.version != HANDSHAKE_VERSION {
            return Err(ServiceError::Version(request.version));
        }
        let chatbot = self.chatbot_of_project(&request.project_id, &request.chatbot_id)?;
        let origin = self.allowed_origin(&chatbot, proof)?;
        let mut offered = vec![Arc::clone(&chatbot)];
        if chatbot.config.offer_project {
            let allowed = |other: &Arc<Published>| {
                Origin::parse(Some(&origin)).is_ok_and(|origin| {
                    self.is_own_origin(&origin) || origin::check(&other.rules, &origin).is_ok()
                })
            };
            offered = self.siblings(&chatbot).into_iter().filter(allowed).collect();
        }
        let mut session = None;
        let locale = request.locale.as_deref();
        let consent_hash = chatbot.consent_hash.clone();
        let most = chatbot.config.limits.max_message_chars;
        let max_message_chars = (most as usize != MAX_MESSAGE_CHARS).then_some(most);
        let palette = request.palette.then(|| chatbot.palette.clone());
        let mut natter =
            HandshakeExtras { consent_hash, max_message_chars, palette, ..chatbot.extras() };
        if let Some(resume) = &request.resume {
            match self.resume(resume, &offered).await {
                Ok((id, snapshot)) => {
                    session = Some(id);
                    natter.session = Some(snapshot);
                }
                Err(ResumeError::Refused(problem)) => {
                    natter.resume_refused = Some(*problem);
                }
                Err(ResumeError::Service(error)) => return Err(error),
            }
        }
        let bots = offered.iter().map(|bot| bot.id).collect();
        let token = self.inner.tokens.sign(&origin, bots, session, self.clock().now())?;
        Ok(HandshakeResponse {
            message: "Widget handshake completed successfully".into(),
            data: HandshakeData {
                token,
                chatbots: offered.iter().map(|bot| bot.card_in(locale)).collect(),
                widget: chatbot.widget_in(locale),
                natter: (natter != HandshakeExtras::default()).then_some(natter),
            },
        })
    }

    async fn resume(
        &self,
        resume: &Resume,
        offered: &[Arc<Published>],
    ) -> Result<(SessionId, SessionSnapshot), ResumeError> {
        let refused = |code: &str, title: &str| {
            ResumeError::Refused(Box::new(Problem {
                kind: format!("urn:natter:problem:{code}"),
                title: title.into(),
                status: 403,
                code: code.into(),
                detail: Some("Forget the stored session and begin a new one.".into()),
                field: None,
                errors: Vec::new(),
                retry_after: None,
                request_id: None,
            }))
        };
        let gone = || refused("session_gone", "The session does not exist");
        let id: SessionId = resume.session_id.parse().map_err(|_| gone())?;
        match self.check_secret(id, &resume.secret, Purpose::Converse).await {
            Ok(()) => {}
            Err(ServiceError::SessionExpired) => {
                return Err(refused("session_expired", "The session can no longer be resumed"));
            }
            Err(ServiceError::NotFound(_)) => return Err(gone()),
            Err(other) => return Err(other.into()),
        }
        let snapshot = self.snapshot(id).await?;
        if !offered.iter().any(|bot| bot.public_id == snapshot.chatbot_id) {
            return Err(gone());
        }
        Ok((id, snapshot))
    }
}

enum ResumeError {
    Refused(Box<Problem>),
    Service(ServiceError),
}

impl From<ServiceError> for ResumeError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}
