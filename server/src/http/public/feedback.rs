//! Ratings of answers.

use axum::extract::State;
use axum::http::StatusCode;
use natter_shared::message::{Feedback, FeedbackStored};
use natter_shared::problem::Problem;

use crate::http::auth::Access;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::service::Service;

/// Rate an answer, or change its rating.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/feedback", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body = Feedback,
    responses(
        (status = 201, body = FeedbackStored),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn rate(
    State(service): State<Service>,
    Access(access): Access,
    Json(feedback): Json<Feedback>,
) -> Result<(StatusCode, axum::Json<FeedbackStored>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(service.rate(&access, &feedback).await?)))
}
