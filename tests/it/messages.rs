//! Questions: what is accepted, how the answer comes as JSON, and that each is answered exactly once.

use futures_util::future::join_all;
use natter_shared::message::{self, MessageStatus};
use serde_json::json;

use crate::harness::{Database, Server, Setup, on_both, with_model};

on_both!(
    an_answer_quotes_the_taught_page_and_names_it,
    what_the_content_does_not_answer_is_said_plainly,
    sources_are_hidden_when_the_owner_hides_them,
    a_question_that_is_no_question_is_refused,
    the_owners_own_limit_holds,
    consent_that_is_taken_back_is_refused,
    fifty_times_the_same_message_is_one_turn_and_one_call_of_the_provider,
    the_same_key_after_a_restart_is_still_the_same_turn,
    other_words_under_the_same_key_are_refused,
    the_same_key_in_another_session_is_another_message,
    two_questions_queue_and_a_third_is_refused,
    the_model_gets_the_history_and_the_passages,
);

async fn an_answer_quotes_the_taught_page_and_names_it(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await;
    assert!(answer.answer.contains("30 days"), "{}", answer.answer);
    assert!(answer.answered);
    assert_eq!(answer.status, MessageStatus::Complete);
    assert_eq!(answer.session_id.to_string(), visitor.id());
    let source = &answer.sources[0];
    assert_eq!((source.number, source.title.as_str()), (1, "Returns"));
    assert!(source.url.as_deref().unwrap().starts_with("https://shop.example/returns"));
    assert!(answer.answer.contains("[1]"), "{}", answer.answer);
}

async fn what_the_content_does_not_answer_is_said_plainly(database: &Database) {
    let server = Server::start(database).await;
    let answer = server.visitor("shop").await.ask("Which football team won in 1954?").await;
    assert!(!answer.answered);
    assert!(answer.sources.is_empty());
    assert!(!answer.answer.is_empty());
}

async fn sources_are_hidden_when_the_owner_hides_them(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("free").await;
    let answer = visitor.ask("How long do I have to return something?").await;
    assert!(answer.answered && answer.sources.is_empty(), "{answer:?}");
    let told = visitor.follow("How long do I have to return something?").await.rest().await;
    assert!(!told.kinds().iter().any(|kind| kind.starts_with("source")), "{:?}", told.kinds());
}

async fn a_question_that_is_no_question_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    for message in ["", " \n\t ", "a null\u{0}character", &"x".repeat(8_001), &"é".repeat(8_001)] {
        let refusal = visitor.question(message).send().await.refused(422, "invalid_field");
        assert_eq!(refusal["field"], "message");
    }
    for key in ["x".repeat(101), "null\u{0}".to_owned()] {
        let body = json!({ "message": "Hello", "client_message_id": key });
        visitor.post("/messages", &body).send().await.refused(422, "invalid_field");
    }
    let body = json!({ "message": "Hello", "locale": "x".repeat(36) });
    visitor.post("/messages", &body).send().await.refused(422, "invalid_field");
    assert_eq!(database.number("select count(*) from messages").await, 0);
    // The longest that is allowed, in characters and not in bytes.
    visitor.ask(&"é".repeat(8_000)).await;
}

async fn the_owners_own_limit_holds(database: &Database) {
    let file = crate::harness::shop().replace(
        "slug = \"shop\"\nname",
        "slug = \"shop\"\nlimits = { max_message_chars = 10 }\nname",
    );
    let server = Server::with(database, Setup { file: Some(file), ..Setup::default() }).await;
    let visitor = server.visitor("shop").await;
    let told = server.handshake("shop").await.data.natter.unwrap();
    assert_eq!(told.max_message_chars, Some(10));
    visitor.question("12345678901").send().await.refused(422, "invalid_field");
    visitor.ask("1234567890").await;
}

async fn consent_that_is_taken_back_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let body = json!({ "message": "Hello", "consent_accepted": false });
    visitor.post("/messages", &body).send().await.refused(400, "consent_required");
    assert_eq!(database.number("select count(*) from messages").await, 0);
    let body = json!({ "message": "Hello", "consent_accepted": true });
    visitor.post("/messages", &body).send().await.expect(200);
}

async fn fifty_times_the_same_message_is_one_turn_and_one_call_of_the_provider(
    database: &Database,
) {
    let (provider, _server, visitor) = with_model(database, "tokens:10:5").await;
    let body = json!({ "message": "Hello", "client_message_id": "one" });
    let answers = join_all((0..50).map(|_| visitor.post("/messages", &body).send())).await;
    let answers: Vec<message::Answer> = answers.iter().map(|answer| answer.typed(200)).collect();
    for answer in &answers {
        assert_eq!(answer.turn_id, answers[0].turn_id);
        assert_eq!(answer.message_id, answers[0].message_id);
        assert_eq!(answer.answer, answers[0].answer);
    }
    assert_eq!(provider.requests(), 1);
    assert_eq!(database.number("select count(*) from messages").await, 2);
    assert_eq!(database.number("select count(*) from turns").await, 1);
}

async fn the_same_key_after_a_restart_is_still_the_same_turn(database: &Database) {
    let (provider, server, visitor) = with_model(database, "tokens:5").await;
    let body = json!({ "message": "Hello", "client_message_id": "one" });
    let before: message::Answer = visitor.post("/messages", &body).send().await.typed(200);
    server.end().await;
    let server = Server::with(database, Setup { file: None, ..Setup::default() }).await;
    let visitor = visitor.at(&server.wire);
    let after: message::Answer = visitor.post("/messages", &body).send().await.typed(200);
    assert_eq!((after.turn_id, after.answer), (before.turn_id, before.answer));
    let told = visitor.post("/messages", &body).open().await.rest().await;
    assert_eq!(told.text(), "t1 t2 t3 t4 t5");
    assert_eq!(provider.requests(), 1);
}

async fn other_words_under_the_same_key_are_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let send = async |message: &str| {
        let body = json!({ "message": message, "client_message_id": "one" });
        visitor.post("/messages", &body).send().await
    };
    send("Hello").await.expect(200);
    let refused = send("Goodbye").await;
    refused.refused(409, "client_message_id_reused");
    assert_eq!(refused.header("x-should-retry"), Some("false"));
    // White space around the words is not part of them.
    send("  Hello ").await.expect(200);
    assert_eq!(database.number("select count(*) from messages").await, 2);
}

async fn the_same_key_in_another_session_is_another_message(database: &Database) {
    let server = Server::start(database).await;
    let body = json!({ "message": "Hello", "client_message_id": "one" });
    let (one, other) = (server.visitor("shop").await, server.visitor("shop").await);
    let first: message::Answer = one.post("/messages", &body).send().await.typed(200);
    let second: message::Answer = other.post("/messages", &body).send().await.typed(200);
    assert_ne!(first.turn_id, second.turn_id);
}

async fn two_questions_queue_and_a_third_is_refused(database: &Database) {
    let (provider, _server, visitor) = with_model(database, "stall:3").await;
    let mut first = visitor.follow("First").await;
    first.until("t3").await;
    let waiting = visitor.follow("Second").await;
    let third = visitor.question("Third").send().await;
    third.refused(409, "turn_running");
    assert_eq!(third.header("x-should-retry"), Some("false"));
    assert_eq!(provider.requests(), 1, "the second waits");
    visitor.post("/stop", &json!({})).send().await.expect(200);
    assert_eq!(first.rest().await.part("abort")["reason"], "stopped");
    // Stopping stops what waits as well: nothing is asked of the provider any more.
    let told = waiting.rest().await;
    assert!(told.is_whole());
    assert_eq!(visitor.snapshot().await.messages.len(), 4);
    assert_eq!(database.number("select count(*) from messages where body = 'Third'").await, 0);
}

async fn the_model_gets_the_history_and_the_passages(database: &Database) {
    let (provider, _server, visitor) = with_model(database, "cite").await;
    visitor.ask("How long do I have to return something?").await;
    let answer = visitor.ask("And must I return it within some days?").await;
    assert_eq!(answer.sources[0].title, "Returns");
    let request = provider.last_request().unwrap().to_string();
    assert!(request.contains("How long do I have to return something?"), "{request}");
    assert!(request.contains("within 30 days of delivery"), "{request}");
}
