//! What a page's own script says: who the visitor is, that they are gone, where the chat stands.

use super::setbacks::{resumed, terms};
use super::*;

fn calls(effects: &[Effect]) -> Vec<&Call> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Call(_, call) = effect { Some(call) } else { None })
        .collect()
}

#[test]
fn an_identity_waits_for_the_session_and_goes_to_one_that_is_there() {
    let mut state = ready();
    assert!(update(&mut state, Msg::Identify("{}".into())).is_empty());
    let effects = say(&mut state, "Hello");
    let effects = open_session(&mut state, &effects);
    assert!(calls(&effects).is_empty(), "the session was opened with it");
    let effects = update(&mut state, Msg::Identify("{\"a\":1}".into()));
    assert_eq!(calls(&effects), [&Call::Identify]);
    assert_eq!(state.settings.identity.as_deref(), Some("{\"a\":1}"));
}

#[test]
fn an_identity_that_comes_while_the_session_is_opened_follows_it() {
    let mut state = ready();
    let effects = say(&mut state, "Hello");
    assert!(update(&mut state, Msg::Identify("{}".into())).is_empty());
    let effects = open_session(&mut state, &effects);
    assert_eq!(calls(&effects), [&Call::Identify]);
}

#[test]
fn a_refused_proof_does_not_keep_a_visitor_from_asking() {
    let mut state = ready();
    update(&mut state, Msg::Identify("{}".into()));
    let effects = say(&mut state, "Hello");
    let create = (*calls(&effects)[0]).clone();
    let refused = Failure { status: 403, code: "identity_invalid".into(), ..Failure::default() };
    let epoch = state.epoch;
    let effects = update(&mut state, Msg::Reply(epoch, create.clone(), Err(refused.clone())));
    assert!(matches!(calls(&effects)[..], [Call::Create(..)]), "it is opened without");
    assert!(effects.contains(&Effect::Host(Host::Emit("error", "identity_invalid".into()))));
    assert_eq!(state.settings.identity, None);
    // Without an identity such a refusal is one like any other.
    let effects = update(&mut state, Msg::Reply(epoch, create, Err(refused)));
    assert!(calls(&effects).is_empty());
}

#[test]
fn a_conversation_that_is_another_users_is_not_shown_any_longer() {
    let mut state = asked();
    update(&mut state, Msg::Identify("{}".into()));
    let epoch = state.epoch;
    let other = Failure { status: 409, code: "identity_mismatch".into(), ..Failure::default() };
    let effects = update(&mut state, Msg::Reply(epoch, Call::Identify, Err(other)));
    assert!(state.lines.is_empty() && state.session.is_none());
    assert!(effects.contains(&Effect::Keep(None)));
    assert_eq!(state.settings.identity.as_deref(), Some("{}"), "the next one is opened with it");
}

#[test]
fn a_log_out_leaves_nothing_and_asks_for_a_token_of_nobody() {
    let mut state = ready();
    update(&mut state, Msg::Identify("{}".into()));
    update(&mut state, Msg::Page(Some("{}".into())));
    let effects = say(&mut state, "A secret");
    open_session(&mut state, &effects);
    let effects = update(&mut state, Msg::Logout);
    assert!(state.lines.is_empty() && state.session.is_none() && state.run.is_none());
    assert!(state.token.is_none() && state.settings.identity.is_none() && state.context.is_none());
    for wanted in [
        Effect::Drop,
        Effect::Draft(String::new()),
        Effect::Keep(None),
        Effect::Tell(Tell::Stored),
        Effect::Handshake(None),
    ] {
        assert!(effects.contains(&wanted), "{wanted:?}");
    }
}

#[test]
fn a_conversation_that_comes_back_after_a_log_out_is_not_shown() {
    let session_id = SessionId::from_u128(1);
    let stored = Stored {
        session_id: session_id.to_string(),
        secret: "s".into(),
        chatbot_id: "demo".into(),
    };
    let mut state = State::new(settings(), Some(stored), true);
    update(&mut state, Msg::Start);
    update(&mut state, Msg::Logout);
    let mut late = data(None);
    let snapshot = SessionSnapshot {
        session_id,
        chatbot_id: "demo".into(),
        status: SessionStatus::Finished,
        messages: vec![view(1, Author::Visitor, "A secret", MessageStatus::Complete)],
        running_turn: None,
        last_seq: 1,
        identity: None,
        consent_withdrawn: false,
    };
    late.natter = Some(HandshakeExtras { session: Some(snapshot), ..HandshakeExtras::default() });
    update(&mut state, shaken(late));
    assert!(state.lines.is_empty() && !state.finished && state.session.is_none());
}

#[test]
fn a_question_keeps_what_the_page_said_when_it_was_asked() {
    let mut state = ready();
    update(&mut state, Msg::Page(Some("{\"url\":\"a\"}".into())));
    say(&mut state, "Hello");
    update(&mut state, Msg::Page(Some("{\"url\":\"b\"}".into())));
    say(&mut state, "Not yet");
    assert_eq!(state.context.as_deref(), Some("{\"url\":\"a\"}"));
}

#[test]
fn a_part_of_a_page_is_always_open_and_leaves_the_focus_where_it_is() {
    let mut state = State::new(Settings { mode: Mode::Inline, ..settings() }, None, true);
    update(&mut state, Msg::Start);
    let effects = update(&mut state, shaken(data(None)));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Focus(_))));
    assert!(update(&mut state, Msg::Close).is_empty() && state.open);
    assert!(update(&mut state, Msg::Idle { attended: false }).is_empty() && state.open);
    assert_eq!(update(&mut state, Msg::Open), [Effect::Focus(Focus::Screen)]);
}

/// A visitor whom the page named, and whose earlier conversation has come back.
fn returned() -> State {
    let session_id = SessionId::from_u128(1);
    let stored = Stored {
        session_id: session_id.to_string(),
        secret: "s".into(),
        chatbot_id: "demo".into(),
    };
    let identity = Some(String::from("{}"));
    let mut state = State::new(Settings { identity, ..settings() }, Some(stored), true);
    update(&mut state, Msg::Start);
    let mut back = data(None);
    let snapshot = SessionSnapshot {
        session_id,
        chatbot_id: "demo".into(),
        status: SessionStatus::Open,
        messages: vec![view(1, Author::Visitor, "A secret", MessageStatus::Complete)],
        running_turn: None,
        last_seq: 1,
        identity: None,
        consent_withdrawn: false,
    };
    back.natter = Some(HandshakeExtras { session: Some(snapshot), ..HandshakeExtras::default() });
    let effects = update(&mut state, shaken(back));
    assert_eq!(calls(&effects), [&Call::Identify]);
    assert!(state.lines.is_empty() && state.screen() == Screen::Connecting);
    state
}

#[test]
fn a_conversation_that_comes_back_is_shown_once_it_is_known_to_be_the_users() {
    let mut state = returned();
    assert!(update(&mut state, Msg::Elsewhere).is_empty(), "nor by way of another tab");
    update(&mut state, Msg::Send { text: "And now?".into(), key: "k".into() });
    let epoch = state.epoch;
    update(&mut state, Msg::Reply(epoch, Call::Identify, Ok(Reply::Done)));
    let texts: Vec<_> = state.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["A secret", "And now?", ""]);
}

#[test]
fn a_conversation_that_comes_back_is_never_shown_to_another_user() {
    for (status, code) in [(409, "identity_mismatch"), (403, "identity_invalid")] {
        let mut state = returned();
        update(&mut state, Msg::Send { text: "And now?".into(), key: "k".into() });
        let epoch = state.epoch;
        let refused = Failure { status, code: code.into(), ..Failure::default() };
        let effects = update(&mut state, Msg::Reply(epoch, Call::Identify, Err(refused)));
        assert!(effects.contains(&Effect::Keep(None)) && state.session.is_none());
        let effects = update(&mut state, shaken(data(None)));
        let texts: Vec<_> = state.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["And now?", ""], "the question begins a conversation of its own");
        assert!(matches!(calls(&effects)[..], [Call::Create(..)]));
    }
}

#[test]
fn whose_conversation_it_is_is_asked_again_when_nobody_answered() {
    let mut state = returned();
    let epoch = state.epoch;
    let effects = update(&mut state, Msg::Reply(epoch, Call::Identify, Err(Failure::network())));
    assert!(matches!(effects[..], [Effect::After(_, Timer::Handshake)]), "{effects:?}");
    assert!(state.session.is_some() && state.lines.is_empty());
}

#[test]
fn another_conversation_of_the_visitor_takes_the_place_of_this_one() {
    let mut state = asked();
    let stored =
        Stored { session_id: "ses_2".into(), secret: "s".into(), chatbot_id: "demo".into() };
    let effects = update(&mut state, Msg::Opened(Some(stored.clone())));
    assert!(state.lines.is_empty() && !state.is_busy());
    assert!(effects.contains(&Effect::Keep(Some(stored.clone()))));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Handshake(Some(_)))));
    assert!(update(&mut state, Msg::Opened(Some(stored))).is_empty(), "it is there already");
    assert!(update(&mut state, Msg::Opened(None)).is_empty());
}

#[test]
fn another_language_brings_the_owners_texts_in_it_where_there_are_any_and_leaves_the_rest_alone() {
    let german = |greeting: &str| {
        let mut data = data(None);
        data.chatbots[0].greeting = greeting.into();
        let languages = vec!["de".to_owned()];
        data.natter = Some(HandshakeExtras { languages, ..HandshakeExtras::default() });
        data
    };
    let greeting = |state: &State| state.chatbot().map(|chatbot| chatbot.greeting.clone());
    let texts = ready().texts;
    // Without translations nothing is asked for.
    let mut state = ready();
    let effects = update(&mut state, Msg::Locale("de".into(), texts));
    assert!(!effects.contains(&Effect::Handshake(None)), "{effects:?}");
    // With them, the texts follow, and what was asked stays.
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    update(&mut state, shaken(german("Hi")));
    update(&mut state, Msg::Submit { text: "why".into(), key: "k".into() });
    let lines = state.lines.clone();
    let effects = update(&mut state, Msg::Locale("de".into(), texts));
    assert!(effects.contains(&Effect::Handshake(None)), "{effects:?}");
    // Another wish meanwhile is asked for afterwards.
    assert_eq!(update(&mut state, Msg::Locale("fr".into(), texts)).len(), 2);
    let effects = update(&mut state, shaken(german("Hallo")));
    assert!(effects.contains(&Effect::Handshake(None)), "{effects:?}");
    assert_eq!(greeting(&state).as_deref(), Some("Hallo"));
    update(&mut state, shaken(german("Salut")));
    assert_eq!(greeting(&state).as_deref(), Some("Salut"));
    assert_eq!(state.lines, lines);
    // A new token alone changes nothing.
    update(&mut state, Msg::Renew);
    update(&mut state, shaken(german("Bonjour")));
    assert_eq!(greeting(&state).as_deref(), Some("Salut"));
}

#[test]
fn a_consent_that_was_taken_back_elsewhere_is_asked_for_again_and_claimed_only_when_given() {
    let back = |withdrawn| {
        let mut data = terms("old");
        data.natter = data.natter.map(|extras| HandshakeExtras {
            session: Some(SessionSnapshot {
                session_id: SessionId::from_u128(1),
                chatbot_id: "demo".into(),
                status: SessionStatus::Open,
                messages: vec![view(1, Author::Visitor, "hi", MessageStatus::Complete)],
                running_turn: None,
                last_seq: 2,
                identity: None,
                consent_withdrawn: withdrawn,
            }),
            ..extras
        });
        shaken(data)
    };
    let (mut state, _) = resumed(false);
    assert!(!state.agreed, "being back in the session is no consent");
    update(&mut state, Msg::Reconnect);
    update(&mut state, back(true));
    assert_eq!((state.screen(), state.renewed), (Screen::Consent, false));
    assert!(streams(&say(&mut state, "more")).is_empty(), "it waits");
    let effects = update(&mut state, Msg::Consent(true));
    assert!(state.agreed);
    assert_eq!(streams(&effects).len(), 1);
    // What the server says of before it has the message changes nothing.
    update(&mut state, Msg::Reconnect);
    update(&mut state, back(true));
    assert_eq!(state.screen(), Screen::Chat);
    parts(&mut state, begin());
    assert!(!state.agreed, "the server knows");
}
