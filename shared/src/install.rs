//! What keeps the chat from working on a page, told to the owner.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// `POST /v1/public/widgets/{slug}/reports`. Says nothing about the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InstallReport {
    /// What is in the way.
    pub reason: InstallReason,
    /// More for a developer's eyes, at most 300 characters. Of addresses in it only the origin is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Origin of the page, when the call does not come from it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_origin: Option<String>,
    /// Version of the loader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum InstallReason {
    /// The page's origin is not allowed.
    Origin,
    /// The page's policy refuses WebAssembly.
    CspWasm,
    /// The page's policy refuses connections.
    CspConnect,
    /// The page's policy refuses frames.
    CspFrame,
    /// The page's policy refuses scripts.
    CspScript,
    /// The browser refuses storage.
    Storage,
    /// The browser knows no WebAssembly.
    Wasm,
    /// Page and server are of versions that do not fit.
    Version,
    /// Anything else.
    Other,
}

impl InstallReason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Origin,
        Self::CspWasm,
        Self::CspConnect,
        Self::CspFrame,
        Self::CspScript,
        Self::Storage,
        Self::Wasm,
        Self::Version,
        Self::Other,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::CspWasm => "csp_wasm",
            Self::CspConnect => "csp_connect",
            Self::CspFrame => "csp_frame",
            Self::CspScript => "csp_script",
            Self::Storage => "storage",
            Self::Wasm => "wasm",
            Self::Version => "version",
            Self::Other => "other",
        }
    }

    /// Reads the wire's word; an unknown one is `Other`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word).unwrap_or(Self::Other)
    }
}

/// `GET /v1/chatbots/{chatbot}/install-reports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstallReports {
    /// The newest day first, and the most frequent.
    pub reports: Vec<InstallReportView>,
}

/// What was reported of a site in a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstallReportView {
    /// Slug of the chatbot.
    pub slug: String,
    /// The day as `YYYY-MM-DD`, in UTC.
    pub day: String,
    /// Origin of the page; `null` for pages that have none.
    pub origin: String,
    /// What is in the way.
    pub reason: InstallReason,
    /// What came with the newest report that said more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Version of the loader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How often.
    pub times: u32,
    /// The first report of the day.
    pub first_at: Timestamp,
    /// The last.
    pub last_at: Timestamp,
}
