//! Files that visitors send along with their messages.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, TryStreamExt as _};
use natter_shared::attachment::AttachmentView;
use natter_shared::id::AttachmentId;
use natter_shared::problem::Problem;
use serde::Deserialize;

use crate::http::auth::{Access, KeepAccess};
use crate::http::error::ApiError;
use crate::service::{Service, ServiceError, Upload};

/// Name of the file, its UTF-8 bytes percent-encoded: a header reaches no log, as an address does.
const FILE_NAME: HeaderName = HeaderName::from_static("x-file-name");

/// Upload a file for a message that is yet to be sent.
///
/// The body is the file itself. What it is, is found out from its bytes; `Content-Type` and the name's ending do not
/// count. Send its `attachment_id` with the message; what is not sent within a day is deleted.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/attachments", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("x-file-name" = Option<String>, Header, description = "Name of the file, percent-encoded UTF-8"),
    ),
    request_body(content = String, content_type = "application/octet-stream"),
    responses(
        (status = 201, body = AttachmentView),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "larger than is taken"),
        (status = 415, body = Problem, content_type = "application/problem+json", description = "of a type that is not taken"),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "403 `attachments_off`, 409 `attachment_quota` or finished"),
    ))]
pub(in crate::http) async fn upload(
    State(service): State<Service>,
    Access(access): Access,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, axum::Json<AttachmentView>), ApiError> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let upload = Upload {
        name: text(FILE_NAME).map(percent_decoded),
        length: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        pieces: body.into_data_stream().map_err(std::io::Error::other).boxed(),
    };
    Ok((StatusCode::CREATED, axum::Json(service.upload(&access, upload).await?)))
}

/// The part of the address that names a file.
#[derive(Deserialize)]
pub(in crate::http) struct Named {
    attachment_id: String,
}

impl Named {
    fn id(&self) -> Result<AttachmentId, ServiceError> {
        self.attachment_id.parse().map_err(|_| ServiceError::NotFound("attachment"))
    }
}

/// Read a file of the session.
#[utoipa::path(get, path = "/v1/public/sessions/{session_id}/attachments/{attachment_id}", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("attachment_id" = AttachmentId, Path, description = "The file"),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", body = String),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn download(
    State(service): State<Service>,
    KeepAccess(access): KeepAccess,
    Path(named): Path<Named>,
) -> Result<Response, ApiError> {
    let file = service.download(&access, named.id()?).await?;
    // A picture may be shown where it is; all else is only saved.
    let shown = if file.media_type.is_picture { "inline" } else { "attachment" };
    let disposition = format!("{shown}; filename*=UTF-8''{}", percent_encoded(&file.name));
    let headers = [
        (header::CONTENT_TYPE, content_type(file.media_type.name)),
        (header::CONTENT_LENGTH, file.bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ];
    let mut response = Body::from_stream(file.pieces).into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// Delete a file that was not sent.
#[utoipa::path(delete, path = "/v1/public/sessions/{session_id}/attachments/{attachment_id}", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("attachment_id" = AttachmentId, Path, description = "The file"),
    ),
    responses(
        (status = 204),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "409 `attachment_sent` when a message has it"),
    ))]
pub(in crate::http) async fn delete(
    State(service): State<Service>,
    Access(access): Access,
    Path(named): Path<Named>,
) -> Result<StatusCode, ApiError> {
    service.drop_attachment(&access, named.id()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn content_type(media_type: &str) -> String {
    let charset = if media_type.starts_with("text/") { "; charset=utf-8" } else { "" };
    format!("{media_type}{charset}")
}

/// Text whose bytes were percent-encoded. What is broken stands as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| *first == b'%');
        if let Some(byte) = byte.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text as the bytes that stand for themselves in a header's `filename*`, all others percent-encoded.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::{percent_decoded, percent_encoded};

    #[test]
    fn a_name_survives_its_header_and_broken_ones_do_no_harm() {
        for name in ["a.png", "Größe \"1\".pdf", "\u{1f44b}%20", "a\r\nb"] {
            let encoded = percent_encoded(name);
            assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic()), "{encoded}");
            assert_eq!(percent_decoded(&encoded), name);
        }
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%4"), "%zz%4");
        assert_eq!(percent_decoded("%ff"), "\u{fffd}");
    }
}
