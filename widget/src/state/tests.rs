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
        parent_id: None,
        client_message_id: None,
        sources: Vec::new(),
        answered: None,
        offer_contact: false,
        contact_reason: None,
        suggestions: Vec::new(),
        error_code: None,
        rating: None,
        attachments: Vec::new(),
        context: None,
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

mod conversation;
mod edit;
mod files;
mod forms;
mod page;
mod setbacks;
