//! The handshake.

use std::sync::Arc;

use axum::extract::State;
use natter_shared::handshake::{HandshakeRequest, HandshakeResponse};
use natter_shared::robofy::ErrorBody;

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::Claimed;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::service::Service;

/// Shake hands: proves the page's origin, and brings the widget's configuration and a token of 15 minutes.
///
/// `resume` puts the visitor back into an earlier session; the answer's `data.natter` then holds it, or says why not.
#[utoipa::path(post, path = "/v1/widget/handshake", tag = "widget",
    request_body = HandshakeRequest,
    responses(
        (status = 200, body = HandshakeResponse),
        (status = 400, body = ErrorBody, description = "a field is missing or the version is not 2"),
        (status = 403, body = ErrorBody, description = "the origin is not allowed; the code says why"),
        (status = 404, body = ErrorBody, description = "no such chatbot in this project"),
        (status = 429, body = ErrorBody, description = "too many requests"),
    ))]
pub(in crate::http) async fn shake(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Json(request): Json<HandshakeRequest>,
) -> Result<axum::Json<HandshakeResponse>, ApiError> {
    if let Some(origin) = service.readable_origin(&request.chatbot_id, &claimed.proof) {
        claimed.allowed.allow(&origin);
    }
    limits.call(address)?;
    Ok(axum::Json(service.handshake(&request, &claimed.proof).await?))
}
