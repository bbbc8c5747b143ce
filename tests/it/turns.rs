//! Turns: one after the other, stopped, failed and asked for again.

use std::task::Poll;
use std::time::{Duration, Instant};

use natter_mock_provider::{MockProvider, PLANTED_SECRET};
use natter_shared::event::EventPage;
use natter_shared::message::{self, MessageStatus};
use serde_json::json;

use crate::harness::{Database, Logs, Server, Setup, Visitor, on_both, with_models};

on_both!(
    a_waiting_question_is_answered_next,
    the_numbers_of_a_waiting_questions_events_have_no_gap,
    a_caller_that_goes_away_at_any_moment_leaves_no_question_open,
    stopping_before_the_first_token_keeps_an_empty_answer,
    stopping_in_mid_answer_keeps_the_text_and_aborts_the_provider,
    stopping_when_nothing_runs_is_no_error,
    finishing_stops_the_answer_too,
    each_fault_of_a_provider_is_one_honest_error,
    a_refusal_by_rate_limit_keeps_when_to_come_back,
    a_provider_that_stalls_is_given_up,
    a_json_caller_gets_a_fault_as_a_problem,
    nothing_of_a_providers_words_reaches_anybody,
    null_characters_of_a_provider_are_left_out,
    a_failed_answer_can_be_asked_for_again,
    asking_again_is_idempotent,
    only_the_newest_unsuccessful_answer_can_be_asked_for_again,
);

struct World {
    provider: MockProvider,
    server: Server,
}

impl World {
    async fn with(database: &Database, models: &[&str]) -> Self {
        let provider = MockProvider::start().await;
        let file = Some(with_models(&provider, models));
        let server = Server::with(database, Setup { file, ..Setup::default() }).await;
        Self { provider, server }
    }

    async fn visitor(&self) -> Visitor {
        self.server.visitor("llm-0").await
    }
}

fn numbered(count: usize) -> String {
    (1..=count).map(|number| format!("t{number}")).collect::<Vec<_>>().join(" ")
}

async fn a_waiting_question_is_answered_next(database: &Database) {
    let world = World::with(database, &["tokens:20:10"]).await;
    let visitor = world.visitor().await;
    let mut first = visitor.follow("First").await;
    first.until("t1").await;
    let second = visitor.follow("Second").await;
    visitor.question("Third").send().await.refused(409, "turn_running");
    let (first, second) = tokio::join!(first.rest(), second.rest());
    assert!(first.is_whole());
    assert_eq!(second.text(), numbered(20));
    assert_eq!(second.part("finish")["finishReason"], "stop");
    let texts: Vec<String> =
        visitor.snapshot().await.messages.into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["First", "Second", &numbered(20), &numbered(20)]);
    let events = visitor.get("/events").send().await.expect(200);
    let kinds: Vec<&str> = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "message",
            "turn-started",
            "message",
            "message",
            "turn-ended",
            "turn-started",
            "message",
            "turn-ended"
        ]
    );
    visitor.ask("Fourth").await;
}

async fn the_numbers_of_a_waiting_questions_events_have_no_gap(database: &Database) {
    let world = World::with(database, &["tokens:20:10"]).await;
    let visitor = world.visitor().await;
    let mut first = visitor.follow("First").await;
    first.until("t1").await;
    let second = visitor.follow("Second").await;
    tokio::join!(first.rest(), second.rest());
    let page: EventPage = visitor.get("/events").send().await.typed(200);
    let numbers: Vec<i64> = page.events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
}

async fn a_caller_that_goes_away_at_any_moment_leaves_no_question_open(database: &Database) {
    let world = World::with(database, &["tokens:3:0"]).await;
    for wakes in 1..=30 {
        let visitor = world.visitor().await;
        let mut asked = Box::pin(visitor.question("First").send());
        let mut left = wakes;
        std::future::poll_fn(|context| {
            left -= 1;
            if left == 0 { Poll::Ready(()) } else { asked.as_mut().poll(context).map(drop) }
        })
        .await;
        drop(asked);
        let next = visitor.ask("Second");
        let answer = tokio::time::timeout(Duration::from_secs(20), next).await;
        assert_eq!(answer.expect("the next question is answered").answer, numbered(3), "{wakes}");
    }
}

async fn stop(visitor: &Visitor) -> serde_json::Value {
    visitor.post("/stop", &json!({})).send().await.expect(200)
}

async fn stopping_before_the_first_token_keeps_an_empty_answer(database: &Database) {
    let world = World::with(database, &["hang"]).await;
    let visitor = world.visitor().await;
    let stream = visitor.follow("Hello").await;
    world.provider.wait_until(|stats| stats.requests == 1).await;
    let stopped = stop(&visitor).await;
    let asked = Instant::now();
    assert!(world.provider.wait_aborted().await < asked + Duration::from_millis(250));
    assert_eq!(visitor.answers().await, [(MessageStatus::Stopped, String::new())]);
    let told = stream.rest().await;
    assert_eq!(told.part("abort")["reason"], "stopped");
    assert_eq!(told.part("data-turn")["data"]["turnId"], stopped["turn_id"]);
    assert!(told.is_whole());
}

async fn stopping_in_mid_answer_keeps_the_text_and_aborts_the_provider(database: &Database) {
    let world = World::with(database, &["stall:3"]).await;
    let visitor = world.visitor().await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t3").await;
    stop(&visitor).await;
    world.provider.wait_aborted().await;
    assert_eq!(world.provider.aborted(), 1);
    assert_eq!(visitor.answers().await, [(MessageStatus::Stopped, numbered(3))]);
    let told = stream.rest().await;
    assert_eq!(
        told.kinds(),
        ["text-end", "finish-step", "abort", "data-session", "data-finish-reason", "[DONE]"]
    );
    // A caller that waits for JSON gets the text so far.
    let (answer, ()) = tokio::join!(visitor.question("Again").send(), async {
        world.provider.wait_until(|stats| stats.requests == 2).await;
        stop(&visitor).await;
    });
    assert_eq!(answer.typed::<message::Answer>(200).status, MessageStatus::Stopped);
}

async fn stopping_when_nothing_runs_is_no_error(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    assert_eq!(stop(&visitor).await, json!({ "session_id": visitor.id(), "turn_id": null }));
}

async fn finishing_stops_the_answer_too(database: &Database) {
    let world = World::with(database, &["stall:3"]).await;
    let visitor = world.visitor().await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t3").await;
    visitor.post("/finish", &json!({})).send().await.expect(200);
    assert!(stream.rest().await.is_whole());
    assert_eq!(visitor.answers().await, [(MessageStatus::Stopped, numbered(3))]);
}

/// Models with the code of the problem and the text that there was before.
const FAULTS: [(&str, &str, usize); 9] = [
    ("error:500", "answer_unavailable", 0),
    ("error:429", "answer_rate_limited", 0),
    ("error:401", "answer_refused", 0),
    ("too-long", "answer_too_long", 0),
    ("inband:5", "answer_unavailable", 5),
    ("cut:5", "answer_broken", 5),
    ("clean-cut:5", "answer_broken", 5),
    ("garbage:5", "answer_broken", 5),
    ("html", "answer_refused", 0),
];

async fn each_fault_of_a_provider_is_one_honest_error(database: &Database) {
    let models = FAULTS.map(|(model, ..)| model);
    let world = World::with(database, &models).await;
    for (number, (model, code, tokens)) in FAULTS.into_iter().enumerate() {
        let visitor = world.server.visitor(&format!("llm-{number}")).await;
        let told = visitor.follow("Hello").await.rest().await;
        let problem = told.part("data-problem")["data"].clone();
        assert_eq!(problem["code"], code, "{model}");
        assert_eq!(told.part("error")["errorText"], problem["detail"], "{model}");
        assert_eq!(told.text(), numbered(tokens), "{model}");
        let kinds = told.kinds();
        let end = ["text-end", "data-problem", "finish-step", "error", "data-session"];
        assert!(kinds.windows(5).any(|window| window == end), "{model}: {kinds:?}");
        assert!(told.is_whole() && !kinds.iter().any(|kind| kind == "finish"), "{kinds:?}");
        let snapshot = visitor.snapshot().await;
        let answer = &snapshot.messages[1];
        assert_eq!((answer.status, &answer.text), (MessageStatus::Failed, &numbered(tokens)));
        assert_eq!(answer.error_code.as_deref(), Some(code), "{model}");
        // Read again later it tells the same.
        let turn = told.part("data-turn")["data"]["turnId"].as_str().unwrap().to_owned();
        let again = visitor.resume(Some(&format!("{turn}:0"))).await.rest().await;
        assert_eq!(again.part("data-problem")["data"]["code"], code, "{model}");
        assert_eq!(again.text(), numbered(tokens), "{model}");
    }
}

async fn a_refusal_by_rate_limit_keeps_when_to_come_back(database: &Database) {
    let world = World::with(database, &["error:429"]).await;
    let told = world.visitor().await.follow("Hello").await.rest().await;
    assert_eq!(told.part("data-problem")["data"]["retry_after"], 7);
    let answer = world.visitor().await.question("Hello").send().await;
    assert_eq!(answer.refused(503, "answer_rate_limited")["retry_after"], 7);
    assert_eq!(answer.header("retry-after"), Some("7"));
}

async fn a_provider_that_stalls_is_given_up(database: &Database) {
    let world = World::with(database, &["stall:3"]).await;
    let visitor = world.visitor().await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t3").await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    tokio::time::resume();
    let told = stream.rest().await;
    assert_eq!(told.part("data-problem")["data"]["code"], "answer_timed_out");
    world.provider.wait_aborted().await;
    assert_eq!(visitor.answers().await, [(MessageStatus::Failed, numbered(3))]);
    // Its place is free again.
    let mut next = visitor.follow("Again").await;
    next.until("t3").await;
    stop(&visitor).await;
}

async fn a_json_caller_gets_a_fault_as_a_problem(database: &Database) {
    let world = World::with(database, &["cut:5"]).await;
    let answer = world.visitor().await.question("Hello").send().await;
    answer.refused(502, "answer_broken");
    assert_eq!(answer.header("x-should-retry"), Some("false"));
}

async fn nothing_of_a_providers_words_reaches_anybody(database: &Database) {
    let (logs, _guard) = Logs::capture();
    let models = FAULTS.map(|(model, ..)| model);
    let world = World::with(database, &models).await;
    for number in 0..FAULTS.len() {
        let visitor = world.server.visitor(&format!("llm-{number}")).await;
        let told = visitor.follow("Hello").await.rest().await;
        assert!(!format!("{told:?}").contains(PLANTED_SECRET), "{told:?}");
        let json = visitor.question("Again").send().await;
        assert!(!json.text().contains(PLANTED_SECRET), "{}", json.text());
        for format in ["txt", "md", "json", "html"] {
            let path = format!("/transcript?format={format}");
            let transcript = visitor.get(&path).send().await;
            assert!(!transcript.text().contains(PLANTED_SECRET), "{}", transcript.text());
        }
    }
    let ours = logs.text();
    let ours: Vec<&str> = ours.lines().filter(|line| line.contains(PLANTED_SECRET)).collect();
    assert!(ours.is_empty(), "{ours:#?}");
    assert!(logs.text().contains("turn.answer failed"), "the log was read at all");
}

async fn null_characters_of_a_provider_are_left_out(database: &Database) {
    let world = World::with(database, &["null"]).await;
    let visitor = world.visitor().await;
    assert_eq!(visitor.ask("Hello").await.answer, "before and after");
    let stored = [(MessageStatus::Complete, "before and after".to_owned())];
    assert_eq!(visitor.answers().await, stored);
}

async fn a_failed_answer_can_be_asked_for_again(database: &Database) {
    let world = World::with(database, &["stall:3"]).await;
    let visitor = world.visitor().await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t3").await;
    stop(&visitor).await;
    let turn = stream.rest().await.part("data-session");
    assert_eq!(turn["data"], visitor.id());
    let stopped = visitor.snapshot().await.messages[1].clone();
    let path = format!("/turns/{}/retry", stopped.turn_id.unwrap());
    let mut again = visitor.post(&path, &json!({})).open().await;
    let told = again.until("t3").await;
    let (question, turn) = {
        let data = told.part("data-turn")["data"].clone();
        (data["questionId"].clone(), data["turnId"].clone())
    };
    let snapshot = visitor.snapshot().await;
    assert_eq!(question, snapshot.messages[0].id.to_string());
    assert_ne!(turn, stopped.turn_id.unwrap().to_string());
    stop(&visitor).await;
    assert_eq!(visitor.answers().await.len(), 1, "in the place of the one that was stopped");
    let stored = database.number("select count(*) from messages where author = 'assistant'").await;
    assert_eq!(stored, 2);
    assert_eq!(world.provider.requests(), 2);
}

async fn asking_again_is_idempotent(database: &Database) {
    let world = World::with(database, &["error:500"]).await;
    let visitor = world.visitor().await;
    visitor.question("Hello").send().await.refused(503, "answer_unavailable");
    let turn = visitor.snapshot().await.messages[1].turn_id.unwrap();
    let before = world.provider.requests();
    let body = json!({ "client_message_id": "again" });
    let path = format!("/turns/{turn}/retry");
    let again = (0..10).map(|_| visitor.post(&path, &body).send());
    for answer in futures_util::future::join_all(again).await {
        answer.refused(503, "answer_unavailable");
    }
    assert_eq!(database.number("select count(*) from turns").await, 2);
    assert_eq!(world.provider.requests(), before * 2, "as often as one question asks");
    // Another question's key is not this one's.
    visitor.question("Another").send().await.refused(503, "answer_unavailable");
    let newest = visitor.snapshot().await.messages.last().unwrap().turn_id.unwrap();
    let path = format!("/turns/{newest}/retry");
    visitor.post(&path, &body).send().await.refused(409, "client_message_id_reused");
}

async fn only_the_newest_unsuccessful_answer_can_be_asked_for_again(database: &Database) {
    let world = World::with(database, &["flaky:401", "stall:3"]).await;
    let visitor = world.visitor().await;
    visitor.question("First").send().await.refused(502, "answer_refused");
    let failed = visitor.snapshot().await.messages[1].turn_id.unwrap();
    let retry = async |visitor: &Visitor, turn: &str| {
        visitor.post(&format!("/turns/{turn}/retry"), &json!({})).send().await
    };
    let answer: message::Answer = retry(&visitor, &failed.to_string()).await.typed(200);
    assert_eq!(answer.status, MessageStatus::Complete);
    retry(&visitor, &answer.turn_id.to_string()).await.refused(409, "not_retryable");
    visitor.ask("Second").await;
    retry(&visitor, &failed.to_string()).await.refused(409, "not_retryable");
    retry(&visitor, &format!("trn_{}", "0".repeat(32))).await.refused(404, "not_found");
    retry(&visitor, "nonsense").await.refused(404, "not_found");
    // Nor while it is still being written, nor in another session.
    let busy = world.server.visitor("llm-1").await;
    let mut stream = busy.follow("Hello").await;
    let told = stream.until("t3").await;
    let turn = told.part("data-turn")["data"]["turnId"].as_str().unwrap().to_owned();
    retry(&busy, &turn).await.refused(409, "not_retryable");
    retry(&visitor, &turn).await.refused(404, "not_found");
    stop(&busy).await;
    busy.post("/finish", &json!({})).send().await.expect(200);
    retry(&busy, &turn).await.refused(409, "session_finished");
}
