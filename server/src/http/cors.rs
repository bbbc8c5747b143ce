//! Cross-origin answers. A preflight carries no chatbot, so it is answered for any well-formed origin; the call itself
//! is judged by the service, and only an answer to an allowed origin can be read by the page.

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::service::origin::Origin;

/// Where an extractor or handler notes the origin that the service allowed.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowedOrigin(Arc<OnceLock<String>>);

impl AllowedOrigin {
    /// Lets the page of this origin read the answer, whatever it says.
    pub(super) fn allow(&self, origin: &str) {
        // The first word stands: a request has one origin.
        let _ = self.0.set(origin.to_owned());
    }
}

const METHODS: &str = "GET, POST, PUT, DELETE";
const HEADERS: &str =
    "accept, authorization, content-type, last-event-id, x-file-name, x-request-id";
const EXPOSED: &str =
    "retry-after, x-request-id, content-disposition, x-should-retry, x-vercel-ai-ui-message-stream";

/// Answers preflights, and adds the headers that let an allowed page read an answer.
pub(super) async fn layer(mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // The page that `/docs` shows and other files are read by their own rules.
    let api = path.starts_with("/v1/") || path.starts_with("/robo/v1/");
    if !api {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if preflight {
        return answer_preflight(origin.as_ref());
    }
    let allowed = AllowedOrigin::default();
    request.extensions_mut().insert(allowed.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let same =
        |value: &HeaderValue| allowed.0.get().is_some_and(|allowed| value == allowed.as_str());
    if let Some(origin) = origin.filter(same) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    response
}

fn answer_preflight(origin: Option<&HeaderValue>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::VARY, HeaderValue::from_static("Origin, Access-Control-Request-Headers"));
    let well_formed =
        |value: &&HeaderValue| value.to_str().is_ok_and(|text| Origin::parse(Some(text)).is_ok());
    if let Some(origin) = origin.filter(well_formed) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        // A page on the public web may reach a server on a private network only when that says so.
        headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    }
    response
}
