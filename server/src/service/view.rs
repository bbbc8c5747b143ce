//! Rows as the wire shows them.

use natter_shared::id::SessionId;
use natter_shared::message::MessageView;
use natter_shared::session::{SessionSnapshot, SessionStatus};

use crate::clock::timestamp;
use crate::store::{MessageRow, ReadTx, SessionRow};

use super::{Service, ServiceError};

pub(super) fn message(row: &MessageRow) -> MessageView {
    MessageView {
        id: row.id(),
        author: row.author(),
        text: row.body.clone(),
        status: row.status(),
        created_at: timestamp(row.created_at),
        turn_id: row.turn(),
        client_message_id: row.client_message_id.clone(),
        sources: row.sources().to_vec(),
        answered: row.answered,
        error_code: row.error_code.clone(),
        rating: row.rating(),
    }
}

pub(super) fn status(row: &SessionRow) -> SessionStatus {
    if row.is_open() { SessionStatus::Open } else { SessionStatus::Finished }
}

/// The session with its conversation.
pub(super) async fn snapshot(
    tx: &mut ReadTx,
    row: &SessionRow,
) -> Result<SessionSnapshot, ServiceError> {
    let messages = tx.messages(row.id()).await?;
    let running = tx.open_turns(row.id()).await?;
    Ok(SessionSnapshot {
        session_id: row.id(),
        chatbot_id: row.public_id.clone(),
        status: status(row),
        messages: messages.iter().map(message).collect(),
        running_turn: running.first().map(crate::store::TurnRow::id),
        last_seq: row.last_seq,
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
        snapshot(&mut tx, &row).await
    }
}
