//! An answer as server-sent events.

use axum::body::Body;
use http::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;

/// What stands between two blank lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// An event, perhaps with an id.
    Event { id: Option<String>, data: String },
    /// A line that is no event.
    Comment(String),
}

/// Events, as they come.
pub(crate) struct Stream {
    pub(crate) headers: HeaderMap,
    body: Body,
    unread: Vec<u8>,
}

impl Stream {
    pub(super) fn new(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        Self { headers: head.headers, body, unread: Vec::new() }
    }

    /// The next event or comment. None when the answer is complete.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let next = self.try_next().await.expect("the connection broke");
        assert!(next.is_some() || self.unread.is_empty(), "a torn event: {:?}", self.unread);
        next
    }

    /// The next event or comment, unless the connection breaks.
    pub(crate) async fn try_next(&mut self) -> Result<Option<Frame>, axum::Error> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|window| window == b"\n\n") {
                let rest = self.unread.split_off(end + 2);
                let frame = std::mem::replace(&mut self.unread, rest);
                return Ok(Some(parse(std::str::from_utf8(&frame).unwrap())));
            }
            let Some(frame) = self.body.frame().await else { return Ok(None) };
            self.unread.extend(frame?.into_data().unwrap());
        }
    }

    /// Reads until the text so far holds `words`, and gives what was read.
    pub(crate) async fn until(&mut self, words: &str) -> Told {
        let mut told = Told::default();
        while !told.text().contains(words) {
            told.frames.push(self.next().await.expect("the answer ended without the words"));
        }
        told
    }

    /// Reads to the end.
    pub(crate) async fn rest(mut self) -> Told {
        let mut told = Told::default();
        while let Some(frame) = self.next().await {
            told.frames.push(frame);
        }
        told
    }
}

fn parse(text: &str) -> Frame {
    let (mut id, mut data) = (None, None);
    for line in text.trim_end_matches('\n').lines() {
        match line.split_once(": ") {
            Some(("id", value)) => id = Some(value.to_owned()),
            Some(("data", value)) => data = Some(value.to_owned()),
            Some(("", comment)) => return Frame::Comment(comment.to_owned()),
            _ => panic!("a line that is none of ours: {line:?}"),
        }
    }
    Frame::Event { id, data: data.expect("an event without data") }
}

/// What a stream told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) frames: Vec<Frame>,
}

impl Told {
    /// The parts, without the closing `[DONE]`.
    pub(crate) fn parts(&self) -> Vec<Value> {
        self.frames
            .iter()
            .filter_map(|frame| match frame {
                Frame::Event { data, .. } if data != "[DONE]" => {
                    Some(serde_json::from_str(data).unwrap())
                }
                _ => None,
            })
            .collect()
    }

    /// What the parts are, in order; runs of `text-delta` and of sources count once.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self
            .frames
            .iter()
            .filter_map(|frame| match frame {
                Frame::Event { data, .. } if data == "[DONE]" => Some(data.clone()),
                Frame::Event { data, .. } => {
                    let part: Value = serde_json::from_str(data).unwrap();
                    Some(part["type"].as_str().unwrap().to_owned())
                }
                Frame::Comment(_) => None,
            })
            .collect();
        kinds.dedup();
        kinds
    }

    /// The part of this kind, which must be the only one.
    #[track_caller]
    pub(crate) fn part(&self, kind: &str) -> Value {
        let mut found: Vec<Value> =
            self.parts().into_iter().filter(|part| part["type"] == kind).collect();
        assert_eq!(found.len(), 1, "{kind} in {:?}", self.kinds());
        found.remove(0)
    }

    /// The text as a reader has it in the end.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for part in self.parts() {
            match part["type"].as_str() {
                Some("text-delta") => text.push_str(part["delta"].as_str().unwrap()),
                Some("data-snapshot") => {
                    text = part["data"]["text"].as_str().unwrap().into();
                }
                _ => {}
            }
        }
        text
    }

    /// The ids of the events, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        let id = |frame: &Frame| match frame {
            Frame::Event { id, .. } => id.clone(),
            Frame::Comment(_) => None,
        };
        self.frames.iter().filter_map(id).collect()
    }

    /// Whether it came to its end.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Event { data, .. }) if data == "[DONE]")
    }
}
