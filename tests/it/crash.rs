//! The end of the process: killed in mid-answer, and asked to end.

use std::time::Duration;

use natter_mock_provider::MockProvider;
use natter_shared::message::{self, Author, MessageStatus};
use serde_json::json;

use crate::harness::{Database, Process, Visitor, natter, on_both, with_models};

on_both!(
    a_kill_in_mid_answer_loses_neither_the_question_nor_what_was_kept,
    a_server_that_is_asked_to_end_lets_the_answer_end,
);

/// Applies the shop with a chatbot for each model, and settings for `natter serve`.
pub(crate) async fn configure(database: &Database, provider: &MockProvider, models: &[&str]) {
    let path = database.folder().join("shop.toml");
    std::fs::write(&path, with_models(provider, models)).unwrap();
    let applied = natter(database, &["apply", "shop.toml"]).output().await.unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
}

async fn a_kill_in_mid_answer_loses_neither_the_question_nor_what_was_kept(database: &Database) {
    let provider = MockProvider::start().await;
    configure(database, &provider, &["tokens:200:20"]).await;
    let server = Process::serve(database).await;
    let visitor = Visitor::plain(&server.wire, "llm-0").await;
    let waiting = Visitor::plain(&server.wire, "llm-0").await;
    let body = json!({ "message": "Hello", "client_message_id": "one" });
    let mut stream = visitor.post("/messages", &body).open().await;
    let _other = waiting.follow("One").await;
    let _next = waiting.follow("Two").await;
    database.until("select count(*) from turns where status = 'running' and text <> ''").await;
    // What the visitor has seen may lie beyond what was kept.
    let seen = stream.until("t100").await;
    let place = seen.ids().last().unwrap().clone();
    server.kill().await;

    let server = Process::serve(database).await;
    let visitor = visitor.at(&server.wire);
    let messages = visitor.snapshot().await.messages;
    assert_eq!((messages[0].author, messages[0].text.as_str()), (Author::Visitor, "Hello"));
    let answer = &messages[1];
    assert_eq!((messages.len(), answer.status), (2, MessageStatus::Interrupted));
    let whole = (1..=200).map(|number| format!("t{number}")).collect::<Vec<_>>().join(" ");
    assert!(!answer.text.is_empty() && whole.starts_with(&answer.text), "{}", answer.text);
    // Both who have more and who have less than was kept end up with what was kept.
    for place in [place, format!("{}:3", answer.turn_id.unwrap())] {
        let rest = visitor.resume(Some(&place)).await.rest().await;
        let from: usize = place.rsplit(':').next().unwrap().parse().unwrap();
        let snapshot = rest.kinds().iter().any(|kind| kind == "data-snapshot");
        assert_eq!(snapshot, from > answer.text.len(), "{place}");
        let kept =
            if snapshot { rest.text() } else { format!("{}{}", &whole[..from], rest.text()) };
        assert_eq!(kept, answer.text);
        assert_eq!(rest.part("abort")["reason"], "interrupted");
        assert!(rest.is_whole());
    }
    // The same message again is the same turn, and the waiting question is there as well.
    let again = visitor.post("/messages", &body).open().await.rest().await;
    assert_eq!(again.part("data-turn")["data"]["turnId"], answer.turn_id.unwrap().to_string());
    let messages = waiting.at(&server.wire).snapshot().await.messages;
    let questions = messages.iter().filter(|message| message.author == Author::Visitor);
    assert_eq!(questions.count(), 2);
    assert!(messages[2..].iter().all(|message| message.status == MessageStatus::Interrupted));
    // Asking again works.
    let path = format!("/turns/{}/retry", answer.turn_id.unwrap());
    let mut retried = visitor.post(&path, &json!({})).open().await;
    retried.until("t3").await;
    visitor.post("/stop", &json!({})).send().await.expect(200);
    assert_eq!(visitor.answers().await.len(), 1, "in the place of the one that was cut off");
}

async fn a_server_that_is_asked_to_end_lets_the_answer_end(database: &Database) {
    let provider = MockProvider::start().await;
    configure(database, &provider, &["tokens:50:10"]).await;
    let server = Process::serve(database).await;
    let visitor = Visitor::plain(&server.wire, "llm-0").await;
    let mut stream = visitor.follow("Hello").await;
    let begun = stream.until("t5").await;
    server.terminate().await;
    let rest = tokio::time::timeout(Duration::from_secs(10), stream.rest()).await.unwrap();
    assert_eq!(rest.part("finish")["finishReason"], "stop");
    assert!(rest.is_whole());
    assert_eq!(server.code().await, Some(0));
    let server = Process::serve(database).await;
    let answers = visitor.at(&server.wire).answers().await;
    let text = format!("{}{}", begun.text(), rest.text());
    assert_eq!(answers, [(message::MessageStatus::Complete, text)]);
}
