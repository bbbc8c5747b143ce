//! What was said in a conversation, as an answerer gets to see it.

use natter_shared::id::{MessageId, SessionId};
use natter_shared::message::Author;
use sqlx::types::{Json, Uuid};

use super::messages::author_from;
use super::row::uuid;
use super::{Attached, ReadTx, StoreError, on, sql};

/// What somebody said.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SaidRow {
    id: Uuid,
    parent_id: Option<Uuid>,
    author: String,
    /// Markdown.
    pub body: String,
    /// The page that it was asked on, as JSON.
    pub context: Option<String>,
    attachments: Json<Vec<Attached>>,
}

impl SaidRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> MessageId {
        MessageId::from_u128(self.id.as_u128())
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

    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> Author {
        author_from(&self.author)
    }
}

impl ReadTx {
    /// A question and up to `earlier` messages that were said before it, newest first. What failed was not said, and
    /// an answer without words was not. Empty when there is no such question.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn said_until(
        &mut self,
        session: SessionId,
        question: MessageId,
        earlier: i64,
    ) -> Result<Vec<SaidRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("messages_until"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(question.as_u128()))
            .bind(earlier + 1)
            .fetch_all(conn)
            .await)?)
    }

    /// How many messages the visitor has sent, up to and with this one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn visitor_messages_until(
        &mut self,
        session: SessionId,
        question: MessageId,
    ) -> Result<i64, StoreError> {
        Ok(on!(self, |conn| sqlx::query_scalar(sql!("visitor_messages_until"))
            .bind(uuid(session.as_u128()))
            .bind(uuid(question.as_u128()))
            .fetch_one(conn)
            .await)?)
    }
}
