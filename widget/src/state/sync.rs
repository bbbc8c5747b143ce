//! The session log as other readers wrote it: merging messages and events, following a running answer.

use natter_shared::event::{EventKind, EventPage};
use natter_shared::message::{Author, MessageStatus, MessageView};

use super::effect::{Call, Effect};
use super::model::{Ask, Progress, State, Trouble};
use super::turn;
use crate::i18n::Word;

/// Reads what the log has after the newest event that is known.
pub(super) fn fetch(state: &mut State) -> Vec<Effect> {
    if state.session.is_none() || state.held.is_some() {
        return Vec::new();
    }
    let call = Effect::Call(state.epoch, Call::Events(state.last_seq));
    if state.shaking {
        // The token at hand may be another conversation's.
        state.parked.push(call);
        return Vec::new();
    }
    vec![call]
}

/// Events came.
pub(super) fn events(state: &mut State, page: EventPage) -> Vec<Effect> {
    for event in page.events {
        if event.seq <= state.last_seq {
            continue;
        }
        state.last_seq = event.seq;
        match event.what {
            EventKind::Message { message } => merge(state, *message),
            EventKind::TurnStarted { turn_id } => state.active = Some(turn_id),
            EventKind::TurnEnded { turn_id } => {
                state.active = state.active.filter(|active| *active != turn_id);
                let over = state.run.as_ref().map(|run| run.line);
                let done = over
                    .and_then(|key| state.line(key))
                    .is_some_and(|line| line.turn == Some(turn_id) && !line.is_open());
                if done {
                    state.run = None;
                }
            }
            EventKind::Feedback { message_id, rating } => {
                if let Some(line) = state.lines.iter_mut().find(|line| line.id == Some(message_id))
                {
                    line.rating = Some(rating);
                    line.touch();
                }
            }
            EventKind::Finished => state.finished = true,
        }
    }
    if page.has_more { fetch(state) } else { follow(state) }
}

/// Attaches to the answer that is being written, or closes the line of one that is not.
pub(super) fn follow(state: &mut State) -> Vec<Effect> {
    if state.run.is_some() {
        return Vec::new();
    }
    if let Some(turn) = state.active {
        let open = state
            .lines
            .iter()
            .rev()
            .find(|line| line.author == Author::Assistant && line.turn == Some(turn));
        let key = open.map(|line| line.key);
        let key =
            key.unwrap_or_else(|| state.push(Author::Assistant, String::new(), Progress::Pending));
        return turn::begin(state, Ask::Resume, key);
    }
    state
        .lines
        .retain(|line| line.author == Author::Visitor || !line.is_open() || !line.text.is_empty());
    for line in state.lines.iter_mut().filter(|line| line.is_open()) {
        line.progress = if line.author == Author::Visitor {
            Progress::Failed(Trouble { word: Word::not_sent, retry: false, wait: 0, lost: false })
        } else {
            Progress::Interrupted
        };
        line.touch();
    }
    Vec::new()
}

/// Puts a stored message where it belongs: over the line that shows it already, or at the end.
pub(super) fn merge(state: &mut State, message: MessageView) {
    if state.replaced.contains(&message.id) {
        return;
    }
    make_room(state, &message);
    let known = state.lines.iter().rev().find(|line| {
        line.id == Some(message.id)
            || (message.client_message_id.is_some() && line.client_key == message.client_message_id)
            || (line.id.is_none()
                && line.author == message.author
                && line.turn.is_some()
                && line.turn == message.turn_id)
    });
    let key = known.map(|line| line.key);
    let key = key.unwrap_or_else(|| append(state, message.author));
    let streaming = state.run.as_ref().is_some_and(|run| run.line == key && run.heard);
    let Some(line) = state.line(key) else { return };
    line.progress = match message.status {
        MessageStatus::Complete => Progress::Complete,
        MessageStatus::Stopped => Progress::Stopped,
        MessageStatus::Interrupted => Progress::Interrupted,
        MessageStatus::Failed => {
            Progress::Failed(Trouble { word: Word::failed, retry: true, wait: 0, lost: false })
        }
    };
    line.id = Some(message.id);
    line.client_key = message.client_message_id.or(line.client_key.take());
    line.turn = message.turn_id.or(line.turn);
    line.parent = message.parent_id.or(line.parent);
    line.at = Some(message.created_at);
    line.text = message.text;
    line.sources = message.sources;
    line.files.clear();
    for file in message.attachments {
        line.files.push_str(if line.files.is_empty() { "[\"" } else { ",\"" });
        line.files.push_str(&file.attachment_id.text());
        line.files.push('"');
    }
    if !line.files.is_empty() {
        line.files.push(']');
    }
    line.rating = message.rating.or(line.rating);
    line.offer_contact = message.offer_contact;
    line.suggestions = message.suggestions;
    line.touch();
    if streaming {
        state.run = None;
    }
}

/// Drops what a stored message took the place of: an earlier answer to the same question, or a question in other words
/// with its answers.
fn make_room(state: &mut State, message: &MessageView) {
    let Some(parent) = message.parent_id else { return };
    let asked = message.author == Author::Visitor;
    state.lines.retain(|line| {
        let old = line.id.is_some() && line.id != Some(message.id);
        let replaced = line.author != Author::Visitor && line.parent == Some(parent);
        !(old && (replaced || (asked && line.id == Some(parent))))
    });
}

/// A new line, ahead of what is still on its way.
fn append(state: &mut State, author: Author) -> u32 {
    let key = state.push(author, String::new(), Progress::Complete);
    let unsent =
        state.lines.iter().position(|line| line.author == Author::Visitor && line.is_open());
    if let Some(at) = unsent
        && let Some(line) = state.lines.pop()
    {
        state.lines.insert(at.min(state.lines.len()), line);
    }
    key
}
