//! Rate limits of the public routes, by address and by session, kept in memory.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use natter_shared::id::SessionId;

use crate::service::ServiceError;

use super::address::Address;

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// How often something may be done: so many times at once, and as many again in a minute.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Any public call, by address.
    pub calls: NonZeroU32,
    /// Opening sessions, by address.
    pub sessions: NonZeroU32,
    /// Questions, by session.
    pub questions: NonZeroU32,
}

impl Default for Rates {
    fn default() -> Self {
        const fn rate(times: u32) -> NonZeroU32 {
            NonZeroU32::MIN.saturating_add(times - 1)
        }
        // An office behind one address must fit; a loop must not.
        Self { calls: rate(600), sessions: rate(60), questions: rate(30) }
    }
}

/// The limits.
pub struct Limits {
    calls: Keyed<IpAddr>,
    sessions: Keyed<IpAddr>,
    questions: Keyed<SessionId>,
    reports: Keyed<IpAddr>,
}

/// How often an address may report what keeps the chat from working, in a minute: pages report once.
const REPORTS: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

/// Only what can be counted must be kept: entries that are full again are dropped when there are more than this.
const SWEEP: usize = 10_000;

impl Limits {
    /// Limits with these rates.
    #[must_use]
    pub fn new(rates: Rates) -> Self {
        Self {
            calls: RateLimiter::dashmap(Quota::per_minute(rates.calls)),
            sessions: RateLimiter::dashmap(Quota::per_minute(rates.sessions)),
            questions: RateLimiter::dashmap(Quota::per_minute(rates.questions)),
            reports: RateLimiter::dashmap(Quota::per_minute(REPORTS)),
        }
    }

    /// Counts a call.
    pub(super) fn call(&self, address: Address) -> Result<(), ServiceError> {
        count(&self.calls, &address.bucket())
    }

    /// Counts the opening of a session.
    pub(super) fn session(&self, address: Address) -> Result<(), ServiceError> {
        count(&self.sessions, &address.bucket())
    }

    /// Counts a report.
    pub(super) fn report(&self, address: Address) -> Result<(), ServiceError> {
        count(&self.reports, &address.bucket())
    }

    /// Counts a question.
    pub(super) fn question(&self, session: SessionId) -> Result<(), ServiceError> {
        count(&self.questions, &session)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(Rates::default())
    }
}

fn count<K: Clone + Eq + std::hash::Hash>(limiter: &Keyed<K>, key: &K) -> Result<(), ServiceError> {
    if limiter.len() > SWEEP {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        ServiceError::RateLimited { retry_after: wait.max(Duration::from_secs(1)) }
    })
}
