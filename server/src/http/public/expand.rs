//! Carrying a conversation into the full chat page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use natter_shared::problem::Problem;
use natter_shared::session::{ExpandToken, Redeemed};

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::{Access, Claimed};
use crate::http::error::ApiError;
use crate::service::Service;

/// Make a token that opens the conversation elsewhere: once, within two minutes.
#[utoipa::path(post, path = "/v1/public/sessions/{session_id}/expand-tokens", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    responses(
        (status = 201, body = ExpandToken),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn make(
    State(service): State<Service>,
    Access(access): Access,
) -> Result<(StatusCode, axum::Json<ExpandToken>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(service.make_expand_token(&access).await?)))
}

/// Redeem a token, once. The answer holds the conversation and what is needed to go on with it.
#[utoipa::path(post, path = "/v1/public/expand-tokens/{token}/redeem", tag = "public",
    params(("token" = String, Path, description = "The token")),
    responses(
        (status = 200, body = Redeemed),
        (status = 410, body = Problem, content_type = "application/problem+json",
            description = "it was used already or has expired"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn redeem(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(token): Path<String>,
) -> Result<axum::Json<Redeemed>, ApiError> {
    limits.call(address)?;
    let redeemed = service.redeem(&token, &claimed.proof).await?;
    if let Some(origin) = &claimed.proof.origin {
        claimed.allowed.allow(origin);
    }
    Ok(axum::Json(redeemed))
}
