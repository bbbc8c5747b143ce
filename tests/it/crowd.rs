//! Many visitors at once: the server is killed among them, is asked to end, and they stop reading.

use std::time::Duration;

use futures_util::future::join_all;
use natter_mock_provider::MockProvider;
use natter_shared::message::{Author, MessageStatus, MessageView};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::crash::configure;
use crate::harness::{Database, Dice, Frame, Kind, Process, Stream, Told, Visitor, Wire, on_both};

on_both!(
    what_was_acknowledged_survives_a_kill_at_any_moment,
    a_server_full_of_streams_ends_and_tells_every_reader,
    readers_that_stop_reading_stop_no_answer,
);

/// One crowd at a time is enough for a machine.
static ROOM: Mutex<()> = Mutex::const_new(());

/// So many answers of 60 kB: the buffers between two processes of one machine take about 3 MB.
const MORE_THAN_A_SOCKET_HOLDS: usize = 80;

/// Lets a crowd from one address in.
fn lift_limits(database: &Database) {
    let limits = "drain_seconds = 2\n[limits]\ncalls_per_minute = 100000\nsessions_per_minute = 100000\n\
                  questions_per_minute = 100000\n";
    std::fs::write(database.folder().join("natter.toml"), limits).unwrap();
}

fn numbered(count: usize) -> String {
    (1..=count).map(|number| format!("t{number}")).collect::<Vec<_>>().join(" ")
}

/// A question that the server has acknowledged, and what its asker saw of the answer.
struct Acknowledged {
    key: String,
    seen: String,
    finished: bool,
}

/// Words that show whether all of them are there.
fn words(key: &str) -> String {
    format!("{key} {} {key}", "and so on ".repeat(100))
}

/// Asks and reads until the server is gone. Every event is told to `heard`.
async fn talk(
    visitor: Visitor,
    name: String,
    heard: UnboundedSender<()>,
) -> (Visitor, Vec<Acknowledged>) {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let key = format!("{name}-{number}");
        let body = json!({ "message": words(&key), "client_message_id": key });
        let Some(mut stream) = ask(&visitor, &body).await else { break };
        let (mut seen, mut finished) = (String::new(), false);
        while let Ok(Some(frame)) = stream.try_next().await {
            heard.send(()).ok();
            let Frame::Event { data, .. } = frame else { continue };
            let part: serde_json::Value = serde_json::from_str(&data).unwrap_or_default();
            seen.push_str(part["delta"].as_str().unwrap_or_default());
            finished |= part["type"] == "finish";
        }
        acknowledged.push(Acknowledged { key, seen, finished });
        if !finished {
            break;
        }
    }
    (visitor, acknowledged)
}

/// Asks until the question is taken: a crowded server may tell somebody to come back. None when it is gone.
async fn ask(visitor: &Visitor, body: &serde_json::Value) -> Option<Stream> {
    loop {
        match visitor.post("/messages", body).try_open().await? {
            Ok(stream) => return Some(stream),
            Err(status) => assert_eq!(status, 503),
        }
    }
}

async fn after(events: u64, heard: &mut UnboundedReceiver<()>) {
    for _ in 0..events {
        heard.recv().await.unwrap();
    }
}

async fn what_was_acknowledged_survives_a_kill_at_any_moment(database: &Database) {
    let _room = ROOM.lock().await;
    let mut dice = Dice::new();
    let provider = MockProvider::start().await;
    configure(database, &provider, &["tokens:30:10", "tokens:300:5", "tokens:300", "stall:3"])
        .await;
    lift_limits(database);
    let mut everybody = Vec::new();
    // Once while the crowd comes in, once when it is in the middle of everything.
    for (round, most) in [600, 3_000].into_iter().enumerate() {
        let server = Process::serve(database).await;
        let (tell, mut heard) = unbounded_channel();
        let mut crowd = JoinSet::new();
        for number in 0..200 {
            let (wire, tell) = (server.wire.clone(), tell.clone());
            crowd.spawn(async move {
                let visitor = Visitor::try_plain(&wire, &format!("llm-{}", number % 4)).await?;
                Some(talk(visitor, format!("{round}-{number}"), tell).await)
            });
        }
        after(dice.below(most), &mut heard).await;
        server.kill().await;
        everybody.extend(crowd.join_all().await.into_iter().flatten());
    }
    let server = Process::serve(database).await;
    let count: usize = everybody.iter().map(|(_, acknowledged)| acknowledged.len()).sum();
    assert!(count > 0, "nothing was acknowledged at all");
    let check = async |(visitor, acknowledged): &(Visitor, Vec<Acknowledged>)| {
        let messages = visitor.at(&server.wire).snapshot().await.messages;
        check_conversation(&messages, acknowledged);
    };
    join_all(everybody.iter().map(check)).await;
    for (what, query) in [
        ("open turns", "select count(*) from turns where status in ('waiting', 'running')"),
        (
            "turns without exactly one answer",
            "select count(*) from turns t where 1 <> (select count(*) from messages m \
             where m.turn_id = t.id and m.id = t.answer_id and m.status = t.status)",
        ),
        (
            "questions without exactly one turn",
            "select count(*) from messages m where m.author = 'visitor' \
             and 1 <> (select count(*) from turns t where t.question_id = m.id)",
        ),
        (
            "sessions with a gap in their log",
            "select count(*) from sessions s where s.last_seq <> \
             (select count(*) from session_events e where e.session_id = s.id)",
        ),
        (
            "sessions that nothing opens",
            "select count(*) from sessions s where 1 <> \
             (select count(*) from session_access a where a.session_id = s.id)",
        ),
    ] {
        assert_eq!(database.number(query).await, 0, "{what}");
    }
}

fn check_conversation(messages: &[MessageView], acknowledged: &[Acknowledged]) {
    let questions: Vec<&MessageView> =
        messages.iter().filter(|message| message.author == Author::Visitor).collect();
    // One more may have been stored whose acknowledgement got lost.
    assert!((acknowledged.len()..=acknowledged.len() + 1).contains(&questions.len()));
    for (number, question) in questions.iter().enumerate() {
        let key = question.client_message_id.as_deref().unwrap();
        assert!(key.ends_with(&format!("-{number}")), "{key} is question {number}");
        assert_eq!(question.text, words(key));
        let answers: Vec<&MessageView> = messages
            .iter()
            .filter(|other| other.author == Author::Assistant && other.turn_id == question.turn_id)
            .collect();
        assert_eq!(answers.len(), 1, "{key}");
        let answer = answers[0];
        match answer.status {
            MessageStatus::Complete => {
                assert!([numbered(30), numbered(300)].contains(&answer.text), "{}", answer.text);
            }
            MessageStatus::Interrupted => {
                assert!(numbered(300).starts_with(&answer.text), "{}", answer.text);
            }
            other => panic!("{key} is {other:?}"),
        }
        if let Some(known) = acknowledged.get(number) {
            assert_eq!(known.key, key);
            if known.finished {
                assert_eq!((answer.status, &answer.text), (MessageStatus::Complete, &known.seen));
            }
        }
    }
}

async fn a_server_full_of_streams_ends_and_tells_every_reader(database: &Database) {
    let _room = ROOM.lock().await;
    let provider = MockProvider::start().await;
    // One answer ends within the time that the server has, another does not, the third is more than a socket holds.
    configure(database, &provider, &["tokens:50:20", "stall:3", "long:60000"]).await;
    lift_limits(database);
    let server = Process::serve(database).await;
    let mut streams = Vec::new();
    let mut visitors = Vec::new();
    for number in 0..30 {
        let visitor = Visitor::plain(&server.wire, &format!("llm-{}", number % 2)).await;
        let mut first = visitor.follow("Hello").await;
        let place = format!("{}:0", turn(&first.until("t1").await));
        let tabs = join_all((0..9).map(|_| visitor.resume(Some(&place)))).await;
        streams.extend(std::iter::once(first).chain(tabs));
        visitors.push(visitor);
    }
    let waiting = join_all(visitors.iter().map(|visitor| visitor.follow("And then?"))).await;
    // Somebody reads nothing of a conversation that is more than a socket holds.
    let lazy = Visitor::plain(&server.wire, "llm-2").await;
    lazy.ask("Hello").await;
    let long = match database.kind {
        Kind::Sqlite => "replace(hex(zeroblob(4000000)), '00', 'no')",
        Kind::Postgres => "repeat('no', 4000000)",
    };
    let grow = format!("update messages set body = {long} where length(body) > 50000");
    database.execute(&grow).await;
    let _stalled = lazy.get("/transcript?format=json").stall(1).await;
    server.terminate().await;
    let ended = join_all(streams.into_iter().chain(waiting).map(Stream::rest)).await;
    for told in &ended {
        assert!(told.is_whole(), "{:?}", told.kinds());
        let kinds = told.kinds();
        assert!(kinds.iter().any(|kind| kind == "finish" || kind == "abort"), "{kinds:?}");
    }
    assert!(ended.iter().any(|told| told.kinds().contains(&"abort".to_owned())));
    // Those who read nothing keep it from ending no more than anybody else.
    assert_eq!(server.code().await, Some(0));
    let server = Process::serve(database).await;
    for visitor in &visitors {
        let messages = visitor.at(&server.wire).snapshot().await.messages;
        assert_eq!(messages.len(), 4);
        for answer in messages.iter().filter(|message| message.author == Author::Assistant) {
            match answer.status {
                MessageStatus::Complete => assert_eq!(answer.text, numbered(50)),
                MessageStatus::Interrupted => assert!(numbered(50).starts_with(&answer.text)),
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(database.number("select count(*) from turns where ended_at is null").await, 0);
}

/// The turn that a stream is about.
fn turn(told: &Told) -> String {
    told.part("data-turn")["data"]["turnId"].as_str().unwrap().to_owned()
}

async fn readers_that_stop_reading_stop_no_answer(database: &Database) {
    let _room = ROOM.lock().await;
    let provider = MockProvider::start().await;
    configure(database, &provider, &["long:60000", "tokens:60:20"]).await;
    lift_limits(database);
    let server = Process::serve(database).await;
    let wire: &Wire = &server.wire;
    // Fifty who read nothing of an answer of their own …
    let crowd = join_all((0..50).map(async |_| {
        let visitor = Visitor::plain(wire, "llm-0").await;
        visitor.question("Hello").header("accept", "text/event-stream").stall(1).await
    }));
    let _own = crowd.await;
    // … two hundred who read nothing of one that others read …
    let visitor = Visitor::plain(wire, "llm-1").await;
    let mut asker = visitor.follow("Hello").await;
    let place = format!("{}:0", turn(&asker.until("t1").await));
    let call = visitor.get("/stream").header("last-event-id", &place);
    let _tabs = join_all((0..200).map(|_| call.clone().stall(1))).await;
    // … and some who keep the server from writing.
    let other = Visitor::plain(wire, "llm-0").await;
    let long = turn(&other.follow("Hello").await.rest().await);
    let call = other.get("/stream").header("last-event-id", &format!("{long}:0"));
    let _full = join_all((0..3).map(|_| call.clone().stall(MORE_THAN_A_SOCKET_HOLDS))).await;
    let reader = visitor.resume(Some(&place)).await;
    let (asker, reader) = tokio::join!(asker.rest(), reader.rest());
    assert!(asker.is_whole() && reader.is_whole());
    assert_eq!(reader.text(), numbered(60));
    // Every answer is complete and stored, read or not.
    let complete = "select count(*) from turns where status = 'complete'";
    while database.number(complete).await < 52 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let whole = "select count(*) from messages where author = 'assistant' and length(body) > 50000";
    assert_eq!(database.number(whole).await, 51);
}
