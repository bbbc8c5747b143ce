//! What a behaviour sends, as a list of [`Piece`]s that knows nothing about framing. `wire` turns them into bytes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::behaviour::Behaviour;

/// A string that stands in every error text of the mock. If it shows up behind a client, that client leaks.
pub const PLANTED_SECRET: &str = "sk-planted-secret";

/// What `split` and `crlf` answer: characters of one to four bytes, and one made of several characters.
pub const SPLIT_TEXT: &str =
    "返品は３０日以内です 🙂👩\u{200d}👩\u{200d}👧 — café, naïve, Ωμέγα [1].";

/// The mark of an answer that the sources do not give.
const NO_ANSWER: &str = "[[no-answer]]";

/// One thing that an answer does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    /// The chunk that names the role.
    Role,
    /// A chunk of text.
    Text(String),
    /// A chunk whose delta has this other field.
    Field(&'static str, String),
    /// Text and finish reason in one chunk.
    Last(String, &'static str),
    /// The finish reason.
    Finish(&'static str),
    /// Token counts, when the request wants them.
    Usage,
    /// `data: [DONE]`.
    Done,
    /// An event with this data.
    Data(String),
    /// These bytes, whatever they are.
    Raw(String),
    /// Nothing for a while.
    Pause(Duration),
    /// Nothing, ever; the connection stays open.
    Hang,
    /// The end of the connection, in the middle of the body.
    Cut,
}

/// The pieces of a good or broken 200 answer to `request`.
pub(crate) fn pieces(behaviour: Behaviour, request: &Value) -> Vec<Piece> {
    match behaviour {
        Behaviour::Echo => whole(words(&question(request))),
        Behaviour::Cite(chars) => whole(deltas(&cited(request), chars)),
        Behaviour::Slow(pause) => {
            [vec![Piece::Role, Piece::Pause(pause)], numbered(10, Duration::ZERO), end("stop")]
                .concat()
        }
        Behaviour::Late(pause) => {
            [vec![Piece::Pause(pause), Piece::Role], numbered(10, Duration::ZERO), end("stop")]
                .concat()
        }
        Behaviour::Tokens(count, pause) => {
            [vec![Piece::Role], numbered(count, pause), end("stop")].concat()
        }
        Behaviour::Stall(count) => broken(count, Piece::Hang),
        Behaviour::Cut(count) => broken(count, Piece::Cut),
        Behaviour::CleanCut(count) => [vec![Piece::Role], numbered(count, Duration::ZERO)].concat(),
        Behaviour::Inband(count, code) => {
            let error = json!({ "error": {
                "message": format!("upstream worker died, key {PLANTED_SECRET}"),
                "type": "server_error", "param": null, "code": code,
            } });
            [broken(count, Piece::Data(error.to_string())), vec![Piece::Done]].concat()
        }
        Behaviour::LegacyError(count) => {
            let error = json!({
                "object": "error", "message": format!("engine died, key {PLANTED_SECRET}"),
                "type": "InternalServerError", "code": 500,
            });
            broken(count, Piece::Data(error.to_string()))
        }
        Behaviour::Split(_) | Behaviour::Crlf => whole(deltas(SPLIT_TEXT, 3)),
        Behaviour::NoRole => vec![
            Piece::Text("Hello ".to_owned()),
            Piece::Last("there.".to_owned(), "stop"),
            Piece::Done,
        ],
        Behaviour::Reasoning(count) => {
            let thought = |field| {
                (0..count).map(move |n| Piece::Field(field, format!("secret thought {n} ")))
            };
            let thoughts = thought("reasoning").chain(thought("reasoning_content")).collect();
            [vec![Piece::Role], thoughts, words("After all, yes."), end("stop")].concat()
        }
        Behaviour::Think(chars) => whole(deltas(
            "<think>\nsecret thought [1], a < b, </thin\n</think>\n\nAfter all, yes.",
            chars,
        )),
        Behaviour::BadCite(chars) => whole(deltas(
            "Returns take 30 days [9]. Shipping is free [1][7]. See `list[9]` and [1, 8] [12].",
            chars,
        )),
        Behaviour::NoAnswer(chars) => {
            whole(deltas(&format!("{NO_ANSWER}\nThe sources do not say that."), chars))
        }
        Behaviour::OnlyMarker => whole(deltas(NO_ANSWER, 4)),
        Behaviour::Linger(count) => [
            vec![Piece::Role],
            numbered(count, Duration::ZERO),
            vec![Piece::Finish("stop"), Piece::Hang],
        ]
        .concat(),
        Behaviour::NoDone(count) => {
            [vec![Piece::Role], numbered(count, Duration::ZERO), vec![Piece::Finish("stop")]]
                .concat()
        }
        Behaviour::DoneOnly(count) => broken(count, Piece::Done),
        Behaviour::Tail(count) => broken(count, Piece::Raw("data: [DONE]".to_owned())),
        Behaviour::Empty => [vec![Piece::Role], end("stop")].concat(),
        Behaviour::Length => {
            [vec![Piece::Role], numbered(5, Duration::ZERO), end("length")].concat()
        }
        Behaviour::ContentFilter => {
            [vec![Piece::Role], numbered(5, Duration::ZERO), end("content_filter")].concat()
        }
        Behaviour::Long(bytes) => {
            whole(vec![Piece::Text("0123456 é".repeat(100)); bytes / 1000 + 1])
        }
        Behaviour::LongLine(bytes) => {
            let line = (0..=bytes / 1000).map(|_| Piece::Raw("x".repeat(1000)));
            let start = r#"data: {"choices":[{"index":0,"delta":{"content":""#;
            std::iter::once(Piece::Raw(start.to_owned())).chain(line).chain([Piece::Hang]).collect()
        }
        Behaviour::Garbage(count) => {
            broken(count, Piece::Data(format!("<html>502 {PLANTED_SECRET}")))
        }
        Behaviour::Hang | Behaviour::Comments(_) => vec![Piece::Hang],
        Behaviour::Flaky(_) | Behaviour::UsageNull | Behaviour::ErrorNull | Behaviour::Json => {
            whole(deltas(&cited(request), 7))
        }
        Behaviour::Null => whole(deltas("be\0fore and \0after", 4)),
        Behaviour::Html => {
            vec![Piece::Raw(format!("<!doctype html><title>{PLANTED_SECRET}</title>"))]
        }
        Behaviour::Error(..)
        | Behaviour::TooLong
        | Behaviour::TooLongMessage
        | Behaviour::Redirect => Vec::new(),
    }
}

fn whole(text: Vec<Piece>) -> Vec<Piece> {
    [vec![Piece::Role], text, end("stop")].concat()
}

fn broken(count: usize, by: Piece) -> Vec<Piece> {
    [vec![Piece::Role], numbered(count, Duration::ZERO), vec![by]].concat()
}

fn end(reason: &'static str) -> Vec<Piece> {
    vec![Piece::Finish(reason), Piece::Usage, Piece::Done]
}

fn numbered(count: usize, pause: Duration) -> Vec<Piece> {
    let token = |n| [Piece::Text(format!("t{n} ")), Piece::Pause(pause)];
    (1..=count).flat_map(token).filter(|piece| *piece != Piece::Pause(Duration::ZERO)).collect()
}

fn words(text: &str) -> Vec<Piece> {
    text.split_inclusive(' ').map(|word| Piece::Text(word.to_owned())).collect()
}

fn deltas(text: &str, chars: usize) -> Vec<Piece> {
    let all: Vec<char> = text.chars().collect();
    all.chunks(chars.max(1)).map(|chunk| Piece::Text(chunk.iter().collect())).collect()
}

/// The visitor's words: the last message, or what stands between `<question>` tags in it.
fn question(request: &Value) -> String {
    let last = last_message(request);
    between(&last, "<question>", "</question>").unwrap_or(&last).trim().to_owned()
}

/// The first sentence of the first source in the last message, and the number that cites it.
fn cited(request: &Value) -> String {
    let last = last_message(request);
    let source = between(&last, "<source number=\"1\"", "</source>")
        .and_then(|source| source.split_once('>'));
    match source {
        Some((_, text)) => {
            let text = text.trim();
            let sentence = text.find(". ").map_or(text, |dot| &text[..dot]);
            format!("{} [1].", sentence.trim_end_matches('.'))
        }
        None => format!("{NO_ANSWER} I have no source for that."),
    }
}

fn last_message(request: &Value) -> String {
    let last = request["messages"].as_array().and_then(|messages| messages.last());
    match last.map(|message| &message["content"]) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect()
        }
        _ => String::new(),
    }
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(open)?;
    Some(rest.split_once(close)?.0)
}
