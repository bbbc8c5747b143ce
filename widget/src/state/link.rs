//! The handshake: beginning, failing, coming back, and what waits for a new token meanwhile.

use std::sync::Arc;

use natter_shared::handshake::{ChatbotCard, HandshakeData, Resume};
use natter_shared::session::SessionStatus;

use super::effect::{Call, Effect, Focus, Host, Timer};
use super::failure::{Failure, backoff};
use super::mode::Mode;
use super::model::{Config, Consent, Link, Notice, State};
use super::{setback, sync, turn};
use crate::i18n::Word;

/// The explanation for a site that is not allowed. A page without an origin can never be: there is none to name.
fn not_allowed(state: &State) -> Notice {
    let nowhere = state.settings.origin == "null";
    Notice { word: if nowhere { Word::refused } else { Word::origin_refused }, retry: true }
}

/// Asks for a token, once at a time.
pub(super) fn shake(state: &mut State) -> Vec<Effect> {
    if core::mem::replace(&mut state.shaking, true) {
        return Vec::new();
    }
    state.asked.clone_from(&state.settings.locale);
    let resume = state.session.as_ref().map(|stored| Resume {
        session_id: stored.session_id.clone(),
        secret: stored.secret.clone(),
    });
    vec![Effect::Handshake(resume)]
}

/// Asks for the owner's texts in the visitor's language, when that is another one now and there are any.
pub(super) fn follow(state: &mut State) -> Vec<Effect> {
    if state.translated && state.asked != state.settings.locale {
        return shake(state);
    }
    Vec::new()
}

/// Whether to ask for another token: not for ever.
pub(super) fn may_renew(state: &mut State) -> bool {
    state.renewals += 1;
    state.renewals <= 2
}

/// Puts an effect aside until there is a new token.
pub(super) fn park(state: &mut State, effect: Effect) -> Vec<Effect> {
    state.parked.push(effect);
    shake(state)
}

/// The handshake was answered.
pub(super) fn handshaken(state: &mut State, data: HandshakeData) -> Vec<Effect> {
    let first = state.config.is_none();
    state.shaking = false;
    state.shakes = 0;
    state.link = Link::Ready;
    state.token = Some(data.token);
    let extras = data.natter.unwrap_or_default();
    let mut widget = data.widget;
    let terms = widget.privacy.chatbot_privacy_term.take();
    // The owner's texts are those of another language.
    if first || state.worded != state.asked {
        state.worded.clone_from(&state.asked);
        let mut chatbots = Vec::with_capacity(data.chatbots.len());
        for chatbot in data.chatbots {
            // There are few; the library's sort is three kilobytes.
            let later = |other: &ChatbotCard| other.sort_order > chatbot.sort_order;
            let place = chatbots.iter().position(later).unwrap_or(chatbots.len());
            chatbots.insert(place, chatbot);
        }
        let files = extras.attachments.is_some();
        state.config = Some(Arc::new(Config { chatbots, widget, files }));
    }
    state.translated = !extras.languages.is_empty();
    let mut effects = follow(state);
    let most = extras.max_message_chars.and_then(|most| usize::try_from(most).ok());
    state.limit = most.unwrap_or(natter_shared::MAX_MESSAGE_CHARS);
    state.csat = extras.csat;
    // Another visitor, after a log-out, is asked again.
    if state.lines.is_empty() {
        state.gated = extras.contact_form.is_some();
    }
    let changed = !first && state.consent_hash != extras.consent_hash;
    state.terms = terms;
    state.consent_hash = extras.consent_hash;
    if state.renewed {
        effects.push(Effect::Focus(Focus::Screen));
    }
    // One that was asked for before the visitor logged out is nobody's.
    let session = extras.session.filter(|_| state.session.is_some());
    if let Some(snapshot) = session {
        state.held = Some(Box::new(snapshot));
        if state.settings.identity.is_some() && !state.proven {
            effects.push(Effect::Call(state.epoch, Call::Identify));
        } else {
            effects.extend(reveal(state));
        }
    } else if state.session.is_some() && (extras.resume_refused.is_some() || first) {
        effects.extend(gone(state));
    }
    if changed && state.session.is_none() && state.consent == Consent::Accepted {
        // Who accepted the old ones and has no conversation has accepted nothing.
        setback::hold(state);
        effects.push(Effect::Focus(Focus::Screen));
    }
    if first {
        effects.extend(arrive(state));
    }
    for parked in core::mem::take(&mut state.parked) {
        effects.extend(unpark(state, parked));
    }
    effects.extend(setback::wake(state));
    effects.extend(turn::go_on(state));
    effects
}

/// Shows the conversation that came back.
pub(super) fn reveal(state: &mut State) -> Vec<Effect> {
    let Some(snapshot) = state.held.take() else { return Vec::new() };
    choose(state, &snapshot.chatbot_id);
    if snapshot.consent_withdrawn {
        // Taken back, perhaps on another device: it is asked for again, unless the answer is on its way.
        state.renewed = false;
        if state.consent == Consent::Accepted && !state.agreed {
            state.consent = Consent::Open;
        }
    } else if !state.renewed {
        state.consent = Consent::Accepted;
    }
    state.finished = snapshot.status == SessionStatus::Finished;
    state.last_seq = state.last_seq.max(snapshot.last_seq);
    for message in snapshot.messages {
        sync::merge(state, message);
    }
    state.active = snapshot.running_turn;
    let mut effects = sync::follow(state);
    effects.extend(equip(state));
    effects.extend(turn::go_on(state));
    effects
}

fn unpark(state: &mut State, parked: Effect) -> Option<Effect> {
    match parked {
        Effect::Call(epoch, _) if epoch != state.epoch => None,
        other => Some(other),
    }
}

/// What happens once the configuration is there.
fn arrive(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(token) = state.settings.expand.take() {
        effects.push(Effect::Call(state.epoch, Call::Redeem(token)));
    }
    if let Some(question) = state.settings.ask.take() {
        effects.push(Effect::Draft(question));
    }
    // What stands in somebody's page does not take the focus by itself.
    if state.open && state.settings.mode != Mode::Inline {
        effects.push(Effect::Focus(Focus::Screen));
    }
    effects.extend(equip(state));
    effects
}

/// Has the parts brought that belong to a panel that is shown, where the owner wants them.
pub(super) fn equip(state: &State) -> Vec<Effect> {
    let mut effects = Vec::new();
    let Some(config) = state.config.as_ref().filter(|_| state.open) else { return effects };
    // What was sent before is shown, whatever the owner takes now.
    if config.files || state.lines.iter().any(|line| !line.files.is_empty()) {
        effects.push(Effect::Part("files"));
    }
    if config.widget.behaviour.show_microphone {
        effects.push(Effect::Part("voice"));
    }
    effects
}

/// Selects a chatbot by its public id.
pub(super) fn choose(state: &mut State, chatbot_id: &str) {
    let Some(config) = &state.config else { return };
    let found = config.chatbots.iter().position(|chatbot| chatbot.chatbot_id == chatbot_id);
    state.chosen = found.or(state.chosen);
}

/// The conversation is not ours any more: forget its handle, keep what is on the screen.
pub(super) fn gone(state: &mut State) -> Vec<Effect> {
    if !state.lines.is_empty() {
        state.notice = Some(Notice { word: Word::session_gone, retry: false });
    }
    let session = state.session.take();
    state.opening = None;
    state.finished = false;
    state.active = None;
    state.epoch += 1;
    state.last_seq = 0;
    let mut effects = vec![Effect::Keep(None)];
    if let Some(stored) = session.filter(|_| state.past) {
        effects.push(Effect::Gone(stored.session_id));
    }
    effects
}

/// The handshake failed.
pub(super) fn failed(state: &mut State, failure: &Failure) -> Vec<Effect> {
    state.shaking = false;
    state.shakes += 1;
    if failure.is_network() {
        // A refused origin looks like a lost network to a script; a server that lives tells them apart.
        return vec![Effect::Probe];
    }
    if failure.is_passing() && state.shakes < 4 {
        return vec![Effect::After(backoff(state.shakes + 1), Timer::Handshake)];
    }
    if failure.status == 403 {
        return refused(state);
    }
    let mut effects = give_up(state, failure.notice());
    // A server that does not understand the request as such is of another version, however it words that.
    if matches!(failure.status, 400 | 422) {
        effects.push(Effect::Host(Host::Emit("refused", String::from("version"))));
    }
    effects
}

/// The server does not let this page have the chat: the visitor is told, and whoever builds the page.
fn refused(state: &mut State) -> Vec<Effect> {
    let notice = not_allowed(state);
    let mut effects = give_up(state, notice);
    effects.push(Effect::Host(Host::Emit("refused", String::from("origin"))));
    effects
}

/// The server was asked whether it lives, after a handshake without an answer.
pub(super) fn probed(state: &mut State, alive: bool) -> Vec<Effect> {
    if state.link == Link::Ready && !state.shaking && state.parked.is_empty() {
        return Vec::new();
    }
    if alive && !matches!(state.settings.mode, Mode::Page | Mode::Frame) && state.shakes >= 2 {
        return refused(state);
    }
    if alive || (state.online && state.shakes < 4) {
        return vec![Effect::After(backoff(state.shakes), Timer::Handshake)];
    }
    let notice = Failure::network().notice();
    give_up(state, notice)
}

fn give_up(state: &mut State, notice: Notice) -> Vec<Effect> {
    state.parked.clear();
    if state.config.is_some() {
        state.notice = Some(notice);
    } else {
        state.link = Link::Broken(notice);
    }
    let mut effects = vec![Effect::Announce(state.say(notice.word))];
    // The explanation for a site that is not allowed stands above the message that was meant to be sent.
    let told = notice.word == Word::origin_refused;
    effects.extend(setback::give_up(state, if told { Word::refused } else { notice.word }));
    effects
}
