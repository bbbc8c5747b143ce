//! Messages, answers, sources, feedback, and the turns that they belong to.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::attachment::AttachmentView;
use crate::contact::ContactReason;
use crate::context::PageContext;
use crate::id::{AttachmentId, MessageId, SessionId, TurnId};

/// `POST /v1/public/sessions/{id}/messages`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct SendMessage {
    /// The question, 1 to 8,000 characters; empty only where files say enough.
    pub message: String,
    /// `false` is refused; absent, the session's own consent stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_accepted: Option<bool>,
    /// Idempotency key made by the client: the same key gives the same turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    /// The visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The page that it is asked on, at most 4 KB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<PageContext>,
    /// The visitor's newest message, when this one takes its place: it and its answer are no longer part of the
    /// conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<MessageId>,
    /// Files that were uploaded for it, at most 5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
}

/// `POST …/turns/{turn_id}/retry`: answers the turn's question again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct RetryTurn {
    /// Idempotency key made by the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    /// Whether an answer that succeeded may be replaced by another one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub regenerate: bool,
}

/// The answer as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct Answer {
    /// The session.
    pub session_id: SessionId,
    /// The turn.
    pub turn_id: TurnId,
    /// The answer's own id, for feedback.
    pub message_id: MessageId,
    /// The answer as Markdown.
    pub answer: String,
    /// What it cites.
    pub sources: Vec<SourceView>,
    /// Whether the owner's content answered.
    pub answered: bool,
    /// How the turn ended.
    pub status: MessageStatus,
    /// When it was complete.
    pub created_at: Timestamp,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The visitor.
    Visitor,
    /// The assistant.
    Assistant,
    /// A person of the owner's team.
    Operator,
    /// A rule of the owner.
    Trigger,
}

/// Whether a message is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Whole.
    Complete,
    /// The visitor stopped it; its text so far is kept.
    Stopped,
    /// The server went down meanwhile; its text so far is kept and it can be retried.
    Interrupted,
    /// The answerer failed; its text so far is kept and it can be retried.
    Failed,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct MessageView {
    /// The message.
    pub id: MessageId,
    /// Its author.
    pub author: Author,
    /// Its text as Markdown.
    pub text: String,
    /// Whether it is whole.
    pub status: MessageStatus,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Its turn, when it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    /// The question that an answer belongs to, or the question whose place this one took. A later answer to the same
    /// question takes the place of an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<MessageId>,
    /// The client's own key, on a visitor's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    /// What it cites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceView>,
    /// Whether the owner's content answered; only on answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
    /// Whether to offer the contact form below it: nothing was left since.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub offer_contact: bool,
    /// Why it is offered, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_reason: Option<ContactReason>,
    /// What the visitor may ask next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// Machine code of the failure, on a failed answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// What the visitor thought of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Files that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
    /// The page that it was asked on; only the owner sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Box<PageContext>>,
}

/// A page, text or file that an answer cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SourceView {
    /// The number that cites it in the text, as `[n]`.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its address; none for pasted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The words that were cited, for a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// Thumbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Helpful.
    Up,
    /// Not helpful.
    Down,
}

/// What was wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FeedbackReason {
    /// It is not true.
    Wrong,
    /// Something is missing.
    Incomplete,
    /// It cannot be understood.
    Unclear,
    /// It answers another question.
    OffTopic,
    /// It is harmful.
    Unsafe,
    /// Anything else.
    Other,
}

impl FeedbackReason {
    /// The wire's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Incomplete => "incomplete",
            Self::Unclear => "unclear",
            Self::OffTopic => "off_topic",
            Self::Unsafe => "unsafe",
            Self::Other => "other",
        }
    }

    /// Reads the wire's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Wrong, Self::Incomplete, Self::Unclear, Self::OffTopic, Self::Unsafe, Self::Other]
            .into_iter()
            .find(|reason| reason.as_str() == word)
    }
}

/// `POST …/feedback`. A later one replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// The answer that is rated.
    pub message_id: MessageId,
    /// Thumb.
    pub rating: Rating,
    /// What the visitor adds, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What was wrong; only with the thumb down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FeedbackReason>,
}

/// Feedback as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct FeedbackStored {
    /// The answer that is rated.
    pub message_id: MessageId,
    /// Thumb.
    pub rating: Rating,
    /// What the visitor added.
    pub comment: Option<String>,
    /// What was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FeedbackReason>,
    /// When it was given first.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// `POST …/stop`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct Stopped {
    /// The session.
    pub session_id: SessionId,
    /// The turn that was stopped; none when nothing was running.
    pub turn_id: Option<TurnId>,
}
