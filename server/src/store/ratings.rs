//! What visitors thought: of answers, and of whole conversations.

use chrono::{DateTime, Utc};
use natter_shared::id::SessionId;
use natter_shared::message::{Feedback, FeedbackReason, Rating};

use super::row::uuid;
use super::{ReadTx, StoreError, WriteTx, on, sql};

const fn rating_text(rating: Rating) -> &'static str {
    match rating {
        Rating::Up => "up",
        Rating::Down => "down",
    }
}

pub(super) fn rating_from(text: &str) -> Rating {
    if text == "up" { Rating::Up } else { Rating::Down }
}

/// Feedback.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FeedbackRow {
    rating: String,
    /// What the visitor added.
    pub comment: Option<String>,
    reason: Option<String>,
    /// When it was given first.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl FeedbackRow {
    /// The thumb.
    #[must_use]
    pub fn rating(&self) -> Rating {
        rating_from(&self.rating)
    }

    /// What was wrong.
    #[must_use]
    pub fn reason(&self) -> Option<FeedbackReason> {
        self.reason.as_deref().and_then(FeedbackReason::from_word)
    }
}

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
    /// Stores feedback, or changes what was given before.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the message does not exist.
    pub async fn upsert_feedback(
        &mut self,
        session: SessionId,
        feedback: &Feedback,
        now: DateTime<Utc>,
    ) -> Result<FeedbackRow, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("feedback_upsert"))
            .bind(uuid(feedback.message_id.as_u128()))
            .bind(uuid(session.as_u128()))
            .bind(rating_text(feedback.rating))
            .bind(&feedback.comment)
            .bind(feedback.reason.map(FeedbackReason::as_str))
            .bind(now)
            .fetch_one(conn)
            .await)?)
    }

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
