//! The one connection that writes to SQLite, and the grouping of its commits.
//!
//! A commit with `synchronous=FULL` waits for the disk, which is most of what a write costs. So units of work share one:
//! the first of a group begins a transaction, each of the others is a savepoint inside it; ending one leaves a promise
//! behind and wakes the committer, which queues for the connection like everybody else (the lock is first come, first
//! served). Whoever queued before it joins the group; then one `COMMIT` keeps every promise at once. A lone writer pays
//! one hop between tasks, and no statement more than without the group: each is a round trip to the driver's thread.

use std::sync::Arc;

use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};

use super::{BUSY_TIMEOUT, StoreError};

/// How often a reader that stands in the way of truncating the log is waited for.
const TRUNCATE_TRIES: u32 = 50;
const TRUNCATE_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// A handle on the writing connection. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Arc<Mutex<State>>,
    wake: Notify,
}

#[derive(Debug)]
struct State {
    /// None after closing.
    connection: Option<SqliteConnection>,
    /// Whether a transaction is open.
    open: bool,
    /// The unit of work that holds the connection, or was dropped before it was released.
    unfinished: Option<Place>,
    /// Units of work that were released and wait for the commit.
    waiting: Vec<oneshot::Sender<bool>>,
}

/// Where a unit of work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is all that there is in the transaction.
    Alone,
    /// In a savepoint, behind others that were released.
    Behind,
}

/// One unit of work, which holds the connection.
pub(super) struct Unit {
    shared: Arc<Shared>,
    /// None once it was released.
    state: Option<OwnedMutexGuard<State>>,
}

impl Writer {
    /// Takes over `connection` and starts the committer.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let state = State {
            connection: Some(connection),
            open: false,
            unfinished: None,
            waiting: Vec::new(),
        };
        let shared = Arc::new(Shared { state: Arc::new(Mutex::new(state)), wake: Notify::new() });
        #[expect(
            clippy::disallowed_methods,
            reason = "it ends with the last handle and holds nothing to drain"
        )]
        tokio::spawn(commit_loop(Arc::downgrade(&shared)));
        Self { shared }
    }

    /// Waits for the connection, though not longer than for another process's lock, and begins a unit of work. While
    /// such a lock stands, everybody is told so instead of queueing up behind those who wait for it.
    pub(super) async fn begin(&self) -> Result<Unit, StoreError> {
        let queued = Arc::clone(&self.shared.state).lock_owned();
        let mut state = tokio::time::timeout(BUSY_TIMEOUT, queued)
            .await
            .map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))?;
        state.recover().await?;
        let State { connection, open, unfinished, .. } = &mut *state;
        let connection =
            connection.as_mut().ok_or(StoreError::Unavailable(sqlx::Error::PoolClosed))?;
        // From here on a drop must be undone by whoever comes next.
        let (place, begin) = if *open {
            (Place::Behind, "savepoint unit")
        } else {
            (Place::Alone, "begin immediate")
        };
        (*open, *unfinished) = (true, Some(place));
        sqlx::query(begin).execute(&mut *connection).await?;
        Ok(Unit { shared: Arc::clone(&self.shared), state: Some(state) })
    }

    /// Writes the log back into the database file and truncates it.
    pub(super) async fn truncate_log(&self) -> Result<(), StoreError> {
        let mut state = self.shared.state.lock().await;
        state.recover().await?;
        state.commit().await;
        let Some(connection) = &mut state.connection else { return Ok(()) };
        for _ in 0..TRUNCATE_TRIES {
            let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
                .fetch_one(&mut *connection)
                .await?;
            if busy == 0 {
                return Ok(());
            }
            tokio::time::sleep(TRUNCATE_PAUSE).await;
        }
        tracing::warn!("store.truncate_log was kept from it by a reader; the next one does it");
        Ok(())
    }

    /// Commits what is open and closes the connection.
    pub(super) async fn close(&self) {
        let mut state = self.shared.state.lock().await;
        let recovered = state.recover().await;
        if recovered.is_ok() {
            state.commit().await;
        }
        if let Some(connection) = state.connection.take() {
            drop(connection.close().await);
        }
    }
}

impl State {
    /// Undoes a unit of work that was dropped.
    async fn recover(&mut self) -> Result<(), StoreError> {
        let Some(place) = self.unfinished else { return Ok(()) };
        let Some(connection) = &mut self.connection else { return Ok(()) };
        if self.open {
            let undone = match place {
                Place::Alone => false,
                Place::Behind => connection.execute("rollback to unit; release unit").await.is_ok(),
            };
            if !undone {
                // It was alone, its savepoint was never made, or the driver gave the whole transaction up (disk full):
                // begin anew. Those who wait for its commit learn that it failed.
                drop(connection.execute("rollback").await);
                self.open = false;
                self.answer(false);
            }
        }
        self.unfinished = None;
        Ok(())
    }

    /// Commits the open transaction and tells everybody who waits.
    async fn commit(&mut self) {
        if !self.open {
            return;
        }
        let Some(connection) = &mut self.connection else { return };
        let committed = sqlx::query("commit").execute(&mut *connection).await;
        if let Err(error) = &committed {
            tracing::error!(error = error as &dyn std::error::Error, "store.commit failed");
            drop(connection.execute("rollback").await);
        }
        self.open = false;
        self.answer(committed.is_ok());
    }

    fn answer(&mut self, committed: bool) {
        for waiting in self.waiting.drain(..) {
            // A caller that no longer waits has its work committed all the same.
            let _ = waiting.send(committed);
        }
    }
}

/// Commits whenever something was released, until the last handle is gone.
async fn commit_loop(shared: std::sync::Weak<Shared>) {
    loop {
        let Some(shared) = shared.upgrade() else { return };
        let woken = shared.wake.notified();
        // Holding the handle while waiting would keep the store open for ever: wake up now and then to look.
        if tokio::time::timeout(std::time::Duration::from_secs(1), woken).await.is_err() {
            continue;
        }
        let mut state = shared.state.lock().await;
        if state.recover().await.is_ok() {
            state.commit().await;
        }
    }
}

impl Unit {
    /// The connection, inside this unit's savepoint.
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        #[expect(clippy::expect_used, reason = "both are there until commit() consumes the unit")]
        self.state
            .as_mut()
            .and_then(|state| state.connection.as_mut())
            .expect("an open unit holds the connection")
    }

    /// Releases the work into the shared transaction and waits until that is committed.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let Some(mut state) = self.state.take() else { return Err(StoreError::Commit) };
        if state.unfinished == Some(Place::Behind)
            && let Some(connection) = &mut state.connection
        {
            // When this fails, or this future is dropped, the next one to come undoes the unit.
            sqlx::query("release unit").execute(&mut *connection).await?;
        }
        state.unfinished = None;
        let (promise, kept) = oneshot::channel();
        state.waiting.push(promise);
        drop(state);
        self.shared.wake.notify_one();
        if kept.await.unwrap_or(false) { Ok(()) } else { Err(StoreError::Commit) }
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        // A dropped unit leaves an open savepoint: the committer undoes it and ends the transaction.
        if self.state.take().is_some() {
            self.shared.wake.notify_one();
        }
    }
}
