//! An answer's stream: bytes to events to parts, in the portions the network brings.

use natter_shared::message::{RetryTurn, SendMessage};
use natter_shared::stream::{STREAM_DONE, StreamPart};

use super::{Client, Request, with};
use crate::json::{ToJson, from_json};
use crate::sse::SseDecoder;
use crate::state::Ask;

/// Parts with their places.
pub(crate) type Parts = Vec<(Option<String>, StreamPart)>;

/// What opens a stream.
pub(crate) fn open(client: &Client, ask: Ask) -> Request {
    let base = ["/v1/public/sessions/", &client.session].concat();
    match ask {
        Ask::Send { text, key, replaces, files } => {
            let body = SendMessage {
                message: text,
                client_message_id: Some(key),
                locale: Some(client.locale.clone()),
                consent_accepted: client.agreed.then_some(true),
                replaces,
                ..SendMessage::default()
            };
            Request {
                method: "POST",
                path: [&base, "/messages"].concat(),
                body: Some(with(
                    with(body.to_json(), "context", client.context.as_deref()),
                    "attachments",
                    Some(files.as_str()).filter(|files| !files.is_empty()),
                )),
            }
        }
        Ask::Again { turn, key } => {
            let body = RetryTurn { client_message_id: Some(key), regenerate: true };
            Request {
                method: "POST",
                path: [&base, "/turns/", &turn.text(), "/retry"].concat(),
                body: Some(body.to_json()),
            }
        }
        Ask::Resume => Request { method: "GET", path: [&base, "/stream"].concat(), body: None },
    }
}

/// The parts that a portion completes.
pub(crate) fn parts(decoder: &mut SseDecoder, bytes: &[u8]) -> Parts {
    let events = decoder.push(bytes).into_iter().filter(|event| event.data != STREAM_DONE);
    events.filter_map(|event| Some((event.id, from_json(&event.data)?))).collect()
}
