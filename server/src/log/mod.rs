//! The live end of the session log: turns that are being answered now. A turn appends to its [`LiveTurn`]; any number
//! of readers follow at their own pace, each from its own place in the same text, so that a slow reader costs nothing
//! but itself. What must survive a crash is in the store; this is only its tail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use natter_shared::contact::ContactReason;
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
    /// Why to offer the contact form, when it is to be offered.
    pub contact: Option<ContactReason>,
    /// What the visitor may ask next.
    pub suggestions: Vec<String>,
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
    /// The visitor's language.
    pub locale: Option<String>,
    /// Cancelled when the visitor stops it or its session is erased.
    pub stop: CancellationToken,
    progress: watch::Sender<Progress>,
}

impl LiveTurn {
    /// A turn of which nothing is there yet.
    #[must_use]
    pub fn new(turn: TurnId, session: SessionId, question: MessageId, answer: MessageId) -> Self {
        let progress = watch::Sender::new(Progress::default());
        let stop = CancellationToken::new();
        Self { turn, session, question, answer, locale: None, stop, progress }
    }

    /// With the visitor's language.
    #[must_use]
    pub fn in_language(self, locale: Option<String>) -> Self {
        Self { locale, ..self }
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
    turns: Arc<Mutex<Turns>>,
}

/// The turns by their session. A session without turns has no entry.
type Turns = HashMap<SessionId, Vec<Arc<LiveTurn>>>;

impl Live {
    fn with<T>(&self, act: impl FnOnce(&mut Turns) -> T) -> T {
        // The map is usable even if a holder panicked: none of its changes can leave a turn half there.
        act(&mut self.turns.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a turn.
    pub fn insert(&self, turn: Arc<LiveTurn>) {
        self.with(|turns| turns.entry(turn.session).or_default().push(turn));
    }

    /// Removes a turn that has ended. Readers that hold it go on.
    pub fn remove(&self, turn: &LiveTurn) {
        self.with(|turns| {
            if let Some(of_session) = turns.get_mut(&turn.session) {
                of_session.retain(|other| other.turn != turn.turn);
                if of_session.is_empty() {
                    turns.remove(&turn.session);
                }
            }
        });
    }

    /// The turn of a session, when it is live.
    #[must_use]
    pub fn get(&self, session: SessionId, turn: TurnId) -> Option<Arc<LiveTurn>> {
        self.of_session(session).into_iter().find(|live| live.turn == turn)
    }

    /// Every live turn.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<LiveTurn>> {
        self.with(|turns| turns.values().flatten().cloned().collect())
    }

    /// The live turns of a session, oldest first.
    #[must_use]
    pub fn of_session(&self, session: SessionId) -> Vec<Arc<LiveTurn>> {
        self.with(|turns| turns.get(&session).cloned().unwrap_or_default())
    }
}
