//! The answer's stream: the AI SDK's UI message stream (version 1), which Robofy documents. Server-sent events whose
//! `data:` is one JSON part each, closed by `[DONE]`. An unmodified AI SDK client reads it; the `data-*` parts are
//! extensions that such a client hands to its application or ignores.
//!
//! Source: the `ai` package, `uiMessageChunkSchema`.

mod read;

use serde::{Deserialize, Serialize};

use crate::contact::ContactReason;
use crate::id::{MessageId, TurnId};
use crate::problem::Problem;

/// Name of the header that announces the dialect.
pub const STREAM_HEADER: &str = "x-vercel-ai-ui-message-stream";
/// Its value.
pub const STREAM_VERSION: &str = "v1";
/// The text that closes a stream.
pub const STREAM_DONE: &str = "[DONE]";

/// One part of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum StreamPart {
    /// The stream begins.
    Start {
        /// Id of the answer.
        message_id: MessageId,
    },
    /// A step begins.
    StartStep,
    /// A text begins.
    TextStart {
        /// Id of the text within the message.
        id: String,
    },
    /// More of a text.
    TextDelta {
        /// Id of the text.
        id: String,
        /// What is appended.
        delta: String,
    },
    /// A text ends.
    TextEnd {
        /// Id of the text.
        id: String,
    },
    /// A page that the answer cites.
    SourceUrl {
        /// The number that cites it.
        source_id: String,
        /// Its address.
        url: String,
        /// Its title.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// The words that are cited.
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_metadata: Option<SourceMetadata>,
    },
    /// A text without an address that the answer cites.
    SourceDocument {
        /// The number that cites it.
        source_id: String,
        /// Its media type.
        media_type: String,
        /// Its title.
        title: String,
        /// The words that are cited.
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_metadata: Option<SourceMetadata>,
    },
    /// A step ends.
    FinishStep,
    /// The message ends by itself.
    Finish {
        /// Why.
        finish_reason: FinishReason,
    },
    /// The answer failed. What was sent of it stays.
    Error {
        /// One sentence that says what to do.
        error_text: String,
    },
    /// The visitor stopped the answer, or the server could not finish it. What was sent of it stays.
    Abort {
        /// `stopped` or `interrupted`.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The session, after the end (Robofy).
    DataSession {
        /// The session's id.
        data: String,
    },
    /// Why it ended, after the end (Robofy).
    DataFinishReason {
        /// Both spellings.
        data: FinishReasonData,
    },
    /// Which turn this is; comes right after `start`.
    DataTurn {
        /// The turn.
        data: TurnData,
    },
    /// The whole text so far, which replaces what the reader has: the reader's place lies beyond what was stored.
    DataSnapshot {
        /// The text.
        data: SnapshotData,
    },
    /// Whether the owner's content answered; comes before `finish`.
    DataAnswer {
        /// The verdict.
        data: AnswerData,
    },
    /// What the visitor may ask next; comes before `finish`, and only when there is something.
    DataSuggestions {
        /// The questions.
        data: SuggestionsData,
    },
    /// The problem behind an `error`; comes right before it.
    DataProblem {
        /// The problem.
        data: Problem,
    },
    /// A part that this side does not know. Never sent.
    #[serde(skip_serializing)]
    Unknown,
}

/// Why an answer ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinishReason {
    /// Complete.
    Stop,
    /// Cut by a length limit.
    Length,
    /// Cut by the provider's filter.
    ContentFilter,
    /// Tools are to be called.
    ToolCalls,
    /// It failed.
    Error,
    /// Anything else.
    Other,
}

impl FinishReason {
    /// The wire's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ContentFilter => "content-filter",
            Self::ToolCalls => "tool-calls",
            Self::Error => "error",
            Self::Other => "other",
        }
    }

    /// Reads the wire's word; an unknown one is `Other`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        [Self::Stop, Self::Length, Self::ContentFilter, Self::ToolCalls, Self::Error]
            .into_iter()
            .find(|reason| reason.as_str() == word)
            .unwrap_or(Self::Other)
    }
}

/// Payload of `data-finish-reason`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FinishReasonData {
    /// As in `finish`.
    pub finish_reason: FinishReason,
    /// The provider's own word, in capitals.
    pub raw_finish_reason: String,
}

/// Payload of `data-turn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnData {
    /// The turn.
    pub turn_id: TurnId,
    /// The question's message.
    pub question_id: MessageId,
}

/// Payload of `data-snapshot`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnapshotData {
    /// The whole text so far.
    pub text: String,
}

/// Payload of `data-answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerData {
    /// Whether the owner's content answered.
    pub answered: bool,
    /// Whether to offer the contact form.
    pub offer_contact: bool,
    /// Why it is offered, when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_reason: Option<ContactReason>,
}

/// Payload of `data-suggestions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuggestionsData {
    /// At most three.
    pub suggestions: Vec<String>,
}

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

#[cfg(test)]
mod tests;
