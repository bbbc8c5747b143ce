//! Reading parts of a stream. A part that is not known, or not whole, is read as [`StreamPart::Unknown`].

use core::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{
    AnswerData, FinishReason, FinishReasonData, SnapshotData, SourceMetadata, StreamPart,
    SuggestionsData, TurnData,
};
use crate::contact::ContactReason;
use crate::id::{MessageId, TurnId};
use crate::problem::Problem;

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
