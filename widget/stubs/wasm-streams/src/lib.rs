//! Stands in for the crate `wasm-streams`, which Leptos brings along for the bodies of its server functions.
//!
//! The widget calls no server function. The real crate offers three classes to JavaScript, though, which no linker may
//! drop: 8 KB of code, 3 KB of what every visitor downloads. Here is what Leptos' code names of it, so that it
//! compiles; called, it throws.

use futures_util::stream::Pending;
use wasm_bindgen::{JsValue, throw_str};

const REFUSAL: &str = "server functions are not part of the widget";

/// A stream of the browser.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Throws.
    pub fn from_stream<S>(_stream: S) -> Self {
        throw_str(REFUSAL)
    }

    /// Wraps a stream.
    #[must_use]
    pub const fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// The wrapped stream.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Throws.
    pub fn into_stream(self) -> Pending<Result<JsValue, JsValue>> {
        throw_str(REFUSAL)
    }
}
