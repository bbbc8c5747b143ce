//! Turns [`Piece`]s into the bytes of an event stream or of one JSON body, with the framing that a behaviour asks for.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::script::Piece;

/// One thing that the connection does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends a piece of the body of its own.
    Send(Bytes),
    /// Waits.
    Pause(Duration),
    /// Sends a comment again and again, for ever.
    Comments(Duration),
    /// Waits for ever.
    Hang,
    /// Cuts the connection.
    Cut,
}

/// What a connection does, one step at a time.
pub(crate) type Steps = Box<dyn Iterator<Item = Step> + Send>;

/// The event stream of `pieces`.
pub(crate) fn stream(behaviour: Behaviour, request: Value, pieces: Vec<Piece>) -> Steps {
    let frame = Frame { behaviour, request, tokens: texts(&pieces).count() };
    let steps = pieces.into_iter().filter_map(move |piece| frame.step(&piece));
    match behaviour {
        Behaviour::Split(size) => Box::new(split(steps, size)),
        Behaviour::Comments(pause) => Box::new(std::iter::once(Step::Comments(pause))),
        _ => Box::new(steps),
    }
}

/// The whole answer of `pieces` as one JSON body, after all their pauses.
pub(crate) fn json_body(request: &Value, pieces: &[Piece]) -> Steps {
    let pause = pieces
        .iter()
        .filter_map(|piece| if let Piece::Pause(pause) = piece { Some(*pause) } else { None })
        .sum();
    let content: String = texts(pieces).collect();
    let reason = pieces.iter().find_map(|piece| match piece {
        Piece::Finish(reason) | Piece::Last(_, reason) => Some(*reason),
        _ => None,
    });
    let body = json!({
        "id": "chatcmpl-mock", "object": "chat.completion", "created": 1, "model": request["model"],
        "choices": [{
            "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": reason,
        }],
        "usage": usage(request, texts(pieces).count()),
    })
    .to_string();
    let fault = pieces.iter().find_map(|piece| match piece {
        Piece::Data(data) => Some(vec![send(data.clone())]),
        Piece::Raw(raw) => Some(vec![send(raw.clone())]),
        Piece::Hang => Some(vec![Step::Hang]),
        Piece::Cut => Some(vec![send(body[..20].to_owned()), Step::Cut]),
        _ => None,
    });
    let steps = fault.unwrap_or_else(|| vec![send(body.clone())]);
    Box::new(std::iter::once(Step::Pause(pause)).chain(steps))
}

struct Frame {
    behaviour: Behaviour,
    request: Value,
    tokens: usize,
}

impl Frame {
    fn step(&self, piece: &Piece) -> Option<Step> {
        Some(match piece {
            Piece::Role => self.chunk(&json!({ "role": "assistant", "content": "" }), None),
            Piece::Text(text) => self.chunk(&json!({ "content": text }), None),
            Piece::Field(field, text) => {
                self.chunk(&json!({ *field: text, "content": null }), None)
            }
            Piece::Last(text, reason) => self.chunk(&json!({ "content": text }), Some(reason)),
            Piece::Finish(reason) => self.chunk(&json!({}), Some(reason)),
            Piece::Usage => return self.usage_chunk(),
            Piece::Done => self.event("[DONE]"),
            Piece::Data(data) => self.event(data),
            Piece::Raw(raw) => send(raw.clone()),
            Piece::Pause(pause) => Step::Pause(*pause),
            Piece::Hang => Step::Hang,
            Piece::Cut => Step::Cut,
        })
    }

    fn chunk(&self, delta: &Value, reason: Option<&str>) -> Step {
        let mut chunk = json!({
            "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 1, "model": self.request["model"],
            "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }],
        });
        match self.behaviour {
            Behaviour::UsageNull => chunk["usage"] = Value::Null,
            Behaviour::ErrorNull => chunk["error"] = Value::Null,
            _ => {}
        }
        self.event(&chunk.to_string())
    }

    fn usage_chunk(&self) -> Option<Step> {
        let wanted = self.request["stream_options"]["include_usage"] == true;
        (wanted && self.behaviour != Behaviour::UsageNull).then(|| {
            let usage = usage(&self.request, self.tokens);
            self.event(
                &json!({ "object": "chat.completion.chunk", "choices": [], "usage": usage })
                    .to_string(),
            )
        })
    }

    fn event(&self, data: &str) -> Step {
        send(match self.behaviour {
            Behaviour::Crlf => {
                format!(": keep-alive\r\nid: 7\r\nodd: field\r\ndata:{data}\r\n\r\n")
            }
            _ => format!("data: {data}\n\n"),
        })
    }
}

/// Cuts the bytes anywhere, 1 to 7 at a time, or `size` at a time.
fn split(steps: impl Iterator<Item = Step>, size: Option<usize>) -> impl Iterator<Item = Step> {
    let mut sizes = (1..=7).cycle();
    steps.flat_map(move |step| match step {
        Step::Send(mut bytes) => {
            let mut pieces = Vec::new();
            while !bytes.is_empty() {
                let next = size.or_else(|| sizes.next()).unwrap_or(1).clamp(1, bytes.len());
                pieces.push(Step::Send(bytes.split_to(next)));
            }
            pieces
        }
        other => vec![other],
    })
}

fn texts(pieces: &[Piece]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) | Piece::Last(text, _) => Some(text.as_str()),
        _ => None,
    })
}

fn usage(request: &Value, output: usize) -> Value {
    let messages = request["messages"].as_array().into_iter().flatten();
    let input: usize = messages
        .filter_map(|m| m["content"].as_str())
        .map(|text| text.split_whitespace().count())
        .sum();
    json!({ "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output })
}

fn send(text: String) -> Step {
    Step::Send(Bytes::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{self, SPLIT_TEXT};

    fn asked(model: &str, streamed: bool) -> (Behaviour, Value) {
        let request = json!({
            "model": model, "stream": streamed, "stream_options": { "include_usage": true },
            "messages": [{ "role": "user", "content": "Hello out there" }],
        });
        (model.parse().unwrap(), request)
    }

    fn streamed(model: &str) -> Vec<Step> {
        let (behaviour, request) = asked(model, true);
        let pieces = script::pieces(behaviour, &request);
        stream(behaviour, request, pieces).collect()
    }

    fn sent(steps: &[Step]) -> String {
        let bytes: Vec<u8> = steps
            .iter()
            .flat_map(|step| if let Step::Send(bytes) = step { bytes.to_vec() } else { Vec::new() })
            .collect();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_stream_has_role_text_reason_usage_and_done_in_this_order() {
        let text = sent(&streamed("echo"));
        let order =
            ["assistant", "Hello ", "out ", "there", "\"stop\"", "completion_tokens", "[DONE]"];
        let places: Vec<_> = order.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        assert!(text.ends_with("data: [DONE]\n\n"));
    }

    #[test]
    fn a_split_stream_is_cut_inside_characters() {
        let steps = streamed("split");
        let cut_inside = steps
            .iter()
            .any(|step| matches!(step, Step::Send(bytes) if str::from_utf8(bytes).is_err()));
        assert!(cut_inside);
        assert!(steps.iter().all(|step| matches!(step, Step::Send(bytes) if bytes.len() <= 7)));
        // Whole again, nothing is lost.
        assert!(sent(&steps).contains(&SPLIT_TEXT.chars().take(3).collect::<String>()));
    }

    #[test]
    fn a_stalled_stream_ends_with_its_tokens_and_a_hang() {
        let steps = streamed("stall:2");
        assert_eq!(steps.last(), Some(&Step::Hang));
        assert!(sent(&steps).contains("t2 ") && !sent(&steps).contains("t3 "));
    }

    #[test]
    fn an_answer_that_is_not_streamed_is_one_body_or_its_fault() {
        let whole = |model: &str| {
            let (behaviour, request) = asked(model, false);
            json_body(&request, &script::pieces(behaviour, &request)).collect::<Vec<_>>()
        };
        let body: Value = serde_json::from_str(&sent(&whole("tokens:3:20"))).unwrap();
        assert_eq!(body["choices"][0]["message"]["content"], "t1 t2 t3 ");
        assert_eq!(
            body["usage"],
            json!({ "prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6 })
        );
        assert_eq!(whole("tokens:3:20")[0], Step::Pause(Duration::from_millis(60)));
        assert_eq!(whole("cut:3").last(), Some(&Step::Cut));
        assert_eq!(whole("stall:3").last(), Some(&Step::Hang));
        assert!(sent(&whole("inband:3")).contains("error"));
    }
}
