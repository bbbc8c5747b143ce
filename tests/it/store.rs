//! The store: units of work, under load and in conflict.

use std::fmt::Write as _;

use futures_util::future::join_all;
use natter_server::clock::Clock;
use natter_server::store::{Channel, NewEvent, NewMessage, NewSession, Store, StoreError};
use natter_shared::id::SessionId;
use natter_shared::message::{Author, MessageStatus};

use crate::harness::{Database, Server, file, on_both, shop};

on_both!(
    fifty_writers_at_once_leave_no_gap_in_a_sessions_events,
    a_unit_that_is_dropped_leaves_nothing_while_its_neighbours_are_kept,
    a_conflict_and_a_lost_parent_are_told_apart,
    what_was_committed_is_there_after_closing_and_opening,
    units_of_many_sessions_are_all_kept,
    when_too_many_passages_fit_those_taught_first_are_proposed,
);

struct Opened {
    server: Server,
    store: Store,
    clock: Clock,
}

/// A second handle on the database of a server with the shop's configuration.
async fn open(database: &Database) -> Opened {
    let server = Server::start(database).await;
    let store = Store::open(&database.url).await.unwrap();
    let clock = server.clock.clone();
    Opened { server, store, clock }
}

impl Opened {
    fn session(&self, key: Option<&str>) -> NewSession {
        let chatbot = self.server.service.chatbot("free").unwrap();
        NewSession {
            id: self.clock.id(),
            organization: chatbot.organization,
            chatbot: chatbot.id,
            channel: Channel::Public,
            client_session_id: key.map(Into::into),
            visitor_label: None,
            locale: None,
            origin: None,
            address: None,
            consent_hash: None,
            consent_vouched: false,
            created_at: self.clock.now(),
        }
    }

    async fn insert(&self, new: &NewSession) -> Result<(), StoreError> {
        let mut tx = self.store.write().await?;
        tx.insert_session(new).await?;
        tx.commit().await
    }

    async fn append(&self, session: SessionId) -> Result<Option<i64>, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let event = NewEvent { kind: "finished", turn: None, message: None, created_at: now };
        let number = tx.append_event(session, event).await?;
        tx.commit().await?;
        Ok(number)
    }
}

async fn fifty_writers_at_once_leave_no_gap_in_a_sessions_events(database: &Database) {
    let opened = open(database).await;
    let session = opened.session(None);
    opened.insert(&session).await.unwrap();
    let numbers = join_all((0..50).map(|_| opened.append(session.id))).await;
    let mut numbers: Vec<i64> =
        numbers.into_iter().map(|number| number.unwrap().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<i64>>());
    let stored = opened.store.read().await.unwrap().events_after(session.id, 0, 100).await.unwrap();
    assert_eq!(stored.iter().map(|row| row.seq).collect::<Vec<_>>(), numbers);
    let row = opened.store.read().await.unwrap().session(session.id).await.unwrap().unwrap();
    assert_eq!(row.last_seq, 50);
}

async fn a_unit_that_is_dropped_leaves_nothing_while_its_neighbours_are_kept(database: &Database) {
    let opened = open(database).await;
    let sessions: Vec<NewSession> = (0..40).map(|_| opened.session(None)).collect();
    let write = async |number: usize, new: &NewSession| {
        let mut tx = opened.store.write().await.unwrap();
        tx.insert_session(new).await.unwrap();
        if number.is_multiple_of(3) {
            drop(tx);
        } else {
            tx.commit().await.unwrap();
        }
    };
    join_all(sessions.iter().enumerate().map(|(number, new)| write(number, new))).await;
    let mut tx = opened.store.read().await.unwrap();
    for (number, new) in sessions.iter().enumerate() {
        let found = tx.session(new.id).await.unwrap().is_some();
        assert_eq!(found, !number.is_multiple_of(3), "{number}");
    }
}

async fn a_conflict_and_a_lost_parent_are_told_apart(database: &Database) {
    let opened = open(database).await;
    opened.insert(&opened.session(Some("the same key"))).await.unwrap();
    let again = opened.insert(&opened.session(Some("the same key"))).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    let lost = opened.session(None);
    let message = NewMessage {
        id: opened.clock.id(),
        organization: lost.organization,
        session: lost.id,
        parent: None,
        turn: None,
        author: Author::Visitor,
        body: "Hello".into(),
        status: MessageStatus::Complete,
        sources: Vec::new(),
        answered: None,
        error_code: None,
        client_message_id: None,
        contact_reason: None,
        suggestions: Vec::new(),
        created_at: opened.clock.now(),
        context: None,
        attachments: Vec::new(),
    };
    let mut tx = opened.store.write().await.unwrap();
    let orphan = tx.insert_message(&message).await;
    assert!(matches!(orphan, Err(StoreError::Gone(_))), "{orphan:?}");
    drop(tx);
    assert_eq!(opened.append(lost.id).await.unwrap(), None, "an event of a session that is gone");
    let unknown = Store::open("mysql://nobody").await;
    assert!(matches!(unknown, Err(StoreError::Url)), "{unknown:?}");
}

async fn what_was_committed_is_there_after_closing_and_opening(database: &Database) {
    let opened = open(database).await;
    let (kept, dropped) = (opened.session(None), opened.session(None));
    opened.insert(&kept).await.unwrap();
    let mut tx = opened.store.write().await.unwrap();
    tx.insert_session(&dropped).await.unwrap();
    drop(tx);
    opened.store.close().await;
    assert!(matches!(opened.store.write().await, Err(StoreError::Unavailable(_))), "it is closed");
    let store = Store::open(&database.url).await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert!(tx.session(kept.id).await.unwrap().is_some());
    assert!(tx.session(dropped.id).await.unwrap().is_none());
}

async fn units_of_many_sessions_are_all_kept(database: &Database) {
    let opened = open(database).await;
    let sessions: Vec<NewSession> = (0..100).map(|_| opened.session(None)).collect();
    let kept = join_all(sessions.iter().map(|new| opened.insert(new))).await;
    assert!(kept.iter().all(Result::is_ok), "{kept:?}");
    assert_eq!(database.number("select count(*) from sessions").await, 100);
}

async fn when_too_many_passages_fit_those_taught_first_are_proposed(database: &Database) {
    let opened = open(database).await;
    let mut text = shop();
    for number in 0..30 {
        write!(
            text,
            "\n[[chatbots.sources]]\ntitle = \"Note {number}\"\ntext = \"Gadget {number} of {}.\"\n",
            "gadget ".repeat(30 - number)
        )
        .unwrap();
    }
    file(&opened.server.service, &text).await.unwrap();
    let chatbot = opened.server.service.chatbot("other").unwrap().id;
    let mut tx = opened.store.read().await.unwrap();
    let all = tx.candidates(chatbot, &["gadget"], 100).await.unwrap();
    let numbers: Vec<i64> = all.iter().map(|row| row.number).collect();
    assert_eq!(numbers.len(), 30);
    assert!(numbers.is_sorted(), "{numbers:?}");
    let some = tx.candidates(chatbot, &["gadget"], 10).await.unwrap();
    assert!(some.iter().map(|row| row.number).eq(numbers[..10].iter().copied()));
}
