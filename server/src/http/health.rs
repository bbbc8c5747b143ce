//! Whether the process lives and whether it can serve.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Service;

use super::error::ApiError;

/// State of the server.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
}

const OK: Health = Health { status: "ok" };
/// A page whose origin was refused tells by this call that the server is there.
const ANY: (HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");

/// Whether the process lives.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn live() -> ([(HeaderName, &'static str); 1], Json<Health>) {
    ([ANY], Json(OK))
}

/// Whether it can serve: the database answers.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses(
    (status = 200, body = Health),
    (status = 503, body = natter_shared::problem::Problem, content_type = "application/problem+json"),
))]
pub(super) async fn ready(State(service): State<Service>) -> Result<Json<Health>, ApiError> {
    service.ready().await?;
    Ok(Json(OK))
}
