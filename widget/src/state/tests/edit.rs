//! Wording a question anew, and having it answered once more.

use super::*;

/// A visitor who has asked "hi" and got "hello".
fn answered() -> State {
    let mut state = asked();
    parts(&mut state, begin());
    parts(&mut state, vec![delta("hello"), finish()]);
    state
}

/// Words the line at a place anew.
fn edit(state: &mut State, at: usize) -> Vec<Effect> {
    let line = Some(state.lines[at].key);
    update(state, Msg::Edit(line, String::from("Half a")))
}

fn shown(state: &State) -> Vec<&str> {
    state.lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn the_newest_question_is_worded_anew_in_the_composer() {
    let mut state = answered();
    let effects = edit(&mut state, 0);
    assert_eq!(effects, [Effect::Draft("hi".into()), Effect::Focus(Focus::Composer)]);
    assert_eq!(shown(&state), ["hi", "hello"], "nothing goes before it is sent");
    let effects = say(&mut state, "hi there");
    let replaces = Some(message(1));
    let ask = Ask::Send {
        text: "hi there".into(),
        key: "key-hi there".into(),
        replaces,
        files: String::new(),
    };
    assert_eq!(streams(&effects), [(ask, None)]);
    assert_eq!(shown(&state), ["hi there", ""]);
}

#[test]
fn escape_leaves_the_question_as_it_is_and_brings_back_what_was_typed_before() {
    let mut state = answered();
    edit(&mut state, 0);
    let effects = update(&mut state, Msg::Escape);
    assert_eq!(effects, [Effect::Draft("Half a".into()), Effect::Focus(Focus::Composer)]);
    assert!(state.open && state.editing.is_none());
    let effects = say(&mut state, "more");
    let ask = Ask::Send {
        text: "more".into(),
        key: "key-more".into(),
        replaces: None,
        files: String::new(),
    };
    assert_eq!(streams(&effects), [(ask, None)]);
    assert_eq!(shown(&state), ["hi", "hello", "more", ""]);
}

#[test]
fn a_question_that_is_refused_gives_back_what_it_took_the_place_of() {
    let mut state = answered();
    edit(&mut state, 0);
    say(&mut state, "hi there");
    let effects = refused(&mut state, 409, "not_replaceable");
    assert!(effects.contains(&Effect::Draft("hi there".into())));
    assert_eq!(shown(&state), ["hi", "hello"]);
}

#[test]
fn what_was_replaced_does_not_come_back_once_the_server_has_the_question() {
    let mut state = answered();
    edit(&mut state, 0);
    say(&mut state, "hi there");
    let (start, turn) = (StreamPart::Start { message_id: message(4) }, turn(10));
    let data = TurnData { turn_id: turn, question_id: message(3) };
    parts(&mut state, vec![start, StreamPart::DataTurn { data }]);
    assert!(state.undone.is_empty());
    assert_eq!(state.lines[0].id, Some(message(3)));
}

#[test]
fn an_older_question_or_one_that_is_being_answered_stays() {
    let mut state = asked();
    edit(&mut state, 0);
    assert!(state.editing.is_none(), "it is being answered");
    let mut state = answered();
    let first = state.lines[0].key;
    say(&mut state, "more");
    let data = TurnData { turn_id: turn(10), question_id: message(3) };
    let begin = vec![StreamPart::Start { message_id: message(4) }, StreamPart::DataTurn { data }];
    parts(&mut state, begin);
    parts(&mut state, vec![delta("yes"), finish()]);
    update(&mut state, Msg::Edit(Some(first), String::new()));
    assert!(state.editing.is_none(), "it is not the newest");
}

#[test]
fn another_tab_sees_a_question_in_other_words_in_the_place_of_the_old_one() {
    let mut state = answered();
    let mut question = view(3, Author::Visitor, "hi there", MessageStatus::Complete);
    question.parent_id = Some(message(1));
    question.turn_id = Some(turn(10));
    events(&mut state, vec![event(3, EventKind::Message { message: Box::new(question) })]);
    assert_eq!(shown(&state), ["hi there"]);
}

#[test]
fn another_answer_takes_the_place_of_the_first() {
    let mut state = answered();
    let key = state.lines[1].key;
    let effects = update(&mut state, Msg::Retry { line: key, key: "again".into() });
    assert_eq!(streams(&effects), [(Ask::Again { turn: turn(9), key: "again".into() }, None)]);
    assert_eq!(shown(&state), ["hi", ""]);
    // In another tab it comes with the log.
    let mut state = answered();
    let mut other = view(5, Author::Assistant, "hello again", MessageStatus::Complete);
    (other.parent_id, other.turn_id) = (Some(message(1)), Some(turn(10)));
    events(&mut state, vec![event(4, EventKind::Message { message: Box::new(other) })]);
    assert_eq!(shown(&state), ["hi", "hello again"]);
}

#[test]
fn another_answer_is_offered_where_it_can_be_given_and_failures_have_their_own_button() {
    let mut state = answered();
    assert!(state.may_regenerate(&state.lines[1]));
    state.finished = true;
    assert!(!state.may_regenerate(&state.lines[1]), "the conversation has ended");
    let mut state = asked();
    parts(&mut state, begin());
    assert!(!state.may_regenerate(&state.lines[1]), "it is being written");
    refused(&mut state, 500, "internal");
    state.lines[1].progress = Progress::Interrupted;
    assert!(!state.may_regenerate(&state.lines[1]), "it is tried again instead");
}

#[test]
fn a_draft_is_back_in_the_composer_after_the_edited_question_was_sent() {
    let mut state = answered();
    edit(&mut state, 0);
    let effects = say(&mut state, "Other words");
    assert!(effects.contains(&Effect::Draft("Half a".into())));
    let effects = say(&mut state, "And then?");
    assert!(!effects.contains(&Effect::Draft("Half a".into())), "once");
}
