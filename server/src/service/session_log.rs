//! Reading the session log, and rating what stands in it.

use natter_shared::event::{EventKind, EventPage, SessionEvent};
use natter_shared::message::{Author, Feedback, FeedbackStored};

use crate::clock::timestamp;
use crate::store::{NewEvent, StoreError};

use super::session::check_text;
use super::view::{self, Offer};
use super::{Access, Service, ServiceError};

/// Longest comment to a rating, in characters.
const MAX_COMMENT_CHARS: usize = 2_000;
/// How many events a page holds.
const EVENTS_PAGE: i64 = 200;

impl Service {
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
        let offer = Offer::of(&mut tx, &access.chatbot, id).await?;
        let mut events = Vec::new();
        for row in rows.into_iter().take(page) {
            let message = match row.message() {
                Some(message) => tx.message(id, message).await?,
                None => None,
            };
            let what = match (row.kind.as_str(), row.turn(), message) {
                ("message", _, Some(message)) => {
                    let mut view = view::message(&message, offer);
                    view::for_caller(&access.caller, &mut view, &message);
                    EventKind::Message { message: view }
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
        check_text("comment", feedback.comment.as_deref(), MAX_COMMENT_CHARS)?;
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let message = tx.message(id, feedback.message_id).await?;
        let rated = message.filter(|message| message.author() != Author::Visitor);
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
        let event = NewEvent { kind: "feedback", turn: None, message, created_at: now };
        tx.append_event(id, event).await?;
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
