//! Contacts that visitors leave.

use axum::extract::State;
use axum::http::StatusCode;
use natter_shared::contact::{ContactCreated, ContactHandoff};
use natter_shared::problem::Problem;

use crate::http::auth::Access;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::service::Service;

/// Leave contact details. An e-mail address or a telephone number is needed.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/contact-handoffs", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body = ContactHandoff,
    responses(
        (status = 201, body = ContactCreated),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn leave(
    State(service): State<Service>,
    Access(access): Access,
    Json(handoff): Json<ContactHandoff>,
) -> Result<(StatusCode, axum::Json<ContactCreated>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(service.leave_contact(&access, &handoff).await?)))
}
