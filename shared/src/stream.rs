//! The answer's stream: the AI SDK's UI message stream (version 1), which Robofy documents. Server-sent events whose
//! `data:` is one JSON part each, closed by `[DONE]`. An unmodified AI SDK client reads it; the `data-*` parts are
//! extensions that such a client hands to its application or ignores.
//!
//! Source: the `ai` package, `uiMessageChunkSchema`.

mod source;

use core::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub use self::source::{SourceExcerpt, SourceMetadata};
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

/// All fields that any part has, flat. Reading through it instead of through a tagged enum keeps serde's buffering
/// out of the widget, where every kilobyte is downloaded by a visitor.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flat {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    message_id: Option<MessageId>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    delta: Option<String>,
    #[serde(default)]
    source_id: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    media_type: Option<String>,
    #[serde(default)]
    provider_metadata: Option<SourceMetadata>,
    #[serde(default)]
    finish_reason: Option<String>,
    #[serde(default)]
    error_text: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    data: Option<Payload>,
}

/// What stands in `data`: a text, an object, or what no part of ours holds.
enum Payload {
    Text(String),
    Object(Box<Object>),
    Other,
}

/// All fields that any payload has, flat.
#[derive(Deserialize)]
struct Object {
    #[serde(default, rename = "finishReason")]
    finish_reason: Option<String>,
    #[serde(default, rename = "rawFinishReason")]
    raw_finish_reason: Option<String>,
    #[serde(default, rename = "turnId")]
    turn_id: Option<TurnId>,
    #[serde(default, rename = "questionId")]
    question_id: Option<MessageId>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    answered: Option<bool>,
    #[serde(default, rename = "offerContact")]
    offer_contact: Option<bool>,
    #[serde(default, rename = "contactReason")]
    contact_reason: Option<String>,
    #[serde(default)]
    suggestions: Option<Vec<String>>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    retry_after: Option<u64>,
    #[serde(default)]
    request_id: Option<String>,
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Payload;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any value")
            }
            fn visit_bool<E: de::Error>(self, _: bool) -> Result<Payload, E> {
                Ok(Payload::Other)
            }
            fn visit_i64<E: de::Error>(self, _: i64) -> Result<Payload, E> {
                Ok(Payload::Other)
            }
            fn visit_u64<E: de::Error>(self, _: u64) -> Result<Payload, E> {
                Ok(Payload::Other)
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<Payload, E> {
                Ok(Payload::Other)
            }
            fn visit_unit<E: de::Error>(self) -> Result<Payload, E> {
                Ok(Payload::Other)
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Payload, A::Error> {
                while items.next_element::<de::IgnoredAny>()?.is_some() {}
                Ok(Payload::Other)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Payload, E> {
                Ok(Payload::Text(text.into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Payload, A::Error> {
                let object = Object::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Payload::Object(Box::new(object)))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for StreamPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_flat(Flat::deserialize(deserializer)?).unwrap_or(Self::Unknown))
    }
}

impl StreamPart {
    /// A part whose fields are incomplete is as good as one that is not known.
    fn from_flat(flat: Flat) -> Option<Self> {
        Some(match flat.kind.as_str() {
            "start" => Self::Start { message_id: flat.message_id? },
            "start-step" => Self::StartStep,
            "text-start" => Self::TextStart { id: flat.id? },
            "text-delta" => Self::TextDelta { id: flat.id?, delta: flat.delta? },
            "text-end" => Self::TextEnd { id: flat.id? },
            "source-url" => Self::SourceUrl {
                source_id: flat.source_id?,
                url: flat.url?,
                title: flat.title,
                provider_metadata: flat.provider_metadata,
            },
            "source-document" => Self::SourceDocument {
                source_id: flat.source_id?,
                media_type: flat.media_type?,
                title: flat.title?,
                provider_metadata: flat.provider_metadata,
            },
            "finish-step" => Self::FinishStep,
            "finish" => Self::Finish {
                finish_reason: flat
                    .finish_reason
                    .as_deref()
                    .map_or(FinishReason::Other, FinishReason::from_word),
            },
            "error" => Self::Error { error_text: flat.error_text? },
            "abort" => Self::Abort { reason: flat.reason },
            _ => match flat.data? {
                Payload::Text(data) if flat.kind == "data-session" => Self::DataSession { data },
                Payload::Text(_) | Payload::Other => return None,
                Payload::Object(object) => Self::from_object(&flat.kind, *object)?,
            },
        })
    }

    fn from_object(kind: &str, object: Object) -> Option<Self> {
        Some(match kind {
            "data-finish-reason" => Self::DataFinishReason {
                data: FinishReasonData {
                    finish_reason: FinishReason::from_word(&object.finish_reason?),
                    raw_finish_reason: object.raw_finish_reason?,
                },
            },
            "data-turn" => Self::DataTurn {
                data: TurnData { turn_id: object.turn_id?, question_id: object.question_id? },
            },
            "data-snapshot" => Self::DataSnapshot { data: SnapshotData { text: object.text? } },
            "data-answer" => Self::DataAnswer {
                data: AnswerData {
                    answered: object.answered?,
                    offer_contact: object.offer_contact.unwrap_or(false),
                    contact_reason: object
                        .contact_reason
                        .as_deref()
                        .and_then(ContactReason::from_word),
                },
            },
            "data-suggestions" => {
                Self::DataSuggestions { data: SuggestionsData { suggestions: object.suggestions? } }
            }
            "data-problem" => Self::DataProblem {
                data: Problem {
                    kind: object.kind?,
                    title: object.title?,
                    status: object.status?,
                    code: object.code?,
                    detail: object.detail,
                    field: object.field,
                    errors: Vec::new(),
                    retry_after: object.retry_after,
                    request_id: object.request_id,
                },
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
