//! Asking in other words, and having the same question answered once more: what was there before no longer counts.

use http::Method;
use natter_mock_provider::MockProvider;
use natter_shared::attachment::AttachmentView;
use natter_shared::message::{self, Author};
use serde_json::{Value, json};

use crate::harness::{Database, Server, Setup, Visitor, on_both, with_models};

on_both!(
    an_answer_can_be_written_anew_and_takes_the_old_ones_place,
    while_an_answer_is_written_anew_the_old_one_is_not_shown_beside_it,
    a_question_in_other_words_takes_the_old_ones_place,
    what_was_replaced_reaches_neither_provider_nor_transcript,
    page_and_files_of_a_replaced_message_go_with_it,
    only_the_visitors_newest_message_can_be_replaced,
    a_replacing_message_counts_once_however_often_it_is_sent,
);

async fn world(database: &Database, model: &str) -> (MockProvider, Server, Visitor) {
    let provider = MockProvider::start().await;
    let file = Some(with_models(&provider, &[model]));
    let server = Server::with(database, Setup { file, ..Setup::default() }).await;
    let visitor = server.visitor("llm-0").await;
    (provider, server, visitor)
}

async fn texts(visitor: &Visitor) -> Vec<(Author, String)> {
    let messages = visitor.snapshot().await.messages;
    messages.into_iter().map(|message| (message.author, message.text)).collect()
}

async fn newest_question(visitor: &Visitor) -> String {
    let messages = visitor.snapshot().await.messages;
    let newest = messages.iter().rfind(|message| message.author == Author::Visitor).unwrap();
    newest.id.to_string()
}

async fn replace(visitor: &Visitor, question: &str, words: &str) -> message::Answer {
    let body = json!({ "message": words, "replaces": question });
    visitor.post("/messages", &body).send().await.typed(200)
}

fn regenerate(answer: &message::Answer) -> String {
    format!("/turns/{}/retry", answer.turn_id)
}

async fn an_answer_can_be_written_anew_and_takes_the_old_ones_place(database: &Database) {
    let (_provider, _server, visitor) = world(database, "tokens:3:0").await;
    let first = visitor.ask("Hello").await;
    visitor.post(&regenerate(&first), &json!({})).send().await.refused(409, "not_retryable");
    let again = visitor.post(&regenerate(&first), &json!({ "regenerate": true })).send().await;
    let again: message::Answer = again.typed(200);
    assert_ne!(again.message_id, first.message_id);
    let messages = visitor.snapshot().await.messages;
    let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    assert_eq!(ids.len(), 2, "the question and one answer");
    assert_eq!(ids[1], again.message_id);
    assert_eq!(messages[1].parent_id, Some(ids[0]));
}

async fn while_an_answer_is_written_anew_the_old_one_is_not_shown_beside_it(database: &Database) {
    let (_provider, _server, visitor) = world(database, "tokens:30:10").await;
    let first = visitor.ask("Hello").await;
    let call = visitor.post(&regenerate(&first), &json!({ "regenerate": true }));
    let mut stream = call.header("accept", "text/event-stream").open().await;
    stream.until("t2").await;
    let snapshot = visitor.snapshot().await;
    assert_eq!(snapshot.messages.len(), 1, "the question alone");
    assert!(snapshot.running_turn.is_some());
    stream.rest().await;
    assert_eq!(visitor.snapshot().await.messages.len(), 2);
}

async fn a_question_in_other_words_takes_the_old_ones_place(database: &Database) {
    let (_provider, _server, visitor) = world(database, "tokens:2:0").await;
    visitor.ask("First").await;
    visitor.ask("Secnd").await;
    let second = newest_question(&visitor).await;
    replace(&visitor, &second, "Second").await;
    let said: Vec<String> = texts(&visitor)
        .await
        .into_iter()
        .filter_map(|(author, text)| (author == Author::Visitor).then_some(text))
        .collect();
    assert_eq!(said, ["First", "Second"]);
    assert_eq!(visitor.snapshot().await.messages.len(), 4);
    // And once more: what was replaced before stays away.
    let newest = newest_question(&visitor).await;
    replace(&visitor, &newest, "Second, please").await;
    assert_eq!(visitor.snapshot().await.messages.len(), 4);
}

async fn what_was_replaced_reaches_neither_provider_nor_transcript(database: &Database) {
    let (provider, _server, visitor) = world(database, "tokens:2:0").await;
    visitor.ask("My number is 12345").await;
    let question = newest_question(&visitor).await;
    let answer = replace(&visitor, &question, "What do you cost?").await;
    visitor.post(&regenerate(&answer), &json!({ "regenerate": true })).send().await.expect(200);
    visitor.ask("And with tax?").await;
    let request = provider.last_request().unwrap();
    let said: Vec<&Value> = request["messages"].as_array().unwrap().iter().collect();
    let by = |role: &str| said.iter().filter(|message| message["role"] == role).count();
    assert_eq!((by("user"), by("assistant")), (2, 1), "{request:#}");
    assert!(!request.to_string().contains("12345"));
    let transcript = visitor.get("/transcript?format=txt").send().await;
    assert!(!transcript.text().contains("12345"), "{}", transcript.text());
    assert!(transcript.text().contains("What do you cost?"));
}

async fn page_and_files_of_a_replaced_message_go_with_it(database: &Database) {
    let provider = MockProvider::start().await;
    let takes = "name = \"Model\"\nattachments = { enabled = true }\n";
    let file = with_models(&provider, &["tokens:2:0"]).replace("name = \"Model\"\n", takes);
    let server = Server::with(database, Setup { file: Some(file), ..Setup::default() }).await;
    let visitor = server.visitor("llm-0").await;
    let upload = visitor.call(Method::POST, "/attachments").header("x-file-name", "order.txt");
    let upload = upload.body("application/octet-stream", "Order 4711");
    let view: AttachmentView = upload.send().await.typed(201);
    let body = json!({ "message": "What is this?", "attachments": [view.attachment_id],
        "context": { "title": "Teapots" } });
    visitor.post("/messages", &body).send().await.expect(200);
    let tells = |text: &str| ["4711", "order.txt", "Teapots"].map(|word| text.contains(word));
    assert_eq!(tells(&provider.last_request().unwrap().to_string()), [true; 3]);
    let question = newest_question(&visitor).await;
    let body = json!({ "message": "What do you cost?", "replaces": question,
        "context": { "title": "Prices" } });
    visitor.post("/messages", &body).send().await.expect(200);
    assert_eq!(tells(&provider.last_request().unwrap().to_string()), [false; 3]);
    visitor.ask("And with tax?").await;
    assert_eq!(tells(&provider.last_request().unwrap().to_string()), [false; 3]);
    // The owner sees each page at the message that was asked on it, and no other.
    let path = format!("/v1/public/sessions/{}/transcript?format=json", visitor.id());
    let owners = server.wire.get(path).bearer(server.key("server")).send().await.expect(200);
    assert_eq!(tells(&owners.to_string()), [false; 3], "{owners}");
    let pages: Vec<&Value> =
        owners["messages"].as_array().unwrap().iter().map(|one| &one["context"]["title"]).collect();
    assert_eq!(pages, [&json!("Prices"), &Value::Null, &Value::Null, &Value::Null]);
    for format in ["txt", "md", "html", "json"] {
        let transcript = visitor.get(&format!("/transcript?format={format}")).send().await;
        assert_eq!(tells(transcript.text()), [false; 3], "{format}");
    }
    assert_eq!(database.number("select count(*) from attachments").await, 1, "until it is erased");
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    assert_eq!(database.number("select count(*) from attachments").await, 0);
    assert_eq!(database.number("select count(*) from messages").await, 0);
    let left = std::fs::read_dir(database.folder().join("files")).unwrap().count();
    assert_eq!(left, 0, "files on disk");
}

async fn only_the_visitors_newest_message_can_be_replaced(database: &Database) {
    let (_provider, server, visitor) = world(database, "tokens:40:10").await;
    let answer = visitor.ask("First").await;
    let first = newest_question(&visitor).await;
    visitor.ask("Second").await;
    let attempt = async |replaces: &str| {
        let body = json!({ "message": "Other words", "replaces": replaces });
        visitor.post("/messages", &body).send().await
    };
    attempt(&first).await.refused(409, "not_replaceable");
    attempt(&answer.message_id.to_string()).await.refused(409, "not_replaceable");
    let stranger = server.visitor("llm-0").await;
    stranger.ask("Mine").await;
    attempt(&newest_question(&stranger).await).await.refused(409, "not_replaceable");
    // Nor while it is being answered.
    let mut stream = visitor.follow("Third").await;
    stream.until("t1").await;
    attempt(&newest_question(&visitor).await).await.refused(409, "turn_running");
    assert_eq!(texts(&visitor).await.len(), 5, "nothing was half done");
}

async fn a_replacing_message_counts_once_however_often_it_is_sent(database: &Database) {
    let (provider, _server, visitor) = world(database, "tokens:2:0").await;
    visitor.ask("Frist").await;
    let question = newest_question(&visitor).await;
    let body = json!({ "message": "First", "replaces": question, "client_message_id": "k1" });
    for _ in 0..3 {
        visitor.post("/messages", &body).send().await.expect(200);
    }
    // The key stands for all of it: the words, what they replace and what comes along.
    let newest = newest_question(&visitor).await;
    let file = format!("att_{}", "0".repeat(32));
    for other in [
        json!({ "message": "First", "client_message_id": "k1" }),
        json!({ "message": "First", "replaces": newest, "client_message_id": "k1" }),
        json!({ "message": "First", "replaces": question, "client_message_id": "k1", "attachments": [file] }),
    ] {
        let refused = visitor.post("/messages", &other).send().await;
        refused.refused(409, "client_message_id_reused");
    }
    assert_eq!(visitor.snapshot().await.messages.len(), 2);
    assert_eq!(provider.requests(), 2);
}
