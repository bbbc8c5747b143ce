//! What handlers share, and the span around each request.

use std::sync::Arc;

use axum::extract::{FromRef, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::service::Service;

use super::address::Proxies;
use super::pages::Loaders;
use super::{Assets, Limits};

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The service.
    pub service: Service,
    /// Browser files.
    pub assets: Arc<Assets>,
    /// Rate limits.
    pub limits: Arc<Limits>,
    /// Proxies whose forwarded addresses count.
    pub(super) proxies: Arc<Proxies>,
    /// Rendered loader scripts.
    pub(super) loaders: Arc<Loaders>,
}

impl AppState {
    /// State over a service, with the embedded browser files.
    #[must_use]
    pub fn new(service: Service, limits: Limits, proxies: Vec<std::net::IpAddr>) -> Self {
        Self {
            service,
            assets: Arc::new(Assets::embedded()),
            limits: Arc::new(limits),
            proxies: Arc::new(Proxies(proxies)),
            loaders: Arc::default(),
        }
    }
}

macro_rules! parts {
    ($($field:ident: $part:ty),*) => {$(
        impl FromRef<AppState> for $part {
            fn from_ref(state: &AppState) -> Self {
                state.$field.clone()
            }
        }
    )*};
}
parts!(service: Service, assets: Arc<Assets>, limits: Arc<Limits>, proxies: Arc<Proxies>, loaders: Arc<Loaders>);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id under which the log knows a request.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Gives the request an id, logs it by the template of its route (an address may hold a secret), and answers with the
/// id.
pub(super) async fn trace(
    State(service): State<Service>,
    mut request: Request,
    next: Next,
) -> Response {
    let sent = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let usable = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let id = sent
        .filter(usable)
        .map_or_else(|| service.clock().uuid().simple().to_string(), String::from);
    let route =
        request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span =
        tracing::info_span!("http.request", method = %request.method(), route, request.id = %id);
    request.extensions_mut().insert(RequestId(id.clone()));
    let started = tokio::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        tracing::info!(status = response.status().as_u16(), elapsed_ms, "http.request done");
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
