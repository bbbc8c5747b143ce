//! A question and its answer: sending, streaming, reconnecting, stopping, trying again.
//!
//! A message goes out under one idempotency key however often it must be repeated. Parts count only for the run's own
//! stream, and a resumed stream goes on at the place of the last part that was applied: nothing is lost or doubled.

use natter_shared::id::MessageId;
use natter_shared::message::{Author, SourceView};
use natter_shared::session::{CreateSession, SessionCreated};
use natter_shared::stream::{SourceMetadata, StreamPart};

use super::effect::{Call, Effect, Host, StreamEnd, Tell, Timer};
use super::failure::Failure;

use super::model::{Ask, Consent, Progress, Run, State, Stored, Trouble};
use super::setback::{again, refused, withdraw};
use super::{edit, link, plain, sync};
use crate::i18n::Word;
use crate::lean::length;

/// How long a loading line is shown.
const LOADER_MS: u32 = 1_800;

/// Sends a message of the visitor.
pub(super) fn submit(state: &mut State, text: &str, key: String) -> Vec<Effect> {
    let text = text.trim();
    let long = length(text) > state.limit;
    let nothing = text.is_empty() && state.files.is_empty();
    if nothing || long || state.is_busy() || state.finished || state.config.is_none() {
        return Vec::new();
    }
    if state.terms.is_some() && state.consent != Consent::Accepted {
        state.queued = Some((text.to_owned(), key));
        return Vec::new();
    }
    if state.gated && state.session.is_none() {
        state.queued = Some((text.to_owned(), key));
        return vec![Effect::Part("contact")];
    }
    state.notice = None;
    state.context = state.page.clone();
    let replaces = edit::take(state);
    let files = core::mem::take(&mut state.files);
    let line = state.push(Author::Visitor, text.to_owned(), Progress::Pending);
    if let Some(line) = state.line(line) {
        line.files.clone_from(&files);
        line.client_key = Some(key.clone());
        line.parent = replaces;
    }
    let answer = state.push(Author::Assistant, String::new(), Progress::Pending);
    let mut effects = vec![
        Effect::Draft(core::mem::take(&mut state.draft)),
        Effect::ScrollToEnd,
        Effect::Host(Host::Emit("message", text.to_owned())),
    ];
    effects.extend(begin(state, Ask::Send { text: text.to_owned(), key, replaces, files }, answer));
    effects
}

/// Sends the message that waited.
pub(super) fn go_on(state: &mut State) -> Vec<Effect> {
    if state.is_busy() || state.held.is_some() {
        return Vec::new();
    }
    let queued = state.queued.take();
    queued.map(|(text, key)| submit(state, &text, key)).unwrap_or_default()
}

/// Begins to await an answer in a line.
pub(super) fn begin(state: &mut State, ask: Ask, line: u32) -> Vec<Effect> {
    let announce = !matches!(ask, Ask::Resume);
    let mut run = Run {
        number: 0,
        ask,
        line,
        place: None,
        heard: false,
        tries: 0,
        waiting: false,
        problem: None,
    };
    run.waiting = !state.online;
    state.run = Some(run);
    let mut effects = launch(state);
    effects.push(Effect::After(LOADER_MS, Timer::Loader(line)));
    if announce {
        effects.push(Effect::Announce(state.texts.of(Word::answering).to_owned()));
    }
    effects
}

/// Opens the run's stream, after the session that it needs.
pub(super) fn launch(state: &mut State) -> Vec<Effect> {
    let Some(run) = state.run.as_mut() else { return Vec::new() };
    if run.waiting && !state.online {
        return Vec::new();
    }
    run.waiting = false;
    state.streams += 1;
    run.number = state.streams;
    if state.session.is_none() {
        return create(state);
    }
    vec![Effect::Stream { number: run.number, ask: run.ask.clone(), place: run.place.clone() }]
}

/// Opens a session: the first thing that exists on the server, made for the first message.
fn create(state: &mut State) -> Vec<Effect> {
    let Some(Run { ask: Ask::Send { key, .. }, .. }) = &state.run else { return Vec::new() };
    let key = key.clone();
    open_session(state, key)
}

/// Opens a session under a key, unless there is one, or it is being opened, or the terms were not accepted.
pub(super) fn open_session(state: &mut State, key: String) -> Vec<Effect> {
    let asks = state.terms.is_some() && state.consent != Consent::Accepted;
    if state.session.is_some() || asks || core::mem::replace(&mut state.creating, true) {
        return Vec::new();
    }
    let key = state.opening.get_or_insert(key).clone();
    let body = CreateSession {
        consent_accepted: state.terms.is_some().then_some(true),
        consent_hash: state.consent_hash.clone(),
        locale: Some(state.settings.locale.clone()),
        client_session_id: Some(key),
        ..CreateSession::default()
    };
    let chatbot = state.chatbot().map_or(&state.settings.chatbot_id, |chatbot| &chatbot.chatbot_id);
    vec![Effect::Call(state.epoch, Call::Create(chatbot.clone(), body))]
}

/// The session is there.
pub(super) fn created(state: &mut State, created: SessionCreated) -> Vec<Effect> {
    state.creating = false;
    let chatbot_id =
        state.chatbot().map_or(&state.settings.chatbot_id, |chatbot| &chatbot.chatbot_id).clone();
    let Some(credentials) = created.natter else { return create_failed(state, Failure::network()) };
    state.token = Some(credentials.token);
    let stored =
        Stored { session_id: created.session_id, secret: credentials.resume_secret, chatbot_id };
    state.session = Some(stored.clone());
    state.proven = true;
    state.agreed = false;
    let emit = Effect::Host(Host::Emit("session", stored.session_id.clone()));
    let mut effects = vec![Effect::Keep(Some(stored)), Effect::Tell(Tell::Stored), emit];
    effects.extend(launch(state));
    effects
}

/// The session could not be opened: treated as the message's own failure.
pub(super) fn create_failed(state: &mut State, failure: Failure) -> Vec<Effect> {
    state.creating = false;
    let Some(number) = state.run.as_ref().map(|run| run.number) else {
        // It was opened for a file.
        if failure.is("consent_outdated") {
            return refused(state, &failure);
        }
        state.notice = Some(failure.notice());
        return Vec::new();
    };
    ended(state, number, Err(failure))
}

/// Parts came.
pub(super) fn parts(
    state: &mut State,
    number: u32,
    parts: Vec<(Option<String>, StreamPart)>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (place, part) in parts {
        if state.run.as_ref().is_none_or(|run| run.number != number) {
            break;
        }
        effects.extend(apply(state, part));
        if let (Some(run), Some(place)) = (state.run.as_mut(), place) {
            run.place = Some(place);
        }
    }
    effects
}

fn apply(state: &mut State, part: StreamPart) -> Vec<Effect> {
    let Some(run) = state.run.as_mut() else { return Vec::new() };
    run.tries = 0;
    state.renewals = 0;
    let key = run.line;
    if let StreamPart::Start { message_id } = part {
        return start(state, message_id);
    }
    if let StreamPart::DataProblem { data } = part {
        run.problem = Some(Failure {
            status: data.status,
            code: data.code,
            retry_after: data.retry_after.and_then(|seconds| u32::try_from(seconds).ok()),
            is_final: false,
        });
        return Vec::new();
    }
    if let StreamPart::DataTurn { data } = part {
        let resumed = matches!(run.ask, Ask::Resume);
        state.active = Some(data.turn_id);
        acknowledge(state, data.question_id);
        if let Some(line) = state.line(key) {
            line.turn = Some(data.turn_id);
            line.parent = Some(data.question_id);
        }
        // Other tabs may read along from here on.
        return if resumed { Vec::new() } else { vec![Effect::Tell(Tell::Changed)] };
    }
    // The problem of an error comes before it, and other parts may stand between the two.
    let problem = if matches!(part, StreamPart::Error { .. }) { run.problem.take() } else { None };
    let Some(line) = state.line(key) else { return Vec::new() };
    let progress = match part {
        StreamPart::TextDelta { delta, .. } => {
            line.text.push_str(&delta);
            Progress::Streaming
        }
        StreamPart::DataSnapshot { data } => {
            line.text = data.text;
            Progress::Streaming
        }
        StreamPart::SourceUrl { source_id, url, title, provider_metadata } => {
            cite(line, &source_id, title, Some(url), provider_metadata);
            line.progress.clone()
        }
        StreamPart::SourceDocument { source_id, title, provider_metadata, .. } => {
            cite(line, &source_id, Some(title), None, provider_metadata);
            line.progress.clone()
        }
        StreamPart::DataAnswer { data } => {
            line.offer_contact = data.offer_contact;
            line.progress.clone()
        }
        StreamPart::DataSuggestions { data } => {
            line.suggestions = data.suggestions;
            line.progress.clone()
        }
        StreamPart::Finish { .. } => Progress::Complete,
        StreamPart::Abort { reason } if reason.as_deref() == Some("interrupted") => {
            Progress::Interrupted
        }
        StreamPart::Abort { .. } => Progress::Stopped,
        StreamPart::Error { .. } => {
            let failure = problem.unwrap_or(Failure { status: 500, ..Failure::default() });
            Progress::Failed(Trouble { word: Word::failed, ..failure.trouble() })
        }
        _ => return Vec::new(),
    };
    line.progress = progress;
    line.touch();
    if line.is_open() { Vec::new() } else { settle(state) }
}

/// The stream begins: from the beginning of an answer, or at the place that was asked for.
fn start(state: &mut State, message_id: MessageId) -> Vec<Effect> {
    let Some(run) = state.run.as_mut() else { return Vec::new() };
    run.heard = true;
    let (key, again) = (run.line, run.place.is_some());
    let other = state.lines.iter().find(|line| line.id == Some(message_id)).map(|line| line.key);
    if let Some(other) = other.filter(|other| *other != key) {
        // The log brought the answer's line before its stream did.
        state.lines.retain(|line| line.key != key);
        run.line = other;
    }
    let key = run.line;
    let Some(line) = state.line(key) else { return Vec::new() };
    if !again || line.id.is_some_and(|id| id != message_id) {
        line.text.clear();
        line.sources.clear();
        line.progress = Progress::Pending;
    }
    line.id = Some(message_id);
    line.touch();
    vec![]
}

/// The server has the question.
fn acknowledge(state: &mut State, question: MessageId) {
    let Some(Run { ask: Ask::Send { key, .. }, .. }) = &state.run else { return };
    let key = key.clone();
    state.undone.clear();
    state.agreed = false;
    let found = state.lines.iter_mut().rev().find(|line| line.client_key.as_ref() == Some(&key));
    if let Some(line) = found.filter(|line| line.progress != Progress::Complete) {
        line.id = Some(question);
        line.progress = Progress::Complete;
        line.touch();
    }
}

fn cite(
    line: &mut super::Line,
    number: &str,
    title: Option<String>,
    url: Option<String>,
    metadata: Option<SourceMetadata>,
) {
    let next = u32::try_from(line.sources.len()).unwrap_or(0) + 1;
    let number = number.parse().unwrap_or(next);
    if line.sources.iter().all(|source| source.number != number) {
        let title = title.or_else(|| url.clone()).unwrap_or_default();
        let excerpt = metadata.map(|metadata| metadata.natter.excerpt);
        line.sources.push(SourceView { number, title, url, excerpt });
    }
}

/// The answer is over, one way or another.
pub(super) fn settle(state: &mut State) -> Vec<Effect> {
    let Some(run) = state.run.take() else { return Vec::new() };
    state.active = None;
    let texts = state.texts;
    let Some(line) = state.line(run.line) else { return Vec::new() };
    let id = line.id.map(MessageId::text).unwrap_or_default();
    let (mut said, wait) = match &line.progress {
        Progress::Failed(trouble) => (texts.of(trouble.word).to_owned(), trouble.wait),
        Progress::Stopped => (texts.of(Word::stopped).to_owned(), 0),
        Progress::Interrupted => (texts.of(Word::interrupted).to_owned(), 0),
        _ => (String::new(), 0),
    };
    if said.is_empty() {
        said = [texts.of(Word::answered), " ", &plain(&line.text)].concat();
    }
    let mut effects = vec![
        Effect::Announce(said),
        Effect::Tell(Tell::Changed),
        Effect::Host(Host::Emit("answer", id)),
    ];
    if wait > 0 {
        effects.push(Effect::After(1_000, Timer::Second(run.line)));
    }
    if !state.open {
        state.unread += 1;
        effects.push(Effect::Host(Host::Unread(state.unread)));
    }
    effects.extend(go_on(state));
    effects
}

/// The run's stream ended.
pub(super) fn ended(
    state: &mut State,
    number: u32,
    result: Result<StreamEnd, Failure>,
) -> Vec<Effect> {
    if state.run.as_ref().is_none_or(|run| run.number != number) {
        return Vec::new();
    }
    match result {
        Ok(StreamEnd::Nothing) => {
            state.run = None;
            sync::fetch(state)
        }
        Ok(StreamEnd::Closed) => again(state, 0),
        Err(failure) if failure.wants_token() && link::may_renew(state) => {
            if let Some(run) = &mut state.run {
                run.waiting = true;
            }
            link::shake(state)
        }
        Err(failure) if failure.is_passing() => again(state, failure.retry_after.unwrap_or(0)),
        Err(failure) => refused(state, &failure),
    }
}

/// The visitor stops the answer.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let Some(run) = &state.run else { return Vec::new() };
    if !run.heard && (run.waiting || state.session.is_none()) {
        let mut effects = vec![Effect::Drop];
        effects.extend(withdraw(state, None));
        return effects;
    }
    vec![Effect::Call(state.epoch, Call::Stop)]
}

/// The visitor tries a line again.
pub(super) fn retry(state: &mut State, key: u32, fresh: String) -> Vec<Effect> {
    if state.is_busy() || state.finished {
        return Vec::new();
    }
    let Some(position) = state.lines.iter().position(|line| line.key == key) else {
        return Vec::new();
    };
    let question = state.lines.iter().take(position).rfind(|line| line.author == Author::Visitor);
    let sent =
        question.map(|line| (line.key, line.text.clone(), line.client_key.clone(), line.parent));
    // A file belongs to its conversation.
    let files = question.filter(|_| state.session.is_some()).map(|line| line.files.clone());
    let has_session = state.session.is_some();
    let Some(line) = state.line(key) else { return Vec::new() };
    if has_session && matches!(&line.progress, Progress::Failed(trouble) if trouble.lost) {
        line.progress = Progress::Streaming;
        line.touch();
        return begin(state, Ask::Resume, key);
    }
    let replaced = line.id;
    let ask = match (line.turn.filter(|_| has_session), sent) {
        (Some(turn), _) => {
            line.id = None;
            state.replaced.extend(replaced);
            Ask::Again { turn, key: fresh }
        }
        (None, Some((question, text, old, replaced))) => {
            // Without a session the old key means nothing; with one, it keeps the question from being asked twice.
            let key = old.filter(|_| has_session).unwrap_or(fresh);
            if let Some(line) = state.line(question) {
                line.client_key = Some(key.clone());
            }
            Ask::Send {
                text,
                key,
                replaces: replaced.filter(|_| has_session),
                files: files.unwrap_or_default(),
            }
        }
        (None, None) => return Vec::new(),
    };
    if let Some(line) = state.line(key) {
        line.text.clear();
        line.sources.clear();
        line.suggestions.clear();
        line.progress = Progress::Pending;
        (line.rating, line.step) = (None, 0);
        line.touch();
    }
    state.notice = None;
    begin(state, ask, key)
}

/// Counts a line's seconds down.
pub(super) fn second(state: &mut State, key: u32) -> Vec<Effect> {
    let Some(line) = state.line(key) else { return Vec::new() };
    let Progress::Failed(trouble) = &mut line.progress else { return Vec::new() };
    trouble.wait = trouble.wait.saturating_sub(1);
    let over = trouble.wait == 0;
    line.touch();
    if over { Vec::new() } else { vec![Effect::After(1_000, Timer::Second(key))] }
}

/// Shows the next loading text.
pub(super) fn loader(state: &mut State, key: u32) -> Vec<Effect> {
    let count = state.config.as_ref().map_or(0, |config| config.widget.loader.loader_texts.len());
    let Some(line) = state.line(key) else { return Vec::new() };
    if line.progress != Progress::Pending || line.step + 1 >= count {
        return Vec::new();
    }
    line.step += 1;
    line.touch();
    vec![Effect::After(LOADER_MS, Timer::Loader(key))]
}
