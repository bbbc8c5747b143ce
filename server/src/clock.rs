//! The only source of time, ids and randomness. Tests put a fixed clock in its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use natter_shared::Timestamp;
use uuid::{NoContext, Uuid};

/// Tells the time in UTC with microseconds (what Postgres keeps), and makes ids and secrets.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Microseconds since the epoch when time stands still.
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `start` until it is moved with [`Clock::advance`].
    #[must_use]
    pub fn fixed(start: DateTime<Utc>) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(start.timestamp_micros()))) }
    }

    /// Moves a fixed clock forward. A system clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Some(fixed) = &self.fixed {
            let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            fixed.fetch_add(micros, Ordering::SeqCst);
        }
    }

    /// Now, truncated to microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.fixed {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            None => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// A new UUIDv7.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
    }

    /// A new id of any kind.
    #[must_use]
    pub fn id<I: From<NewId>>(&self) -> I {
        NewId(self.uuid().as_u128()).into()
    }

    /// 122 random bits.
    #[must_use]
    pub fn random(&self) -> u128 {
        Uuid::new_v4().as_u128()
    }

    /// A secret of 244 random bits, as 43 characters that are safe in URLs.
    #[must_use]
    pub fn secret(&self) -> String {
        // Two random UUIDs: the operating system's generator, without another crate for it.
        let bytes: [[u8; 16]; 2] = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()];
        URL_SAFE_NO_PAD.encode(bytes.as_flattened())
    }
}

/// The bits of an id that was just made.
#[derive(Debug, Clone, Copy)]
pub struct NewId(u128);

macro_rules! new_ids {
    ($($name:ident),*) => {$(
        impl From<NewId> for natter_shared::id::$name {
            fn from(new: NewId) -> Self {
                Self::from_u128(new.0)
            }
        }
    )*};
}
new_ids!(
    OrganizationId,
    ProjectId,
    ChatbotId,
    AccountId,
    ApiKeyId,
    SourceId,
    SessionId,
    MessageId,
    TurnId,
    ContactId,
    AttachmentId
);

/// The wire's form of a point in time.
#[must_use]
pub fn timestamp(time: DateTime<Utc>) -> Timestamp {
    Timestamp(time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}

/// `time + by`, or the end of time.
#[must_use]
pub fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| time.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_it_is_told_to() {
        let clock = Clock::fixed(DateTime::UNIX_EPOCH);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(2));
        assert_eq!(timestamp(clock.now()).as_str(), "1970-01-01T00:00:02.000000Z");
    }

    #[test]
    fn secrets_differ_and_fit_in_a_url() {
        let clock = Clock::system();
        let (one, other) = (clock.secret(), clock.secret());
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        assert!(
            one.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        );
    }
}
