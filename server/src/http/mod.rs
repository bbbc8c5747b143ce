//! The doors. Each translates its wire shape into one call of the service and the answer back; none decides anything.

mod address;
mod assets;
mod auth;
mod cors;
mod error;
mod health;
mod json;
mod limits;
mod manage;
mod openapi;
mod pages;
mod public;
mod shop;
mod sse;
mod state;
mod widget;

pub use self::assets::Assets;
pub use self::limits::{Limits, Rates};
pub use self::openapi::document;
pub use self::shop::shop;
pub use self::state::AppState;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;

/// Largest body of a request, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Every route of the server.
pub fn router(state: AppState) -> Router {
    let (api, document) = openapi::routes();
    Router::new()
        .merge(api.clone())
        // Owari's clients have `/robo` in their base address.
        .nest("/robo", api)
        .merge(pages::routes())
        .merge(assets::routes())
        .merge(openapi::pages(&document))
        .fallback(error::unknown_route)
        // The outermost first, and all at once: each call of `layer` costs every request a few allocations.
        .layer((
            middleware::from_fn_with_state(state.clone(), state::trace),
            DefaultBodyLimit::max(MAX_BODY),
            CatchPanicLayer::custom(error::panicked),
            middleware::from_fn(standard_headers),
            middleware::from_fn(cors::layer),
            middleware::from_fn(error::finish),
        ))
        .with_state(state)
}

/// Headers that every answer has.
async fn standard_headers(request: axum::extract::Request, next: middleware::Next) -> Response {
    const STANDARD: [(HeaderName, &str); 3] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in STANDARD {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
