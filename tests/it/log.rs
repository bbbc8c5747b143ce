//! The session log, the transcript, and erasing both.

use std::time::Duration;

use http::Method;
use natter_mock_provider::MockProvider;
use natter_shared::event::{EventKind, EventPage};
use natter_shared::message::MessageStatus;
use serde_json::json;

use crate::harness::{Database, Server, Setup, on_both, on_sqlite, with_models};

on_both!(
    the_log_tells_everything_that_happened_in_order,
    the_log_is_read_page_by_page,
    a_place_that_is_no_number_is_refused,
    the_transcript_comes_in_four_formats,
    a_transcript_in_another_format_is_refused,
    after_deleting_nothing_of_the_session_is_left,
    deleting_stops_the_answer_that_is_being_written,
    conversations_are_deleted_when_their_time_is_over,
);
on_sqlite!(no_byte_of_an_erased_conversation_is_left_in_the_files);

async fn the_log_tells_everything_that_happened_in_order(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await;
    let rating = json!({ "message_id": answer.message_id, "rating": "up" });
    visitor.post("/feedback", &rating).send().await.expect(201);
    visitor.post("/finish", &json!({})).send().await.expect(200);
    let page: EventPage = visitor.get("/events").send().await.typed(200);
    assert_eq!(page.last_seq, 6);
    assert!(!page.has_more);
    let numbers: Vec<i64> = page.events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let kinds: Vec<&EventKind> = page.events.iter().map(|event| &event.what).collect();
    let turn = answer.turn_id;
    assert!(matches!(kinds[0], EventKind::Message { message } if message.turn_id == Some(turn)));
    assert_eq!(kinds[1], &EventKind::TurnStarted { turn_id: turn });
    assert!(matches!(kinds[2], EventKind::Message { message } if message.text == answer.answer
            && message.sources == answer.sources));
    assert_eq!(kinds[3], &EventKind::TurnEnded { turn_id: turn });
    assert!(
        matches!(kinds[4], EventKind::Feedback { message_id, .. } if *message_id == answer.message_id)
    );
    assert_eq!(kinds[5], &EventKind::Finished);
    let rest: EventPage = visitor.get("/events?after=4").send().await.typed(200);
    assert_eq!(rest.events, page.events[4..]);
    let end: EventPage = visitor.get("/events?after=6").send().await.typed(200);
    assert_eq!((end.events.len(), end.last_seq), (0, 6));
}

async fn the_log_is_read_page_by_page(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await;
    let rating = json!({ "message_id": answer.message_id, "rating": "up" });
    let rate = (0..220).map(|_| visitor.post("/feedback", &rating).send());
    futures_util::future::join_all(rate).await;
    let first: EventPage = visitor.get("/events?after=0").send().await.typed(200);
    assert_eq!((first.events.len(), first.has_more, first.last_seq), (200, true, 224));
    let second: EventPage = visitor.get("/events?after=200").send().await.typed(200);
    assert_eq!((second.events.len(), second.has_more), (24, false));
    let numbers = first.events.iter().chain(&second.events).map(|event| event.seq);
    assert!(numbers.eq(1..=224));
}

async fn a_place_that_is_no_number_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let refusal = visitor.get("/events?after=soon").send().await.refused(422, "invalid_field");
    assert_eq!(refusal["field"], "after");
}

async fn the_transcript_comes_in_four_formats(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await.answer;
    let question = "Is <b>something</b> else allowed?";
    visitor.ask(question).await;
    for (format, content_type, held) in [
        ("", "text/plain; charset=utf-8", question),
        ("?format=txt", "text/plain; charset=utf-8", answer.as_str()),
        ("?format=md", "text/markdown; charset=utf-8", "](<https://shop.example/returns"),
        ("?format=json", "application/json", "\"session_id\""),
        ("?format=html", "text/html; charset=utf-8", "&lt;b&gt;something&lt;/b&gt;"),
    ] {
        let file = visitor.get(&format!("/transcript{format}")).send().await;
        assert_eq!((file.status, file.header("content-type")), (200, Some(content_type)));
        assert!(file.text().contains(held), "{}", file.text());
        let disposition = file.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"shop-"), "{disposition}");
        let policy = file.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        assert_eq!(file.header("cache-control"), Some("no-store"));
    }
}

async fn a_transcript_in_another_format_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let refusal = visitor.get("/transcript?format=pdf").send().await.refused(422, "invalid_field");
    assert_eq!(refusal["field"], "format");
}

async fn after_deleting_nothing_of_the_session_is_left(database: &Database) {
    let server = Server::start(database).await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    let answer = visitor.ask("How long do I have to return something?").await;
    other.ask("How long do I have to return something?").await;
    let rating = json!({ "message_id": answer.message_id, "rating": "up", "comment": "Good" });
    visitor.post("/feedback", &rating).send().await.expect(201);
    visitor.post("/expand-tokens", &json!({})).send().await.expect(201);
    let contact = json!({ "email": "ada@shop.example" });
    visitor.post("/contact-handoffs", &contact).send().await.expect(201);
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    for (method, below) in [
        (Method::GET, "/events"),
        (Method::GET, "/stream"),
        (Method::GET, "/transcript"),
        (Method::POST, "/messages"),
        (Method::POST, "/feedback"),
        (Method::POST, "/finish"),
        (Method::POST, "/stop"),
        (Method::POST, "/expand-tokens"),
        (Method::POST, "/contact-handoffs"),
        (Method::DELETE, ""),
    ] {
        visitor.call(method, below).send().await.refused(404, "not_found");
    }
    for (table, left) in [
        ("sessions", 1),
        ("session_access", 1),
        ("messages", 2),
        ("turns", 1),
        ("session_events", 4),
        ("feedback", 0),
        ("expand_tokens", 0),
        ("contacts", 0),
        ("erasures", 1),
    ] {
        assert_eq!(
            database.number(&format!("select count(*) from {table}")).await,
            left,
            "{table}"
        );
    }
    other.get("/events").send().await.expect(200);
}

async fn deleting_stops_the_answer_that_is_being_written(database: &Database) {
    let provider = MockProvider::start().await;
    let file = Some(with_models(&provider, &["stall:3"]));
    let server = Server::with(database, Setup { file, ..Setup::default() }).await;
    let visitor = server.visitor("llm-0").await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t3").await;
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    provider.wait_aborted().await;
    assert!(stream.rest().await.is_whole());
    assert_eq!(database.number("select count(*) from messages").await, 0);
    assert_eq!(database.number("select count(*) from turns").await, 0);
}

async fn conversations_are_deleted_when_their_time_is_over(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.plain("shop").await;
    visitor.ask("How long do I have to return something?").await;
    let day = Duration::from_hours(24);
    server.clock.advance(day * 29);
    assert_eq!(server.service.erase_expired().await.unwrap(), 0);
    server.clock.advance(day * 2);
    assert_eq!(server.service.erase_expired().await.unwrap(), 1);
    assert_eq!(database.number("select count(*) from messages").await, 0);
}

async fn no_byte_of_an_erased_conversation_is_left_in_the_files(database: &Database) {
    let provider = MockProvider::start().await;
    let file = Some(with_models(&provider, &["echo"]));
    let server = Server::with(database, Setup { file, ..Setup::default() }).await;
    let visitor = server.visitor("llm-0").await;
    for _ in 0..20 {
        let answer = visitor.ask("Where is my unmistakablequestion parcel?").await;
        assert_eq!(answer.status, MessageStatus::Complete);
    }
    let contact =
        json!({ "email": "unmistakablemail@shop.example", "message": "unmistakablenote" });
    let shop = server.visitor("shop").await;
    shop.post("/contact-handoffs", &contact).send().await.expect(201);
    let words = ["unmistakablequestion", "unmistakablemail", "unmistakablenote"];
    for word in words {
        assert!(database.holds(word), "{word} must be there before");
    }
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    assert_eq!(shop.call(Method::DELETE, "").send().await.status, 204);
    for word in words {
        assert!(!database.holds(word), "{word}");
    }
}
