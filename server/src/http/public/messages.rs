//! Questions and their answers: sending, following, stopping, asking again.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use natter_shared::id::TurnId;
use natter_shared::message::{Answer, RetryTurn, SendMessage, Stopped};
use natter_shared::problem::Problem;
use serde::Deserialize;

use crate::http::Limits;
use crate::http::auth::{Access, FollowAccess};
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::sse::{self, SseOptions};
use crate::service::{self, Reading, Service, ServiceError};

/// Ask a question.
///
/// With `Accept: text/event-stream` the answer comes as an AI SDK UI message stream, otherwise as JSON when it is
/// complete. The same `client_message_id` with the same words gives the same turn.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/messages", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body = SendMessage,
    responses(
        (status = 200, content((Answer = "application/json"), (String = "text/event-stream"))),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "400 consent refused or missing, 404 unknown, 409 finished, busy or key reused, 422 empty or too \
                long, 429 too many requests"),
        (status = "5XX", body = Problem, content_type = "application/problem+json",
            description = "the answer could not be had"),
    ))]
pub(in crate::http) async fn send(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    Access(access): Access,
    headers: HeaderMap,
    Json(request): Json<SendMessage>,
) -> Result<Response, ApiError> {
    limits.question(access.session.id())?;
    let reading = service.send(&access, &request).await?;
    answer(&service, &access, reading, &headers).await
}

/// The part of the address that names a turn.
#[derive(Deserialize)]
pub(in crate::http) struct TurnPath {
    turn_id: String,
}

/// Have the newest question answered again, when its answer was stopped, was interrupted or failed.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/turns/{turn_id}/retry", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("turn_id" = TurnId, Path, description = "The turn that did not succeed"),
    ),
    request_body = RetryTurn,
    responses(
        (status = 200, content((Answer = "application/json"), (String = "text/event-stream"))),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn retry(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    Access(access): Access,
    Path(TurnPath { turn_id }): Path<TurnPath>,
    headers: HeaderMap,
    Json(request): Json<RetryTurn>,
) -> Result<Response, ApiError> {
    limits.question(access.session.id())?;
    let turn: TurnId = turn_id.parse().map_err(|_| ServiceError::NotFound("turn"))?;
    let reading = service.retry(&access, turn, &request).await?;
    answer(&service, &access, reading, &headers).await
}

async fn answer(
    service: &Service,
    access: &service::Access,
    reading: Reading,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let accept =
        headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accept.contains("text/event-stream") {
        return Ok(stream_of(access, reading));
    }
    Ok(axum::Json(service.answer(&reading).await?).into_response())
}

fn stream_of(access: &service::Access, reading: Reading) -> Response {
    sse::respond(reading, SseOptions { session: access.session.id().to_string() })
}

/// Stop the answer that is being written. Its text so far is kept.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/stop", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    responses(
        (status = 200, body = Stopped),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn stop(
    State(service): State<Service>,
    Access(access): Access,
) -> axum::Json<Stopped> {
    axum::Json(service.stop(&access).await)
}

/// Follow the answer that is being written, from its start, or from `Last-Event-ID` on.
#[utoipa::path(get, path = "/v1/public/sessions/{session_id}/stream", tag = "public",
    params(
        ("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`"),
        ("Last-Event-ID" = Option<String>, Header, description = "`TURN:OFFSET` of the last event that was read"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = 204, description = "nothing is being answered"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn stream(
    State(service): State<Service>,
    FollowAccess(access): FollowAccess,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let place = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    Ok(match service.resume_reading(&access, place.filter(|place| !place.is_empty())).await? {
        Some(reading) => stream_of(&access, reading),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
