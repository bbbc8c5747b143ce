//! An answer's stream: bytes to events to parts, in the portions the network brings.

use js_sys::Uint8Array;
use natter_shared::message::{RetryTurn, SendMessage};
use natter_shared::stream::{STREAM_DONE, StreamPart};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader};

use super::{Client, Request, get, with};
use crate::json::{ToJson, from_json};
use crate::sse::SseDecoder;
use crate::state::{Ask, Failure, StreamEnd};

/// Parts with their places.
pub(crate) type Parts = Vec<(Option<String>, StreamPart)>;

/// Opens a stream and hands its bytes over until it ends. `heard` is called for every portion, heartbeats included.
pub(crate) async fn stream(
    client: &Client,
    ask: &Ask,
    place: Option<&str>,
    locale: &str,
    signal: &AbortSignal,
    mut heard: impl FnMut(&[u8]),
) -> Result<StreamEnd, Failure> {
    let lost = |_: JsValue| Failure::network();
    let base = ["/v1/public/sessions/", &client.session].concat();
    let (method, path, body) = match ask {
        Ask::Send { text, key, replaces, files } => {
            let body = SendMessage {
                message: text.clone(),
                client_message_id: Some(key.clone()),
                locale: Some(locale.to_owned()),
                consent_accepted: client.agreed.then_some(true),
                replaces: *replaces,
                ..SendMessage::default()
            };
            (
                "POST",
                [&base, "/messages"].concat(),
                Some(with(
                    with(body.to_json(), "context", client.context.as_deref()),
                    "attachments",
                    Some(files.as_str()).filter(|files| !files.is_empty()),
                )),
            )
        }
        Ask::Again { turn, key } => {
            let body = RetryTurn { client_message_id: Some(key.clone()), regenerate: true };
            ("POST", [&base, "/turns/", &turn.text(), "/retry"].concat(), Some(body.to_json()))
        }
        Ask::Resume => ("GET", [&base, "/stream"].concat(), None),
    };
    let accept = "text/event-stream";
    let request = Request { method, path: &path, body, accept, place, signal: Some(signal) };
    let response = client.send(request).await?;
    let Some(body) = response.body().filter(|_| response.status() != 204) else {
        return Ok(StreamEnd::Nothing);
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let portion = JsFuture::from(reader.read()).await.map_err(lost)?;
        if get(&portion, "done").is_truthy() {
            return Ok(StreamEnd::Closed);
        }
        heard(&Uint8Array::new(&get(&portion, "value")).to_vec());
    }
}

/// The parts that a portion completes.
pub(crate) fn parts(decoder: &mut SseDecoder, bytes: &[u8]) -> Parts {
    let events = decoder.push(bytes).into_iter().filter(|event| event.data != STREAM_DONE);
    events.filter_map(|event| Some((event.id, from_json(&event.data)?))).collect()
}
