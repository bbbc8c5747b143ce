//! Failures of requests, and the plain words for them.

use super::model::{Notice, Trouble};
use crate::i18n::Word;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// The HTTP status; 0 when no answer came.
    pub status: u16,
    /// The machine code, perhaps empty.
    pub code: String,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
    /// Whether the server says that trying again is of no use.
    pub is_final: bool,
}

impl Failure {
    /// No answer came.
    #[must_use]
    pub fn network() -> Self {
        Self::default()
    }

    /// Whether no answer came.
    #[must_use]
    pub const fn is_network(&self) -> bool {
        self.status == 0
    }

    /// Whether the code is this one, in whatever case a door spells it.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }

    /// Whether a new token may help.
    #[must_use]
    pub const fn wants_token(&self) -> bool {
        self.status == 401
    }

    /// Whether the server may be better in a moment.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        !self.is_final && matches!(self.status, 0 | 502 | 503 | 504)
    }

    /// Whether the session does not exist for us any more.
    #[must_use]
    pub const fn is_session_gone(&self) -> bool {
        matches!(self.status, 401 | 403 | 404 | 410)
    }

    /// The sentence for it.
    #[must_use]
    pub const fn word(&self) -> Word {
        match self.status {
            0 => Word::unreachable,
            404 => Word::not_found,
            413 | 422 => Word::too_long,
            429 => Word::rate_limited,
            500.. => Word::server_error,
            _ => Word::refused,
        }
    }

    /// As a notice about the connection.
    #[must_use]
    pub const fn notice(&self) -> Notice {
        Notice { word: self.word(), retry: !matches!(self.status, 400 | 403 | 404) }
    }

    /// As an answer's trouble.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        Trouble { word: self.word(), retry: true, wait: self.retry_after.unwrap_or(0), lost: false }
    }
}

/// Milliseconds to wait before an attempt.
#[must_use]
pub const fn backoff(tries: u32) -> u32 {
    match tries {
        0 => 0,
        1 => 400,
        2 => 1_000,
        3 => 2_000,
        4 => 4_000,
        _ => 8_000,
    }
}
