//! Small doors to the browser: timers, frames, listeners, files, storage.

use js_sys::{Array, Function, JSON, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AddEventListenerOptions, Blob, BlobPropertyBag, Element, Event, EventTarget, HtmlElement, Storage, Url, window,
};

use crate::api::{get, set};
use crate::state::{Format, Stored};
use crate::view::dom;

/// Runs something after a while, and gives the timer's number.
pub(super) fn after(milliseconds: u32, run: impl FnOnce() + 'static) -> i32 {
    let run: Function = Closure::once_into_js(run).unchecked_into();
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    let timer = window().map(|window| window.set_timeout_with_callback_and_timeout_and_arguments_0(&run, milliseconds));
    timer.and_then(Result::ok).unwrap_or_default()
}

/// Forgets a timer.
pub(super) fn cancel(timer: i32) {
    if let Some(window) = window() {
        window.clear_timeout_with_handle(timer);
    }
}

/// Runs something before the next picture is drawn.
pub(super) fn next_frame(run: impl FnOnce() + 'static) {
    let run: Function = Closure::once_into_js(run).unchecked_into();
    if let Some(window) = window() {
        let _ = window.request_animation_frame(&run);
    }
}

/// Listens to an event on an element and within it, without ever holding the page's scrolling up, and gives the way to
/// stop listening.
pub(super) fn listen(target: &EventTarget, name: &'static str, run: impl FnMut(Event) + 'static) -> Box<dyn FnOnce()> {
    attach(target, name, Closure::new(run))
}

fn attach(target: &EventTarget, name: &'static str, closure: Closure<dyn FnMut(Event)>) -> Box<dyn FnOnce()> {
    let options = AddEventListenerOptions::new();
    options.set_passive(true);
    options.set_capture(true);
    let function: &Function = closure.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
    let target = target.clone();
    Box::new(move || {
        let _ = target.remove_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), true);
    })
}

/// The first element that matches.
pub(super) fn find(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok()??.dyn_into().ok()
}

/// Gives the visitor a file.
pub(super) fn save(name: &str, format: Format, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let parts = Array::of1(&JsValue::from_str(text));
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    let link = dom::element("a", "");
    dom::attr(&link, "href", &url);
    dom::attr(&link, "download", &[name, ".", format.as_str()].concat());
    link.unchecked_ref::<HtmlElement>().click();
    after(10_000, move || {
        let _ = Url::revoke_object_url(&url);
    });
}

/// The page's storage, where it is allowed.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// What was kept of a conversation.
pub(super) fn load(key: &str) -> Option<Stored> {
    let kept = JSON::parse(&storage()?.get_item(key).ok()??).ok()?;
    let text = |name| get(&kept, name).as_string();
    Some(Stored { session_id: text("session_id")?, secret: text("secret")?, chatbot_id: text("chatbot_id")? })
}

/// Keeps a conversation's handle, or forgets it. Where storage is refused the page's memory has to do.
pub(super) fn keep(key: &str, stored: Option<&Stored>) {
    let Some(storage) = storage() else { return };
    let Some(stored) = stored else {
        let _ = storage.remove_item(key);
        return;
    };
    let object = Object::new();
    set(&object, "session_id", &stored.session_id);
    set(&object, "secret", &stored.secret);
    set(&object, "chatbot_id", &stored.chatbot_id);
    if let Some(text) = JSON::stringify(&object).ok().and_then(|text| text.as_string()) {
        let _ = storage.set_item(key, &text);
    }
}

/// Calls one of the host's functions, if there is one. Whatever it throws stays there.
pub(super) fn call(host: &JsValue, name: &str, arguments: &[JsValue]) {
    if let Ok(function) = get(host, name).dyn_into::<Function>() {
        let _ = function.apply(host, &arguments.iter().collect::<Array>());
    }
}
