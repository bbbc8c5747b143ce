//! Requests to the server, by `fetch` alone: no cookies, no cache, the token in a header.

mod call;
mod stream;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, Response, window,
};

pub(crate) use self::call::{Job, run};
pub(crate) use self::stream::{parts, stream};
use crate::json::{FromValue, Value, from_json};
use crate::state::Failure;

/// What a request needs to know about where it goes.
#[derive(Clone)]
pub(crate) struct Client {
    /// Origin of the API.
    pub(crate) api: String,
    /// The current token.
    pub(crate) token: Option<String>,
    /// The current session.
    pub(crate) session: String,
    /// Whether terms were accepted, which a session that is older than the terms does not know.
    pub(crate) agreed: bool,
}

/// One request.
struct Request<'a> {
    method: &'static str,
    path: &'a str,
    body: Option<String>,
    accept: &'static str,
    place: Option<&'a str>,
    signal: Option<&'a AbortSignal>,
}

impl<'a> Request<'a> {
    fn new(method: &'static str, path: &'a str) -> Self {
        Self { method, path, body: None, accept: "application/json", place: None, signal: None }
    }
}

impl Client {
    /// Sends a request; anything but a success is a failure.
    async fn send(&self, request: Request<'_>) -> Result<Response, Failure> {
        let lost = |_: JsValue| Failure::network();
        let headers = Headers::new().map_err(lost)?;
        headers.set("accept", request.accept).map_err(lost)?;
        if let Some(token) = &self.token {
            headers.set("authorization", &["Bearer ", token].concat()).map_err(lost)?;
        }
        if let Some(place) = request.place {
            headers.set("last-event-id", place).map_err(lost)?;
        }
        let init = RequestInit::new();
        init.set_method(request.method);
        init.set_credentials(RequestCredentials::Omit);
        init.set_cache(RequestCache::NoStore);
        if let Some(body) = &request.body {
            headers.set("content-type", "application/json").map_err(lost)?;
            init.set_body(&JsValue::from_str(body));
        }
        init.set_headers(&headers);
        init.set_signal(request.signal);
        let window = window().ok_or_else(Failure::network)?;
        let url = [&self.api, request.path].concat();
        let response =
            JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await.map_err(lost)?;
        let response: Response = response.unchecked_into();
        if response.ok() { Ok(response) } else { Err(failure(&response).await) }
    }
}

/// Reads a failure's code, whichever envelope its door uses.
async fn failure(response: &Response) -> Failure {
    let body =
        text(response).await.ok().and_then(|text| Value::parse(&text)).unwrap_or(Value::Null);
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let seconds = header("retry-after").and_then(|text| text.parse().ok());
    Failure {
        status: response.status(),
        code: body.maybe("code").unwrap_or_else(|| body.get("error").text("code")),
        retry_after: body
            .number("retry_after")
            .and_then(|seconds| u32::try_from(seconds).ok())
            .or(seconds),
        is_final: header("x-should-retry").as_deref() == Some("false"),
    }
}

/// A property, or undefined.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// A response's text.
async fn text(response: &Response) -> Result<String, Failure> {
    let lost = |_: JsValue| Failure::network();
    let text = JsFuture::from(response.text().map_err(lost)?).await.map_err(lost)?;
    Ok(text.as_string().unwrap_or_default())
}

/// A wire type from an answer. One that cannot be read is as bad as a broken server.
fn read<T: FromValue>(text: &str) -> Result<T, Failure> {
    from_json(text).ok_or(Failure { status: 500, ..Failure::default() })
}
