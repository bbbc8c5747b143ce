//! Points in time as they appear on the wire.

use serde::{Deserialize, Serialize};

/// A point in time in UTC, as RFC 3339 with a `Z`. The wire keeps the text: a browser has its own parser, and the
/// server makes it from its clock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, example = "2026-03-01T09:30:00.000000Z"))]
#[serde(transparent)]
pub struct Timestamp(pub String);

impl Timestamp {
    /// The RFC 3339 text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
