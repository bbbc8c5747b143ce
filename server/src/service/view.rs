//! Rows as the wire shows them.

use chrono::{DateTime, Utc};
use natter_shared::contact::OfferContact;
use natter_shared::id::SessionId;
use natter_shared::identity::IdentityView;
use natter_shared::message::{Author, MessageView};
use natter_shared::session::{SessionSnapshot, SessionStatus};

use crate::clock::timestamp;
use crate::store::{IdentityRow, MessageRow, ReadTx, SessionRow};

use super::{Access, Caller, Published, Service, ServiceError, attachment, branch, context};

/// Which answers offer the contact form: those with a reason for it, later than this; none without a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer(Option<DateTime<Utc>>);

impl Offer {
    /// What a conversation of a chatbot offers: what was left once need not be asked for again.
    pub(super) async fn of(
        tx: &mut ReadTx,
        chatbot: &Published,
        session: SessionId,
    ) -> Result<Self, ServiceError> {
        if chatbot.offers_contact() == OfferContact::Never {
            return Ok(Self(None));
        }
        let left = tx.newest_contact(session).await?;
        Ok(Self(Some(left.unwrap_or(DateTime::<Utc>::MIN_UTC))))
    }
}

pub(super) fn message(row: &MessageRow, Offer(after): Offer) -> MessageView {
    let reason = row.contact_reason().filter(|_| after.is_some_and(|at| row.created_at > at));
    MessageView {
        id: row.id(),
        author: row.author(),
        text: row.body.clone(),
        status: row.status(),
        created_at: timestamp(row.created_at),
        turn_id: row.turn(),
        parent_id: row.parent(),
        client_message_id: row.client_message_id.clone(),
        sources: row.sources().to_vec(),
        answered: row.answered,
        offer_contact: reason.is_some(),
        contact_reason: reason,
        suggestions: row.suggestions().to_vec(),
        error_code: row.error_code.clone(),
        rating: row.rating(),
        attachments: row
            .attachments()
            .iter()
            .map(|attached| attachment::view(row.session(), attached))
            .collect(),
        context: None,
    }
}

/// Adds to messages what only the owner sees of them.
pub(super) fn for_caller(caller: &Caller, view: &mut MessageView, row: &MessageRow) {
    if *caller == Caller::Key {
        view.context = context::kept(row.context.as_deref()).map(Box::new);
    }
}

pub(super) fn identity(row: IdentityRow) -> IdentityView {
    let IdentityRow { verified, user_id, name, email } = row;
    IdentityView { verified, user_id, name, email }
}

pub(super) fn status(row: &SessionRow) -> SessionStatus {
    if row.is_open() { SessionStatus::Open } else { SessionStatus::Finished }
}

/// The session with its conversation, as a visitor sees it.
pub(super) async fn snapshot(
    tx: &mut ReadTx,
    chatbot: &Published,
    row: &SessionRow,
) -> Result<SessionSnapshot, ServiceError> {
    snapshot_with(tx, chatbot, row, message).await
}

/// The session with its conversation, each message of which is shown by `show`.
async fn snapshot_with(
    tx: &mut ReadTx,
    chatbot: &Published,
    row: &SessionRow,
    show: impl Fn(&MessageRow, Offer) -> MessageView,
) -> Result<SessionSnapshot, ServiceError> {
    let offer = Offer::of(tx, chatbot, row.id()).await?;
    let mut messages = tx.messages(row.id()).await?;
    let running = tx.open_turns(row.id()).await?;
    messages.reverse();
    branch::drop_replaced(&mut messages);
    // An answer that is being written anew does not stand beside itself.
    let anew = |row: &MessageRow| running.iter().any(|turn| row.parent() == Some(turn.question()));
    messages.retain(|row| row.author() == Author::Visitor || !anew(row));
    messages.reverse();
    Ok(SessionSnapshot {
        session_id: row.id(),
        chatbot_id: row.public_id.clone(),
        status: status(row),
        messages: messages.iter().map(|row| show(row, offer)).collect(),
        running_turn: running.first().map(crate::store::TurnRow::id),
        last_seq: row.last_seq,
        identity: tx.identity(row.id()).await?.map(identity),
        consent_withdrawn: row.consent_at.is_none()
            && tx.withdrawn_consent(row.id()).await?.is_some(),
    })
}

impl Service {
    /// The session with its conversation.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is gone.
    pub(super) async fn snapshot(&self, id: SessionId) -> Result<SessionSnapshot, ServiceError> {
        let mut tx = self.store().read().await?;
        let row = tx.session(id).await?.ok_or(ServiceError::NotFound("session"))?;
        let chatbot = self.chatbot_by_id(row.chatbot())?;
        snapshot(&mut tx, &chatbot, &row).await
    }

    /// The same as its caller may see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is gone.
    pub(super) async fn snapshot_for(
        &self,
        access: &Access,
    ) -> Result<SessionSnapshot, ServiceError> {
        let mut tx = self.store().read().await?;
        let id = access.session.id();
        let row = tx.session(id).await?.ok_or(ServiceError::NotFound("session"))?;
        let show = |row: &MessageRow, offer| {
            let mut view = message(row, offer);
            for_caller(&access.caller, &mut view, row);
            view
        };
        snapshot_with(&mut tx, &access.chatbot, &row, show).await
    }
}
