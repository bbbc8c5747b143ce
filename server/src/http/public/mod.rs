//! Owari's public and widget routes, and what Natter adds to them: stop, stream, events, transcript, retry, delete,
//! identity, attachments.

mod attachments;
mod config;
mod contacts;
mod expand;
mod feedback;
mod identity;
mod log;
mod messages;
mod privacy;
mod reports;
mod sessions;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::AppState;

/// The routes with their documentation.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(config::robot))
        .routes(routes!(config::widget))
        .routes(routes!(sessions::create_robot))
        .routes(routes!(sessions::create_widget))
        .routes(routes!(identity::lookup))
        .routes(routes!(identity::resume))
        .routes(routes!(identity::identify))
        .routes(routes!(sessions::delete))
        .routes(routes!(sessions::finish))
        .routes(routes!(sessions::rate))
        .routes(routes!(attachments::upload))
        .routes(routes!(attachments::download))
        .routes(routes!(attachments::delete))
        .routes(routes!(messages::send))
        .routes(routes!(messages::retry))
        .routes(routes!(messages::stop))
        .routes(routes!(messages::stream))
        .routes(routes!(feedback::rate))
        .routes(routes!(expand::make))
        .routes(routes!(expand::redeem))
        .routes(routes!(contacts::leave))
        .routes(routes!(privacy::show))
        .routes(routes!(privacy::receipt))
        .routes(routes!(privacy::withdraw))
        .routes(routes!(reports::report))
        .routes(routes!(log::events))
        .routes(routes!(log::transcript))
}
