//! Files that visitors uploaded, but for their bytes; and which bytes are to be deleted.

use chrono::{DateTime, Utc};
use natter_shared::id::{AttachmentId, ChatbotId, MessageId, OrganizationId, SessionId};
use serde::{Deserialize, Serialize};
use sqlx::types::Uuid;

use super::row::uuid;
use super::{ReadTx, StoreError, WriteTx, on, sql};

/// A file that is about to be uploaded.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// Id.
    pub id: AttachmentId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Chatbot.
    pub chatbot: ChatbotId,
    /// Its session.
    pub session: SessionId,
    /// Its name.
    pub name: String,
    /// How many bytes are set aside for it.
    pub bytes: i64,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A file.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AttachmentRow {
    id: Uuid,
    message_id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// What its bytes are; none until all have come.
    pub media_type: Option<String>,
    /// How many it has.
    pub bytes: i64,
}

impl AttachmentRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> AttachmentId {
        AttachmentId::from_u128(self.id.as_u128())
    }

    /// Whether a message has it.
    #[must_use]
    pub const fn is_sent(&self) -> bool {
        self.message_id.is_some()
    }
}

/// A file as it is kept with its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Id.
    pub id: AttachmentId,
    /// Name.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many it has.
    pub bytes: u64,
}

/// How much somebody has stored.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct StoredRow {
    /// Bytes.
    pub bytes: i64,
    /// Files.
    pub files: i64,
}

/// Bytes that are to be deleted.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RemovalRow {
    id: Uuid,
    session_id: Uuid,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

impl RemovalRow {
    /// The session.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        SessionId::from_u128(self.session_id.as_u128())
    }

    /// The file; none for all of the session's.
    #[must_use]
    pub fn file(&self) -> Option<AttachmentId> {
        (self.id != self.session_id).then(|| AttachmentId::from_u128(self.id.as_u128()))
    }
}

impl ReadTx {
    /// A file of a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn attachment(
        &mut self,
        session: SessionId,
        id: AttachmentId,
    ) -> Result<Option<AttachmentRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("attachment_get"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(id.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// Up to 200 files that were uploaded before `before` and belong to no message.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn unsent_attachments(
        &mut self,
        before: DateTime<Utc>,
    ) -> Result<Vec<(SessionId, AttachmentId)>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = on!(self, |conn| sqlx::query_as(sql!("attachments_unsent"))
            .bind(before)
            .fetch_all(conn)
            .await)?;
        let ids = |(id, session): (Uuid, Uuid)| {
            (SessionId::from_u128(session.as_u128()), AttachmentId::from_u128(id.as_u128()))
        };
        Ok(rows.into_iter().map(ids).collect())
    }

    /// How much a session has stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stored_by_session(&mut self, session: SessionId) -> Result<StoredRow, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("attachment_bytes_of_session"))
            .bind(uuid(session.as_u128()))
            .fetch_one(conn)
            .await)?)
    }

    /// How much the visitors of a chatbot have stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stored_by_chatbot(
        &mut self,
        organization: OrganizationId,
        chatbot: ChatbotId,
    ) -> Result<StoredRow, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("attachment_bytes_of_chatbot"))
            .bind(uuid(organization.as_u128()))
            .bind(uuid(chatbot.as_u128()))
            .fetch_one(conn)
            .await)?)
    }

    /// Bytes that are to be deleted, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn file_removals(&mut self) -> Result<Vec<RemovalRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("file_removals")).fetch_all(conn).await)?)
    }
}

impl WriteTx {
    /// Sets a place aside for a file whose bytes are about to come.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when its session is gone.
    pub async fn insert_attachment(&mut self, new: &NewAttachment) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("attachment_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(uuid(new.session.as_u128()))
            .bind(&new.name)
            .bind(new.bytes)
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Notes that all bytes of a file have come, and tells whether it is still wanted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn finish_attachment(
        &mut self,
        session: SessionId,
        id: AttachmentId,
        media_type: &str,
        bytes: i64,
    ) -> Result<bool, StoreError> {
        let rows = on!(self, |conn| sqlx::query(sql!("attachment_finish"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(id.as_u128()))
            .bind(media_type)
            .bind(bytes)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows > 0)
    }

    /// Gives a file to the message that it is sent with, and tells whether it could be.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn send_attachment(
        &mut self,
        session: SessionId,
        id: AttachmentId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let rows = on!(self, |conn| sqlx::query(sql!("attachment_send"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(id.as_u128()))
            .bind(uuid(message.as_u128()))
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows > 0)
    }

    /// Deletes a file that no message has, notes that its bytes are to go, and tells whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn drop_attachment(
        &mut self,
        session: SessionId,
        id: AttachmentId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let rows = on!(self, |conn| sqlx::query(sql!("attachment_drop"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(id.as_u128()))
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        if rows > 0 {
            self.note_removal(id.as_u128(), session, now).await?;
        }
        Ok(rows > 0)
    }

    /// Notes that the bytes of all files of a session are to go, and tells whether it has any.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn remove_files_of(
        &mut self,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        if self.stored_by_session(session).await?.files == 0 {
            return Ok(false);
        }
        self.note_removal(session.as_u128(), session, now).await?;
        Ok(true)
    }

    async fn note_removal(
        &mut self,
        id: u128,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("file_removal_insert"))
            .bind(uuid(id))
            .bind(uuid(session.as_u128()))
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// The same for the sessions that the ledger of erasures names.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn replay_file_removals(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("file_removals_replay")).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Forgets that bytes were to be deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn file_removal_done(&mut self, removal: &RemovalRow) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("file_removal_done"))
            .bind(removal.id)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
