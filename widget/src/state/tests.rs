//! What the rules do.

use natter_shared::Timestamp;
use natter_shared::event::{EventKind, EventPage, SessionEvent};
use natter_shared::handshake::{HandshakeData, HandshakeExtras};
use natter_shared::id::{MessageId, SessionId, TurnId};
use natter_shared::message::{Author, MessageStatus, MessageView, Rating};
use natter_shared::problem::Problem;
use natter_shared::session::{Credentials, SessionCreated, SessionSnapshot, SessionStatus};
use natter_shared::stream::{AnswerData, FinishReason, SnapshotData, StreamPart, TurnData};

use super::*;

fn settings() -> Settings {
    Settings {
        api: "https://api.example".into(),
        slug: "demo".into(),
        chatbot_id: "demo".into(),
        origin: "https://shop.example".into(),
        locale: "en".into(),
        ..Settings::default()
    }
}

fn chatbot(id: &str, sort_order: i32) -> natter_shared::handshake::ChatbotCard {
    let json = format!(
        r#"{{"chatbot_id":"{id}","agent_name":"Ada","agent_type":"Public","description":"","avatar_image_path":"","greeting":"Hi","sort_order":{sort_order},"quick_questions":["Why?"],"lead_capture":{{}}}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn data(terms: Option<&str>) -> HandshakeData {
    let mut widget = natter_shared::appearance::Widget::default();
    widget.privacy.chatbot_privacy_term = terms.map(String::from);
    HandshakeData { token: "jwt".into(), chatbots: vec![chatbot("demo", 0)], widget, natter: None }
}

fn shaken(data: HandshakeData) -> Msg {
    Msg::Handshaken(Ok(Box::new(data)))
}

/// A visitor who can write.
fn ready() -> State {
    let mut state = State::new(settings(), None, true);
    assert_eq!(update(&mut state, Msg::Start), [Effect::Handshake(None)]);
    update(&mut state, shaken(data(None)));
    update(&mut state, Msg::Open);
    state
}

fn say(state: &mut State, text: &str) -> Vec<Effect> {
    update(state, Msg::Submit { text: text.into(), key: format!("key-{text}") })
}

fn created() -> SessionCreated {
    SessionCreated {
        session_id: "ses_1".into(),
        slug: "demo".into(),
        status: SessionStatus::Open,
        created_at: Timestamp("t".into()),
        expires_at: Timestamp("t".into()),
        natter: Some(Credentials { token: "jwt2".into(), resume_secret: "secret".into() }),
    }
}

fn open_session(state: &mut State, effects: &[Effect]) -> Vec<Effect> {
    let call = effects.iter().find_map(|effect| match effect {
        Effect::Call(epoch, call @ Call::Create(..)) => Some((*epoch, call.clone())),
        _ => None,
    });
    let (epoch, call) = call.expect("a session is opened");
    update(state, Msg::Reply(epoch, call, Ok(Reply::Created(created()))))
}

/// A visitor who has asked and whose stream is open.
fn asked() -> State {
    let mut state = ready();
    let effects = say(&mut state, "hi");
    open_session(&mut state, &effects);
    state
}

fn number(state: &State) -> u32 {
    state.run.as_ref().expect("an answer is awaited").number
}

fn message(id: u128) -> MessageId {
    MessageId::from_u128(id)
}

fn turn(id: u128) -> TurnId {
    TurnId::from_u128(id)
}

fn parts(state: &mut State, list: Vec<StreamPart>) -> Vec<Effect> {
    let number = number(state);
    let place = |index: usize| Some(format!("trn:{index}"));
    let parts = list.into_iter().enumerate().map(|(index, part)| (place(index), part)).collect();
    update(state, Msg::Parts { number, parts })
}

fn delta(text: &str) -> StreamPart {
    StreamPart::TextDelta { id: "0".into(), delta: text.into() }
}

fn begin() -> Vec<StreamPart> {
    vec![
        StreamPart::Start { message_id: message(2) },
        StreamPart::DataTurn { data: TurnData { turn_id: turn(9), question_id: message(1) } },
    ]
}

fn finish() -> StreamPart {
    StreamPart::Finish { finish_reason: FinishReason::Stop }
}

fn lost(state: &mut State) -> Vec<Effect> {
    let number = number(state);
    update(state, Msg::Ended { number, result: Err(Failure::network()) })
}

fn refused(state: &mut State, status: u16, code: &str) -> Vec<Effect> {
    let number = number(state);
    let failure = Failure { status, code: code.into(), ..Failure::default() };
    update(state, Msg::Ended { number, result: Err(failure) })
}

fn streams(effects: &[Effect]) -> Vec<(Ask, Option<String>)> {
    let stream = |effect: &Effect| match effect {
        Effect::Stream { ask, place, .. } => Some((ask.clone(), place.clone())),
        _ => None,
    };
    effects.iter().filter_map(stream).collect()
}

fn view(id: u128, author: Author, text: &str, status: MessageStatus) -> MessageView {
    MessageView {
        id: message(id),
        author,
        text: text.into(),
        status,
        created_at: Timestamp("t".into()),
        turn_id: Some(turn(9)),
        client_message_id: None,
        sources: Vec::new(),
        answered: None,
        error_code: None,
        rating: None,
    }
}

fn event(seq: i64, what: EventKind) -> SessionEvent {
    SessionEvent { seq, created_at: Timestamp("t".into()), what }
}

fn events(state: &mut State, events: Vec<SessionEvent>) -> Vec<Effect> {
    let last_seq = events.last().map_or(0, |event| event.seq);
    let page = EventPage { events, last_seq, has_more: false };
    let epoch = state.epoch;
    update(state, Msg::Reply(epoch, Call::Events(0), Ok(Reply::Events(page))))
}

#[test]
fn nothing_is_created_before_the_first_message() {
    let mut state = State::new(settings(), None, true);
    let mut effects = update(&mut state, Msg::Start);
    effects.extend(update(&mut state, shaken(data(None))));
    effects.extend(update(&mut state, Msg::Open));
    assert!(
        effects.iter().all(|effect| !matches!(effect, Effect::Call(..) | Effect::Keep(_))),
        "{effects:?}"
    );
}

#[test]
fn declining_the_terms_stays_in_the_browser() {
    let mut state = ready();
    state.config = None;
    state.link = Link::Connecting;
    update(&mut state, shaken(data(Some("Terms"))));
    assert_eq!(state.screen(), Screen::Consent);
    assert_eq!(say(&mut state, "hi"), [Effect::Draft("hi".into())]);
    assert_eq!(update(&mut state, Msg::Consent(false)), [Effect::Focus(Focus::Screen)]);
    assert_eq!(state.screen(), Screen::Declined);
    update(&mut state, Msg::Reconsider);
    assert_eq!(state.screen(), Screen::Consent);
    update(&mut state, Msg::Consent(true));
    let effects = say(&mut state, "hi");
    let body = effects.iter().find_map(|effect| match effect {
        Effect::Call(_, Call::Create(_, body)) => Some(body.clone()),
        _ => None,
    });
    assert_eq!(body.and_then(|body| body.consent_accepted), Some(true));
}

#[test]
fn a_message_opens_the_session_then_the_stream_and_keeps_the_handle() {
    let mut state = ready();
    let effects = say(&mut state, " hi ");
    assert!(streams(&effects).is_empty());
    let effects = open_session(&mut state, &effects);
    assert!(matches!(&effects[0], Effect::Keep(Some(stored)) if stored.secret == "secret"));
    let ask = Ask::Send { text: "hi".into(), key: "key- hi ".into() };
    assert_eq!(streams(&effects), [(ask, None)]);
    assert_eq!(state.token.as_deref(), Some("jwt2"));
}

#[test]
fn sending_while_an_answer_streams_is_ignored_and_a_script_waits_its_turn() {
    let mut state = asked();
    assert_eq!(say(&mut state, "again"), []);
    assert_eq!(state.lines.len(), 2);
    update(&mut state, Msg::Send { text: "later".into(), key: "k2".into() });
    parts(&mut state, begin());
    let effects = parts(&mut state, vec![delta("Hello"), finish()]);
    assert_eq!(streams(&effects), [(Ask::Send { text: "later".into(), key: "k2".into() }, None)]);
}

#[test]
fn an_empty_or_too_long_message_goes_nowhere() {
    let mut state = ready();
    assert_eq!(say(&mut state, "  \n"), []);
    assert_eq!(say(&mut state, &"ü".repeat(8_001)), []);
    assert!(!say(&mut state, &"ü".repeat(8_000)).is_empty());
}

#[test]
fn an_answer_is_streamed_acknowledged_and_announced_once() {
    let mut state = asked();
    let effects = parts(&mut state, begin());
    assert_eq!(effects, []);
    assert_eq!(
        (state.lines[0].id, &state.lines[0].progress),
        (Some(message(1)), &Progress::Complete)
    );
    let source = StreamPart::SourceUrl {
        source_id: "3".into(),
        url: "https://a.example/".into(),
        title: None,
    };
    let answer =
        StreamPart::DataAnswer { data: AnswerData { answered: true, offer_contact: true } };
    let effects =
        parts(&mut state, vec![delta("**Hel"), delta("lo** [3]"), source, answer, finish()]);
    let said: Vec<_> =
        effects.iter().filter(|effect| matches!(effect, Effect::Announce(_))).collect();
    assert_eq!(said, [&Effect::Announce("Answer: Hello".into())]);
    let line = &state.lines[1];
    assert_eq!(
        (line.text.as_str(), line.sources[0].number, line.offer_contact),
        ("**Hello** [3]", 3, true)
    );
    assert_eq!(line.progress, Progress::Complete);
    assert!(!state.is_busy());
}

#[test]
fn a_dropped_stream_goes_on_at_its_place_without_losing_or_doubling() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("one "), delta("two ")]);
    let old = number(&state);
    let effects = lost(&mut state);
    assert!(matches!(effects[..], [Effect::After(_, Timer::Stream(_))]));
    let effects = update(&mut state, Msg::Timer(Timer::Stream(old)));
    assert_eq!(streams(&effects), [(Ask::Resume, Some("trn:1".into()))]);
    update(&mut state, Msg::Parts { number: old, parts: vec![(None, delta("stale"))] });
    parts(&mut state, vec![StreamPart::Start { message_id: message(2) }, delta("three"), finish()]);
    assert_eq!(state.lines[1].text, "one two three");
}

#[test]
fn a_stream_from_the_beginning_replaces_and_so_does_a_snapshot() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("one ")]);
    state.run.as_mut().unwrap().place = None;
    parts(&mut state, vec![StreamPart::Start { message_id: message(2) }, delta("one two")]);
    assert_eq!(state.lines[1].text, "one two");
    parts(&mut state, vec![StreamPart::DataSnapshot { data: SnapshotData { text: "all".into() } }]);
    assert_eq!(state.lines[1].text, "all");
}

#[test]
fn a_message_whose_fate_is_unknown_is_repeated_under_its_key() {
    let mut state = asked();
    let first = number(&state);
    lost(&mut state);
    let effects = update(&mut state, Msg::Timer(Timer::Stream(first)));
    assert_eq!(streams(&effects), [(Ask::Send { text: "hi".into(), key: "key-hi".into() }, None)]);
    assert_eq!(
        update(&mut state, Msg::Timer(Timer::Stream(first))),
        [],
        "an old timer does nothing"
    );
}

#[test]
fn after_many_attempts_the_visitor_may_try_again() {
    let mut state = asked();
    for _ in 0..20 {
        if !state.is_busy() {
            break;
        }
        lost(&mut state);
        if let Some(number) = state.run.as_ref().map(|run| run.number) {
            update(&mut state, Msg::Timer(Timer::Stream(number)));
        }
    }
    assert!(
        matches!(&state.lines[1].progress, Progress::Failed(trouble) if trouble.retry && !trouble.lost)
    );
    let key = state.lines[1].key;
    let effects = update(&mut state, Msg::Retry { line: key, key: "new".into() });
    assert_eq!(streams(&effects), [(Ask::Send { text: "hi".into(), key: "key-hi".into() }, None)]);
}

#[test]
fn offline_the_message_waits_and_goes_out_once() {
    let mut state = ready();
    update(&mut state, Msg::Online(false));
    let effects = say(&mut state, "hi");
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Call(..))));
    let effects = update(&mut state, Msg::Online(true));
    assert_eq!(
        effects.iter().filter(|effect| matches!(effect, Effect::Call(_, Call::Create(..)))).count(),
        1
    );
    assert_eq!(update(&mut state, Msg::Online(true)), []);
}

#[test]
fn stopping_asks_the_server_and_keeps_the_text() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("so far")]);
    assert_eq!(update(&mut state, Msg::Stop), [Effect::Call(0, Call::Stop)]);
    parts(&mut state, vec![StreamPart::Abort { reason: Some("stopped".into()) }]);
    assert_eq!(
        (state.lines[1].text.as_str(), &state.lines[1].progress),
        ("so far", &Progress::Stopped)
    );
}

#[test]
fn stopping_before_anything_was_sent_gives_the_words_back() {
    let mut state = ready();
    say(&mut state, "hi");
    let effects = update(&mut state, Msg::Stop);
    assert_eq!(effects, [Effect::Drop, Effect::Draft("hi".into())]);
    assert!(state.lines.is_empty());
}

#[test]
fn a_failed_answer_is_asked_for_again_and_the_old_one_does_not_come_back() {
    let mut state = asked();
    parts(&mut state, begin());
    let problem = Problem {
        kind: String::new(),
        title: String::new(),
        status: 503,
        code: "answer_unavailable".into(),
        detail: None,
        field: None,
        retry_after: Some(2),
        request_id: None,
    };
    let error = StreamPart::Error { error_text: "x".into() };
    let effects =
        parts(&mut state, vec![delta("part"), StreamPart::DataProblem { data: problem }, error]);
    let key = state.lines[1].key;
    assert!(effects.contains(&Effect::After(1_000, Timer::Second(key))));
    assert!(matches!(&state.lines[1].progress, Progress::Failed(trouble) if trouble.wait == 2));
    update(&mut state, Msg::Timer(Timer::Second(key)));
    assert_eq!(update(&mut state, Msg::Timer(Timer::Second(key))), []);
    let effects = update(&mut state, Msg::Retry { line: key, key: "again".into() });
    assert_eq!(streams(&effects), [(Ask::Again { turn: turn(9), key: "again".into() }, None)]);
    let failed = view(2, Author::Assistant, "part", MessageStatus::Failed);
    events(&mut state, vec![event(1, EventKind::Message { message: failed })]);
    assert_eq!(state.lines.len(), 2);
}

#[test]
fn an_expired_token_is_renewed_and_the_call_repeated_but_not_for_ever() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("x"), finish()]);
    let expired = || Failure { status: 401, code: "token_expired".into(), ..Failure::default() };
    for _ in 0..2 {
        let effects = update(&mut state, Msg::Reply(0, Call::Finish, Err(expired())));
        assert!(
            matches!(&effects[..], [Effect::Handshake(Some(resume))] if resume.secret == "secret")
        );
        let effects = update(&mut state, shaken(data(None)));
        assert!(effects.contains(&Effect::Call(0, Call::Finish)), "{effects:?}");
    }
    let effects = update(&mut state, Msg::Reply(0, Call::Finish, Err(expired())));
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Handshake(_))));
    assert!(state.notice.is_some());
}

#[test]
fn a_stream_with_an_expired_token_waits_for_the_new_one() {
    let mut state = asked();
    let effects = refused(&mut state, 401, "token_expired");
    assert!(matches!(effects[..], [Effect::Handshake(Some(_))]));
    let effects = update(&mut state, shaken(data(None)));
    assert_eq!(streams(&effects).len(), 1);
}

#[test]
fn refusals_are_told_in_plain_words() {
    let mut state = asked();
    refused(&mut state, 429, "rate_limited");
    assert!(
        matches!(&state.lines[1].progress, Progress::Failed(trouble) if trouble.text == state.texts.rate_limited)
    );
    let mut state = asked();
    let effects = refused(&mut state, 409, "turn_running");
    assert!(
        effects.contains(&Effect::Draft("hi".into()))
            && effects.contains(&Effect::Call(0, Call::Events(0)))
    );
    assert!(state.lines.is_empty());
    let mut state = asked();
    refused(&mut state, 409, "session_finished");
    assert!(state.finished && state.notice.is_none());
    let mut state = asked();
    let effects = refused(&mut state, 404, "not_found");
    assert!(effects.contains(&Effect::Keep(None)) && state.session.is_none());
    let key = state.lines[1].key;
    let effects = update(&mut state, Msg::Retry { line: key, key: "fresh".into() });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Call(_, Call::Create(..)))));
}

#[test]
fn a_refused_site_is_told_apart_from_a_lost_network() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    for _ in 0..2 {
        assert_eq!(update(&mut state, Msg::Handshaken(Err(Failure::network()))), [Effect::Probe]);
        update(&mut state, Msg::Probed(true));
        update(&mut state, Msg::Timer(Timer::Handshake));
    }
    assert_eq!(state.screen(), Screen::Broken);
    assert!(state.told().0.contains("https://shop.example"));
    let mut state = State::new(settings(), None, false);
    update(&mut state, Msg::Start);
    update(&mut state, Msg::Handshaken(Err(Failure::network())));
    update(&mut state, Msg::Probed(false));
    assert_eq!(state.told(), (state.texts.unreachable, true));
    assert_eq!(update(&mut state, Msg::Online(true)), [Effect::Handshake(None)]);
}

fn resumed(running: bool) -> (State, Vec<Effect>) {
    let stored =
        Stored { session_id: "ses_1".into(), secret: "s".into(), chatbot_id: "demo".into() };
    let mut state = State::new(settings(), Some(stored), true);
    update(&mut state, Msg::Start);
    let mut data = data(Some("Terms"));
    let session = SessionSnapshot {
        session_id: SessionId::from_u128(1),
        chatbot_id: "demo".into(),
        status: SessionStatus::Open,
        messages: vec![view(1, Author::Visitor, "hi", MessageStatus::Complete)],
        running_turn: running.then_some(turn(9)),
        last_seq: 2,
    };
    data.natter = Some(HandshakeExtras { session: Some(session), ..HandshakeExtras::default() });
    let effects = update(&mut state, shaken(data));
    (state, effects)
}

#[test]
fn a_reload_brings_the_conversation_back_and_attaches_to_the_running_answer() {
    let (mut state, effects) = resumed(true);
    assert_eq!(state.screen(), Screen::Chat, "the terms were accepted in this conversation");
    assert_eq!(streams(&effects), [(Ask::Resume, None)]);
    parts(&mut state, begin());
    parts(&mut state, vec![delta("Hello"), finish()]);
    assert_eq!(
        state.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
        ["hi", "Hello"]
    );
    assert_eq!(state.unread, 1, "the panel is closed");
}

#[test]
fn an_answer_that_ended_meanwhile_is_read_from_the_log() {
    let (mut state, _) = resumed(true);
    let number = number(&state);
    let effects = update(&mut state, Msg::Ended { number, result: Ok(StreamEnd::Nothing) });
    assert_eq!(effects, [Effect::Call(0, Call::Events(2))]);
    let answer = view(2, Author::Assistant, "Whole", MessageStatus::Complete);
    let log = vec![
        event(3, EventKind::Message { message: answer }),
        event(4, EventKind::TurnEnded { turn_id: turn(9) }),
    ];
    assert_eq!(events(&mut state, log), []);
    assert_eq!(state.lines.len(), 2);
    assert_eq!(
        (state.lines[1].text.as_str(), &state.lines[1].progress),
        ("Whole", &Progress::Complete)
    );
}

#[test]
fn another_tab_s_question_appears_and_its_answer_streams_here_too() {
    let (mut state, _) = resumed(false);
    assert_eq!(update(&mut state, Msg::Elsewhere), [Effect::Call(0, Call::Events(2))]);
    let mut question = view(5, Author::Visitor, "other tab", MessageStatus::Complete);
    question.turn_id = Some(turn(10));
    let log = vec![
        event(3, EventKind::Message { message: question }),
        event(4, EventKind::TurnStarted { turn_id: turn(10) }),
    ];
    let effects = events(&mut state, log);
    assert_eq!(streams(&effects), [(Ask::Resume, None)]);
    assert_eq!(state.lines[1].text, "other tab");
}

#[test]
fn events_are_merged_over_what_is_shown_and_never_doubled() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("Hello"), finish()]);
    let mut question = view(1, Author::Visitor, "hi", MessageStatus::Complete);
    question.client_message_id = Some("key-hi".into());
    let answer = view(2, Author::Assistant, "Hello", MessageStatus::Complete);
    let log = || {
        vec![
            event(1, EventKind::Message { message: question.clone() }),
            event(2, EventKind::TurnStarted { turn_id: turn(9) }),
            event(3, EventKind::Message { message: answer.clone() }),
            event(4, EventKind::TurnEnded { turn_id: turn(9) }),
            event(5, EventKind::Feedback { message_id: message(2), rating: Rating::Up }),
        ]
    };
    events(&mut state, log());
    events(&mut state, log());
    assert_eq!(state.lines.len(), 2);
    assert_eq!(
        (state.lines[1].rating, state.last_seq, state.is_busy()),
        (Some(Rating::Up), 5, false)
    );
}

#[test]
fn a_reset_asks_deletes_and_forgets() {
    let mut state = asked();
    parts(&mut state, begin());
    assert_eq!(update(&mut state, Msg::Reset), [Effect::Focus(Focus::Reset)]);
    assert_eq!(update(&mut state, Msg::Reset), [Effect::Call(0, Call::Delete)]);
    assert_eq!(update(&mut state, Msg::Reset), [], "once");
    assert_eq!(state.lines.len(), 2, "nothing goes before the server says so");
    let effects = update(&mut state, Msg::Reply(0, Call::Delete, Ok(Reply::Done)));
    assert!(effects.contains(&Effect::Keep(None)) && effects.contains(&Effect::Tell(Tell::Stored)));
    assert!(state.lines.is_empty() && state.session.is_none() && !state.is_busy());
    assert_eq!(
        update(&mut state, Msg::Reply(0, Call::Events(0), Err(Failure::network()))),
        [],
        "an old epoch's answer"
    );
}

#[test]
fn escape_closes_what_lies_on_top_first() {
    let mut state = asked();
    update(&mut state, Msg::Show(Dialog::Menu));
    assert_eq!(update(&mut state, Msg::Escape), [Effect::Focus(Focus::MenuButton)]);
    assert_eq!(update(&mut state, Msg::Escape), [Effect::Host(Host::Closed)]);
    assert!(!state.open);
}

#[test]
fn an_idle_panel_closes_only_when_nobody_needs_it() {
    let mut state = asked();
    assert_eq!(update(&mut state, Msg::Idle { attended: false }), [], "an answer is awaited");
    parts(&mut state, begin());
    parts(&mut state, vec![delta("x"), finish()]);
    assert_eq!(update(&mut state, Msg::Idle { attended: true }), []);
    assert_eq!(update(&mut state, Msg::Idle { attended: false }), [Effect::Host(Host::Idle)]);
}

#[test]
fn a_thumb_down_offers_a_comment_which_keeps_the_rating() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("x"), finish()]);
    let key = state.lines[1].key;
    update(&mut state, Msg::Rate(key, Rating::Down));
    assert_eq!(state.lines[1].comment, Comment::Open);
    let effects = update(&mut state, Msg::Comment(key, " wrong ".into()));
    assert!(
        matches!(&effects[0], Effect::Call(_, Call::Rate(body)) if body.comment.as_deref() == Some("wrong") && body.rating == Rating::Down)
    );
}

#[test]
fn the_contact_form_wants_a_way_to_reach_the_visitor_and_their_consent() {
    let mut state = asked();
    let form = |email: Option<&str>, tick| natter_shared::contact::ContactHandoff {
        email: email.map(String::from),
        consent_accepted: Some(tick),
        ..Default::default()
    };
    update(&mut state, Msg::Contact(form(None, true)));
    assert_eq!(state.contact.error, Some(state.texts.contact_missing));
    update(&mut state, Msg::Contact(form(Some("a@b.example"), false)));
    assert_eq!(state.contact.error, Some(state.texts.contact_unticked));
    let effects = update(&mut state, Msg::Contact(form(Some("a@b.example"), true)));
    assert!(matches!(effects[..], [Effect::Call(_, Call::Contact(_))]));
}

#[test]
fn several_chatbots_are_offered_in_their_order() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    let mut data = data(None);
    data.chatbots = vec![chatbot("b", 2), chatbot("a", 1), chatbot("c", 2)];
    update(&mut state, shaken(data));
    let ids: Vec<_> = state
        .config
        .iter()
        .flat_map(|config| &config.chatbots)
        .map(|card| card.chatbot_id.as_str())
        .collect();
    assert_eq!((ids, state.screen()), (vec!["a", "b", "c"], Screen::Pick));
    update(&mut state, Msg::Pick(1));
    assert_eq!((state.screen(), state.can_unpick()), (Screen::Chat, true));
    let effects = say(&mut state, "hi");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Call(_, Call::Create(id, _)) if id == "b"))
    );
}

#[test]
fn the_counter_appears_near_the_limit() {
    let texts = crate::i18n::texts("en");
    assert_eq!(counter(texts, 7_000), None);
    assert_eq!(counter(texts, 7_990), Some(("10 characters left".into(), false)));
    assert_eq!(counter(texts, 8_002), Some(("2 characters too many".into(), true)));
}
