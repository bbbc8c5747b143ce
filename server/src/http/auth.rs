//! Who is calling: extractors, so that a handler which takes one cannot run without it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use serde::Deserialize;

use crate::service::{self, Credential, OriginProof, Purpose, Service, ServiceError};

use super::Limits;
use super::address::{Address, Proxies};
use super::cors::AllowedOrigin;
use super::error::ApiError;

/// What a request says about itself, not yet believed.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) credential: Credential,
    pub(super) proof: OriginProof,
    pub(super) allowed: AllowedOrigin,
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl<S: Send + Sync> FromRequestParts<S> for Claimed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let bearer = text(headers, header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, value)| Credential::bearer(value.trim()));
        // A header that is no text at all is malformed, not missing.
        let origin =
            headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("?").to_owned());
        let read = matches!(parts.method, Method::GET | Method::HEAD);
        let same_origin_read = read && text(headers, "sec-fetch-site") == Some("same-origin");
        Ok(Self {
            credential: bearer.unwrap_or_default(),
            proof: OriginProof { origin, same_origin_read },
            allowed: parts.extensions.get::<AllowedOrigin>().cloned().unwrap_or_default(),
        })
    }
}

/// The part of the address that names a session.
#[derive(Deserialize)]
struct SessionPath {
    session_id: String,
}

/// Makes an extractor for the right to use the session that the address names for one purpose.
macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident: $purpose:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub(super) struct $name(pub(super) service::Access);

        impl<S> FromRequestParts<S> for $name
        where
            S: Send + Sync,
            Service: FromRef<S>,
            Arc<Limits>: FromRef<S>,
            Arc<Proxies>: FromRef<S>,
        {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
                access(parts, state, Purpose::$purpose).await.map(Self)
            }
        }
    )*};
}

rights! {
    /// The right to talk in the session.
    Access: Converse,
    /// The right to read along.
    FollowAccess: Follow,
    /// The right to take its words along, which lasts as long as they do.
    KeepAccess: Keep,
    /// The right to delete them, which lasts as long.
    DeleteAccess: Delete,
}

async fn access<S>(
    parts: &mut Parts,
    state: &S,
    purpose: Purpose,
) -> Result<service::Access, ApiError>
where
    S: Send + Sync,
    Service: FromRef<S>,
    Arc<Limits>: FromRef<S>,
    Arc<Proxies>: FromRef<S>,
{
    let Ok(Path(SessionPath { session_id })) = Path::from_request_parts(parts, state).await else {
        return Err(ServiceError::NotFound("session").into());
    };
    let Ok(address) = Address::from_request_parts(parts, state).await;
    let Ok(claimed) = Claimed::from_request_parts(parts, state).await;
    let service = Service::from_ref(state);
    // A page with a good token may read that it is refused for another reason.
    if let Some(origin) = service.token_origin(&claimed.credential, &claimed.proof) {
        claimed.allowed.allow(&origin);
    }
    Arc::<Limits>::from_ref(state).call(address)?;
    let access = service.access(&session_id, &claimed.credential, &claimed.proof, purpose).await?;
    if let Some(origin) = access.origin() {
        claimed.allowed.allow(origin);
    }
    Ok(access)
}
