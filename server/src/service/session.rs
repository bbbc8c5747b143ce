//! Sessions: who may open which, and opening, finishing and erasing them.

use std::sync::Arc;
use std::time::Duration;

use natter_shared::event::{EventKind, EventPage, SessionEvent};
use natter_shared::id::SessionId;
use natter_shared::message::{Feedback, FeedbackStored};
use natter_shared::session::{
    CreateSession, Credentials, SessionCreated, SessionFinished, SessionStatus,
};

use crate::clock::{later, timestamp};
use crate::secret;
use crate::store::{Channel, NewAccess, NewEvent, NewSession, SessionRow, StoreError, WriteTx};

use super::origin::Origin;
use super::token::Claims;
use super::{ACCESS_LIFETIME, OriginProof, Published, Service, ServiceError, view};

/// How often expired conversations are looked for.
const RETENTION_LOOK: Duration = Duration::from_mins(15);
/// Longest comment to a rating, in characters.
const MAX_COMMENT_CHARS: usize = 2_000;
/// How many events a page holds.
const EVENTS_PAGE: i64 = 200;

/// The routes that a session is opened through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// For any client: an origin is not needed, but one that is sent must be allowed.
    Robots,
    /// For websites: the origin must be allowed.
    Widgets,
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
    ) -> Result<(), ServiceError> {
        let mut tx = self.store().read().await?;
        let access =
            tx.access(id, &secret::hash(secret)).await?.ok_or(ServiceError::NotFound("session"))?;
        if access.expires_at <= self.clock().now() {
            return Err(ServiceError::SessionExpired);
        }
        Ok(())
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
        if let Some(secret) = secret {
            self.check_secret(id, secret).await?;
        }
        let session = self.store().read().await?.session(id).await?.ok_or(NONE)?;
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
                self.check_key(key, &chatbot).await?;
                Caller::Key
            }
            _ => return Err(ServiceError::CredentialMissing),
        };
        Ok(Access { session, chatbot, caller })
    }

    /// Whether the API key opens the chatbot's conversations.
    pub(super) async fn check_key(
        &self,
        key: &str,
        chatbot: &Published,
    ) -> Result<(), ServiceError> {
        let row = self.store().read().await?.api_key(&secret::hash(key)).await?;
        let row = row.ok_or(ServiceError::CredentialInvalid)?;
        let fits = row.organization() == chatbot.organization
            && row.chatbot().is_none_or(|id| id == chatbot.id);
        if fits { Ok(()) } else { Err(ServiceError::NotFound("chatbot")) }
    }

    /// The terms' hash to be recorded, when the visitor has accepted what stands now.
    fn consent(
        chatbot: &Published,
        request: &CreateSession,
    ) -> Result<Option<String>, ServiceError> {
        let Some(hash) = &chatbot.consent_hash else { return Ok(None) };
        if request.consent_accepted != Some(true) {
            return Err(ServiceError::ConsentRequired);
        }
        match &request.consent_hash {
            Some(shown) if shown != hash => Err(ServiceError::ConsentOutdated),
            _ => Ok(Some(hash.clone())),
        }
    }

    /// Opens a session. Nothing is stored when this fails.
    ///
    /// # Errors
    /// [`ServiceError`] when the origin, the token, the consent or a field is wrong.
    pub async fn create_session(
        &self,
        name: &str,
        door: Door,
        request: &CreateSession,
        credential: &Credential,
        proof: &OriginProof,
        address: Option<&str>,
    ) -> Result<SessionCreated, ServiceError> {
        let chatbot = self.chatbot(name)?;
        let claims = match credential {
            Credential::Token(token) => Some(self.check_token(token, proof)?),
            Credential::Key(_) | Credential::None => None,
        };
        let origin = match (&claims, door, &proof.origin) {
            (Some(claims), ..) if !claims.bots.contains(&chatbot.id) => {
                return Err(ServiceError::NotAllowed);
            }
            (Some(claims), ..) => Some(claims.org.clone()),
            (None, Door::Widgets, _) | (None, Door::Robots, Some(_)) => {
                Some(self.allowed_origin(&chatbot, proof)?)
            }
            (None, Door::Robots, None) => None,
        };
        let consent_hash = Self::consent(&chatbot, request)?;
        check_length("visitor_label", request.visitor_label.as_deref(), 200)?;
        check_length("locale", request.locale.as_deref(), 35)?;
        if let Some(key) = &request.client_session_id {
            check_length("client_session_id", Some(key), 100)?;
            if key.len() < 16 {
                return Err(invalid(
                    "client_session_id",
                    "client_session_id must have at least 16 characters; use a random UUID",
                ));
            }
        }
        let own = |origin: &String| {
            Origin::parse(Some(origin)).is_ok_and(|origin| self.is_own_origin(&origin))
        };
        let channel = match (door, origin.as_ref().is_some_and(own)) {
            (_, true) => Channel::Page,
            (Door::Widgets, false) => Channel::Widget,
            (Door::Robots, false) if claims.is_some() => Channel::Widget,
            (Door::Robots, false) => Channel::Public,
        };
        let new = NewSession {
            id: self.clock().id(),
            organization: chatbot.organization,
            chatbot: chatbot.id,
            channel,
            client_session_id: request.client_session_id.clone(),
            visitor_label: request.visitor_label.clone(),
            locale: request.locale.clone(),
            origin: origin.clone(),
            address: address
                .filter(|_| chatbot.config.widget.privacy.capture_ip_address)
                .map(Into::into),
            consent_hash,
            consent_vouched: false,
            created_at: self.clock().now(),
        };
        let (id, secret) = self.store_session(&new).await?;
        let session = self
            .store()
            .read()
            .await?
            .session(id)
            .await?
            .ok_or(ServiceError::NotFound("session"))?;
        let natter = match claims {
            Some(claims) => Some(Credentials {
                token: self.inner.tokens.sign(
                    &claims.org,
                    claims.bots,
                    Some(id),
                    self.clock().now(),
                )?,
                resume_secret: secret.clone(),
            }),
            None => None,
        };
        Ok(SessionCreated {
            session_id: if natter.is_some() { id.to_string() } else { format!("{id}.{secret}") },
            slug: chatbot.slug.clone(),
            status: view::status(&session),
            created_at: timestamp(session.created_at),
            expires_at: timestamp(later(self.clock().now(), ACCESS_LIFETIME)),
            natter,
        })
    }

    /// Stores a session with a secret for it; the same client key gives the session that was stored before.
    pub(super) async fn store_session(
        &self,
        new: &NewSession,
    ) -> Result<(SessionId, String), ServiceError> {
        match self.try_store_session(new).await? {
            Some(stored) => Ok(stored),
            // Another request with the same client key was faster: now its session is there.
            None => self
                .try_store_session(new)
                .await?
                .ok_or(ServiceError::KeyReused("client_session_id")),
        }
    }

    async fn try_store_session(
        &self,
        new: &NewSession,
    ) -> Result<Option<(SessionId, String)>, ServiceError> {
        let mut tx = self.store().write().await?;
        let existing = match &new.client_session_id {
            Some(key) => tx.session_by_client_id(new.chatbot, key).await?,
            None => None,
        };
        let id = existing.as_ref().map_or(new.id, SessionRow::id);
        if existing.is_none() {
            match tx.insert_session(new).await {
                Err(StoreError::Conflict(_)) => return Ok(None),
                other => other?,
            }
        }
        let secret = self.add_access(&mut tx, id, "tab").await?;
        tx.commit().await?;
        Ok(Some((id, secret)))
    }

    /// Makes another secret for a session.
    pub(super) async fn add_access(
        &self,
        tx: &mut WriteTx,
        session: SessionId,
        kind: &'static str,
    ) -> Result<String, ServiceError> {
        let (secret, now) = (self.clock().secret(), self.clock().now());
        let access = NewAccess {
            session,
            hash: secret::hash(&secret),
            kind,
            expires_at: later(now, ACCESS_LIFETIME),
            created_at: now,
        };
        tx.insert_access(&access).await?;
        Ok(secret)
    }

    /// Credentials for a browser that has just proved itself in another way.
    pub(super) fn credentials(
        &self,
        chatbot: &Published,
        origin: &str,
        session: SessionId,
        secret: String,
    ) -> Result<Credentials, ServiceError> {
        let token =
            self.inner.tokens.sign(origin, vec![chatbot.id], Some(session), self.clock().now())?;
        Ok(Credentials { token, resume_secret: secret })
    }

    /// Finishes a session. Finishing it again changes nothing.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails or the session is gone.
    pub async fn finish(&self, access: &Access) -> Result<SessionFinished, ServiceError> {
        let (id, now) = (access.session.id(), self.clock().now());
        let mut tx = self.store().write().await?;
        if tx.finish_session(id, now).await? {
            let event = NewEvent {
                session: id,
                kind: "finished",
                turn: None,
                message: None,
                created_at: now,
            };
            tx.append_event(event).await?;
        }
        let session = tx.session(id).await?.ok_or(ServiceError::NotFound("session"))?;
        tx.commit().await?;
        self.stop_live(id);
        Ok(SessionFinished {
            session_id: id,
            status: SessionStatus::Finished,
            finished_at: timestamp(session.finished_at.unwrap_or(now)),
        })
    }

    /// Erases a session with everything in it.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn erase(&self, access: &Access) -> Result<(), ServiceError> {
        self.erase_session(access.session.id()).await?;
        self.store().scrub().await?;
        Ok(())
    }

    async fn erase_session(&self, id: SessionId) -> Result<(), ServiceError> {
        self.stop_live(id);
        let mut tx = self.store().write().await?;
        tx.erase_session(id, self.clock().now()).await?;
        tx.commit().await?;
        // A turn that was begun between the two finds its session gone when it wants to store something.
        self.stop_live(id);
        Ok(())
    }

    /// Erases conversations whose time is over, until the service closes.
    pub(super) async fn enforce_retention(&self) {
        loop {
            if let Err(error) = self.erase_expired().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "session.retention failed"
                );
            }
            if self
                .inner
                .closing
                .run_until_cancelled(tokio::time::sleep(RETENTION_LOOK))
                .await
                .is_none()
            {
                return;
            }
        }
    }

    /// Erases the conversations that are older than their chatbot keeps them, and tells how many.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn erase_expired(&self) -> Result<usize, ServiceError> {
        let mut erased = 0;
        for chatbot in self.chatbots().iter().filter(|chatbot| chatbot.config.retention_days > 0) {
            let age = chrono::TimeDelta::days(chatbot.config.retention_days.into());
            let before = self.clock().now() - age;
            loop {
                let expired =
                    self.store().read().await?.sessions_expired(chatbot.id, before).await?;
                for id in &expired {
                    self.erase_session(*id).await?;
                }
                erased += expired.len();
                if expired.is_empty() {
                    break;
                }
            }
        }
        if erased > 0 {
            self.store().scrub().await?;
            tracing::info!(erased, "session.retention erased conversations");
        }
        Ok(erased)
    }

    /// The session log after event number `after`.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn events(&self, access: &Access, after: i64) -> Result<EventPage, ServiceError> {
        let id = access.session.id();
        let mut tx = self.store().read().await?;
        let rows = tx.events_after(id, after, EVENTS_PAGE + 1).await?;
        let last_seq = tx.session(id).await?.ok_or(ServiceError::NotFound("session"))?.last_seq;
        let page = usize::try_from(EVENTS_PAGE).unwrap_or(usize::MAX);
        let has_more = rows.len() > page;
        let mut events = Vec::new();
        for row in rows.into_iter().take(page) {
            let message = match row.message() {
                Some(message) => tx.message(id, message).await?,
                None => None,
            };
            let what = match (row.kind.as_str(), row.turn(), message) {
                ("message", _, Some(message)) => {
                    EventKind::Message { message: view::message(&message) }
                }
                ("turn-started", Some(turn_id), _) => EventKind::TurnStarted { turn_id },
                ("turn-ended", Some(turn_id), _) => EventKind::TurnEnded { turn_id },
                ("feedback", _, Some(message)) => match message.rating() {
                    Some(rating) => EventKind::Feedback { message_id: message.id(), rating },
                    None => continue,
                },
                ("finished", ..) => EventKind::Finished,
                _ => continue,
            };
            events.push(SessionEvent { seq: row.seq, created_at: timestamp(row.created_at), what });
        }
        Ok(EventPage { events, last_seq, has_more })
    }

    /// Stores or changes the rating of an answer.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the session has no such answer.
    pub async fn rate(
        &self,
        access: &Access,
        feedback: &Feedback,
    ) -> Result<FeedbackStored, ServiceError> {
        let id = access.session.id();
        check_length("comment", feedback.comment.as_deref(), MAX_COMMENT_CHARS)?;
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let message = tx.message(id, feedback.message_id).await?;
        let rated =
            message.filter(|message| message.author() != natter_shared::message::Author::Visitor);
        if rated.is_none() {
            return Err(ServiceError::NotFound("answer in this session"));
        }
        let comment =
            feedback.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty());
        let row = match tx
            .upsert_feedback(id, feedback.message_id, feedback.rating, comment, now)
            .await
        {
            Err(StoreError::Gone(_)) => {
                return Err(ServiceError::NotFound("answer in this session"));
            }
            other => other?,
        };
        let message = Some(feedback.message_id);
        tx.append_event(NewEvent {
            session: id,
            kind: "feedback",
            turn: None,
            message,
            created_at: now,
        })
        .await?;
        tx.commit().await?;
        Ok(FeedbackStored {
            message_id: feedback.message_id,
            rating: row.rating(),
            comment: row.comment.clone(),
            created_at: timestamp(row.created_at),
            updated_at: timestamp(row.updated_at),
        })
    }
}

pub(super) fn invalid(field: &'static str, reason: impl Into<String>) -> ServiceError {
    ServiceError::Invalid { field, reason: reason.into() }
}

pub(super) fn check_length(
    field: &'static str,
    value: Option<&str>,
    most: usize,
) -> Result<(), ServiceError> {
    match value {
        Some(value) if value.chars().count() > most => {
            Err(invalid(field, format!("{field} is longer than {most} characters; shorten it")))
        }
        _ => Ok(()),
    }
}
