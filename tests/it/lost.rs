//! Turns that the database has as running and nobody answers, because their end could not be stored.

use natter_server::store::{NewMessage, NewTurn, Store, TurnStatus};
use natter_shared::id::{SessionId, TurnId};
use natter_shared::message::{Author, MessageStatus};
use serde_json::json;

use crate::harness::{Database, Server, Visitor, on_both};

on_both!(
    a_turn_that_nobody_answers_does_not_keep_the_session_waiting,
    a_turn_that_nobody_answers_can_be_asked_for_again,
);

/// Leaves a question and its running turn in the database.
async fn lose_a_turn(database: &Database, server: &Server, visitor: &Visitor) -> TurnId {
    let store = Store::open(&database.url).await.unwrap();
    let id: SessionId = visitor.id().parse().unwrap();
    let session = store.read().await.unwrap().session(id).await.unwrap().unwrap();
    let (turn, organization, now) = (server.clock.id(), session.organization(), server.clock.now());
    let question = NewMessage {
        id: server.clock.id(),
        organization,
        session: id,
        parent: None,
        turn: Some(turn),
        author: Author::Visitor,
        body: "Where did you go?".into(),
        status: MessageStatus::Complete,
        sources: Vec::new(),
        answered: None,
        error_code: None,
        client_message_id: None,
        contact_reason: None,
        suggestions: Vec::new(),
        created_at: now,
        context: None,
        attachments: Vec::new(),
    };
    let lost = NewTurn {
        id: turn,
        organization,
        session: id,
        question: question.id,
        answer: server.clock.id(),
        retry_key: None,
        chatbot_version: 1,
        status: TurnStatus::Running,
        created_at: now,
    };
    let mut tx = store.write().await.unwrap();
    tx.insert_message(&question).await.unwrap();
    tx.insert_turn(&lost).await.unwrap();
    tx.checkpoint_turn(turn, "Back in a", &[]).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    turn
}

async fn a_turn_that_nobody_answers_does_not_keep_the_session_waiting(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    lose_a_turn(database, &server, &visitor).await;
    let read = visitor.resume(None).await.rest().await;
    assert_eq!(read.text(), "Back in a");
    assert_eq!(read.part("abort")["reason"], "interrupted");
    let answer = visitor.ask("How long does shipping take?").await;
    assert_eq!(answer.status, MessageStatus::Complete);
    let (interrupted, _) = &visitor.answers().await[0];
    assert_eq!(*interrupted, MessageStatus::Interrupted);
    let texts: Vec<_> = visitor.snapshot().await.messages.into_iter().map(|row| row.text).collect();
    assert_eq!(texts[..3], ["Where did you go?", "Back in a", "How long does shipping take?"]);
}

async fn a_turn_that_nobody_answers_can_be_asked_for_again(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let turn = lose_a_turn(database, &server, &visitor).await;
    let retry = visitor.post(&format!("/turns/{turn}/retry"), &json!({})).send().await.expect(200);
    assert_eq!(retry["status"], "complete");
}
