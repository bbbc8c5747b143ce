//! Files that go with a message. The rules know them by their ids alone.

use natter_shared::attachment::{AttachmentRules, AttachmentView};
use natter_shared::id::AttachmentId;

use super::*;

const ONE: &str = r#"["att_00000000000000000000000000000003"]"#;

fn sent(effects: &[Effect]) -> Vec<String> {
    let files = |(ask, _): (Ask, _)| match ask {
        Ask::Send { files, .. } => Some(files),
        _ => None,
    };
    streams(effects).into_iter().filter_map(files).collect()
}

#[test]
fn files_go_with_the_next_message_and_with_no_other() {
    let mut state = ready();
    update(&mut state, Msg::Files(ONE.into()));
    let effects = say(&mut state, "hi");
    let effects = open_session(&mut state, &effects);
    assert_eq!(sent(&effects), [ONE]);
    assert_eq!(state.lines[0].files, ONE);
    parts(&mut state, begin());
    parts(&mut state, vec![delta("Hello"), finish()]);
    assert_eq!(sent(&say(&mut state, "more")), [""]);
}

#[test]
fn a_file_goes_without_words_and_words_without_a_file_but_nothing_does_not() {
    let mut state = ready();
    assert!(say(&mut state, " ").is_empty());
    update(&mut state, Msg::Files(ONE.into()));
    let effects = say(&mut state, " ");
    let effects = open_session(&mut state, &effects);
    assert_eq!(sent(&effects), [ONE]);
    assert_eq!((state.lines[0].text.as_str(), state.lines[0].files.as_str()), ("", ONE));
}

#[test]
fn a_message_that_is_repeated_has_the_same_files_and_one_that_is_stopped_gives_them_back() {
    let mut state = ready();
    update(&mut state, Msg::Files(ONE.into()));
    let effects = say(&mut state, "hi");
    open_session(&mut state, &effects);
    lost(&mut state);
    let number = number(&state);
    let effects = update(&mut state, Msg::Timer(Timer::Stream(number)));
    assert_eq!(sent(&effects), [ONE]);
    update(&mut state, Msg::Online(false));
    lost(&mut state);
    update(&mut state, Msg::Stop);
    assert!(state.lines.is_empty());
    assert_eq!(state.files, ONE);
}

#[test]
fn a_message_that_was_refused_takes_its_files_along_when_it_is_tried_again() {
    let mut state = ready();
    update(&mut state, Msg::Files(ONE.into()));
    let effects = say(&mut state, "hi");
    open_session(&mut state, &effects);
    refused(&mut state, 400, "invalid");
    let line = state.lines[1].key;
    let effects = update(&mut state, Msg::Retry { line, key: "other".into() });
    assert_eq!(sent(&effects), [ONE]);
}

#[test]
fn a_conversation_is_opened_for_a_file_once_and_never_before_the_terms_were_accepted() {
    let create = |effects: &[Effect]| {
        effects.iter().filter(|effect| matches!(effect, Effect::Call(_, Call::Create(..)))).count()
    };
    let mut state = ready();
    state.terms = Some("Terms".into());
    assert_eq!(update(&mut state, Msg::Begin("key".into())), []);
    state.consent = Consent::Accepted;
    let effects = update(&mut state, Msg::Begin("key".into()));
    assert_eq!(create(&effects), 1);
    assert_eq!(update(&mut state, Msg::Begin("other".into())), []);
    // A message that is sent meanwhile waits for it.
    assert_eq!(create(&say(&mut state, "hi")), 0);
    let effects = open_session(&mut state, &effects);
    assert_eq!(streams(&effects).len(), 1);
    assert_eq!(update(&mut state, Msg::Begin("third".into())), []);
}

#[test]
fn a_visitor_is_told_when_no_conversation_can_be_opened_for_a_file() {
    let mut state = ready();
    let effects = update(&mut state, Msg::Begin("key".into()));
    let Some(Effect::Call(epoch, call)) = effects.into_iter().next() else { panic!("no call") };
    let failure = Failure { status: 429, ..Failure::default() };
    update(&mut state, Msg::Reply(epoch, call, Err(failure)));
    assert!(state.notice.is_some() && !state.creating);
}

#[test]
fn files_that_were_sent_are_shown_though_the_owner_takes_none_any_more() {
    let (mut state, _) = super::setbacks::resumed(false);
    update(&mut state, Msg::Open);
    assert!(!link::equip(&state).contains(&Effect::Part("files")));
    state.lines[0].files = ONE.into();
    assert!(link::equip(&state).contains(&Effect::Part("files")));
}

#[test]
fn the_part_for_files_is_asked_for_when_a_panel_is_shown_whose_owner_takes_them() {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    let extras = HandshakeExtras {
        attachments: Some(AttachmentRules::default()),
        ..HandshakeExtras::default()
    };
    let effects = update(&mut state, shaken(HandshakeData { natter: Some(extras), ..data(None) }));
    assert!(!effects.contains(&Effect::Part("files")), "{effects:?}");
    let effects = update(&mut state, Msg::Open);
    assert!(effects.contains(&Effect::Part("files")), "{effects:?}");
}

#[test]
fn stored_messages_bring_their_files_and_whoever_logs_out_leaves_none() {
    let mut state = ready();
    state.session =
        Some(Stored { session_id: "ses_1".into(), secret: "s".into(), chatbot_id: "demo".into() });
    let mut message = view(1, Author::Visitor, "hi", MessageStatus::Complete);
    for id in [3, 4] {
        message.attachments.push(AttachmentView {
            attachment_id: AttachmentId::from_u128(id),
            name: "n".into(),
            media_type: "image/png".into(),
            bytes: 1,
            url: "/u".into(),
        });
    }
    let kind = EventKind::Message { message: Box::new(message) };
    events(&mut state, vec![event(1, kind)]);
    let ids: Vec<String> = serde_json::from_str(&state.lines[0].files).unwrap();
    assert_eq!(ids, [3, 4].map(|id| AttachmentId::from_u128(id).text()));
    update(&mut state, Msg::Files(ONE.into()));
    let effects = update(&mut state, Msg::Logout);
    assert!(state.files.is_empty() && effects.contains(&Effect::Leave));
}
