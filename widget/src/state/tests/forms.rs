//! Forms and questions around a conversation: before it, below an answer, and at its end.

use natter_shared::contact::ContactForm;
use natter_shared::stream::SuggestionsData;

use super::*;

/// A visitor of an owner who wants to know who asks, and at the end how it was.
fn curious() -> State {
    let mut state = State::new(settings(), None, true);
    update(&mut state, Msg::Start);
    let extras = HandshakeExtras {
        contact_form: Some(ContactForm::default()),
        csat: true,
        ..HandshakeExtras::default()
    };
    update(&mut state, shaken(HandshakeData { natter: Some(extras), ..data(None) }));
    update(&mut state, Msg::Open);
    state
}

#[test]
fn a_form_before_the_first_question_keeps_it_until_the_form_is_done_with() {
    let mut state = curious();
    assert_eq!(say(&mut state, "hi"), [Effect::Part("contact")]);
    assert!(state.lines.is_empty(), "nothing is asked yet");
    // Whoever closes the form and asks in other words is asked again, and asks once.
    assert_eq!(say(&mut state, "hello"), [Effect::Part("contact")]);
    let effects = update(&mut state, Msg::Passed);
    let effects = open_session(&mut state, &effects);
    let ask = Ask::Send {
        text: "hello".into(),
        key: "key-hello".into(),
        replaces: None,
        files: String::new(),
    };
    assert_eq!(streams(&effects), [(ask, None)]);
}

#[test]
fn the_next_visitor_is_asked_for_the_form_again() {
    let mut state = curious();
    say(&mut state, "hi");
    let effects = update(&mut state, Msg::Passed);
    open_session(&mut state, &effects);
    update(&mut state, Msg::Logout);
    let extras = HandshakeExtras {
        contact_form: Some(ContactForm::default()),
        ..HandshakeExtras::default()
    };
    update(&mut state, shaken(HandshakeData { natter: Some(extras), ..data(None) }));
    assert_eq!(say(&mut state, "hi"), [Effect::Part("contact")]);
}

#[test]
fn the_end_of_a_conversation_asks_what_it_was_like_where_the_owner_wants_to_know() {
    for mut state in [curious(), asked()] {
        let asked = state.csat;
        let effects = update(&mut state, Msg::Finished);
        assert_eq!(effects.contains(&Effect::Part("rating")), asked, "{effects:?}");
    }
}

#[test]
fn what_may_be_asked_next_belongs_to_its_answer_and_goes_with_it() {
    let mut state = asked();
    parts(&mut state, begin());
    let suggestions = vec![String::from("And on Sunday?")];
    let data = SuggestionsData { suggestions: suggestions.clone() };
    parts(&mut state, vec![delta("x"), StreamPart::DataSuggestions { data }, finish()]);
    assert_eq!(state.lines[1].suggestions, suggestions);
    let line = state.lines[1].key;
    update(&mut state, Msg::Retry { line, key: "k".into() });
    assert!(state.lines[1].suggestions.is_empty());
}
