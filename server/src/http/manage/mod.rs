//! What a chatbot's owner sees, with an API key: who left contact details, and which pages refuse the chat.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use natter_shared::contact::Contacts;
use natter_shared::install::InstallReports;
use natter_shared::problem::Problem;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::Address;
use super::auth::Claimed;
use super::error::ApiError;
use super::{AppState, Limits};
use crate::service::Service;

/// The routes with their documentation.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(contacts)).routes(routes!(install_reports))
}

/// Contacts that visitors left, the newest 500. Needs an API key with the scope `read` or `admin`.
#[utoipa::path(get, path = "/v1/chatbots/{chatbot}/contacts", tag = "manage",
    params(("chatbot" = String, Path, description = "Id, slug or public id of the chatbot")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Contacts),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "401 no key, 403 its scope, 404 not its chatbot"),
    ))]
async fn contacts(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(chatbot): Path<String>,
) -> Result<axum::Json<Contacts>, ApiError> {
    limits.call(address)?;
    Ok(axum::Json(service.contacts(&chatbot, &claimed.credential).await?))
}

/// How far to look back.
#[derive(Debug, Deserialize)]
struct Since {
    days: Option<u32>,
}

/// What kept the chat from working on pages, by site and day. Needs an API key with the scope `admin`.
#[utoipa::path(get, path = "/v1/chatbots/{chatbot}/install-reports", tag = "manage",
    params(
        ("chatbot" = String, Path, description = "Id, slug or public id of the chatbot"),
        ("days" = Option<u32>, Query, description = "How many days back, at most 90; 30 without it"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, body = InstallReports),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "401 no key, 403 its scope, 404 not its chatbot"),
    ))]
async fn install_reports(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(chatbot): Path<String>,
    Query(Since { days }): Query<Since>,
) -> Result<axum::Json<InstallReports>, ApiError> {
    limits.call(address)?;
    let days = days.unwrap_or(30);
    Ok(axum::Json(service.install_reports(&chatbot, &claimed.credential, days).await?))
}
