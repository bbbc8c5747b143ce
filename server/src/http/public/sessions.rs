//! Opening, finishing and deleting sessions.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use natter_shared::problem::Problem;
use natter_shared::session::{
    CreateSession, FinishSession, RateSession, SessionCreated, SessionFinished, SessionRated,
};

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::{Access, Claimed, DeleteAccess};
use crate::http::error::ApiError;
use crate::http::json::{Json, MaybeJson};
use crate::service::{Door, Service};

/// Open a session, from any client.
///
/// With terms on, `consent_accepted: true` is needed; without it nothing is created. The `session_id` of the answer is
/// `ID.SECRET`: send it back as it is.
#[utoipa::path(post, path = "/v1/public/robots/{slug}/sessions", tag = "public",
    params(("slug" = String, Path, description = "Slug or public id of the chatbot")),
    request_body = CreateSession,
    responses(
        (status = 201, body = SessionCreated),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "400 consent missing, 403 origin not allowed, 404 unknown, 409 terms changed, 422 invalid field, \
                429 too many requests"),
    ))]
pub(in crate::http) async fn create_robot(
    state: State<Service>,
    limits: State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    slug: Path<String>,
    body: Json<CreateSession>,
) -> Result<(StatusCode, axum::Json<SessionCreated>), ApiError> {
    create(Door::Robots, state, limits, address, claimed, slug, body).await
}

/// Open a session, from a page of an allowed origin.
///
/// With the handshake's token the answer holds the bare id, a token for the session and a secret to resume it.
#[utoipa::path(post, path = "/v1/public/widgets/{slug}/sessions", tag = "public",
    params(("slug" = String, Path, description = "Slug or public id of the chatbot")),
    request_body = CreateSession,
    responses(
        (status = 201, body = SessionCreated),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "400 consent missing, 401 token, 403 origin not allowed, 404 unknown, 409 terms changed, \
                422 invalid field, 429 too many requests"),
    ))]
pub(in crate::http) async fn create_widget(
    state: State<Service>,
    limits: State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    slug: Path<String>,
    body: Json<CreateSession>,
) -> Result<(StatusCode, axum::Json<SessionCreated>), ApiError> {
    create(Door::Widgets, state, limits, address, claimed, slug, body).await
}

async fn create(
    door: Door,
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(slug): Path<String>,
    Json(request): Json<CreateSession>,
) -> Result<(StatusCode, axum::Json<SessionCreated>), ApiError> {
    let Claimed { credential, proof, allowed } = claimed;
    let readable = service
        .token_origin(&credential, &proof)
        .or_else(|| service.readable_origin(&slug, &proof));
    if let Some(origin) = readable {
        allowed.allow(&origin);
    }
    limits.session(address)?;
    let visitor = address.0.to_string();
    let created =
        service.create_session(&slug, door, &request, &credential, &proof, Some(&visitor)).await?;
    Ok((StatusCode::CREATED, axum::Json(created)))
}

/// Finish a session, perhaps with a rating. Finishing it again changes nothing but the rating.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/finish", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body(content = FinishSession, description = "may be absent"),
    responses(
        (status = 200, body = SessionFinished),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "409 too late to rate, 422 invalid field"),
    ))]
pub(in crate::http) async fn finish(
    State(service): State<Service>,
    Access(access): Access,
    MaybeJson(request): MaybeJson<FinishSession>,
) -> Result<axum::Json<SessionFinished>, ApiError> {
    Ok(axum::Json(service.finish(&access, &request).await?))
}

/// Rate a finished session, or change its rating, within a day after its end.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/rating", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body = RateSession,
    responses(
        (status = 200, body = SessionRated),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "409 not finished or too late, 422 invalid field"),
    ))]
pub(in crate::http) async fn rate(
    State(service): State<Service>,
    Access(access): Access,
    Json(request): Json<RateSession>,
) -> Result<axum::Json<SessionRated>, ApiError> {
    Ok(axum::Json(service.rate_session(&access, &request).await?))
}

/// Delete a session with everything in it. A running answer is stopped.
#[utoipa::path(delete, path = "/v1/public/sessions/{session_id}", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    responses(
        (status = 204),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn delete(
    State(service): State<Service>,
    DeleteAccess(access): DeleteAccess,
) -> Result<StatusCode, ApiError> {
    service.erase(&access).await?;
    Ok(StatusCode::NO_CONTENT)
}
