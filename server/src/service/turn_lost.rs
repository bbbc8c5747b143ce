//! Turns that the store has as open and nobody answers: a crash cut them off, or their end could not be stored. They are
//! marked as interrupted with the text that was kept of them, and can be retried.

use chrono::{DateTime, Utc};
use natter_shared::id::{OrganizationId, SessionId};
use natter_shared::message::{Author, MessageStatus};
use natter_shared::stream::FinishReason;

use crate::store::{NewMessage, TurnEnd, TurnRow, TurnStatus, WriteTx};

use super::turn::event;
use super::{Service, ServiceError};

impl Service {
    /// Marks all turns that the last process left open.
    pub(super) async fn recover_turns(&self) -> Result<(), ServiceError> {
        let mut tx = self.store().write().await?;
        // A restored backup may hold what was erased since: the ledger says what.
        tx.replay_erasures().await?;
        let open = tx.all_open_turns().await?;
        for row in &open {
            let Some(session) = tx.session(row.session()).await? else { continue };
            self.interrupt(&mut tx, session.organization(), row, self.clock().now()).await?;
        }
        tx.commit().await?;
        if !open.is_empty() {
            tracing::warn!(turns = open.len(), "turn.recover marked turns as interrupted");
        }
        Ok(())
    }

    /// How many turns of a session are open. Those that are not live any more do not count: they are marked as ended `now`,
    /// else they would keep the session waiting for ever.
    pub(super) async fn count_open_turns(
        &self,
        tx: &mut WriteTx,
        organization: OrganizationId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<usize, ServiceError> {
        let mut count = 0;
        for row in tx.open_turns(session).await? {
            // A turn is live before its row can be seen, and until its end is stored.
            if self.inner.live.get(row.id()).is_some() {
                count += 1;
            } else {
                tracing::warn!(turn.id = %row.id(), "turn.recover marked a turn as interrupted");
                self.interrupt(tx, organization, &row, now).await?;
            }
        }
        Ok(count)
    }

    async fn interrupt(
        &self,
        tx: &mut WriteTx,
        organization: OrganizationId,
        row: &TurnRow,
        now: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        let session = row.session();
        let end = TurnEnd {
            id: row.id(),
            status: TurnStatus::Interrupted,
            text: &row.text,
            finish_reason: Some(FinishReason::Other.as_str()),
            ended_at: now,
        };
        tx.end_turn(&end).await?;
        let answer = NewMessage {
            id: row.answer(),
            organization,
            session,
            parent: Some(row.question()),
            turn: Some(row.id()),
            author: Author::Assistant,
            body: row.text.clone(),
            status: MessageStatus::Interrupted,
            sources: row.sources().to_vec(),
            answered: None,
            error_code: None,
            client_message_id: None,
            created_at: now,
        };
        tx.insert_message(&answer).await?;
        tx.append_event(event(session, "message", Some(row.id()), Some(answer.id), now)).await?;
        tx.append_event(event(session, "turn-ended", Some(row.id()), None, now)).await?;
        Ok(())
    }
}
