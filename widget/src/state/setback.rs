//! When a question does not get through: trying again, giving up, taking it back.

use super::effect::{Effect, Timer};
use super::failure::{Failure, backoff};
use super::model::{Ask, Consent, Notice, Progress, State, Trouble};
use super::turn::{launch, settle};
use super::{link, sync};
use crate::i18n::Word;

/// Attempts before a visitor is told.
const MAX_TRIES: u32 = 8;

/// Tries again after a while: the same question under the same key, or the running answer from its place.
pub(super) fn again(state: &mut State, seconds: u32) -> Vec<Effect> {
    let online = state.online;
    let Some(run) = state.run.as_mut() else { return Vec::new() };
    if run.heard {
        run.ask = Ask::Resume;
    }
    run.tries += 1;
    let (key, number, tries) = (run.line, run.number, run.tries);
    if online && tries > MAX_TRIES {
        return give_up(state, Word::unreachable);
    }
    run.waiting = true;
    if let Some(line) = state.line(key) {
        line.touch();
    }
    if online {
        vec![Effect::After(backoff(tries).max(seconds.min(30) * 1_000), Timer::Stream(number))]
    } else {
        Vec::new()
    }
}

/// The waiting run goes on: the network is back, a token is there, or its time has come.
pub(super) fn wake(state: &mut State) -> Vec<Effect> {
    let Some(run) = state.run.as_ref().filter(|run| run.waiting) else { return Vec::new() };
    let key = run.line;
    if let Some(line) = state.line(key) {
        line.touch();
    }
    launch(state)
}

/// The run ends without an answer, for a reason that is told.
pub(super) fn give_up(state: &mut State, word: Word) -> Vec<Effect> {
    let Some((key, lost)) = state.run.as_ref().map(|run| (run.line, run.heard)) else {
        return Vec::new();
    };
    if let Some(line) = state.line(key) {
        line.progress = Progress::Failed(Trouble { word, retry: true, wait: 0, lost });
        line.touch();
    }
    settle(state)
}

/// The server refused.
pub(super) fn refused(state: &mut State, failure: &Failure) -> Vec<Effect> {
    if failure.is("consent_required") || failure.is("consent_outdated") {
        hold(state);
        return link::shake(state);
    }
    if failure.status == 409 {
        let running = failure.is("turn_running");
        state.finished |= !running && failure.is("session_finished");
        let word = if running { Word::turn_running } else { failure.word() };
        let notice = (!state.finished).then_some(Notice { word, retry: false });
        let mut effects = withdraw(state, notice);
        effects.extend(sync::fetch(state));
        return effects;
    }
    if matches!(failure.status, 413 | 422) {
        return withdraw(state, Some(Notice { word: failure.word(), retry: false }));
    }
    let mut trouble = failure.trouble();
    let mut effects = Vec::new();
    if failure.is_session_gone() && state.session.is_some() {
        let run = state.run.take();
        effects.extend(link::gone(state));
        state.run = run;
        state.notice = None;
        trouble.word = Word::session_gone;
    }
    let key = state.run.as_ref().map_or(0, |run| run.line);
    if let Some(line) = state.line(key) {
        line.progress = Progress::Failed(trouble);
        line.touch();
    }
    effects.extend(settle(state));
    effects
}

/// Asks for consent to terms that have changed. The question waits for it.
pub(super) fn hold(state: &mut State) {
    state.consent = Consent::Open;
    state.renewed = true;
    let held = take_back(state);
    state.queued = held.or(state.queued.take());
}

/// Ends the run as if its question had never been asked, and gives the question with its key.
fn take_back(state: &mut State) -> Option<(String, String)> {
    let run = state.run.take()?;
    state.lines.retain(|line| line.key != run.line);
    let Ask::Send { text, key, .. } = run.ask else { return None };
    let at = state.lines.iter().position(|line| line.client_key.as_ref() == Some(&key));
    if let Some(at) = at {
        state.files = state.lines.remove(at).files;
    }
    state.lines.append(&mut state.undone);
    Some((text, key))
}

/// Takes the question back into the composer.
pub(super) fn withdraw(state: &mut State, notice: Option<Notice>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some((text, _)) = take_back(state) {
        effects.push(Effect::Draft(text));
    }
    if let Some(notice) = notice {
        effects.push(Effect::Announce(state.say(notice.word)));
        state.notice = Some(notice);
    }
    effects
}
