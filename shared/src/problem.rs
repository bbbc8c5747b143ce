//! Errors as RFC 9457 problem details (`application/problem+json`). Clients switch on [`Problem::code`].

use serde::{Deserialize, Serialize};

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Names the kind of problem: `urn:natter:problem:CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short text that is the same for every problem of the kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable machine code, for instance `turn_running`.
    pub code: String,
    /// One sentence that says what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field of the request that is wrong, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Every field of a form that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds to wait before trying again, as in the `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The id under which the server's log knows the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// A field of a form that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Its key.
    pub field: String,
    /// `required`, `unknown`, `invalid`, `not_an_option` or `too_long`.
    pub code: String,
    /// One sentence that says what to do.
    pub detail: String,
}
