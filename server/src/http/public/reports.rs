//! What keeps the chat from working on a page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use natter_shared::install::InstallReport;
use natter_shared::problem::Problem;

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::Claimed;
use crate::http::error::ApiError;
use crate::http::json::AnyJson;
use crate::service::Service;

/// Report what is in the way, for the owner's eyes. Only the page's origin is kept, and counts.
///
/// The body is read as JSON whatever its type says, so that `navigator.sendBeacon` can send it without a preflight. Any
/// origin may report: those that are refused have most to say.
#[utoipa::path(post, path = "/v1/public/widgets/{slug}/reports", tag = "public",
    params(("slug" = String, Path, description = "Slug or public id of the chatbot")),
    request_body = InstallReport,
    responses(
        (status = 204),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "404 unknown, 422 invalid field, 429 too many requests"),
    ))]
pub(in crate::http) async fn report(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(slug): Path<String>,
    AnyJson(report): AnyJson<InstallReport>,
) -> Result<StatusCode, ApiError> {
    if let Some(origin) = service.readable_origin(&slug, &claimed.proof) {
        claimed.allowed.allow(&origin);
    }
    limits.report(address)?;
    service.report_install(&slug, &claimed.proof, &report).await?;
    Ok(StatusCode::NO_CONTENT)
}
