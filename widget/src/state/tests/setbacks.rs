//! A conversation that meets with obstacles.

use super::*;
use crate::i18n::Word;

#[test]
fn an_expired_token_is_renewed_and_the_call_repeated_but_not_for_ever() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("x"), finish()]);
    let expired = || Failure { status: 401, code: "token_expired".into(), ..Failure::default() };
    for _ in 0..2 {
        let effects = update(&mut state, Msg::Reply(0, Call::Expand, Err(expired())));
        assert!(
            matches!(&effects[..], [Effect::Handshake(Some(resume))] if resume.secret == "secret")
        );
        let effects = update(&mut state, shaken(data(None)));
        assert!(effects.contains(&Effect::Call(0, Call::Expand)), "{effects:?}");
    }
    let effects = update(&mut state, Msg::Reply(0, Call::Expand, Err(expired())));
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
        matches!(&state.lines[1].progress, Progress::Failed(trouble) if trouble.word == Word::rate_limited)
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
    let told = Effect::Host(Host::Emit("refused", "origin".into()));
    for refused in [false, true] {
        assert_eq!(update(&mut state, Msg::Handshaken(Err(Failure::network()))), [Effect::Probe]);
        assert_eq!(update(&mut state, Msg::Probed(true)).contains(&told), refused);
        update(&mut state, Msg::Timer(Timer::Handshake));
    }
    assert_eq!(state.screen(), Screen::Broken);
    assert!(state.say(state.told().unwrap().word).contains("https://shop.example"));
    // A page without an origin can never be allowed: there is none to name.
    let mut state = State::new(Settings { origin: "null".into(), ..settings() }, None, true);
    update(&mut state, Msg::Start);
    let failure = Failure { status: 403, code: "origin_not_allowed".into(), ..Failure::default() };
    update(&mut state, Msg::Handshaken(Err(failure)));
    assert_eq!(state.told().unwrap().word, Word::refused);
    let mut state = State::new(settings(), None, false);
    update(&mut state, Msg::Start);
    update(&mut state, Msg::Handshaken(Err(Failure::network())));
    update(&mut state, Msg::Probed(false));
    assert_eq!(state.told(), Some(Notice { word: Word::unreachable, retry: true }));
    assert_eq!(update(&mut state, Msg::Online(true)), [Effect::Handshake(None)]);
}

pub(super) fn resumed(running: bool) -> (State, Vec<Effect>) {
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
        identity: None,
        consent_withdrawn: false,
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
        event(3, EventKind::Message { message: Box::new(answer) }),
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
        event(3, EventKind::Message { message: Box::new(question) }),
        event(4, EventKind::TurnStarted { turn_id: turn(10) }),
    ];
    let effects = events(&mut state, log);
    assert_eq!(streams(&effects), [(Ask::Resume, None)]);
    assert_eq!(state.lines[1].text, "other tab");
}

#[test]
fn another_tab_s_question_is_looked_for_with_the_conversation_s_own_token() {
    let mut state = ready();
    let stored =
        Stored { session_id: "ses_1".into(), secret: "s".into(), chatbot_id: "demo".into() };
    assert!(
        update(&mut state, Msg::Restored(Some(stored))).contains(&Effect::Draft(String::new()))
    );
    assert_eq!(update(&mut state, Msg::Elsewhere), []);
    let (_, effects) = resumed(false);
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Call(_, Call::Events(_)))));
    let mut data = data(None);
    let session = SessionSnapshot {
        session_id: SessionId::from_u128(1),
        chatbot_id: "demo".into(),
        status: SessionStatus::Open,
        messages: Vec::new(),
        running_turn: None,
        last_seq: 0,
        identity: None,
        consent_withdrawn: false,
    };
    data.natter = Some(HandshakeExtras { session: Some(session), ..HandshakeExtras::default() });
    let epoch = state.epoch;
    assert!(update(&mut state, shaken(data)).contains(&Effect::Call(epoch, Call::Events(0))));
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
            event(1, EventKind::Message { message: Box::new(question.clone()) }),
            event(2, EventKind::TurnStarted { turn_id: turn(9) }),
            event(3, EventKind::Message { message: Box::new(answer.clone()) }),
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
fn a_conversation_that_was_deleted_is_forgotten() {
    let mut state = asked();
    parts(&mut state, begin());
    update(&mut state, Msg::Show(Dialog::Part));
    let effects = update(&mut state, Msg::Cleared);
    assert!(effects.contains(&Effect::Leave), "the question goes with it");
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
    assert_eq!(update(&mut state, Msg::Escape), [Effect::Dismiss]);
    update(&mut state, Msg::Show(Dialog::None));
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
fn a_thumb_down_asks_for_the_part_that_asks_what_was_wrong() {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("x"), finish()]);
    let key = state.lines[1].key;
    let effects = update(&mut state, Msg::Rate(key, Rating::Up));
    assert!(!effects.contains(&Effect::Part("feedback")), "{effects:?}");
    let effects = update(&mut state, Msg::Rate(key, Rating::Down));
    assert!(effects.contains(&Effect::Part("feedback")), "{effects:?}");
    assert_eq!(state.disliked, state.lines[1].id.map(|id| (key, id)));
}

#[test]
fn what_a_part_draws_over_the_chat_outlives_the_closed_panel_but_not_the_conversation() {
    let mut state = asked();
    update(&mut state, Msg::Open);
    assert_eq!(update(&mut state, Msg::Part("contact")), [Effect::Part("contact")]);
    update(&mut state, Msg::Show(Dialog::Part));
    assert!(state.is_covered());
    update(&mut state, Msg::Close);
    update(&mut state, Msg::Open);
    assert!(state.is_covered());
    let effects = update(&mut state, Msg::Logout);
    assert!(effects.contains(&Effect::Leave), "{effects:?}");
    assert!(!state.is_covered());
}

#[test]
fn contact_details_that_were_left_are_asked_for_no_more() {
    let mut state = asked();
    let key = state.push(Author::Assistant, "No idea.".into(), Progress::Complete);
    state.line(key).unwrap().offer_contact = true;
    update(&mut state, Msg::Contacted);
    assert!(state.lines.iter().all(|line| !line.offer_contact));
    assert_eq!(state.notice.map(|notice| notice.word), Some(Word::contact_thanks));
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
    let texts = &crate::i18n::ENGLISH;
    assert_eq!(counter(texts, 7_000, 8_000), None);
    assert_eq!(counter(texts, 7_990, 8_000), Some(("10 characters left".into(), false)));
    assert_eq!(counter(texts, 8_002, 8_000), Some(("2 characters too many".into(), true)));
    assert_eq!(counter(texts, 50, 100), None);
    assert_eq!(counter(texts, 80, 100), Some(("20 characters left".into(), false)));
}

#[test]
fn the_owners_limit_goes_before_the_usual_one() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    let mut data = data(None);
    data.natter =
        Some(HandshakeExtras { max_message_chars: Some(5), ..HandshakeExtras::default() });
    update(&mut state, shaken(data));
    assert_eq!(say(&mut state, "123456"), []);
    assert_ne!(say(&mut state, "12345"), []);
}

/// A handshake's answer with terms and their hash.
pub(super) fn terms(text: &str) -> HandshakeData {
    let mut data = data(Some(text));
    let consent_hash = Some(format!("hash of {text}"));
    data.natter = Some(HandshakeExtras { consent_hash, ..HandshakeExtras::default() });
    data
}

/// The hash that a session is opened with.
fn accepted(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::Call(_, Call::Create(_, body)) => body.consent_hash.clone(),
        _ => None,
    })
}

#[test]
fn terms_that_changed_are_shown_and_the_held_message_goes_on_when_they_are_accepted() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    update(&mut state, shaken(terms("old")));
    update(&mut state, Msg::Consent(true));
    let effects = say(&mut state, "hi");
    assert_eq!(accepted(&effects).as_deref(), Some("hash of old"));
    let create = effects.into_iter().find_map(|effect| match effect {
        Effect::Call(_, call @ Call::Create(..)) => Some(call),
        _ => None,
    });
    let outdated = Failure { status: 409, code: "consent_outdated".into(), ..Failure::default() };
    let effects = update(&mut state, Msg::Reply(0, create.unwrap(), Err(outdated)));
    assert_eq!(effects, [Effect::Handshake(None)]);
    assert_eq!(state.screen(), Screen::Connecting, "nobody accepts what is out of date");
    update(&mut state, shaken(terms("new")));
    assert_eq!((state.screen(), state.terms.as_deref()), (Screen::Consent, Some("new")));
    assert!(state.lines.is_empty() && state.renewed);
    update(&mut state, Msg::Consent(false));
    update(&mut state, Msg::Reconsider);
    let effects = update(&mut state, Msg::Consent(true));
    assert_eq!(accepted(&effects).as_deref(), Some("hash of new"));
    let effects = open_session(&mut state, &effects);
    let [(Ask::Send { text, key, .. }, None)] = &streams(&effects)[..] else { panic!("not sent") };
    assert_eq!((text.as_str(), key.as_str()), ("hi", "key-hi"));
}

#[test]
fn terms_that_changed_before_a_conversation_was_begun_are_asked_about_again() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    update(&mut state, shaken(terms("old")));
    update(&mut state, Msg::Consent(true));
    update(&mut state, Msg::Reconnect);
    update(&mut state, shaken(terms("new")));
    assert_eq!(state.screen(), Screen::Consent);
    // And so when the conversation in which they were accepted is gone.
    let (mut state, _) = resumed(false);
    update(&mut state, Msg::Reconnect);
    let mut data = terms("new");
    let gone = r#"{"type":"","title":"","status":403,"code":"session_gone"}"#;
    data.natter = data.natter.map(|extras| HandshakeExtras {
        resume_refused: serde_json::from_str(gone).ok(),
        ..extras
    });
    update(&mut state, shaken(data));
    assert_eq!((state.screen(), state.lines.len()), (Screen::Consent, 1));
}

#[test]
fn a_conversation_that_is_older_than_its_terms_asks_for_them_and_goes_on() {
    let (mut state, _) = resumed(false);
    say(&mut state, "more");
    let effects = refused(&mut state, 400, "consent_required");
    assert!(matches!(effects[..], [Effect::Handshake(Some(_))]));
    let (other, _) = resumed(false);
    let mut data = terms("new");
    data.natter = data.natter.map(|extras| HandshakeExtras {
        session: Some(SessionSnapshot {
            session_id: SessionId::from_u128(1),
            chatbot_id: "demo".into(),
            status: SessionStatus::Open,
            messages: Vec::new(),
            running_turn: None,
            last_seq: other.last_seq,
            identity: None,
            consent_withdrawn: false,
        }),
        ..extras
    });
    update(&mut state, shaken(data));
    assert_eq!(state.screen(), Screen::Consent, "being back in the session is no consent");
    let effects = update(&mut state, Msg::Consent(true));
    assert_eq!(streams(&effects).len(), 1);
}

#[test]
fn a_message_of_the_pages_script_waits_for_the_terms_and_is_sent_then() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    update(&mut state, Msg::Send { text: "hi".into(), key: "k".into() });
    assert_eq!(accepted(&update(&mut state, shaken(terms("t")))), None);
    let effects = update(&mut state, Msg::Consent(true));
    assert!(accepted(&effects).is_some());
}

#[test]
fn an_unanswered_question_offers_contact_again_after_a_reload() {
    let (mut state, _) = resumed(false);
    let mut answer = view(2, Author::Assistant, "I cannot find that.", MessageStatus::Complete);
    answer.offer_contact = true;
    events(&mut state, vec![event(3, EventKind::Message { message: Box::new(answer) })]);
    assert!(state.lines[1].offer_contact);
}
