//! Who a visitor is, when the page around the widget knows: said by the page, and proven by the site's own server.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::SessionId;
use crate::session::SessionStatus;

/// What a page says of its signed-in user: `PUT /v1/public/sessions/{id}/identity`, and a field of [`CreateSession`].
///
/// With `token`, or with `user_id` and `user_hash`, it is proven; with neither it is only said, and marked so.
///
/// [`CreateSession`]: crate::session::CreateSession
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// JWT of the site's server, signed with HS256 under the chatbot's identity secret: `sub` is the user, `exp` at most
    /// 24 hours ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The site's own id of the user, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// HMAC-SHA256 of `user_id` under the chatbot's identity secret, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_hash: Option<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl core::fmt::Debug for Identity {
    /// Leaves everything out: it is somebody's name, and the proof of it.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// Whose session it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct IdentityView {
    /// Whether the user id was proven; all else is as the page said it.
    pub verified: bool,
    /// The site's own id of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl core::fmt::Debug for IdentityView {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("IdentityView")
            .field("verified", &self.verified)
            .finish_non_exhaustive()
    }
}

/// `POST /v1/public/widgets/{slug}/sessions/lookup`: the conversations of a proven user, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SessionList {
    /// At most 50 of them.
    pub sessions: Vec<SessionSummary>,
}

/// One conversation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SessionSummary {
    /// The session. `POST …/sessions/{session_id}/resume` with the same proof goes on with it.
    pub session_id: SessionId,
    /// Its first question, or what the files are called that were sent without words, shortened to 120 characters; empty
    /// before one was asked.
    pub title: String,
    /// State.
    pub status: SessionStatus,
    /// How many messages it has.
    pub messages: u32,
    /// Whether the consent to the terms was taken back, and nothing more is taken until they are accepted again.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub consent_withdrawn: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When something happened in it last.
    pub updated_at: Timestamp,
}
