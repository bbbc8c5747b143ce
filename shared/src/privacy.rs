//! What is stored about a visitor, until when, and what was agreed to: the privacy menu.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::SessionId;
use crate::identity::IdentityView;

/// `GET /v1/public/sessions/{id}/privacy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionPrivacy {
    /// The session.
    pub session_id: SessionId,
    /// What is stored.
    pub stored: Stored,
    /// Days for which a conversation is kept after the last message; 0 keeps it until it is deleted by hand.
    pub retention_days: u32,
    /// When it will be deleted, if nothing more is written; none when it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<Timestamp>,
    /// What was agreed to last; none when there were no terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentReceipt>,
}

/// What is stored of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stored {
    /// When the conversation was begun.
    pub created_at: Timestamp,
    /// How many messages, answers included.
    pub messages: u32,
    /// Whether contact details were left.
    pub contact: bool,
    /// How many answers were rated.
    pub ratings: u32,
    /// How many files are kept, those that are yet to be sent included.
    #[serde(default)]
    pub attachments: u32,
    /// Whose conversation it is, when the page around the chat said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityView>,
    /// Whether the visitor's IP address is kept.
    pub ip_address: bool,
    /// The label that the client chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_label: Option<String>,
    /// Origin of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// What was agreed to, and whether that still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentReceipt {
    /// The session.
    pub session_id: SessionId,
    /// Name of the chatbot.
    pub chatbot: String,
    /// SHA-256 of the terms in hexadecimal; none when a server vouched for the consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The terms as they were then, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When they were accepted.
    pub accepted_at: Timestamp,
    /// The visitor's language then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Whether a server vouched for it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub vouched: bool,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}

/// `POST …/consent/withdraw`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawConsent {
    /// Deletes the conversation as well.
    #[serde(default)]
    pub delete: bool,
}

/// The withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentWithdrawn {
    /// The session.
    pub session_id: SessionId,
    /// When the consent was taken back.
    pub withdrawn_at: Timestamp,
    /// Whether the conversation was deleted.
    pub deleted: bool,
}
