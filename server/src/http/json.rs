//! Reading JSON bodies: each way to get one wrong has its own status and a sentence that names the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use super::error::{ApiError, BadRequest};

/// A JSON body. An empty one is read as `{}`, so that a call without fields needs no body.
pub(super) struct Json<T>(pub(super) T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = content_type.is_some_and(is_json);
        let named = content_type.is_some();
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            BadRequest {
                status: if too_large {
                    StatusCode::PAYLOAD_TOO_LARGE
                } else {
                    StatusCode::BAD_REQUEST
                },
                code: if too_large { "body_too_large" } else { "body_unreadable" },
                title: if too_large { "Body too large" } else { "Body not readable" },
                detail: if too_large {
                    format!("the body is larger than {} KiB; send less", super::MAX_BODY / 1024)
                } else {
                    "the body broke off; send it again".into()
                },
                field: None,
            }
        })?;
        if body.is_empty() && !named {
            return parse(b"{}").map(Self);
        }
        if !is_json {
            return Err(BadRequest {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                code: "media_type_unsupported",
                title: "Media type not supported",
                detail: "the body must be JSON; send it with Content-Type: application/json".into(),
                field: None,
            }
            .into());
        }
        parse(if body.is_empty() { b"{}" } else { &body }).map(Self)
    }
}

/// A JSON body that may be absent. One that does not say that it is JSON is as good as absent: the clients of a call that
/// had no body may send anything.
pub(super) struct MaybeJson<T>(pub(super) T);

impl<T, S> FromRequest<S> for MaybeJson<T>
where
    T: DeserializeOwned + Default,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if content_type.is_some_and(is_json) {
            return Json::from_request(request, state).await.map(|Json(value)| Self(value));
        }
        Ok(Self(T::default()))
    }
}

/// A JSON body, whatever its type says: `navigator.sendBeacon` sends plain text.
pub(super) struct AnyJson<T>(pub(super) T);

impl<T, S> FromRequest<S> for AnyJson<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, ApiError> {
        let json = axum::http::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        Json::from_request(request, state).await.map(|Json(value)| Self(value))
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| {
        let text = error.to_string();
        let quoted = |start: &str| {
            text.strip_prefix(start).and_then(|rest| rest.split('`').next()).map(String::from)
        };
        let (code, title, field, detail) = if let Some(field) = quoted("unknown field `") {
            let detail =
                format!("the field {field:?} is not known here; remove it or correct its name");
            ("unknown_field", "Unknown field", Some(field), detail)
        } else if let Some(field) = quoted("missing field `") {
            let detail = format!("the field {field:?} is missing; add it");
            ("missing_field", "Missing field", Some(field), detail)
        } else {
            ("invalid_json", "Invalid JSON", None, format!("the body cannot be read: {text}"))
        };
        BadRequest { status: StatusCode::BAD_REQUEST, code, title, detail, field }.into()
    })
}
