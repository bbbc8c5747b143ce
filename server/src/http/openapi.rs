//! The OpenAPI 3.1 document, made from the routes themselves, and the page that shows it.

use axum::Router;
use axum::http::{HeaderValue, header};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{AppState, health, manage, public, widget};

/// The API's routes and their document.
pub(super) fn routes() -> (Router<AppState>, OpenApi) {
    let info = InfoBuilder::new()
        .title("Natter")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("An AI chat bubble for any website, and the server that answers."))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    let (router, mut document) =
        OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
            .routes(routes!(health::live))
            .routes(routes!(health::ready))
            .merge(widget::routes())
            .merge(public::routes())
            .merge(manage::routes())
            .split_for_parts();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The handshake's token (in a browser) or an API key (on a server)."))
        .build();
    document
        .components
        .get_or_insert_default()
        .security_schemes
        .insert("bearer".into(), SecurityScheme::Http(bearer).into());
    (router, document)
}

/// The OpenAPI document of every documented route.
#[must_use]
pub fn document() -> OpenApi {
    routes().1
}

/// `/openapi.json`, and `/docs` that shows it.
pub(super) fn pages(document: &OpenApi) -> Router<AppState> {
    let config =
        Config::from("/openapi.json").try_it_out_enabled(false).persist_authorization(false);
    let ui: Router<AppState> =
        SwaggerUi::new("/docs").url("/openapi.json", document.clone()).config(config).into();
    ui.layer(axum::middleware::map_response(async |mut response: axum::response::Response| {
        let policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        response
    }))
}
