//! Robofy's widget door: the handshake, the chat calls, and the loader script.

mod chat;
mod handshake;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::AppState;

/// The routes with their documentation.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(handshake::shake))
        .routes(routes!(chat::ask))
        .routes(routes!(chat::ask_streaming))
}
