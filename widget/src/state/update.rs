//! The one way in: every message to the function that knows about it.

use super::actions as act;
use super::effect::{Effect, Focus, Host, Msg, Timer};
use super::failure::Failure;
use super::mode::Mode;
use super::model::{Consent, Dialog, State};
use super::{edit, link, setback, sync, turn};

/// Takes a message in and says what is to be done.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Start | Msg::Renew => link::shake(state),
        Msg::Escape if state.dialog != Dialog::None => vec![Effect::Dismiss],
        Msg::Escape if state.editing.is_some() => edit::edit(state, None, String::new()),
        Msg::Open => act::open(state),
        Msg::Toggle if !state.open => update(state, Msg::Open),
        Msg::Close | Msg::Toggle | Msg::Escape => act::close(state),
        Msg::Handshaken(Ok(data)) => link::handshaken(state, *data),
        Msg::Handshaken(Err(failure)) => link::failed(state, &failure),
        Msg::Probed(alive) => link::probed(state, alive),
        Msg::Reconnect => act::reconnect(state),
        Msg::Online(online) => network(state, online),
        Msg::Consent(accepted) => act::consent(state, accepted),
        Msg::Reconsider => {
            state.consent = Consent::Open;
            vec![Effect::Focus(Focus::Screen)]
        }
        Msg::Pick(index) => {
            state.chosen = Some(index);
            vec![Effect::Focus(Focus::Screen)]
        }
        Msg::Unpick => {
            state.chosen = None;
            vec![Effect::Focus(Focus::Screen)]
        }
        Msg::Send { text, key }
            if state.is_busy() || state.config.is_none() || state.held.is_some() =>
        {
            state.queued = Some((text, key));
            Vec::new()
        }
        Msg::Submit { text, key } | Msg::Send { text, key } => turn::submit(state, &text, key),
        Msg::Prefill(text) if state.config.is_some() => vec![Effect::Draft(text)],
        Msg::Prefill(text) => {
            state.settings.ask = Some(text);
            Vec::new()
        }
        Msg::Page(page) => {
            state.page = page;
            Vec::new()
        }
        Msg::Identify(identity) => act::identify(state, identity),
        Msg::Logout => act::logout(state),
        Msg::Stop => turn::stop(state),
        Msg::Retry { line, key } => turn::retry(state, line, key),
        Msg::Edit(line, draft) => edit::edit(state, line, draft),
        Msg::Parts { number, parts } => turn::parts(state, number, parts),
        Msg::Ended { number, result } => turn::ended(state, number, result),
        Msg::Reply(epoch, call, result) if epoch == state.epoch => act::reply(state, call, result),
        Msg::Reply(..) => Vec::new(),
        Msg::Timer(timer) => rang(state, timer),
        Msg::Rate(line, rating) => act::rate(state, line, rating),
        Msg::Show(dialog) => {
            state.dialog = dialog;
            Vec::new()
        }
        Msg::Finished => act::finished(state),
        Msg::Cleared => act::cleared(state),
        Msg::Anew => act::anew(state),
        Msg::Past(past) => {
            state.past = past;
            Vec::new()
        }
        Msg::Opened(stored) => act::opened(state, stored),
        Msg::Expand => act::expand(state),
        Msg::Part(name) => vec![Effect::Part(name)],
        Msg::Contacted => act::contacted(state),
        Msg::Passed => act::passed(state),
        Msg::Files(files) => {
            state.files = files;
            Vec::new()
        }
        Msg::Begin(key) => turn::open_session(state, key),
        Msg::Failed(status) => act::failed(state, &Failure { status, ..Failure::default() }),
        Msg::Dismiss => {
            state.notice = None;
            vec![Effect::Focus(Focus::Composer)]
        }
        Msg::Newest => vec![Effect::ScrollToEnd],
        Msg::Elsewhere => sync::fetch(state),
        Msg::Restored(stored) => act::restored(state, stored),
        Msg::Locale(locale, texts) => act::speak(state, locale, texts),
        Msg::Idle { attended } => idle(state, attended),
    }
}

fn network(state: &mut State, online: bool) -> Vec<Effect> {
    let back = online && !state.online;
    state.online = online;
    if !back {
        return Vec::new();
    }
    let mut effects = setback::wake(state);
    if state.config.is_none() {
        effects.extend(act::reconnect(state));
    } else if effects.is_empty() {
        effects.extend(sync::fetch(state));
    }
    effects
}

fn rang(state: &mut State, timer: Timer) -> Vec<Effect> {
    match timer {
        Timer::Handshake => link::shake(state),
        Timer::Stream(number) if state.run.as_ref().is_some_and(|run| run.number == number) => {
            setback::wake(state)
        }
        Timer::Stream(_) => Vec::new(),
        Timer::Second(line) => turn::second(state, line),
        Timer::Loader(line) => turn::loader(state, line),
    }
}

/// Closes a panel that nobody attends to. The focus stays where it is: it was not in the panel.
fn idle(state: &mut State, attended: bool) -> Vec<Effect> {
    let free = !attended && !state.is_busy() && state.dialog == Dialog::None;
    if !state.open || !free || state.settings.mode != Mode::Bubble {
        return Vec::new();
    }
    state.open = false;
    vec![Effect::Host(Host::Idle)]
}
