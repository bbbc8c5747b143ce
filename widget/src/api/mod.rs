//! Requests to the server, and what their answers mean. The script around the app sends them (`static/part/net.js`): by
//! `fetch` alone, without cookies or a cache, the token in a header.

mod call;
mod stream;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

pub(crate) use self::call::{Job, answered, request};
pub(crate) use self::stream::{open, parts};
use crate::json::Value;
use crate::state::Failure;

/// What a request needs to know about where it goes.
pub(crate) struct Client {
    /// The current token.
    pub(crate) token: Option<String>,
    /// The current session.
    pub(crate) session: String,
    /// Whether terms were accepted since the server last took a message, which a session that is older than that does not
    /// know.
    pub(crate) agreed: bool,
    /// Who the visitor is, as JSON.
    pub(crate) identity: Option<String>,
    /// What the page says of itself, as JSON.
    pub(crate) context: Option<String>,
    /// The visitor's language.
    pub(crate) locale: String,
}

/// One request.
pub(crate) struct Request {
    /// Its method.
    pub(crate) method: &'static str,
    /// Its path, which begins with a slash.
    pub(crate) path: String,
    /// Its body, as JSON.
    pub(crate) body: Option<String>,
}

/// How a request ended.
pub(crate) struct Answer {
    /// The HTTP status; 0 when no answer came.
    pub(crate) status: u16,
    /// The body's text.
    pub(crate) text: String,
    /// `Retry-After`, in seconds.
    pub(crate) wait: Option<String>,
    /// `X-Should-Retry`.
    pub(crate) retry: Option<String>,
}

impl Answer {
    /// The text of a success; anything else is a failure, whose code is read whichever envelope its door uses.
    pub(crate) fn success(self) -> Result<String, Failure> {
        if matches!(self.status, 200..300) {
            return Ok(self.text);
        }
        let body = Value::parse(&self.text).unwrap_or(Value::Null);
        Err(Failure {
            status: self.status,
            code: body.maybe("code").unwrap_or_else(|| body.get("error").text("code")),
            retry_after: body
                .number("retry_after")
                .and_then(|seconds| u32::try_from(seconds).ok())
                .or(self.wait.and_then(|text| text.parse().ok())),
            is_final: self.retry.as_deref() == Some("false"),
        })
    }
}

/// A property, or undefined.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// A body with a field more, whose value is JSON already: what the page says is handed on as it is.
fn with(mut body: String, name: &str, value: Option<&str>) -> String {
    if let Some(value) = value {
        body.pop();
        for part in [",\"", name, "\":", value, "}"] {
            body.push_str(part);
        }
    }
    body
}
