//! Wording the newest question anew: it takes the place of the old one, and the old answer goes with that.

use natter_shared::id::MessageId;
use natter_shared::message::Author;

use super::effect::{Effect, Focus};
use super::model::{Line, Progress, State};

impl State {
    /// Whether a line is a question that may be worded anew: the newest one, once its answer has ended.
    #[must_use]
    pub fn may_edit(&self, line: &Line) -> bool {
        let newest = self.lines.iter().rfind(|line| line.author == Author::Visitor);
        !self.is_busy()
            && !self.finished
            && line.id.is_some()
            && newest.is_some_and(|newest| newest.key == line.key)
    }

    /// Whether another answer may be asked for in the place of one. An answer that failed has a button of its own for it.
    #[must_use]
    pub const fn may_regenerate(&self, line: &Line) -> bool {
        !self.is_busy()
            && !self.finished
            && line.turn.is_some()
            && matches!(line.progress, Progress::Complete | Progress::Stopped)
    }
}

/// Puts a question into the composer to be worded anew; without one, the composer is for new questions again.
pub(super) fn edit(state: &mut State, key: Option<u32>, draft: String) -> Vec<Effect> {
    let line = key.and_then(|key| state.lines.iter().find(|line| line.key == key));
    let line = line.filter(|line| state.may_edit(line));
    let line = line.map(|line| (line.key, line.text.clone()));
    if state.editing.is_none() {
        state.draft = draft;
    }
    state.editing = line.as_ref().map(|(key, _)| *key);
    // What was typed before comes back.
    let text = line.map_or_else(|| core::mem::take(&mut state.draft), |(_, text)| text);
    vec![Effect::Draft(text), Effect::Focus(Focus::Composer)]
}

/// Takes the question that is worded anew out of the log, with all that follows it. Gives its id.
pub(super) fn take(state: &mut State) -> Option<MessageId> {
    let key = state.editing.take()?;
    let at = state.lines.iter().position(|line| line.key == key)?;
    state.lines.get(at).filter(|line| state.may_edit(line))?;
    state.undone = state.lines.split_off(at);
    state.undone.first()?.id
}
