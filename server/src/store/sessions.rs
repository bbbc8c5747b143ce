//! Sessions.

use chrono::{DateTime, Utc};
use natter_shared::id::{ChatbotId, OrganizationId, SessionId};
use sqlx::types::Uuid;

use super::row::{text_enum, uuid};
use super::{AccessRow, ReadTx, StoreError, WriteTx, on, sql};

text_enum! {
    /// Where a session was opened.
    Channel {
        /// By the widget on somebody's site.
        Widget = "widget",
        /// On our own full chat page.
        Page = "page",
        /// By another client of the public routes.
        Public = "public",
        /// By a server with an API key.
        Api = "api",
    }
}

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Id.
    pub id: SessionId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// Where.
    pub channel: Channel,
    /// The client's idempotency key.
    pub client_session_id: Option<String>,
    /// Label for the owner.
    pub visitor_label: Option<String>,
    /// The visitor's language.
    pub locale: Option<String>,
    /// Origin of the page.
    pub origin: Option<String>,
    /// The visitor's address, only when the owner captures it.
    pub address: Option<String>,
    /// Hash of the accepted terms.
    pub consent_hash: Option<String>,
    /// Whether an API-key caller vouches for the consent.
    pub consent_vouched: bool,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A session.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRow {
    id: Uuid,
    organization_id: Uuid,
    chatbot_id: Uuid,
    /// Where it was opened.
    pub channel: String,
    /// The visitor's language.
    pub locale: Option<String>,
    status: String,
    /// When the terms were accepted.
    pub consent_at: Option<DateTime<Utc>>,
    /// Number of the newest event.
    pub last_seq: i64,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was finished.
    pub finished_at: Option<DateTime<Utc>>,
    /// Public id of its chatbot.
    pub public_id: String,
    /// Slug of its chatbot.
    pub slug: String,
}

/// A session and the secret that opens it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OpenedRow {
    /// The session.
    #[sqlx(flatten)]
    pub session: SessionRow,
    /// The secret.
    #[sqlx(flatten)]
    pub access: AccessRow,
}

impl SessionRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> SessionId {
        SessionId::from_u128(self.id.as_u128())
    }

    /// Its tenant.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        OrganizationId::from_u128(self.organization_id.as_u128())
    }

    /// Its chatbot.
    #[must_use]
    pub const fn chatbot(&self) -> ChatbotId {
        ChatbotId::from_u128(self.chatbot_id.as_u128())
    }

    /// Whether it takes messages.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == "open"
    }
}

/// A session that a unit of work has taken for itself.
#[derive(Debug, Clone, Copy)]
pub struct Touched {
    /// Whether it takes messages.
    pub is_open: bool,
    /// Whether the terms are accepted.
    pub consented: bool,
    /// The first number that was reserved in its log.
    pub next: i64,
}

/// What deleting a session leaves to be done.
#[derive(Debug, Clone, Copy)]
pub struct Erased {
    /// Whether files were noted to be deleted.
    pub has_files: bool,
}

impl ReadTx {
    /// The session, if it exists.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session(&mut self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_get"))
            .bind(uuid(id.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// The session with its secret that has this hash, expired or not.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_by_secret(
        &mut self,
        id: SessionId,
        hash: &[u8; 32],
    ) -> Result<Option<OpenedRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_by_secret"))
            .bind(uuid(id.as_u128()))
            .bind(hash.as_slice())
            .fetch_optional(conn)
            .await)?)
    }

    /// The session that a client opened under its own key.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_by_client_id(
        &mut self,
        chatbot: ChatbotId,
        client_session_id: &str,
    ) -> Result<Option<SessionRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_by_client_id"))
            .bind(uuid(chatbot.as_u128()))
            .bind(client_session_id)
            .fetch_optional(conn)
            .await)?)
    }

    /// Up to 200 sessions of a chatbot that nothing was added to since `before`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sessions_expired(
        &mut self,
        chatbot: ChatbotId,
        before: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let ids: Vec<Uuid> = on!(self, |conn| sqlx::query_scalar(sql!("sessions_expired"))
            .bind(uuid(chatbot.as_u128()))
            .bind(before)
            .fetch_all(conn)
            .await)?;
        Ok(ids.into_iter().map(|id| SessionId::from_u128(id.as_u128())).collect())
    }
}

impl WriteTx {
    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its client key is taken.
    pub async fn insert_session(&mut self, new: &NewSession) -> Result<(), StoreError> {
        let consent_at =
            (new.consent_hash.is_some() || new.consent_vouched).then_some(new.created_at);
        on!(self, |conn| sqlx::query(sql!("session_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(new.channel.as_str())
            .bind(&new.client_session_id)
            .bind(&new.visitor_label)
            .bind(&new.locale)
            .bind(&new.origin)
            .bind(&new.address)
            .bind(&new.consent_hash)
            .bind(&new.locale)
            .bind(consent_at)
            .bind(new.consent_vouched)
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Takes the session's row for this unit of work, and reserves the next `events` numbers of its log. None when it is
    /// gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn touch_session(
        &mut self,
        id: SessionId,
        events: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<Touched>, StoreError> {
        let row: Option<(String, i64, bool)> =
            on!(self, |conn| sqlx::query_as(sql!("session_touch"))
                .bind(uuid(id.as_u128()))
                .bind(now)
                .bind(events)
                .fetch_optional(conn)
                .await)?;
        Ok(row.map(|(status, last, consented)| Touched {
            is_open: status == "open",
            consented,
            next: last - events + 1,
        }))
    }

    /// Records the acceptance of terms.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn record_consent(
        &mut self,
        id: SessionId,
        hash: &str,
        locale: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("session_consent"))
            .bind(uuid(id.as_u128()))
            .bind(hash)
            .bind(locale)
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Finishes an open session, and tells whether it was open.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn finish_session(
        &mut self,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let rows = on!(self, |conn| sqlx::query(sql!("session_finish"))
            .bind(uuid(id.as_u128()))
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows > 0)
    }

    /// Deletes again what the ledger of erasures names.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn replay_erasures(&mut self) -> Result<(), StoreError> {
        self.replay_file_removals().await?;
        on!(self, |conn| sqlx::query(sql!("erasures_replay")).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Deletes a session with everything that hangs on it, and writes that down for restored backups. The bytes of its
    /// files are noted to be deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn erase_session(
        &mut self,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Erased, StoreError> {
        let has_files = self.remove_files_of(id, now).await?;
        let rows = on!(self, |conn| sqlx::query(sql!("session_delete"))
            .bind(uuid(id.as_u128()))
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        if rows > 0 {
            on!(self, |conn| sqlx::query(sql!("erasure_insert"))
                .bind(uuid(id.as_u128()))
                .bind(now)
                .execute(conn)
                .await
                .map(drop))?;
        }
        Ok(Erased { has_files })
    }
}
