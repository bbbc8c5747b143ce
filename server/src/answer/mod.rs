//! Writes the answers. An [`Answerer`] gets a question, the passages that retrieval found for it and the
//! conversation so far, and gives back a stream of text. It knows neither the database nor HTTP routes; a provider's
//! wire format stays in that provider's file.

mod extractive;
mod provider;

pub use self::extractive::Extractive;
pub use self::provider::{InvalidProvider, Provider, ProviderClient, ProviderConfig};

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;

/// A passage that retrieval found, in the order of its rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The number by which the answer cites it, counted from 1. Passages of one page share a number.
    pub number: u32,
    /// Title of the page or text it comes from.
    pub title: String,
    /// Where a reader finds it, with the anchor of its heading when the page has one. None for pasted text.
    pub url: Option<String>,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The passage as Markdown.
    pub text: String,
    /// BM25 score within this retrieval; larger is better.
    pub score: f64,
    /// The share of the question that the passage holds, from 0 to 1, rare words counting more. Unlike the score it
    /// compares between questions, so that a threshold on it tells answers from accidents. 0 when it is not known.
    pub coverage: f64,
}

/// Who said an earlier line of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The visitor.
    Visitor,
    /// The assistant, or an operator on its behalf.
    Assistant,
}

/// One earlier line of the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who said it.
    pub speaker: Speaker,
    /// What was said, as Markdown.
    pub text: String,
}

/// How the owner wants answers to sound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Persona {
    /// Name of the assistant.
    pub name: String,
    /// The owner's instructions to a model. The extractive answerer has no use for them.
    pub instructions: String,
    /// What is said when the content does not answer; a default in the visitor's language when empty.
    pub not_found_answer: Option<String>,
    /// Whether the visitor may leave contact details, so that the answer may offer it.
    pub offers_contact: bool,
}

/// The page that a question was asked on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its address.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What else it tells, as a JSON object.
    pub data: Option<String>,
}

/// A file that the visitor attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it is, for instance `image/png`.
    pub media_type: String,
    /// What an answerer gets to see of it.
    pub content: FileContent,
}

/// What an answerer gets to see of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// That it is there.
    Named,
    /// The text that it holds, perhaps cut.
    Text(String),
    /// The picture that it is.
    Picture(Bytes),
}

/// All that an answerer gets to see.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// The visitor's words.
    pub text: String,
    /// Earlier lines, oldest first.
    pub history: Vec<Line>,
    /// What was found in the owner's content, best first. Empty when nothing matched.
    pub passages: Vec<Passage>,
    /// How to answer.
    pub persona: Persona,
    /// The page that it was asked on, as the page itself says: no more to be trusted than the visitor.
    pub page: Option<Page>,
    /// What the visitor attached, the newest first.
    pub files: Vec<File>,
    /// The visitor's language as a BCP 47 tag, when known.
    pub locale: Option<String>,
}

/// Why an answer ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// It was complete.
    Stop,
    /// A length limit cut it.
    Length,
    /// The provider's filter cut it.
    ContentFilter,
    /// Something else that the provider did not explain.
    Other,
}

/// Tokens that a provider counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub input_tokens: u32,
    /// Tokens of the answer.
    pub output_tokens: u32,
}

/// A piece of an answer. A stream yields any number of deltas and then exactly one `Finished`, or ends with an error.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerPart {
    /// More text, Markdown with `[n]` where passage number n is cited.
    Delta(String),
    /// The end.
    Finished {
        /// Why it ended.
        reason: FinishReason,
        /// Whether the content answered. False makes the widget offer contact.
        answered: bool,
        /// Token counts, when the provider told them.
        usage: Option<Usage>,
    },
}

/// Why there is no answer, or only a part of it. The text of an upstream error is never carried: it may hold secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The provider cannot be reached or answered 5xx.
    #[error("the answer provider is unavailable")]
    Unavailable {
        /// When the provider asked to come back.
        retry_after: Option<Duration>,
    },
    /// The provider answered 429.
    #[error("the answer provider is rate limiting us")]
    RateLimited {
        /// When the provider asked to come back.
        retry_after: Option<Duration>,
    },
    /// The provider did not answer, or paused for too long.
    #[error("the answer provider took too long")]
    TimedOut,
    /// The connection broke or the stream ended without its end mark.
    #[error("the answer provider's stream broke")]
    Broken,
    /// The provider refused the request: key, model or parameters are wrong, and the owner must act.
    #[error(
        "the answer provider refused the request ({status:?}); check its base URL, key and model"
    )]
    Refused {
        /// The provider's status.
        status: Option<u16>,
    },
    /// The prompt is longer than the model accepts.
    #[error("the question and its sources are too long for the model")]
    TooLong,
}

/// The pieces of one answer, in order.
pub type AnswerStream = BoxStream<'static, Result<AnswerPart, AnswerError>>;

/// Writes answers. Dropping the stream aborts the work behind it.
pub trait Answerer: Send + Sync {
    /// Starts to answer `question`.
    fn answer(&self, question: Question) -> AnswerStream;
}
