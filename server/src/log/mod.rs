//! The live end of the session log: turns that are being answered now. A turn appends to its [`LiveTurn`]; any number
//! of readers follow at their own pace, each from its own place in the same text, so that a slow reader costs nothing
//! but itself. What must survive a crash is in the store; this is only its tail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use natter_shared::id::{MessageId, SessionId, TurnId};
use natter_shared::message::{MessageStatus, SourceView};
use natter_shared::problem::Problem;
use natter_shared::stream::FinishReason;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How a turn ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// State of the answer.
    pub status: MessageStatus,
    /// Why it ended by itself.
    pub finish_reason: FinishReason,
    /// Whether the content answered.
    pub answered: bool,
    /// Whether to offer the contact form.
    pub offer_contact: bool,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// What there is of an answer.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The text so far.
    pub text: String,
    /// The sources cited so far, in the order of their first citation.
    pub sources: Vec<SourceView>,
    /// Set once, at the end.
    pub outcome: Option<Outcome>,
}

/// A turn that is being answered, or has just been.
#[derive(Debug)]
pub struct LiveTurn {
    /// The turn.
    pub turn: TurnId,
    /// Its session.
    pub session: SessionId,
    /// Its question.
    pub question: MessageId,
    /// Its answer's id.
    pub answer: MessageId,
    /// Cancelled when the visitor stops it or its session is erased.
    pub stop: CancellationToken,
    progress: watch::Sender<Progress>,
}

impl LiveTurn {
    /// A turn of which nothing is there yet.
    #[must_use]
    pub fn new(turn: TurnId, session: SessionId, question: MessageId, answer: MessageId) -> Self {
        let progress = watch::Sender::new(Progress::default());
        Self { turn, session, question, answer, stop: CancellationToken::new(), progress }
    }

    /// A turn that ended long ago, as the store has it.
    #[must_use]
    pub fn ended(self, progress: Progress) -> Self {
        self.progress.send_replace(progress);
        self
    }

    /// Appends to the answer and wakes its readers.
    pub fn append(&self, delta: &str, sources: Vec<SourceView>) {
        self.progress.send_modify(|progress| {
            progress.text.push_str(delta);
            progress.sources.extend(sources);
        });
    }

    /// Ends the answer and wakes its readers. The text and sources are what was stored.
    pub fn end(&self, outcome: Outcome) {
        self.progress.send_modify(|progress| progress.outcome = Some(outcome));
    }

    /// What there is now.
    pub fn look<T>(&self, look: impl FnOnce(&Progress) -> T) -> T {
        look(&self.progress.borrow())
    }

    /// A reader of what there is and what will be.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Progress> {
        let mut reader = self.progress.subscribe();
        reader.mark_changed();
        reader
    }

    /// Waits for the end.
    pub async fn ended_with(&self) -> Outcome {
        let mut reader = self.follow();
        loop {
            let outcome = reader.borrow_and_update().outcome.clone();
            if let Some(outcome) = outcome {
                return outcome;
            }
            // The sender lives in self, so this cannot fail; a spurious error only looks again.
            let _ = reader.changed().await;
        }
    }
}

/// The turns that are live on this node.
#[derive(Debug, Clone, Default)]
pub struct Live {
    turns: Arc<Mutex<HashMap<TurnId, Arc<LiveTurn>>>>,
}

impl Live {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<TurnId, Arc<LiveTurn>>) -> T) -> T {
        // The map is whole even if a holder panicked: every change to it is one call.
        act(&mut self.turns.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a turn.
    pub fn insert(&self, turn: Arc<LiveTurn>) {
        self.with(|turns| turns.insert(turn.turn, turn));
    }

    /// Removes a turn that has ended. Readers that hold it go on.
    pub fn remove(&self, turn: TurnId) {
        self.with(|turns| turns.remove(&turn));
    }

    /// The turn, when it is live.
    #[must_use]
    pub fn get(&self, turn: TurnId) -> Option<Arc<LiveTurn>> {
        self.with(|turns| turns.get(&turn).cloned())
    }

    /// Every live turn.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<LiveTurn>> {
        self.with(|turns| turns.values().cloned().collect())
    }

    /// The live turns of a session.
    #[must_use]
    pub fn of_session(&self, session: SessionId) -> Vec<Arc<LiveTurn>> {
        self.with(|turns| turns.values().filter(|turn| turn.session == session).cloned().collect())
    }
}
