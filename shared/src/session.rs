//! Sessions: opening, configuration, resuming, finishing and expanding them (Owari's public routes).

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::contact::ContactView;
use crate::id::{SessionId, TurnId};
use crate::identity::{Identity, IdentityView};
use crate::message::MessageView;

/// `GET /v1/public/robots/{slug}/config` and the widget's twin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct PublicConfig {
    /// Slug.
    pub slug: String,
    /// Public id.
    pub chatbot_id: String,
    /// Display name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Default language as a BCP 47 tag.
    pub locale: String,
    /// What it says first.
    pub greeting: String,
    /// Questions to offer.
    pub starter_questions: Vec<String>,
    /// The terms.
    pub consent: ConsentConfig,
    /// Days after which a conversation is deleted; 0 keeps it until it is deleted by hand.
    pub retention_days: u32,
    /// Limits.
    pub limits: Limits,
    /// Whether and how contact details are asked for.
    pub contact_capture: ContactCapture,
}

/// The terms that a visitor accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ConsentConfig {
    /// Whether they must be accepted before a session exists.
    pub required: bool,
    /// The terms as Markdown.
    pub text: Option<String>,
    /// SHA-256 of the text in hexadecimal: the version that is accepted.
    pub hash: Option<String>,
}

/// Limits of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct Limits {
    /// Longest question, in characters.
    pub max_message_chars: u32,
}

/// Asking for contact details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ContactCapture {
    /// Whether a visitor may leave them.
    pub enabled: bool,
    /// Names of the fields, in order.
    pub fields: Vec<String>,
}

/// `POST /v1/public/{robots|widgets}/{slug}/sessions`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// A label for the owner's eyes, for instance `website visitor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_label: Option<String>,
    /// Whether the terms were accepted. Needed when they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_accepted: Option<bool>,
    /// Hash of the terms that were shown; refused when they have changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_hash: Option<String>,
    /// The visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Idempotency key made by the client: the same key gives the same session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_session_id: Option<String>,
    /// Whose session it shall be, when the page knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// State of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Takes messages.
    Open,
    /// Was finished and takes none.
    Finished,
}

/// A session that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SessionCreated {
    /// The session. A caller without a token gets `ID.SECRET` and sends it back as it is; one with a token gets the
    /// bare id.
    pub session_id: String,
    /// Slug of its chatbot.
    pub slug: String,
    /// State.
    pub status: SessionStatus,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its secret stops working.
    pub expires_at: Timestamp,
    /// For a caller with a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natter: Option<Credentials>,
}

/// What a browser needs to go on with a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct Credentials {
    /// JWT that opens this session; keep it in memory only.
    pub token: String,
    /// Secret for a later handshake's `resume`; keep it where the page's storage allows.
    pub resume_secret: String,
}

/// A session with its transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SessionSnapshot {
    /// The session.
    pub session_id: SessionId,
    /// Public id of its chatbot.
    pub chatbot_id: String,
    /// State.
    pub status: SessionStatus,
    /// The conversation, oldest first.
    pub messages: Vec<MessageView>,
    /// The turn that is being answered now: read it from `GET …/stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_turn: Option<TurnId>,
    /// Sequence number of the session log's newest event.
    pub last_seq: i64,
    /// Whose session it is, when the page said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityView>,
    /// Whether the consent to the terms was taken back, and nothing more is taken until they are accepted again.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub consent_withdrawn: bool,
}

/// `GET …/transcript?format=json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionFile {
    /// The conversation.
    #[serde(flatten)]
    pub snapshot: SessionSnapshot,
    /// What the visitor left to be reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactView>,
    /// What the visitor thought of the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<SessionRating>,
}

/// `POST …/finish`. A call without a body only finishes. What else a body holds is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FinishSession {
    /// What the visitor thought of the conversation, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// What the visitor adds, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// `POST …/rating`, within a day after the session was finished. A later one replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RateSession {
    /// What the visitor thought of the conversation, 1 to 5.
    pub rating: u8,
    /// What the visitor adds, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// What the visitor thought of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SessionRating {
    /// 1 to 5.
    pub rating: u8,
    /// What the visitor added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When it was given first.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// The rating as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRated {
    /// The session.
    pub session_id: SessionId,
    /// The rating.
    #[serde(flatten)]
    pub rating: SessionRating,
}

/// `POST …/finish`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SessionFinished {
    /// The session.
    pub session_id: SessionId,
    /// `finished`.
    pub status: SessionStatus,
    /// When it was finished the first time.
    pub finished_at: Timestamp,
    /// The rating that came along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<SessionRating>,
}

/// `POST …/expand-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ExpandToken {
    /// Redeemable once.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
    /// The full chat page that redeems it; the token stands after the `#`, where no server sees it.
    pub url: String,
}

/// `POST /v1/public/expand-tokens/{token}/redeem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct Redeemed {
    /// The session. A caller without a token gets `ID.SECRET`.
    pub session_id: String,
    /// Slug of its chatbot.
    pub slug: String,
    /// State.
    pub status: SessionStatus,
    /// The conversation, oldest first.
    pub messages: Vec<MessageView>,
    /// The turn that is being answered now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_turn: Option<TurnId>,
    /// Whether the consent to the terms was taken back, and nothing more is taken until they are accepted again.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub consent_withdrawn: bool,
    /// For our own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natter: Option<Credentials>,
}
