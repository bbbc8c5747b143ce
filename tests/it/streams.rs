//! Answers as streams: the order of the parts, many readers, resuming, and readers that stop reading.

use std::time::Duration;

use natter_shared::message::MessageStatus;
use serde_json::json;

use crate::harness::{Database, Frame, Server, Setup, on_both, with_model};

on_both!(
    the_parts_come_in_the_documented_order,
    the_headers_announce_the_dialect_and_forbid_buffering,
    resuming_after_any_event_gives_the_whole_text_exactly_once,
    an_ended_answer_can_be_read_again,
    nothing_is_streamed_when_nothing_runs,
    whoever_comes_back_at_any_time_is_told_how_it_ended,
    a_place_that_was_never_handed_out_is_refused,
    a_running_answer_can_be_read_from_its_start,
    a_closed_connection_does_not_stop_the_answer,
    two_readers_read_the_same,
    a_reader_that_stops_reading_slows_nobody,
    a_silent_answer_is_kept_alive_between_events,
);

/// What `tokens:COUNT` answers.
fn numbered(count: usize) -> String {
    (1..=count).map(|number| format!("t{number}")).collect::<Vec<_>>().join(" ")
}

async fn the_parts_come_in_the_documented_order(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let told = visitor.follow("How long do I have to return something?").await.rest().await;
    let mut kinds = told.kinds();
    // Text and sources are interleaved as the text cites them.
    kinds.retain(|kind| kind != "source-url" && kind != "source-document");
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "start",
            "data-turn",
            "start-step",
            "text-start",
            "text-delta",
            "text-end",
            "data-answer",
            "finish-step",
            "finish",
            "data-session",
            "data-finish-reason",
            "[DONE]",
        ]
    );
    let snapshot = visitor.snapshot().await;
    let (question, answer) = (&snapshot.messages[0], &snapshot.messages[1]);
    assert_eq!(told.part("start")["messageId"], answer.id.to_string());
    let turn = answer.turn_id.unwrap().to_string();
    assert_eq!(
        told.part("data-turn")["data"],
        json!({ "turnId": turn, "questionId": question.id.to_string() })
    );
    assert_eq!(told.text(), answer.text);
    let source = told.parts().into_iter().find(|part| part["type"] == "source-url").unwrap();
    assert_eq!(
        (source["sourceId"].as_str(), source["title"].as_str()),
        (Some("1"), Some("Returns"))
    );
    let excerpt = source["providerMetadata"]["natter"]["excerpt"].as_str().unwrap();
    assert!(!excerpt.is_empty(), "the words that are cited come along for a preview");
    assert_eq!(
        told.part("data-answer")["data"],
        json!({ "answered": true, "offerContact": false })
    );
    assert_eq!(told.part("finish")["finishReason"], "stop");
    assert_eq!(told.part("data-session")["data"], visitor.id());
    assert_eq!(
        told.part("data-finish-reason")["data"],
        json!({ "finishReason": "stop", "rawFinishReason": "STOP" })
    );
    let ids = told.ids();
    assert!(ids.iter().all(|id| id.starts_with(&format!("{turn}:"))), "{ids:?}");
    assert_eq!(ids.last().unwrap(), &format!("{turn}:{}", answer.text.len()));
}

async fn the_headers_announce_the_dialect_and_forbid_buffering(database: &Database) {
    let server = Server::start(database).await;
    let stream = server.visitor("shop").await.follow("Hello").await;
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("x-vercel-ai-ui-message-stream", "v1"),
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
        ("access-control-allow-origin", "https://shop.example"),
    ] {
        assert_eq!(stream.headers[name], value, "{name}");
    }
    let exposed = stream.headers["access-control-expose-headers"].to_str().unwrap();
    assert!(exposed.contains("x-vercel-ai-ui-message-stream"), "{exposed}");
    stream.rest().await;
}

async fn resuming_after_any_event_gives_the_whole_text_exactly_once(database: &Database) {
    let (_provider, _server, visitor) = with_model(database, "tokens:50:1").await;
    let told = visitor.follow("Hello").await.rest().await;
    assert_eq!(told.text(), numbered(50));
    let mut read = String::new();
    for frame in told.parts().iter().filter(|part| part["type"] == "text-delta").zip(told.ids()) {
        let (part, id) = frame;
        read.push_str(part["delta"].as_str().unwrap());
        let rest = visitor.resume(Some(&id)).await.rest().await;
        assert_eq!(rest.kinds()[..4], ["start", "data-turn", "start-step", "text-start"]);
        assert_eq!(format!("{read}{}", rest.text()), numbered(50), "after {id}");
        assert!(rest.is_whole());
    }
}

async fn an_ended_answer_can_be_read_again(database: &Database) {
    let (provider, _server, visitor) = with_model(database, "tokens:5").await;
    let told = visitor.follow("Hello").await.rest().await;
    let turn = told.part("data-turn")["data"]["turnId"].as_str().unwrap().to_owned();
    let again = visitor.resume(Some(&format!("{turn}:0"))).await.rest().await;
    assert_eq!(again.text(), numbered(5));
    assert_eq!(again.part("finish"), told.part("finish"));
    let end = visitor.resume(Some(told.ids().last().unwrap())).await.rest().await;
    assert_eq!(end.text(), "");
    assert!(end.is_whole());
    assert_eq!(provider.requests(), 1);
}

async fn nothing_is_streamed_when_nothing_runs(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    assert_eq!(visitor.get("/stream").send().await.status, 204);
    visitor.ask("Hello").await;
    let ended = visitor.get("/stream").send().await;
    assert_eq!((ended.status, ended.body.len()), (204, 0));
}

async fn whoever_comes_back_at_any_time_is_told_how_it_ended(database: &Database) {
    let (provider, mut server, visitor) = with_model(database, "hang").await;
    for (number, reason) in [(1, "stopped"), (2, "interrupted")] {
        let stopped = number == 1;
        // Before the first word, from several tabs, of the answer that runs and of the one that waits.
        let visitor = visitor.at(&server.wire);
        let mut places = Vec::new();
        let mut readers = Vec::new();
        for question in ["First", "Second"] {
            let mut asked = visitor.follow(question).await;
            let mut turn = String::new();
            while turn.is_empty() {
                let Some(Frame::Event { data, .. }) = asked.next().await else { panic!() };
                let part: serde_json::Value = serde_json::from_str(&data).unwrap();
                turn.push_str(part["data"]["turnId"].as_str().unwrap_or_default());
            }
            places.push(format!("{turn}:0"));
            readers.push(asked);
        }
        for place in [None, Some(places[0].as_str()), Some(&places[1])] {
            readers.push(visitor.resume(place).await);
        }
        provider.wait_until(|stats| stats.requests == number).await;
        if stopped {
            visitor.post("/stop", &json!({})).send().await.expect(200);
        } else {
            server.end().await;
            server = Server::with(database, Setup { file: None, ..Setup::default() }).await;
        }
        for reader in readers {
            let told = reader.rest().await;
            assert_eq!(told.part("abort")["reason"], reason);
            assert!(told.is_whole());
        }
        // After the end, and after a restart.
        for restarted in [false, true] {
            if restarted {
                server.end().await;
                server = Server::with(database, Setup { file: None, ..Setup::default() }).await;
            }
            let visitor = visitor.at(&server.wire);
            assert_eq!(visitor.get("/stream").send().await.status, 204);
            for place in &places {
                let told = visitor.resume(Some(place)).await.rest().await;
                assert_eq!(told.part("abort")["reason"], reason);
                assert!(told.is_whole());
            }
        }
    }
    assert_eq!(provider.requests(), 2, "what waited was never asked of the provider");
}

async fn a_place_that_was_never_handed_out_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    let turn = visitor.ask("Hello").await.turn_id;
    for place in ["garbage", "1", ":", "trn_1:0", &format!("{turn}:-1"), &format!("{turn}:x")] {
        let call = visitor.get("/stream").header("last-event-id", place);
        assert_eq!(call.send().await.refused(422, "invalid_field")["field"], "Last-Event-ID");
    }
    let foreign = other.get("/stream").header("last-event-id", &format!("{turn}:0"));
    foreign.send().await.refused(404, "not_found");
    // Beyond the text, or within a character: the whole text replaces what the reader has.
    let told = visitor.resume(Some(&format!("{turn}:100000"))).await.rest().await;
    let whole = visitor.answers().await[0].1.clone();
    assert_eq!(told.part("data-snapshot")["data"]["text"], whole);
}

async fn a_running_answer_can_be_read_from_its_start(database: &Database) {
    let (_provider, _server, visitor) = with_model(database, "tokens:60:5").await;
    let mut first = visitor.follow("Hello").await;
    let begun = first.until("t10").await;
    let second = visitor.resume(None).await.rest().await;
    assert_eq!(second.text(), numbered(60));
    assert_eq!(format!("{}{}", begun.text(), first.rest().await.text()), numbered(60));
}

async fn a_closed_connection_does_not_stop_the_answer(database: &Database) {
    let (provider, _server, visitor) = with_model(database, "tokens:50:5").await;
    let mut stream = visitor.follow("Hello").await;
    let before = stream.until("t10").await;
    drop(stream);
    let after = visitor.resume(before.ids().last().map(String::as_str)).await.rest().await;
    assert_eq!(format!("{}{}", before.text(), after.text()), numbered(50));
    assert_eq!(visitor.answers().await, [(MessageStatus::Complete, numbered(50))]);
    assert_eq!((provider.requests(), provider.aborted()), (1, 0));
    // Even when nobody comes back.
    drop(visitor.follow("Again").await);
    let stored = "select count(*) from turns where status = 'complete'";
    while database.number(stored).await < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(visitor.answers().await[1], (MessageStatus::Complete, numbered(50)));
}

async fn two_readers_read_the_same(database: &Database) {
    let (provider, _server, visitor) = with_model(database, "tokens:50:2").await;
    let first = visitor.follow("Hello").await;
    let second = visitor.resume(None).await;
    let (first, second) = tokio::join!(first.rest(), second.rest());
    assert_eq!(first.text(), numbered(50));
    assert_eq!(second.text(), numbered(50));
    assert_eq!(provider.requests(), 1);
}

async fn a_reader_that_stops_reading_slows_nobody(database: &Database) {
    let (_provider, _server, visitor) = with_model(database, "long:60000").await;
    let lazy = visitor.follow("Hello").await;
    let diligent = visitor.resume(None).await.rest().await;
    assert!(diligent.text().len() >= 60_000);
    assert!(diligent.is_whole());
    // What came meanwhile comes as few parts.
    let late = lazy.rest().await;
    assert_eq!(late.text(), diligent.text());
    assert!(late.frames.len() < 20, "{} frames", late.frames.len());
}

async fn a_silent_answer_is_kept_alive_between_events(database: &Database) {
    let (_provider, _server, visitor) = with_model(database, "stall:3").await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t3").await;
    // The reader must be waiting before time moves.
    tokio::select! {
        biased;
        frame = stream.next() => panic!("{frame:?}"),
        () = tokio::task::yield_now() => {}
    }
    tokio::time::pause();
    let since = tokio::time::Instant::now();
    let (frame, ()) = tokio::join!(stream.next(), tokio::time::advance(Duration::from_secs(15)));
    // Time that stands still jumps to the next event by itself, so a later heartbeat would come as well.
    assert!(since.elapsed() <= Duration::from_secs(16), "{:?}", since.elapsed());
    tokio::time::resume();
    assert_eq!(frame, Some(Frame::Comment("heartbeat".into())));
    visitor.post("/stop", &json!({})).send().await.expect(200);
    assert!(stream.rest().await.is_whole());
}
