//! A conversation that goes well.

use super::*;

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
    assert_eq!(say(&mut state, "hi"), []);
    let told = Effect::Host(Host::Emit("consent", "declined".into()));
    assert_eq!(update(&mut state, Msg::Consent(false)), [Effect::Focus(Focus::Screen), told]);
    assert_eq!(state.screen(), Screen::Declined);
    update(&mut state, Msg::Reconsider);
    assert_eq!(state.screen(), Screen::Consent);
    let effects = update(&mut state, Msg::Consent(true));
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
    let ask = Ask::Send {
        text: "hi".into(),
        key: "key- hi ".into(),
        replaces: None,
        files: String::new(),
    };
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
    assert_eq!(
        streams(&effects),
        [(
            Ask::Send {
                text: "later".into(),
                key: "k2".into(),
                replaces: None,
                files: String::new()
            },
            None
        )]
    );
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
    // Other tabs may read along from here on.
    assert_eq!(effects, [Effect::Tell(Tell::Changed)]);
    assert_eq!(
        (state.lines[0].id, &state.lines[0].progress),
        (Some(message(1)), &Progress::Complete)
    );
    let source = StreamPart::SourceUrl {
        source_id: "3".into(),
        url: "https://a.example/".into(),
        title: None,
        provider_metadata: None,
    };
    let answer = StreamPart::DataAnswer {
        data: AnswerData { answered: true, offer_contact: true, contact_reason: None },
    };
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
    assert_eq!(
        streams(&effects),
        [(
            Ask::Send {
                text: "hi".into(),
                key: "key-hi".into(),
                replaces: None,
                files: String::new()
            },
            None
        )]
    );
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
    assert_eq!(
        streams(&effects),
        [(
            Ask::Send {
                text: "hi".into(),
                key: "key-hi".into(),
                replaces: None,
                files: String::new()
            },
            None
        )]
    );
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
        errors: Vec::new(),
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
    events(&mut state, vec![event(1, EventKind::Message { message: Box::new(failed) })]);
    assert_eq!(state.lines.len(), 2);
}
