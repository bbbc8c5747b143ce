//! What the mock saw: counts, the time of every abort and the latest request.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

/// What happened at a mock provider so far.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stats {
    /// Connections that were accepted.
    pub connections: u64,
    /// Completions that were asked for.
    pub requests: u64,
    /// Those that ran to the end of their script, be it a good or a bad one.
    pub finished: u64,
    /// Those that the client gave up before that.
    pub aborted: u64,
    /// When it gave them up.
    #[serde(skip)]
    pub aborts: Vec<Instant>,
    /// Body of the latest request.
    pub last_request: Option<Value>,
    /// Its `Authorization` header.
    #[serde(skip)]
    pub last_authorization: Option<String>,
}

/// Writes the [`Stats`] and wakes those who wait for them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder {
    stats: watch::Sender<Stats>,
    models: Arc<Mutex<HashSet<String>>>,
}

impl Recorder {
    pub(crate) fn record(&self, change: impl FnOnce(&mut Stats)) {
        self.stats.send_modify(change);
    }

    pub(crate) fn snapshot(&self) -> Stats {
        self.stats.borrow().clone()
    }

    pub(crate) async fn wait_until(&self, reached: impl FnMut(&Stats) -> bool) {
        // It cannot fail: `self` keeps the sender alive.
        self.stats.subscribe().wait_for(reached).await.ok();
    }

    /// Whether `model` is asked for the first time.
    pub(crate) fn first_time(&self, model: &str) -> bool {
        self.models.lock().unwrap_or_else(PoisonError::into_inner).insert(model.to_owned())
    }

    /// Counts a request and gives back the guard that knows how it ends.
    pub(crate) fn begin(&self, request: Value, authorization: Option<String>) -> Flight {
        self.record(|stats| {
            stats.requests += 1;
            stats.last_request = Some(request);
            stats.last_authorization = authorization;
        });
        Flight { recorder: self.clone(), finished: false }
    }
}

/// One request under way. Dropping it before [`Flight::finish`] means that the client went away.
#[derive(Debug)]
pub(crate) struct Flight {
    recorder: Recorder,
    finished: bool,
}

impl Flight {
    pub(crate) fn finish(&mut self) {
        if !self.finished {
            self.finished = true;
            self.recorder.record(|stats| stats.finished += 1);
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.finished {
            self.recorder.record(|stats| {
                stats.aborted += 1;
                stats.aborts.push(Instant::now());
            });
        }
    }
}
