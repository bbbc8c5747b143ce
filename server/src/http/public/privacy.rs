//! The privacy menu: what is stored, what was agreed to, and taking that back.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use natter_shared::privacy::{ConsentReceipt, ConsentWithdrawn, SessionPrivacy, WithdrawConsent};
use natter_shared::problem::Problem;

use crate::http::auth::{DeleteAccess, KeepAccess};
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::service::Service;

/// What is stored of the session, until when, and what was agreed to.
#[utoipa::path(get, path = "/v1/public/sessions/{session_id}/privacy", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    responses(
        (status = 200, body = SessionPrivacy),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn show(
    State(service): State<Service>,
    KeepAccess(access): KeepAccess,
) -> Result<axum::Json<SessionPrivacy>, ApiError> {
    Ok(axum::Json(service.privacy(&access).await?))
}

/// What was agreed to, as a file.
#[utoipa::path(get, path = "/v1/public/sessions/{session_id}/consent-receipt", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    responses(
        (status = 200, body = ConsentReceipt),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "404 nothing was agreed to"),
    ))]
pub(in crate::http) async fn receipt(
    State(service): State<Service>,
    KeepAccess(access): KeepAccess,
) -> Result<Response, ApiError> {
    let mut response = axum::Json(service.consent_receipt(&access).await?).into_response();
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"consent-receipt.json\""),
    );
    Ok(response)
}

/// Take the acceptance of the terms back. Messages are refused with `consent_required` until they are accepted again.
/// With `delete: true` the session is deleted with everything in it.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/consent/withdraw", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body = WithdrawConsent,
    responses(
        (status = 200, body = ConsentWithdrawn),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "409 nothing was accepted"),
    ))]
pub(in crate::http) async fn withdraw(
    State(service): State<Service>,
    DeleteAccess(access): DeleteAccess,
    Json(request): Json<WithdrawConsent>,
) -> Result<axum::Json<ConsentWithdrawn>, ApiError> {
    Ok(axum::Json(service.withdraw_consent(&access, &request).await?))
}
