//! Whose a session is, and the other conversations of a user who was proven.

use std::sync::Arc;

use axum::extract::{Path, State};
use natter_shared::identity::{Identity, IdentityView, SessionList};
use natter_shared::problem::Problem;
use natter_shared::session::Redeemed;
use serde::Deserialize;

use crate::http::Limits;
use crate::http::address::Address;
use crate::http::auth::{Access, Claimed};
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::service::Service;

/// Say or prove whose a session is.
///
/// With a proof of the site's server it is verified. A session of one user can never become another's: log out and open
/// a new one.
#[utoipa::path(put, path = "/v1/public/sessions/{session_id}/identity", tag = "public",
    params(("session_id" = String, Path, description = "`ID` with a token or key, or `ID.SECRET`")),
    request_body = Identity,
    responses(
        (status = 200, body = IdentityView),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "403 `identity_invalid` when the proof is wrong, 409 `identity_mismatch` when the session is \
                somebody else's, 422 invalid field"),
    ))]
pub(in crate::http) async fn identify(
    State(service): State<Service>,
    Access(access): Access,
    Json(identity): Json<Identity>,
) -> Result<axum::Json<IdentityView>, ApiError> {
    Ok(axum::Json(service.identify(&access, &identity).await?))
}

/// List a user's own conversations. The proof of the site's server is needed.
#[utoipa::path(post, path = "/v1/public/widgets/{slug}/sessions/lookup", tag = "public",
    params(("slug" = String, Path, description = "Slug or public id of the chatbot")),
    request_body = Identity,
    responses(
        (status = 200, body = SessionList),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "403 `identity_invalid` without a good proof, or the origin is not allowed"),
    ))]
pub(in crate::http) async fn lookup(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(slug): Path<String>,
    Json(identity): Json<Identity>,
) -> Result<axum::Json<SessionList>, ApiError> {
    allow_reading(&service, &slug, &claimed);
    limits.call(address)?;
    let Claimed { credential, proof, .. } = claimed;
    Ok(axum::Json(service.lookup_sessions(&slug, &identity, &credential, &proof).await?))
}

/// The parts of the address that name a session of a chatbot.
#[derive(Deserialize)]
pub(in crate::http) struct Named {
    slug: String,
    session_id: String,
}

/// Go on with one of a user's own conversations. The proof of the site's server is needed.
///
/// The answer holds the conversation and what is needed to go on with it, as when an expand token is redeemed.
#[utoipa::path(post, path = "/v1/public/widgets/{slug}/sessions/{session_id}/resume", tag = "public",
    params(
        ("slug" = String, Path, description = "Slug or public id of the chatbot"),
        ("session_id" = String, Path, description = "The bare id, from the list"),
    ),
    request_body = Identity,
    responses(
        (status = 200, body = Redeemed),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "403 `identity_invalid` without a good proof, 404 unknown or somebody else's"),
    ))]
pub(in crate::http) async fn resume(
    State(service): State<Service>,
    State(limits): State<Arc<Limits>>,
    address: Address,
    claimed: Claimed,
    Path(Named { slug, session_id }): Path<Named>,
    Json(identity): Json<Identity>,
) -> Result<axum::Json<Redeemed>, ApiError> {
    allow_reading(&service, &slug, &claimed);
    limits.call(address)?;
    let Claimed { credential, proof, .. } = claimed;
    let resumed =
        service.resume_session(&slug, &session_id, &identity, &credential, &proof).await?;
    Ok(axum::Json(resumed))
}

/// A page that is allowed may read why it is refused.
fn allow_reading(service: &Service, slug: &str, claimed: &Claimed) {
    let Claimed { credential, proof, allowed } = claimed;
    let readable =
        service.token_origin(credential, proof).or_else(|| service.readable_origin(slug, proof));
    if let Some(origin) = readable {
        allowed.allow(&origin);
    }
}
