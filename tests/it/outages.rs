//! The database cannot be written for a while, and callers go away at the worst moment: nothing is acknowledged that is
//! not stored, nothing hangs, and all is well again by itself.

use std::task::Poll;
use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use natter_mock_provider::MockProvider;
use natter_shared::message::{self, MessageStatus};
use serde_json::json;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::crash::configure;
use crate::harness::{
    Answer, Cluster, Database, Kind, Process, Visitor, natter, on_both, on_sqlite, run,
    run_with_cluster, with_model,
};

on_both!(
    a_question_whose_asker_goes_away_at_any_moment_is_answered_or_was_never_taken,
    what_waits_in_a_session_that_is_erased_ends_too,
);
on_sqlite!(
    while_another_process_locks_the_database_everybody_is_told_to_come_back,
    while_the_disk_is_full_everybody_is_told_to_come_back,
    an_answer_that_could_not_be_stored_for_long_holds_up_nothing_afterwards,
);

#[test]
fn while_postgres_is_away_everybody_is_told_to_come_back() {
    run_with_cluster(postgres_is_away);
}

#[test]
fn a_server_that_lost_its_database_to_another_ends() {
    run(Kind::Postgres, another_takes_the_database);
}

/// What a call says while nothing can be stored.
fn told_to_come_back(answer: &Answer) {
    answer.refused(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!(answer.header("x-should-retry"), None);
}

/// Asks for something of each kind.
async fn nothing_can_be_stored(visitor: &Visitor, server: &crate::harness::Wire) {
    let body = json!({ "message": "Now?", "client_message_id": "now" });
    let session = server.post("/v1/public/robots/llm-0/sessions");
    let calls = [
        visitor.post("/messages", &body),
        visitor.post("/expand-tokens", &json!({})),
        visitor.post("/messages", &body),
        session.json(&json!({ "consent_accepted": true })),
    ];
    for answer in join_all(calls.map(crate::harness::Call::send)).await {
        told_to_come_back(&answer);
    }
}

/// Asks again what could not be taken before.
async fn all_is_well(visitor: &Visitor, database: &Database) {
    let body = json!({ "message": "Now?", "client_message_id": "now" });
    let answer: message::Answer = visitor.post("/messages", &body).send().await.typed(200);
    assert_eq!(answer.status, MessageStatus::Complete);
    let asked = "select count(*) from messages where body = 'Now?'";
    assert_eq!(database.number(asked).await, 1);
    Visitor::plain(visitor.wire(), "llm-0").await.ask("Hello").await;
}

async fn a_question_whose_asker_goes_away_at_any_moment_is_answered_or_was_never_taken(
    database: &Database,
) {
    let (_provider, server, visitor) = with_model(database, "tokens:3").await;
    // A call is dropped at each of the points where it waits for something.
    for most in 1.. {
        let body = json!({ "message": "Hello", "client_message_id": format!("after {most}") });
        let mut call = Box::pin(visitor.post("/messages", &body).send());
        let mut polls = 0;
        let answer = std::future::poll_fn(|context| {
            polls += 1;
            match call.as_mut().poll(context) {
                Poll::Pending if polls >= most => Poll::Ready(None),
                other => other.map(Some),
            }
        });
        let answered = answer.await.is_some();
        drop(call);
        server.service.ready().await.unwrap();
        while database.number("select count(*) from turns where ended_at is null").await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if answered {
            assert!(most > 3, "the calls were dropped in the middle");
            break;
        }
    }
    let unanswered = "select count(*) from messages m where author = 'visitor' and not exists \
                      (select 1 from messages a where a.parent_id = m.id and a.status = 'complete')";
    assert_eq!(database.number(unanswered).await, 0);
    visitor.ask("And now?").await;
}

async fn what_waits_in_a_session_that_is_erased_ends_too(database: &Database) {
    let (_provider, server, visitor) = with_model(database, "stall:3").await;
    let mut first = visitor.follow("First").await;
    first.until("t3").await;
    let waiting = visitor.follow("Second").await;
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    assert!(first.rest().await.is_whole());
    assert!(waiting.rest().await.is_whole());
    // Nothing is left that the end would have to wait for.
    server.service.shut_down(Duration::from_hours(1)).await;
}

async fn while_another_process_locks_the_database_everybody_is_told_to_come_back(
    database: &Database,
) {
    let (provider, server, visitor) = with_model(database, "tokens:3:10").await;
    let other = server.plain("llm-0").await;
    let mut stream = other.follow("Hello").await;
    stream.until("t1").await;
    let mut lock = SqliteConnection::connect(&database.url).await.unwrap();
    lock.execute("begin exclusive").await.unwrap();
    // Forty who queued up behind one another would wait for minutes.
    let crowd = join_all((0..40).map(|_| visitor.question("Hello").send()));
    let ((), crowd) = tokio::join!(nothing_can_be_stored(&visitor, &server.wire), crowd);
    crowd.iter().for_each(told_to_come_back);
    // Reading goes on meanwhile.
    visitor.get("/events").send().await.expect(200);
    provider.wait_until(|stats| stats.finished == 1).await;
    lock.execute("rollback").await.unwrap();
    // The answer that ended meanwhile is told to be complete when it is stored.
    assert_eq!(stream.rest().await.part("finish")["finishReason"], "stop");
    assert_eq!(other.answers().await, [(MessageStatus::Complete, "t1 t2 t3".to_owned())]);
    all_is_well(&visitor, database).await;
}

async fn while_the_disk_is_full_everybody_is_told_to_come_back(database: &Database) {
    let provider = MockProvider::start().await;
    configure(database, &provider, &["tokens:3:50"]).await;
    let server = Process::serve_on_a_disk_that_fills(database).await;
    let visitor = Visitor::plain(&server.wire, "llm-0").await;
    let other = Visitor::plain(&server.wire, "llm-0").await;
    visitor.ask("Hello").await;
    let mut stream = other.follow("Hello").await;
    stream.until("t1").await;
    server.fill_disk().await;
    nothing_can_be_stored(&visitor, &server.wire).await;
    visitor.get("/events").send().await.expect(200);
    provider.wait_until(|stats| stats.finished == 2).await;
    server.free_disk().await;
    assert_eq!(stream.rest().await.part("finish")["finishReason"], "stop");
    assert_eq!(other.answers().await, [(MessageStatus::Complete, "t1 t2 t3".to_owned())]);
    all_is_well(&visitor, database).await;
    server.kill().await;
    let server = Process::serve(database).await;
    assert_eq!(visitor.at(&server.wire).answers().await.len(), 2);
}

async fn an_answer_that_could_not_be_stored_for_long_holds_up_nothing_afterwards(
    database: &Database,
) {
    let (_provider, _server, visitor) = with_model(database, "tokens:5:100").await;
    let mut stream = visitor.follow("Hello").await;
    stream.until("t1").await;
    let waiting = visitor.follow("And then?").await;
    let mut other = SqliteConnection::connect(&database.url).await.unwrap();
    other.execute("alter table session_events rename to away").await.unwrap();
    let told = stream.rest().await;
    assert_eq!(told.part("data-problem")["data"]["code"], "answer_not_stored");
    other.execute("alter table away rename to session_events").await.unwrap();
    // It is stored as what its reader was told, and the next one has its turn.
    assert_eq!(waiting.rest().await.text(), "t1 t2 t3 t4 t5");
    let statuses: Vec<MessageStatus> =
        visitor.answers().await.into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, [MessageStatus::Failed, MessageStatus::Complete]);
    visitor.ask("All well?").await;
}

async fn postgres_is_away(database: &Database, cluster: &Cluster) {
    let (provider, server, visitor) = with_model(database, "tokens:3:50").await;
    let other = server.plain("llm-0").await;
    visitor.ask("Hello").await;
    let mut stream = other.follow("Hello").await;
    stream.until("t1").await;
    cluster.stop().await;
    nothing_can_be_stored(&visitor, &server.wire).await;
    told_to_come_back(&visitor.get("/events").send().await);
    told_to_come_back(&server.wire.get("/health/ready").send().await);
    provider.wait_until(|stats| stats.finished == 2).await;
    cluster.go_on().await;
    assert_eq!(stream.rest().await.part("finish")["finishReason"], "stop");
    assert_eq!(other.answers().await, [(MessageStatus::Complete, "t1 t2 t3".to_owned())]);
    all_is_well(&visitor, database).await;
    // The restarted database has forgotten whose it is; the server claims it again.
    database.until("select count(*) from pg_locks where locktype = 'advisory'").await;
    let second = natter(database, &["serve", "--listen", "127.0.0.1:0"]).output().await.unwrap();
    let error = String::from_utf8(second.stderr).unwrap();
    assert!(error.contains("another server uses this database"), "{error}");
}

async fn another_takes_the_database(database: &Database) {
    let server = Process::serve(database).await;
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    let key = "select classid::bigint << 32 | objid::bigint from pg_locks where locktype = 'advisory' \
               and database = (select oid from pg_database where datname = current_database())";
    let key = database.number(key).await;
    let held = "select pid from pg_locks where locktype = 'advisory' and granted \
                and database = (select oid from pg_database where datname = current_database())";
    let holder = database.number(&format!("select pid::bigint from ({held}) held")).await;
    // Whoever waits for it gets it in the moment in which it is free.
    let taking = sqlx::query(sqlx::AssertSqlSafe(format!("select pg_advisory_lock({key})")));
    let taking = taking.execute(&mut other);
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted";
    let freeing = async {
        database.until(waits).await;
        database.number(&format!("select pg_terminate_backend({holder})::int::bigint")).await;
    };
    let (taken, ()) = tokio::join!(taking, freeing);
    taken.unwrap();
    assert_eq!(server.code().await, Some(1));
}
