//! Turns: a question and its answer being written.

use chrono::{DateTime, Utc};
use natter_shared::id::{MessageId, OrganizationId, SessionId, TurnId};
use natter_shared::message::SourceView;
use sqlx::types::{Json, Uuid};

use super::row::{text_enum, uuid};
use super::{ReadTx, StoreError, WriteTx, on, sql};

text_enum! {
    /// State of a turn.
    TurnStatus {
        /// Waits for the session's running turn.
        Waiting = "waiting",
        /// Is being answered.
        Running = "running",
        /// Is answered.
        Complete = "complete",
        /// Was stopped by the visitor.
        Stopped = "stopped",
        /// Was cut off when the server went down.
        Interrupted = "interrupted",
        /// The answerer failed.
        Failed = "failed",
    }
}

/// A turn to be begun.
#[derive(Debug, Clone)]
pub struct NewTurn {
    /// Id.
    pub id: TurnId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Its session.
    pub session: SessionId,
    /// The question, already stored.
    pub question: MessageId,
    /// The id that the answer will have.
    pub answer: MessageId,
    /// The client's idempotency key, when the question is answered again.
    pub retry_key: Option<String>,
    /// The version of the chatbot that answers.
    pub chatbot_version: i64,
    /// `Waiting` or `Running`.
    pub status: TurnStatus,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A turn.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TurnRow {
    id: Uuid,
    session_id: Uuid,
    question_id: Uuid,
    answer_id: Uuid,
    status: TurnStatus,
    /// The answer so far, as of the last checkpoint.
    pub text: String,
    sources: Json<Vec<SourceView>>,
    /// Why it ended, when it ended by itself.
    pub finish_reason: Option<String>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl TurnRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> TurnId {
        TurnId::from_u128(self.id.as_u128())
    }

    /// Its session.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        SessionId::from_u128(self.session_id.as_u128())
    }

    /// Its question.
    #[must_use]
    pub const fn question(&self) -> MessageId {
        MessageId::from_u128(self.question_id.as_u128())
    }

    /// Its answer's id.
    #[must_use]
    pub const fn answer(&self) -> MessageId {
        MessageId::from_u128(self.answer_id.as_u128())
    }

    /// What it cited, as of the last checkpoint.
    #[must_use]
    pub fn sources(&self) -> &[SourceView] {
        &self.sources
    }

    /// Its state.
    #[must_use]
    pub const fn status(&self) -> TurnStatus {
        self.status
    }

    /// Whether it has not ended.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.status, TurnStatus::Waiting | TurnStatus::Running)
    }
}

/// How a turn ended.
#[derive(Debug, Clone)]
pub struct TurnEnd<'a> {
    /// The turn.
    pub id: TurnId,
    /// `Complete`, `Stopped`, `Interrupted` or `Failed`.
    pub status: TurnStatus,
    /// The text that there is.
    pub text: &'a str,
    /// Why it ended by itself.
    pub finish_reason: Option<&'static str>,
    /// Now.
    pub ended_at: DateTime<Utc>,
}

impl ReadTx {
    /// One turn of a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn turn(
        &mut self,
        session: SessionId,
        id: TurnId,
    ) -> Result<Option<TurnRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("turn_get"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(id.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// The turn that a client asked for under its own key, when it had a question answered again.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn turn_by_retry_key(
        &mut self,
        session: SessionId,
        key: &str,
    ) -> Result<Option<TurnRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("turn_by_retry_key"))
            .bind(uuid(session.as_u128()))
            .bind(key)
            .fetch_optional(conn)
            .await)?)
    }

    /// The session's turns that have not ended, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn open_turns(&mut self, session: SessionId) -> Result<Vec<TurnRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("turns_open_of_session"))
            .bind(uuid(session.as_u128()))
            .fetch_all(conn)
            .await)?)
    }

    /// Every session's turns that have not ended, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn all_open_turns(&mut self) -> Result<Vec<TurnRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("turns_open")).fetch_all(conn).await)?)
    }
}

impl WriteTx {
    /// Begins a turn.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its retry key is taken.
    pub async fn insert_turn(&mut self, new: &NewTurn) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("turn_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.session.as_u128()))
            .bind(uuid(new.question.as_u128()))
            .bind(uuid(new.answer.as_u128()))
            .bind(&new.retry_key)
            .bind(new.chatbot_version)
            .bind(new.status.as_str())
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Starts a waiting turn, and tells whether it was waiting.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn start_turn(&mut self, id: TurnId) -> Result<bool, StoreError> {
        let rows = on!(self, |conn| sqlx::query(sql!("turn_start"))
            .bind(uuid(id.as_u128()))
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows > 0)
    }

    /// Keeps the text so far of a running turn, and what it cites.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn checkpoint_turn(
        &mut self,
        id: TurnId,
        text: &str,
        sources: &[SourceView],
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("turn_checkpoint"))
            .bind(uuid(id.as_u128()))
            .bind(text)
            .bind(Json(sources))
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Ends a turn, and tells whether it had not ended before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_turn(&mut self, end: &TurnEnd<'_>) -> Result<bool, StoreError> {
        let rows = on!(self, |conn| sqlx::query(sql!("turn_end"))
            .bind(uuid(end.id.as_u128()))
            .bind(end.status.as_str())
            .bind(end.text)
            .bind(end.finish_reason)
            .bind(end.ended_at)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(rows > 0)
    }
}
