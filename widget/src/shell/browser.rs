//! Small doors to the browser: timers, frames, listeners, files, storage.

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, Storage, window};

use crate::api::get;
use crate::json::{Object, Value};
use crate::state::Stored;

/// Runs something after a while, or before the next picture is drawn, and gives the timer's number.
pub(super) fn schedule(run: &Function, milliseconds: Option<u32>) -> i32 {
    let Some(window) = window() else { return 0 };
    match milliseconds.map(|milliseconds| i32::try_from(milliseconds).unwrap_or(i32::MAX)) {
        Some(wait) => window.set_timeout_with_callback_and_timeout_and_arguments_0(run, wait),
        None => window.request_animation_frame(run),
    }
    .unwrap_or_default()
}

/// The first element that matches.
pub(super) fn find(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok()??.dyn_into().ok()
}

/// The page's storage, where it is allowed.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// What was kept of a conversation.
pub(super) fn load(key: &str) -> Option<Stored> {
    read(&raw(key)?)
}

/// The same as text.
pub(super) fn raw(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Reads that text.
pub(super) fn read(text: &str) -> Option<Stored> {
    let kept = Value::parse(text)?;
    Some(Stored {
        session_id: kept.maybe("session_id")?,
        secret: kept.maybe("secret")?,
        chatbot_id: kept.maybe("chatbot_id")?,
    })
}

/// Keeps a conversation's handle, or forgets it. Where storage is refused the page's memory has to do.
pub(super) fn keep(key: &str, stored: Option<&Stored>) {
    let Some(storage) = storage() else { return };
    let Some(stored) = stored else {
        let _ = storage.remove_item(key);
        return;
    };
    let mut object = Object::default();
    object.text("session_id", &stored.session_id);
    object.text("secret", &stored.secret);
    object.text("chatbot_id", &stored.chatbot_id);
    let _ = storage.set_item(key, &object.done());
}

/// Calls one of the host's functions, if there is one, and gives what it gives. Whatever it throws stays there.
pub(super) fn call(host: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    let function = get(host, name).dyn_into::<Function>();
    let result =
        function.map(|function| function.apply(host, &arguments.iter().collect::<Array>()));
    result.ok().and_then(Result::ok).unwrap_or_default()
}
