//! What a client may know of a chatbot before it opens a session.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use natter_shared::problem::Problem;
use natter_shared::session::PublicConfig;

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::Claimed;
use crate::http::error::ApiError;
use crate::service::Service;

/// Configuration of a chatbot, for any client.
#[utoipa::path(get, path = "/v1/public/robots/{slug}/config", tag = "public",
    params(("slug" = String, Path, description = "Slug or public id of the chatbot")),
    responses(
        (status = 200, body = PublicConfig),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "404 unknown, 403 origin not allowed, 429 too many requests"),
    ))]
pub(in crate::http) async fn robot(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(slug): Path<String>,
) -> Result<Json<PublicConfig>, ApiError> {
    limits.call(address)?;
    let chatbot = service.chatbot(&slug)?;
    if claimed.proof.origin.is_some() {
        claimed.allowed.allow(&service.allowed_origin(&chatbot, &claimed.proof)?);
    }
    Ok(Json(chatbot.public_config()))
}

/// Configuration of a chatbot, for a page of an allowed origin.
#[utoipa::path(get, path = "/v1/public/widgets/{slug}/config", tag = "public",
    params(("slug" = String, Path, description = "Slug or public id of the chatbot")),
    responses(
        (status = 200, body = PublicConfig),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "404 unknown, 403 origin not allowed, 429 too many requests"),
    ))]
pub(in crate::http) async fn widget(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(slug): Path<String>,
) -> Result<Json<PublicConfig>, ApiError> {
    limits.call(address)?;
    let chatbot = service.chatbot(&slug)?;
    claimed.allowed.allow(&service.allowed_origin(&chatbot, &claimed.proof)?);
    Ok(Json(chatbot.public_config()))
}
