//! Messages and the events of the session log.

use chrono::{DateTime, Utc};
use natter_shared::contact::ContactReason;
use natter_shared::id::{MessageId, OrganizationId, SessionId, TurnId};
use natter_shared::message::{Author, MessageStatus, Rating, SourceView};
use sqlx::types::{Json, Uuid};

use super::ratings::rating_from;
use super::row::uuid;
use super::{Attached, ReadTx, StoreError, WriteTx, on, sql};

/// A message to be stored.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Id.
    pub id: MessageId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Its session.
    pub session: SessionId,
    /// The question that it answers, or whose place it takes.
    pub parent: Option<MessageId>,
    /// Its turn.
    pub turn: Option<TurnId>,
    /// Who wrote it.
    pub author: Author,
    /// Markdown.
    pub body: String,
    /// Whether it is whole.
    pub status: MessageStatus,
    /// What it cites.
    pub sources: Vec<SourceView>,
    /// Whether the content answered.
    pub answered: Option<bool>,
    /// Code of a failure.
    pub error_code: Option<String>,
    /// The client's idempotency key.
    pub client_message_id: Option<String>,
    /// Why the contact form is offered below it.
    pub contact_reason: Option<ContactReason>,
    /// What the visitor may ask next.
    pub suggestions: Vec<String>,
    /// Now.
    pub created_at: DateTime<Utc>,
    /// The page that it was asked on, as JSON.
    pub context: Option<String>,
    /// What came with it.
    pub attachments: Vec<Attached>,
}

/// A message.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MessageRow {
    id: Uuid,
    session_id: Uuid,
    parent_id: Option<Uuid>,
    turn_id: Option<Uuid>,
    author: String,
    /// Markdown.
    pub body: String,
    status: String,
    sources: Json<Vec<SourceView>>,
    /// Whether the content answered.
    pub answered: Option<bool>,
    /// Code of a failure.
    pub error_code: Option<String>,
    /// The client's idempotency key.
    pub client_message_id: Option<String>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    contact_reason: Option<String>,
    suggestions: Json<Vec<String>>,
    /// The page that it was asked on, as JSON.
    pub context: Option<String>,
    attachments: Json<Vec<Attached>>,
    rating: Option<String>,
}

impl MessageRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> MessageId {
        MessageId::from_u128(self.id.as_u128())
    }

    /// Its session.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        SessionId::from_u128(self.session_id.as_u128())
    }

    /// The question that it answers, or whose place it took.
    #[must_use]
    pub fn parent(&self) -> Option<MessageId> {
        self.parent_id.map(|id| MessageId::from_u128(id.as_u128()))
    }

    /// What came with it.
    #[must_use]
    pub fn attachments(&self) -> &[Attached] {
        &self.attachments
    }

    /// Its turn.
    #[must_use]
    pub fn turn(&self) -> Option<TurnId> {
        self.turn_id.map(|id| TurnId::from_u128(id.as_u128()))
    }

    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> Author {
        author_from(&self.author)
    }

    /// Whether it is whole.
    #[must_use]
    pub fn status(&self) -> MessageStatus {
        match self.status.as_str() {
            "stopped" => MessageStatus::Stopped,
            "interrupted" => MessageStatus::Interrupted,
            "failed" => MessageStatus::Failed,
            _ => MessageStatus::Complete,
        }
    }

    /// What it cites.
    #[must_use]
    pub fn sources(&self) -> &[SourceView] {
        &self.sources
    }

    /// Why the contact form is offered below it.
    #[must_use]
    pub fn contact_reason(&self) -> Option<ContactReason> {
        self.contact_reason.as_deref().and_then(ContactReason::from_word)
    }

    /// What the visitor may ask next.
    #[must_use]
    pub fn suggestions(&self) -> &[String] {
        &self.suggestions
    }

    /// The visitor's thumb.
    #[must_use]
    pub fn rating(&self) -> Option<Rating> {
        self.rating.as_deref().map(rating_from)
    }
}

const fn author_text(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Assistant => "assistant",
        Author::Operator => "operator",
        Author::Trigger => "trigger",
    }
}

pub(super) fn author_from(text: &str) -> Author {
    match text {
        "assistant" => Author::Assistant,
        "operator" => Author::Operator,
        "trigger" => Author::Trigger,
        _ => Author::Visitor,
    }
}

const fn status_text(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Complete => "complete",
        MessageStatus::Stopped => "stopped",
        MessageStatus::Interrupted => "interrupted",
        MessageStatus::Failed => "failed",
    }
}

/// An event to be appended to the session log.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent {
    /// `message`, `turn-started`, `turn-ended`, `feedback` or `finished`.
    pub kind: &'static str,
    /// The turn that it is about.
    pub turn: Option<TurnId>,
    /// The message that it is about.
    pub message: Option<MessageId>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// An event of the session log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EventRow {
    /// Its number.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
    turn_id: Option<Uuid>,
    message_id: Option<Uuid>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

impl EventRow {
    /// The turn that it is about.
    #[must_use]
    pub fn turn(&self) -> Option<TurnId> {
        self.turn_id.map(|id| TurnId::from_u128(id.as_u128()))
    }

    /// The message that it is about.
    #[must_use]
    pub fn message(&self) -> Option<MessageId> {
        self.message_id.map(|id| MessageId::from_u128(id.as_u128()))
    }
}

impl ReadTx {
    /// The conversation, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn messages(&mut self, session: SessionId) -> Result<Vec<MessageRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("messages_by_session"))
            .bind(uuid(session.as_u128()))
            .fetch_all(conn)
            .await)?)
    }

    /// One message of a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn message(
        &mut self,
        session: SessionId,
        id: MessageId,
    ) -> Result<Option<MessageRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("message_get"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(id.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// The message that a client sent under its own key.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn message_by_client_id(
        &mut self,
        session: SessionId,
        client_message_id: &str,
    ) -> Result<Option<MessageRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("message_by_client_id"))
            .bind(uuid(session.as_u128()))
            .bind(client_message_id)
            .fetch_optional(conn)
            .await)?)
    }

    /// Up to `limit` events after number `after`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn events_after(
        &mut self,
        session: SessionId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<EventRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("events_after"))
            .bind(uuid(session.as_u128()))
            .bind(after)
            .bind(limit)
            .fetch_all(conn)
            .await)?)
    }
}

impl WriteTx {
    /// Stores a message.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its client key is taken; [`StoreError::Gone`] when its session is gone.
    pub async fn insert_message(&mut self, new: &NewMessage) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("message_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.session.as_u128()))
            .bind(new.parent.map(|id| uuid(id.as_u128())))
            .bind(new.turn.map(|id| uuid(id.as_u128())))
            .bind(author_text(new.author))
            .bind(&new.body)
            .bind(status_text(new.status))
            .bind(Json(&new.sources))
            .bind(new.answered)
            .bind(&new.error_code)
            .bind(&new.client_message_id)
            .bind(new.created_at)
            .bind(new.contact_reason.map(ContactReason::as_str))
            .bind(Json(&new.suggestions))
            .bind(&new.context)
            .bind(Json(&new.attachments))
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Changes how many numbers of a session's log are taken, and gives the newest. None when the session is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn reserve_events(
        &mut self,
        session: SessionId,
        more: i64,
    ) -> Result<Option<i64>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_scalar(sql!("session_next_seq"))
            .bind(uuid(session.as_u128()))
            .bind(more)
            .fetch_optional(conn)
            .await)?)
    }

    /// Appends an event to the log of a session and gives its number. None when the session is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn append_event(
        &mut self,
        session: SessionId,
        new: NewEvent,
    ) -> Result<Option<i64>, StoreError> {
        let Some(seq) = self.reserve_events(session, 1).await? else { return Ok(None) };
        self.insert_events(session, seq, &[new]).await?;
        Ok(Some(seq))
    }

    /// Stores events under numbers that were reserved, from `next` on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn insert_events(
        &mut self,
        session: SessionId,
        next: i64,
        events: &[NewEvent],
    ) -> Result<(), StoreError> {
        let ids = |event: &NewEvent| {
            (event.turn.map(|id| uuid(id.as_u128())), event.message.map(|id| uuid(id.as_u128())))
        };
        // A turn begins and ends with two events, and every statement is a round trip.
        for (seq, pair) in (next..).step_by(2).zip(events.chunks(2)) {
            let Some(one) = pair.first() else { continue };
            let statement =
                if pair.len() == 2 { sql!("event_insert_pair") } else { sql!("event_insert") };
            on!(self, |conn| {
                let (turn, message) = ids(one);
                let mut query = sqlx::query(statement)
                    .bind(uuid(session.as_u128()))
                    .bind(seq)
                    .bind(one.kind)
                    .bind(turn)
                    .bind(message)
                    .bind(one.created_at);
                if let Some(other) = pair.get(1) {
                    let (turn, message) = ids(other);
                    query = query
                        .bind(seq + 1)
                        .bind(other.kind)
                        .bind(turn)
                        .bind(message)
                        .bind(other.created_at);
                }
                query.execute(conn).await.map(drop)
            })?;
        }
        Ok(())
    }
}
