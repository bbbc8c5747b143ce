//! What a visitor does besides asking: terms, rating, contact, transcript, full page, ending and resetting.

use natter_shared::message::{Feedback, Rating};
use natter_shared::session::{Redeemed, SessionStatus};

use super::effect::{Call, Effect, Focus, Host, Reply, Tell, Timer};
use super::failure::{Failure, backoff};
use super::mode::Mode;
use super::model::{Consent, Dialog, Notice, State, Stored};
use super::{link, sync, turn};
use crate::i18n::{Texts, Word};

/// Shows the panel.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    if state.open {
        return vec![Effect::Focus(Focus::Screen)];
    }
    state.open = true;
    state.unread = 0;
    let mut effects = vec![
        Effect::Host(Host::Opened),
        Effect::Host(Host::Unread(0)),
        Effect::Focus(Focus::Screen),
    ];
    effects.extend(link::equip(state));
    if matches!(state.link, super::Link::Broken(_)) {
        effects.extend(reconnect(state));
    }
    effects
}

/// Hides the panel.
pub(super) fn close(state: &mut State) -> Vec<Effect> {
    if !state.open || state.settings.mode.stays() {
        return Vec::new();
    }
    state.open = state.settings.mode == Mode::Frame;
    let mut effects = vec![Effect::Host(Host::Closed)];
    // A dialog stays, with what was written into it.
    if state.dialog == Dialog::Menu {
        effects.push(Effect::Dismiss);
    }
    effects
}

/// Tries the handshake again.
pub(super) fn reconnect(state: &mut State) -> Vec<Effect> {
    state.notice = None;
    state.shakes = 0;
    if state.config.is_none() {
        state.link = super::Link::Connecting;
    }
    link::shake(state)
}

/// The terms were accepted or declined.
pub(super) fn consent(state: &mut State, accepted: bool) -> Vec<Effect> {
    state.consent = if accepted { Consent::Accepted } else { Consent::Declined };
    state.agreed = accepted;
    let word = if accepted { "accepted" } else { "declined" };
    let mut effects =
        vec![Effect::Focus(Focus::Screen), Effect::Host(Host::Emit("consent", word.to_owned()))];
    if accepted {
        state.renewed = false;
        effects.extend(turn::go_on(state));
    }
    effects
}

/// The words are those of another language from now on. Nothing else changes.
pub(super) fn speak(state: &mut State, locale: String, texts: &'static Texts) -> Vec<Effect> {
    state.settings.locale = locale;
    state.texts = texts;
    let mut effects = vec![Effect::Recount, Effect::Host(Host::Unread(state.unread))];
    effects.extend(link::follow(state));
    effects
}

/// The conversation was ended.
pub(super) fn finished(state: &mut State) -> Vec<Effect> {
    state.finished = true;
    let mut effects = vec![
        Effect::Tell(Tell::Changed),
        Effect::Announce(state.say(Word::ended_title)),
        Effect::Focus(Focus::Screen),
    ];
    if state.csat {
        effects.push(Effect::Part("rating"));
    }
    effects
}

/// The conversation is gone from the server, or the consent to it: forget everything about it. What became of it the part
/// says that did it.
pub(super) fn cleared(state: &mut State) -> Vec<Effect> {
    let mut effects = forget(state);
    effects.extend([Effect::Keep(None), Effect::Tell(Tell::Stored)]);
    effects
}

/// Back to the start, in this tab only.
pub(super) fn forget(state: &mut State) -> Vec<Effect> {
    state.session = None;
    state.opening = None;
    state.creating = false;
    state.epoch += 1;
    state.finished = false;
    state.last_seq = 0;
    state.active = None;
    state.run = None;
    state.queued = None;
    state.lines.clear();
    state.editing = None;
    state.draft.clear();
    state.held = None;
    state.proven = false;
    state.undone.clear();
    state.replaced.clear();
    state.parked.clear();
    state.notice = None;
    state.files.clear();
    state.dialog = Dialog::None;
    state.consent = Consent::Open;
    state.renewed = false;
    state.agreed = false;
    state.chosen = None;
    vec![Effect::Drop, Effect::Draft(String::new()), Effect::Focus(Focus::Screen), Effect::Leave]
}

/// Begins a new conversation after one was ended; the ended one stays on the server.
pub(super) fn anew(state: &mut State) -> Vec<Effect> {
    let consent = state.consent;
    let mut effects = forget(state);
    state.consent = consent;
    effects.extend([Effect::Keep(None), Effect::Tell(Tell::Stored)]);
    effects
}

/// The page says who the visitor is.
pub(super) fn identify(state: &mut State, identity: String) -> Vec<Effect> {
    state.settings.identity = Some(identity);
    state.proven = false;
    state.late = state.creating;
    if state.session.is_none() {
        // The session will be opened with it.
        return Vec::new();
    }
    vec![Effect::Call(state.epoch, Call::Identify)]
}

/// The visitor is gone: what they asked, were told and began to write is forgotten, here and in the other tabs. The
/// conversation itself stays on the server.
pub(super) fn logout(state: &mut State) -> Vec<Effect> {
    let mut effects = forget(state);
    state.settings.identity = None;
    state.settings.ask = None;
    state.context = None;
    state.late = false;
    state.token = None;
    state.past = false;
    state.unread = 0;
    effects.extend([Effect::Keep(None), Effect::Tell(Tell::Stored), Effect::Host(Host::Unread(0))]);
    effects.extend(link::shake(state));
    effects
}

/// Another tab began or reset the conversation.
pub(super) fn restored(state: &mut State, stored: Option<Stored>) -> Vec<Effect> {
    let same = state.session.as_ref().map(|now| &now.session_id)
        == stored.as_ref().map(|new| &new.session_id);
    if same || (state.is_busy() && state.session.is_none()) {
        return Vec::new();
    }
    let gone = stored.is_none();
    let mut effects = forget(state);
    if gone {
        return effects;
    }
    state.session = stored;
    effects.extend(link::shake(state));
    effects
}

/// The visitor goes on with another conversation of theirs.
pub(super) fn opened(state: &mut State, stored: Option<Stored>) -> Vec<Effect> {
    if stored.is_none() {
        return Vec::new();
    }
    let mut effects = restored(state, stored.clone());
    if !effects.is_empty() {
        effects.extend([Effect::Keep(stored), Effect::Tell(Tell::Stored)]);
    }
    effects
}

/// A thumb was pressed.
pub(super) fn rate(state: &mut State, key: u32, rating: Rating) -> Vec<Effect> {
    let epoch = state.epoch;
    let Some(line) = state.line(key) else { return Vec::new() };
    let Some(message_id) = line.id else { return Vec::new() };
    line.rating = Some(rating);
    line.touch();
    let body = Feedback { message_id, rating, comment: None, reason: None };
    let mut effects = vec![Effect::Call(epoch, Call::Rate(body))];
    if rating == Rating::Down {
        // What was wrong.
        state.disliked = Some((key, message_id));
        effects.push(Effect::Part("feedback"));
    }
    effects
}

/// The form before the first question was answered or passed over: the question goes out.
pub(super) fn passed(state: &mut State) -> Vec<Effect> {
    state.gated = false;
    turn::go_on(state)
}

/// Contact details were left: nothing asks for them any more.
pub(super) fn contacted(state: &mut State) -> Vec<Effect> {
    for line in state.lines.iter_mut().filter(|line| line.offer_contact) {
        line.offer_contact = false;
        line.touch();
    }
    state.notice = Some(Notice { word: Word::contact_thanks, retry: false });
    vec![
        Effect::Announce(state.say(Word::contact_thanks)),
        Effect::Host(Host::Emit("contact", String::new())),
    ]
}

/// A part could not be fetched, or broke.
pub(super) fn failed(state: &mut State, failure: &Failure) -> Vec<Effect> {
    let word = match failure.status {
        0 | 429 | 500.. => failure.word(),
        410 => Word::session_gone,
        _ => Word::action_failed,
    };
    told(state, word)
}

fn told(state: &mut State, word: Word) -> Vec<Effect> {
    state.notice = Some(Notice { word, retry: false });
    vec![Effect::Announce(state.say(word))]
}

/// The full page is to be opened, in the tab that the click opened.
pub(super) fn expand(state: &mut State) -> Vec<Effect> {
    state.dialog = Dialog::None;
    if state.session.is_none() {
        let url = [&state.settings.api, "/c/", &state.settings.slug].concat();
        return vec![Effect::Navigate(Some(url))];
    }
    state.expanding = true;
    vec![Effect::Call(state.epoch, Call::Expand)]
}

/// A call ended.
pub(super) fn reply(state: &mut State, call: Call, result: Result<Reply, Failure>) -> Vec<Effect> {
    match result {
        Ok(reply) => {
            state.renewals = 0;
            replied(state, &call, reply)
        }
        Err(failure) if failure.wants_token() && link::may_renew(state) => {
            let epoch = state.epoch;
            link::park(state, Effect::Call(epoch, call))
        }
        Err(failure) => call_failed(state, &call, failure),
    }
}

fn replied(state: &mut State, call: &Call, reply: Reply) -> Vec<Effect> {
    match (call, reply) {
        (_, Reply::Created(created)) => {
            let mut effects = turn::created(state, created);
            if core::mem::take(&mut state.late) {
                effects.push(Effect::Call(state.epoch, Call::Identify));
            }
            effects
        }
        (_, Reply::Expanded(expanded)) => {
            state.expanding = false;
            vec![Effect::Navigate(Some(expanded.url))]
        }
        (_, Reply::Redeemed(redeemed)) => redeem(state, *redeemed),
        (_, Reply::Events(page)) => sync::events(state, page),
        (Call::Identify, _) => {
            state.proven = true;
            link::reveal(state)
        }
        _ => Vec::new(),
    }
}

fn call_failed(state: &mut State, call: &Call, failure: Failure) -> Vec<Effect> {
    let mut effects = Vec::new();
    match call {
        // A proof that is no good must not keep a visitor from asking.
        Call::Create(..)
            if state.settings.identity.is_some() && failure.code.starts_with("identity") =>
        {
            state.settings.identity = None;
            state.creating = false;
            effects.extend(turn::launch(state));
            effects.push(Effect::Host(Host::Emit("error", failure.code)));
            return effects;
        }
        Call::Identify => {
            if state.held.is_some() && failure.is_passing() {
                // Nobody knows yet. The handshake brings it again.
                state.held = None;
                state.shakes += 1;
                return vec![Effect::After(backoff(state.shakes), Timer::Handshake)];
            }
            let mut effects = Vec::new();
            if failure.is("identity_mismatch") || state.held.is_some() {
                // It is another user's conversation, or may be. What the page asked meanwhile is not.
                let identity = state.settings.identity.take();
                let queued = state.queued.take();
                effects = logout(state);
                state.settings.identity = identity;
                state.queued = queued;
            }
            effects.push(Effect::Host(Host::Emit("error", failure.code)));
            return effects;
        }
        Call::Create(..) => return turn::create_failed(state, failure),
        // What the log holds is asked for again at the next occasion; a lost rating is not worth a word.
        Call::Events(_) | Call::Stop => {
            state.active = None;
            return if matches!(call, Call::Events(_)) { sync::follow(state) } else { Vec::new() };
        }
        Call::Expand => {
            state.expanding = false;
            effects.push(Effect::Navigate(None));
        }
        Call::Redeem(_) => return told(state, Word::expand_gone),
        Call::Rate(_) => {}
    }
    effects.extend(failed(state, &failure));
    effects
}

/// A conversation came along with an expand token.
fn redeem(state: &mut State, redeemed: Redeemed) -> Vec<Effect> {
    let Some(credentials) = redeemed.natter else { return Vec::new() };
    state.lines.clear();
    state.token = Some(credentials.token);
    let chatbot_id = state.settings.chatbot_id.clone();
    let stored =
        Stored { session_id: redeemed.session_id, secret: credentials.resume_secret, chatbot_id };
    state.session = Some(stored.clone());
    if !redeemed.consent_withdrawn {
        state.consent = Consent::Accepted;
    }
    state.finished = redeemed.status == SessionStatus::Finished;
    state.active = redeemed.running_turn;
    for message in redeemed.messages {
        sync::merge(state, message);
    }
    let mut effects =
        vec![Effect::Keep(Some(stored)), Effect::Tell(Tell::Stored), Effect::Focus(Focus::Screen)];
    effects.extend(sync::follow(state));
    effects.extend(link::equip(state));
    effects
}
