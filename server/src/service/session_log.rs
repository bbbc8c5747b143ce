//! Reading the session log.

use natter_shared::event::{EventKind, EventPage, SessionEvent};

use crate::clock::timestamp;

use super::view::{self, Offer};
use super::{Access, Service, ServiceError};

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
                    EventKind::Message { message: Box::new(view) }
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
}
