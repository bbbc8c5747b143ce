//! Stands in for the crate of the same name.
//!
//! Leptos depends on it by way of its server functions, which the widget does not have. It exports classes to
//! JavaScript, and what is exported cannot be left out by any optimizer: 3.5 KB, compressed, that nobody calls. Here is
//! just enough of its interface for `server_fn` to compile.

use core::pin::Pin;
use core::task::{Context, Poll};

use wasm_bindgen::JsValue;

/// A stream that has nothing.
#[derive(Debug)]
pub struct ReadableStream(());

/// Its items: none.
#[derive(Debug)]
pub struct IntoStream(());

impl ReadableStream {
    /// From the browser's stream, which is dropped.
    #[must_use]
    pub fn from_raw(_raw: web_sys::ReadableStream) -> Self {
        Self(())
    }

    /// From a stream, which is dropped.
    #[must_use]
    pub fn from_stream<S: 'static>(_stream: S) -> Self {
        Self(())
    }

    /// As a stream.
    #[must_use]
    pub fn into_stream(self) -> IntoStream {
        IntoStream(())
    }

    /// As the browser's stream: there is none.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        JsValue::UNDEFINED.into()
    }
}

impl futures_core::Stream for IntoStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
