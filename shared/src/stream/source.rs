//! What is said of a source besides what the protocol has fields for.

use serde::{Deserialize, Serialize};

/// What the protocol has no field for, under our own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceMetadata {
    /// Ours.
    pub natter: SourceExcerpt,
}

/// The words of a source that are cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceExcerpt {
    /// At most a few hundred characters of plain text.
    pub excerpt: String,
}

impl SourceMetadata {
    /// An excerpt's metadata.
    #[must_use]
    pub const fn of(excerpt: String) -> Self {
        Self { natter: SourceExcerpt { excerpt } }
    }
}
