//! Errors as answers: the one place that knows statuses. Every failure, those of axum's own extractors included, is a
//! problem document; Robofy's routes wrap it into their own envelope.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use natter_shared::problem::Problem;
use natter_shared::robofy::{ErrorBody, ErrorDetail};

use crate::service::ServiceError;

use super::state::RequestId;

/// What a handler can fail with.
#[derive(Debug)]
pub(super) enum ApiError {
    Service(ServiceError),
    /// The request could not be read.
    Request(Box<BadRequest>),
}

/// A request that could not be read.
#[derive(Debug)]
pub(super) struct BadRequest {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) detail: String,
    pub(super) field: Option<String>,
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl From<BadRequest> for ApiError {
    fn from(request: BadRequest) -> Self {
        Self::Request(Box::new(request))
    }
}

impl ApiError {
    fn problem(&self) -> Problem {
        match self {
            Self::Service(ServiceError::AnswerFailed(problem)) => (**problem).clone(),
            Self::Service(error) => {
                let (status, code, title) = parts(error);
                let mut problem = problem(status, code, title, error.to_string());
                match error {
                    ServiceError::Invalid { field, .. } => {
                        problem.field = Some((*field).to_owned());
                    }
                    ServiceError::InvalidFields(errors) => problem.errors.clone_from(errors),
                    ServiceError::RateLimited { retry_after } => {
                        problem.retry_after =
                            Some(retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0));
                    }
                    ServiceError::Unavailable(_) => problem.retry_after = Some(2),
                    _ => {}
                }
                problem
            }
            Self::Request(bad) => {
                let mut problem = problem(bad.status, bad.code, bad.title, bad.detail.clone());
                problem.field.clone_from(&bad.field);
                problem
            }
        }
    }
}

pub(super) fn problem(status: StatusCode, code: &str, title: &str, detail: String) -> Problem {
    Problem {
        kind: format!("urn:natter:problem:{code}"),
        title: title.into(),
        status: status.as_u16(),
        code: code.into(),
        detail: Some(detail),
        field: None,
        errors: Vec::new(),
        retry_after: None,
        request_id: None,
    }
}

/// Status, code and title of each refusal. No `_` arm: a new one must choose.
fn parts(error: &ServiceError) -> (StatusCode, &'static str, &'static str) {
    match error {
        ServiceError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found", "Not found"),
        ServiceError::Origin(refusal) => {
            (StatusCode::FORBIDDEN, refusal.code(), "Origin not allowed")
        }
        ServiceError::Version(_) => {
            (StatusCode::BAD_REQUEST, "version_unsupported", "Version not supported")
        }
        ServiceError::CredentialMissing => {
            (StatusCode::UNAUTHORIZED, "credential_missing", "Credential missing")
        }
        ServiceError::CredentialInvalid => {
            (StatusCode::UNAUTHORIZED, "credential_invalid", "Credential not valid")
        }
        ServiceError::TokenExpired => (StatusCode::UNAUTHORIZED, "token_expired", "Token expired"),
        ServiceError::SessionExpired => {
            (StatusCode::FORBIDDEN, "session_expired", "Session expired")
        }
        ServiceError::NotAllowed => (StatusCode::FORBIDDEN, "not_allowed", "Not allowed"),
        ServiceError::KeyScope => (StatusCode::FORBIDDEN, "key_scope", "Scope not sufficient"),
        ServiceError::IdentityInvalid => {
            (StatusCode::FORBIDDEN, "identity_invalid", "Identity not proven")
        }
        ServiceError::IdentityMismatch => {
            (StatusCode::CONFLICT, "identity_mismatch", "Session of another user")
        }
        ServiceError::ConsentRequired => {
            (StatusCode::BAD_REQUEST, "consent_required", "Consent required")
        }
        ServiceError::ConsentOutdated => {
            (StatusCode::CONFLICT, "consent_outdated", "Terms have changed")
        }
        ServiceError::SessionFinished => {
            (StatusCode::CONFLICT, "session_finished", "Session finished")
        }
        ServiceError::NothingAccepted => {
            (StatusCode::CONFLICT, "consent_none", "Nothing was accepted")
        }
        ServiceError::SessionOpen => (StatusCode::CONFLICT, "session_open", "Session not finished"),
        ServiceError::RatingClosed => (StatusCode::CONFLICT, "rating_closed", "Too late to rate"),
        ServiceError::TurnRunning => (StatusCode::CONFLICT, "turn_running", "Answer in progress"),
        ServiceError::NotRetryable => (StatusCode::CONFLICT, "not_retryable", "Nothing to retry"),
        ServiceError::NotReplaceable => {
            (StatusCode::CONFLICT, "not_replaceable", "Not the newest message")
        }
        ServiceError::KeyReused("client_message_id") => {
            (StatusCode::CONFLICT, "client_message_id_reused", "Idempotency key reused")
        }
        ServiceError::KeyReused(_) => {
            (StatusCode::CONFLICT, "idempotency_key_reused", "Idempotency key reused")
        }
        ServiceError::Invalid { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", "Invalid field")
        }
        ServiceError::InvalidFields(_) => {
            (StatusCode::BAD_REQUEST, "invalid_fields", "Invalid fields")
        }
        ServiceError::TokenSpent => (StatusCode::GONE, "token_spent", "Token spent"),
        ServiceError::ContactsOff => (StatusCode::FORBIDDEN, "contacts_off", "No contacts"),
        ServiceError::AttachmentsOff => {
            (StatusCode::FORBIDDEN, "attachments_off", "No attachments")
        }
        ServiceError::AttachmentTooLarge { .. } => {
            (StatusCode::PAYLOAD_TOO_LARGE, "attachment_too_large", "File too large")
        }
        ServiceError::AttachmentType { .. } => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "attachment_type", "Type of file not taken")
        }
        ServiceError::AttachmentQuota => {
            (StatusCode::CONFLICT, "attachment_quota", "No room for more files")
        }
        ServiceError::AttachmentSent => (StatusCode::CONFLICT, "attachment_sent", "File was sent"),
        ServiceError::UploadBroken => {
            (StatusCode::BAD_REQUEST, "body_unreadable", "Body not readable")
        }
        ServiceError::RateLimited { .. } => {
            (StatusCode::TOO_MANY_REQUESTS, "rate_limited", "Too many requests")
        }
        ServiceError::AnswerFailed(_) => {
            (StatusCode::BAD_GATEWAY, "answer_unavailable", "Answer not available")
        }
        ServiceError::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available")
        }
        ServiceError::Internal(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error")
        }
    }
}

/// A problem that [`finish`] has yet to write, with the error behind it for the log.
#[derive(Clone)]
struct Pending {
    problem: Problem,
    cause: Option<Arc<ApiError>>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let cause = (problem.status >= 500).then(|| Arc::new(self));
        pending(Pending { problem, cause })
    }
}

fn pending(pending: Pending) -> Response {
    let status =
        StatusCode::from_u16(pending.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = status.into_response();
    response.extensions_mut().insert(pending);
    response
}

/// No route has this path.
pub(super) async fn unknown_route() -> Response {
    let detail = "there is nothing at this address; the API is described at /docs".into();
    pending(Pending {
        problem: problem(StatusCode::NOT_FOUND, "not_found", "Not found", detail),
        cause: None,
    })
}

/// A handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the layer asks for")]
pub(super) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or(panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("?"), "http.request panicked");
    let detail =
        "something went wrong here; try again, and tell us the request id if it persists".into();
    let problem = problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail);
    write(&problem, false, StatusCode::INTERNAL_SERVER_ERROR)
}

/// Writes the error of a handler in the envelope of its route, with the request's id, and logs faults of ours.
pub(super) async fn finish(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let path = request.uri().path();
    let path = path.strip_prefix("/robo").unwrap_or(path);
    let robofy = path.starts_with("/v1/ai-agent/") || path == "/v1/widget/handshake";
    let mut response = next.run(request).await;
    let Pending { mut problem, cause } = match response.extensions_mut().remove::<Pending>() {
        Some(pending) => pending,
        // axum answers a wrong method by itself, without a body.
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => {
            let detail = "this address does not take this method; see the Allow header".into();
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Pending {
                problem: self::problem(status, "method_not_allowed", "Method not allowed", detail),
                cause: None,
            }
        }
        // So does it with an address or a query that it cannot read.
        None if response.status().is_client_error() && is_plain(&response) => {
            let detail = "the address or its query cannot be read; correct it".into();
            let problem = self::problem(response.status(), "bad_request", "Bad request", detail);
            Pending { problem, cause: None }
        }
        None => return response,
    };
    if let Some(ApiError::Service(error)) = cause.as_deref() {
        let request_id = id.as_deref().unwrap_or_default();
        match error {
            ServiceError::AnswerFailed(_) => {}
            ServiceError::Unavailable(source) | ServiceError::Internal(source) => {
                tracing::error!(request.id = request_id, error = ?source, "http.request {request_id} failed");
            }
            other => {
                tracing::error!(request.id = request_id, error = %other, "http.request {request_id} failed");
            }
        }
    }
    problem.request_id = id;
    let mut written = write(&problem, robofy, response.status());
    for (name, value) in response.headers() {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            written.headers_mut().insert(name, value.clone());
        }
    }
    written
}

fn is_plain(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/plain"))
}

fn write(problem: &Problem, robofy: bool, status: StatusCode) -> Response {
    let (body, content_type) = if robofy {
        let body = ErrorBody {
            message: problem.title.clone(),
            error: ErrorDetail {
                code: robofy_code(&problem.code),
                detail: problem.detail.clone().unwrap_or_default(),
            },
        };
        (serde_json::to_vec(&body), "application/json")
    } else {
        (serde_json::to_vec(problem), "application/problem+json")
    };
    let mut response = (status, body.unwrap_or_default()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(value) =
        problem.retry_after.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok())
    {
        headers.insert(header::RETRY_AFTER, value);
    }
    // Repeating these would repeat the failure: SDKs ask this header before they try again by themselves.
    if matches!(
        status,
        StatusCode::CONFLICT | StatusCode::BAD_GATEWAY | StatusCode::INTERNAL_SERVER_ERROR
    ) {
        headers.insert("x-should-retry", HeaderValue::from_static("false"));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Robofy's codes where it documents one, ours in its style elsewhere.
fn robofy_code(code: &str) -> String {
    match code {
        "invalid_json" | "invalid_field" | "missing_field" | "version_unsupported" => {
            "BAD_REQUEST".into()
        }
        "credential_missing" | "credential_invalid" => "UNAUTHORIZED".into(),
        "internal" => "INTERNAL_SERVER_ERROR".into(),
        "not_found" => "PROJECT_NOT_FOUND".into(),
        other => other.to_ascii_uppercase(),
    }
}
