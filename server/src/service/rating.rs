//! What visitors think: of one answer, and of the whole conversation at its end.

use std::time::Duration;

use natter_shared::message::{Author, Feedback, FeedbackStored, Rating};
use natter_shared::session::{
    FinishSession, RateSession, SessionFinished, SessionRated, SessionRating, SessionStatus,
};

use crate::clock::{later, timestamp};
use crate::store::{NewEvent, SessionRatingRow, StoreError};

use super::session::{check_text, invalid};
use super::{Access, Service, ServiceError};

/// Longest comment to a rating, in characters.
const MAX_COMMENT_CHARS: usize = 2_000;
/// How long after its end a conversation can be rated, and its rating changed.
const RATING_TIME: Duration = Duration::from_hours(24);

impl Service {
    /// Stores or changes the rating of an answer.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the session has no such answer; [`ServiceError::Invalid`] when the comment or the
    /// reason does not fit.
    pub async fn rate(
        &self,
        access: &Access,
        feedback: &Feedback,
    ) -> Result<FeedbackStored, ServiceError> {
        let id = access.session.id();
        check_text("comment", feedback.comment.as_deref(), MAX_COMMENT_CHARS)?;
        if feedback.reason.is_some() && feedback.rating == Rating::Up {
            return Err(invalid(
                "reason",
                "a reason says what was wrong; send it with the rating down",
            ));
        }
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let message = tx.message(id, feedback.message_id).await?;
        let rated = message.filter(|message| message.author() != Author::Visitor);
        if rated.is_none() {
            return Err(ServiceError::NotFound("answer in this session"));
        }
        let feedback =
            Feedback { comment: trimmed(feedback.comment.as_deref()), ..feedback.clone() };
        let row = match tx.upsert_feedback(id, &feedback, now).await {
            Err(StoreError::Gone(_)) => {
                return Err(ServiceError::NotFound("answer in this session"));
            }
            other => other?,
        };
        let message = Some(feedback.message_id);
        let event = NewEvent { kind: "feedback", turn: None, message, created_at: now };
        tx.append_event(id, event).await?;
        tx.commit().await?;
        Ok(FeedbackStored {
            message_id: feedback.message_id,
            rating: row.rating(),
            comment: row.comment.clone(),
            reason: row.reason(),
            created_at: timestamp(row.created_at),
            updated_at: timestamp(row.updated_at),
        })
    }

    /// Finishes a session, and rates it when a rating came along. Finishing it again changes nothing but the rating.
    ///
    /// # Errors
    /// [`ServiceError`] when the rating cannot be taken, the database fails or the session is gone.
    pub async fn finish(
        &self,
        access: &Access,
        request: &FinishSession,
    ) -> Result<SessionFinished, ServiceError> {
        let (id, now) = (access.session.id(), self.clock().now());
        if request.comment.is_some() && request.rating.is_none() {
            return Err(invalid("rating", "a comment goes with a rating; send one from 1 to 5"));
        }
        if let Some(rating) = request.rating {
            check(rating, request.comment.as_deref())?;
        }
        let mut tx = self.store().write().await?;
        if tx.finish_session(id, now).await? {
            let event = NewEvent { kind: "finished", turn: None, message: None, created_at: now };
            tx.append_event(id, event).await?;
        }
        let session = tx.session(id).await?.ok_or(ServiceError::NotFound("session"))?;
        let finished_at = session.finished_at.unwrap_or(now);
        let mut rating = None;
        if let Some(given) = request.rating {
            if later(finished_at, RATING_TIME) <= now {
                return Err(ServiceError::RatingClosed);
            }
            let comment = trimmed(request.comment.as_deref());
            let row = tx.upsert_session_rating(id, given, comment.as_deref(), now).await?;
            rating = Some(view(&row));
        }
        tx.commit().await?;
        self.stop_live(id);
        Ok(SessionFinished {
            session_id: id,
            status: SessionStatus::Finished,
            finished_at: timestamp(finished_at),
            rating,
        })
    }

    /// Rates a finished session, or changes its rating within a day.
    ///
    /// # Errors
    /// [`ServiceError::SessionOpen`] when it is not finished; [`ServiceError::RatingClosed`] when it was finished more than
    /// a day ago.
    pub async fn rate_session(
        &self,
        access: &Access,
        request: &RateSession,
    ) -> Result<SessionRated, ServiceError> {
        let (id, now) = (access.session.id(), self.clock().now());
        check(request.rating, request.comment.as_deref())?;
        let mut tx = self.store().write().await?;
        let session = tx.session(id).await?.ok_or(ServiceError::NotFound("session"))?;
        let finished_at = session.finished_at.ok_or(ServiceError::SessionOpen)?;
        if later(finished_at, RATING_TIME) <= now {
            return Err(ServiceError::RatingClosed);
        }
        let comment = trimmed(request.comment.as_deref());
        let row = match tx.upsert_session_rating(id, request.rating, comment.as_deref(), now).await
        {
            Err(StoreError::Gone(_)) => return Err(ServiceError::NotFound("session")),
            other => other?,
        };
        tx.commit().await?;
        Ok(SessionRated { session_id: id, rating: view(&row) })
    }
}

fn check(rating: u8, comment: Option<&str>) -> Result<(), ServiceError> {
    if !(1..=5).contains(&rating) {
        return Err(invalid("rating", "a rating lies between 1 and 5; send one of these"));
    }
    check_text("comment", comment, MAX_COMMENT_CHARS)
}

fn trimmed(comment: Option<&str>) -> Option<String> {
    comment.map(str::trim).filter(|comment| !comment.is_empty()).map(String::from)
}

pub(super) fn view(row: &SessionRatingRow) -> SessionRating {
    SessionRating {
        rating: row.rating(),
        comment: row.comment.clone(),
        created_at: timestamp(row.created_at),
        updated_at: timestamp(row.updated_at),
    }
}
