//! What visitors thought of whole conversations.

use chrono::{DateTime, Utc};
use natter_shared::id::SessionId;

use super::row::uuid;
use super::{ReadTx, StoreError, WriteTx, on, sql};

/// A rating of a conversation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRatingRow {
    rating: i32,
    /// What the visitor added.
    pub comment: Option<String>,
    /// When it was given first.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl SessionRatingRow {
    /// 1 to 5.
    #[must_use]
    pub fn rating(&self) -> u8 {
        u8::try_from(self.rating).unwrap_or_default()
    }
}

impl ReadTx {
    /// What the visitor thought of a conversation.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_rating(
        &mut self,
        session: SessionId,
    ) -> Result<Option<SessionRatingRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_rating_get"))
            .bind(uuid(session.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }
}

impl WriteTx {
    /// Stores what the visitor thought of a conversation, or changes what was given before.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the session does not exist.
    pub async fn upsert_session_rating(
        &mut self,
        session: SessionId,
        rating: u8,
        comment: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<SessionRatingRow, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_rating_upsert"))
            .bind(uuid(session.as_u128()))
            .bind(i32::from(rating))
            .bind(comment)
            .bind(now)
            .fetch_one(conn)
            .await)?)
    }
}
