//! Sessions: opening, finishing and erasing them.

use std::time::Duration;

use natter_shared::id::SessionId;
use natter_shared::session::{CreateSession, Credentials, SessionCreated};

use crate::clock::{later, timestamp};
use crate::secret;
use crate::store::{Channel, IdentityRow, NewAccess, NewSession, SessionRow, StoreError, WriteTx};

use super::identity::Owned;
use super::origin::Origin;
use super::{
    ACCESS_LIFETIME, Access, Credential, OriginProof, Published, Service, ServiceError, view,
};

/// How often expired conversations are looked for.
const RETENTION_LOOK: Duration = Duration::from_mins(15);
/// How long the same `client_session_id` gives the same session.
const IDEMPOTENCY: Duration = Duration::from_mins(10);

/// The routes that a session is opened through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// For any client: an origin is not needed, but one that is sent must be allowed.
    Robots,
    /// For websites: the origin must be allowed.
    Widgets,
}

impl Service {
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
        check_text("visitor_label", request.visitor_label.as_deref(), 200)?;
        check_text("locale", request.locale.as_deref(), 35)?;
        if let Some(key) = &request.client_session_id {
            check_text("client_session_id", Some(key), 100)?;
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
        let who = match &request.identity {
            Some(identity) => Some(self.prove(&chatbot, identity)?),
            None => None,
        };
        let new = NewSession {
            id: self.clock().id(),
            organization: chatbot.organization,
            chatbot: chatbot.id,
            channel,
            // Whoever sends it again gets the session: what is kept of it must not be enough for that.
            client_session_id: request.client_session_id.as_deref().map(secret::hex_hash),
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
        let (id, secret) = self.store_session(&new, who.as_ref()).await?;
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
        who: Option<&IdentityRow>,
    ) -> Result<(SessionId, String), ServiceError> {
        match self.try_store_session(new, who).await? {
            Some(stored) => Ok(stored),
            // Another request with the same client key was faster: now its session is there.
            None => self
                .try_store_session(new, who)
                .await?
                .ok_or(ServiceError::KeyReused("client_session_id")),
        }
    }

    async fn try_store_session(
        &self,
        new: &NewSession,
        who: Option<&IdentityRow>,
    ) -> Result<Option<(SessionId, String)>, ServiceError> {
        let mut tx = self.store().write().await?;
        let existing = match &new.client_session_id {
            Some(key) => tx.session_by_client_id(new.chatbot, key).await?,
            None => None,
        };
        let fresh = |session: &SessionRow| later(session.created_at, IDEMPOTENCY) > new.created_at;
        if existing.as_ref().is_some_and(|session| !fresh(session)) {
            return Err(ServiceError::KeyReused("client_session_id"));
        }
        let id = existing.as_ref().map_or(new.id, SessionRow::id);
        if existing.is_none() {
            match tx.insert_session(new).await {
                Err(StoreError::Conflict(_)) => return Ok(None),
                other => other?,
            }
        }
        if let Some(who) = who {
            let (organization, chatbot) = (new.organization, new.chatbot);
            let owned = Owned { session: id, organization, chatbot };
            self.keep_identity(&mut tx, owned, who.clone()).await?;
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

    /// Erases a session with everything in it.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn erase(&self, access: &Access) -> Result<(), ServiceError> {
        let (service, id) = (self.clone(), access.session.id());
        // A caller that goes away in the middle must not keep the files from being scrubbed.
        let erased = self.inner.tasks.spawn(async move {
            service.erase_session(id).await?;
            service.store().scrub().await?;
            Ok(())
        });
        erased.await.map_err(|error| ServiceError::Internal(error.into()))?
    }

    async fn erase_session(&self, id: SessionId) -> Result<(), ServiceError> {
        self.stop_live(id);
        let mut tx = self.store().write().await?;
        let erased = tx.erase_session(id, self.clock().now()).await?;
        tx.commit().await?;
        // A turn that was begun between the two finds its session gone when it wants to store something.
        self.stop_live(id);
        if erased.has_files {
            self.remove_noted(&[(id, None)]).await;
        }
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
            if let Err(error) = self.sweep_files().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "attachment.sweep failed");
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
        self.prune_reports().await?;
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
}

pub(super) fn invalid(field: &'static str, reason: impl Into<String>) -> ServiceError {
    ServiceError::Invalid { field, reason: reason.into() }
}

pub(super) fn check_text(
    field: &'static str,
    value: Option<&str>,
    most: usize,
) -> Result<(), ServiceError> {
    match value {
        Some(value) if value.chars().count() > most => {
            Err(invalid(field, format!("{field} is longer than {most} characters; shorten it")))
        }
        // U+0000 is no text, and Postgres cannot store it.
        Some(value) if value.contains('\0') => {
            Err(invalid(field, format!("{field} contains a null character; remove it")))
        }
        _ => Ok(()),
    }
}
