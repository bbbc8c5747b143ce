//! The wire format of chat completions: what is sent, and what is understood of what comes back. Everything optional is
//! lenient, because every server has its own idea of it; ids and model names that come back are not even read.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::super::{FinishReason, Question, Usage};
use super::ProviderConfig;
use super::prompt::{self, Message};

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: Vec<Message>,
    stream: bool,
    stream_options: StreamOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

/// The body of the request for `question`.
pub(super) fn request(config: &ProviderConfig, endpoint: &Url, question: &Question) -> Bytes {
    // OpenAI's newer models refuse the old name, everybody else knows only that.
    let renamed = endpoint.host_str() == Some("api.openai.com");
    let request = Request {
        model: config.model.trim(),
        messages: prompt::messages(question),
        stream: true,
        stream_options: StreamOptions { include_usage: true },
        temperature: config.temperature,
        max_tokens: config.max_output_tokens.filter(|_| !renamed),
        max_completion_tokens: config.max_output_tokens.filter(|_| renamed),
    };
    // Strings and numbers cannot fail to serialize; a server would answer an empty body with 400.
    serde_json::to_vec(&request).unwrap_or_default().into()
}

/// One event of the stream, or a whole answer, which differs only in saying `message` for `delta`.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Text for the visitor.
    pub(super) text: String,
    /// Whether the model showed that it is at work: by text, by thinking, or by ending.
    pub(super) progress: bool,
    /// Why the answer ended, when it did.
    pub(super) finish: Option<Finish>,
    /// Token counts so far.
    pub(super) usage: Option<Usage>,
}

/// What a finish reason says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    /// The answer ended.
    Ended(FinishReason),
    /// The provider gave it up.
    Failed,
}

/// What an event turned out to be.
#[derive(Debug)]
pub(super) enum Event {
    /// A piece of the answer.
    Chunk(Chunk),
    /// An error object.
    Error(Value),
}

/// Reads one event's data, or a whole answer. None when it is not what a completion looks like.
pub(super) fn event(data: &[u8]) -> Option<Event> {
    let chunk: WireChunk = serde_json::from_slice(data).ok()?;
    let failed = match &chunk.error {
        None | Some(Value::Null | Value::Bool(false)) => chunk.object.as_deref() == Some("error"),
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    };
    if failed {
        let error = chunk.error.filter(|error| !error.is_null());
        return Some(Event::Error(error.or_else(|| serde_json::from_slice(data).ok())?));
    }
    let usage = chunk.usage.as_ref().and_then(usage);
    let choices = chunk.choices.unwrap_or_default();
    let Some(choice) = choices.into_iter().find(|choice| choice.index.unwrap_or_default() == 0)
    else {
        return Some(Event::Chunk(Chunk { usage, ..Chunk::default() }));
    };
    let delta = choice.delta.unwrap_or_default();
    let text = delta.content.map(Content::into_text).unwrap_or_default();
    let thinking = [delta.reasoning, delta.reasoning_content]
        .into_iter()
        .flatten()
        .any(|thought| !thought.is_empty());
    let finish = choice.finish_reason.as_deref().and_then(finish);
    let progress = thinking || !text.is_empty() || finish.is_some();
    Some(Event::Chunk(Chunk { text, progress, finish, usage }))
}

fn finish(reason: &str) -> Option<Finish> {
    Some(Finish::Ended(match reason {
        // Some servers say so while it goes on.
        "" => return None,
        "stop" | "end_turn" | "eos" | "eos_token" | "stop_sequence" => FinishReason::Stop,
        "length" | "max_tokens" | "model_length" => FinishReason::Length,
        "content_filter" | "content-filter" => FinishReason::ContentFilter,
        "error" | "abort" => return Some(Finish::Failed),
        _ => FinishReason::Other,
    }))
}

fn usage(value: &Value) -> Option<Usage> {
    let count =
        |field: &str| value[field].as_u64().map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    match (count("prompt_tokens"), count("completion_tokens")) {
        (None, None) => None,
        (input, output) => Some(Usage {
            input_tokens: input.unwrap_or_default(),
            output_tokens: output.unwrap_or_default(),
        }),
    }
}

#[derive(Deserialize)]
struct WireChunk {
    choices: Option<Vec<WireChoice>>,
    usage: Option<Value>,
    error: Option<Value>,
    object: Option<String>,
}

#[derive(Deserialize)]
struct WireChoice {
    index: Option<u32>,
    #[serde(alias = "message")]
    delta: Option<WireDelta>,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct WireDelta {
    content: Option<Content>,
    reasoning: Option<String>,
    reasoning_content: Option<String>,
}

/// Text, or parts of which only those of text count: Mistral sends its thinking as another part.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<ContentPart>),
}

#[derive(Deserialize)]
struct ContentPart {
    text: Option<String>,
}

impl Content {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Parts(parts) => parts.into_iter().filter_map(|part| part.text).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(data: &str) -> Chunk {
        match event(data.as_bytes()) {
            Some(Event::Chunk(chunk)) => chunk,
            other => panic!("{data}: {other:?}"),
        }
    }

    #[test]
    fn every_shape_of_text_is_read() {
        for data in [
            r#"{"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}],"usage":null}"#,
            r#"{"choices":[{"delta":{"role":"assistant","content":"hi","reasoning":null}}]}"#,
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[]},{"type":"text","text":"hi"}]}}]}"#,
            r#"{"choices":[{"message":{"role":"assistant","content":"hi"}}],"error":null}"#,
            r#"{"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"hi"}}]}"#,
        ] {
            let chunk = chunk(data);
            assert_eq!((chunk.text.as_str(), chunk.progress), ("hi", true), "{data}");
        }
    }

    #[test]
    fn thinking_is_progress_but_no_text_and_an_empty_delta_is_neither() {
        let thinking = chunk(r#"{"choices":[{"delta":{"content":"","reasoning":"hm"}}]}"#);
        assert_eq!((thinking.text.as_str(), thinking.progress), ("", true));
        for data in [
            r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#,
            r#"{"choices":[{"delta":{},"finish_reason":""}]}"#,
            r#"{"choices":[]}"#,
            r#"{"choices":null}"#,
            r#"{"object":"keep-alive"}"#,
        ] {
            let chunk = chunk(data);
            assert_eq!(
                (chunk.text.as_str(), chunk.progress, chunk.finish),
                ("", false, None),
                "{data}"
            );
        }
    }

    #[test]
    fn token_counts_are_read_wherever_they_come() {
        let counted = chunk(
            r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":99999999999,"x":{}}}"#,
        );
        assert_eq!(counted.usage, Some(Usage { input_tokens: 7, output_tokens: u32::MAX }));
        assert_eq!(chunk(r#"{"choices":[],"usage":{}}"#).usage, None);
    }

    #[test]
    fn an_error_is_an_error_only_when_it_says_something() {
        for data in [
            r#"{"error":{"message":"x"}}"#,
            r#"{"error":"x"}"#,
            r#"{"object":"error","message":"x"}"#,
        ] {
            assert!(matches!(event(data.as_bytes()), Some(Event::Error(_))), "{data}");
        }
        for data in [r#"{"error":null}"#, r#"{"error":""}"#, r#"{"error":false}"#] {
            assert!(matches!(event(data.as_bytes()), Some(Event::Chunk(_))), "{data}");
        }
    }

    #[test]
    fn what_is_no_object_is_not_understood() {
        for data in ["", "hello", "[]", "7", r#"{"choices":"#, r#"{"choices":[{"delta":7}]}"#] {
            assert!(event(data.as_bytes()).is_none(), "{data}");
        }
    }
}
