//! What a browser loads by its address: the loader script, the full chat page and the frame. Each carries the chatbot's
//! appearance, so that the right bubble paints without a further request.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use natter_shared::id::ChatbotId;
use natter_shared::page::Boot;

use crate::locale::{self, Texts};
use crate::secret;
use crate::service::origin::OriginRule;
use crate::service::{BubbleIcon, Published, Service, ServiceError};

use super::assets::Encoding;
use super::error::{ApiError, BadRequest};
use super::{AppState, Assets};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/w/{file}", axum::routing::get(loader))
        .route("/c/{slug}", axum::routing::get(page))
        .route("/robo/{slug}", axum::routing::get(page))
        .route("/f/{slug}", axum::routing::get(frame))
        // Where the predecessors' tags look.
        .route("/widget.js", axum::routing::get(alias))
        .route("/embed/agent-widget.js", axum::routing::get(alias))
}

/// Rendered loaders, each with what it was rendered from: compressing one well takes longer than sending it.
#[derive(Default)]
pub(super) struct Loaders {
    by_chatbot: Mutex<HashMap<ChatbotId, (String, Arc<Loader>)>>,
    alias: OnceLock<Arc<Loader>>,
}

struct Loader {
    etag: String,
    plain: Bytes,
    br: Bytes,
    gz: Bytes,
}

/// No bubble on small screens. The style sheets have the same width.
const NO_PHONES: &str = "@media(max-width:639px){[part=bubble]{display:none}}";

fn boot(assets: &Assets, chatbot: &Published) -> Boot {
    let widget = &chatbot.config.widget;
    let (icon, picture) = match BubbleIcon::parse(&widget.branding.widget_bubble_icon) {
        Some(BubbleIcon::Path(path)) => (Some(path), None),
        Some(BubbleIcon::Picture(address)) => (None, Some(address)),
        Some(BubbleIcon::BuiltIn) | None => (None, None),
    };
    Boot {
        version: env!("CARGO_PKG_VERSION").into(),
        // Empty: the script's own origin, so that nothing depends on how the server is reached.
        api: String::new(),
        slug: chatbot.slug.clone(),
        chatbot_id: chatbot.public_id.clone(),
        project_id: chatbot.project_number.to_string(),
        glue: assets.path("natter.js"),
        wasm: assets.path("natter.wasm"),
        host: assets.path("host.js"),
        color: widget.branding.theme_color.clone(),
        ink: chatbot.ink().into(),
        mode: widget.branding.theme_mode,
        position: widget.branding.widget_position.clone(),
        label: chatbot.config.name.clone(),
        // The script is the same for all visitors, so it speaks the chatbot's language.
        failed: Texts::choose([chatbot.config.locale.as_str()]).get("page_elsewhere").into(),
        icon,
        picture,
        style: (!widget.behaviour.show_on_mobile).then(|| NO_PHONES.into()),
        open: widget.behaviour.open_on_page_load,
        locale: chatbot.config.locale.clone(),
        invite: chatbot.invitations(),
        fixed: chatbot.config.locale_fixed,
    }
}

/// JSON that can stand inside a script: nothing in it closes the element or breaks a line.
fn script_json(boot: &Boot) -> Result<String, ServiceError> {
    let json = serde_json::to_string(boot).map_err(|error| ServiceError::Internal(error.into()))?;
    Ok(json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

/// The line at the loader's end that fetches what invites visitors. A loader without it has not one byte of that. Nothing
/// that goes wrong in it reaches the page.
fn invite(slug: &str, id: &str, path: &str, boot: &str) -> String {
    format!(
        "\n(async s=>{{try{{(await import((s.dataset.natterApi||new URL(s.src).origin)+\"{path}\")).default(s,{boot})}}catch{{}}}})\
         (document.currentScript||document.querySelector('[src*=\"/w/{slug}.\"],[src*=\"/w/{id}.\"]'));"
    )
}

fn not_built() -> ApiError {
    BadRequest {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "widget_not_built",
        title: "Widget not built",
        detail: "this server was built without the widget; build it with cargo xtask dist".into(),
        field: None,
    }
    .into()
}

async fn loader(
    State(service): State<Service>,
    State(assets): State<Arc<Assets>>,
    State(loaders): State<Arc<Loaders>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let slug = file.strip_suffix(".js").ok_or(ServiceError::NotFound("script"))?;
    let chatbot = service.chatbot(slug)?;
    let loader = loaders.get(&assets, &chatbot)?;
    Ok(script(&loader, &headers))
}

/// The script behind the predecessors' tags: it reads the tag and fetches the loader.
async fn alias(
    State(assets): State<Arc<Assets>>,
    State(loaders): State<Arc<Loaders>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let alias = loaders.alias(&assets)?;
    Ok(script(&alias, &headers))
}

/// A script that pages know by a name that never changes.
fn script(loader: &Loader, headers: &HeaderMap) -> Response {
    let matches = |value: &HeaderValue| value.as_bytes() == loader.etag.as_bytes();
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(matches) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let encoding = Encoding::accepted(headers);
        let body = match encoding {
            Encoding::Brotli => loader.br.clone(),
            Encoding::Gzip => loader.gz.clone(),
            Encoding::Identity => loader.plain.clone(),
        };
        let mut response = body.into_response();
        if let Some(name) = encoding.name() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    };
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Ok(etag) = HeaderValue::from_str(&loader.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

impl Loaders {
    fn alias(&self, assets: &Assets) -> Result<Arc<Loader>, ApiError> {
        if let Some(alias) = self.alias.get() {
            return Ok(Arc::clone(alias));
        }
        let alias = Loader::compress(assets.text("alias.js").ok_or_else(not_built)?.to_owned())
            .map_err(|error| ServiceError::Internal(error.into()))?;
        Ok(Arc::clone(self.alias.get_or_init(|| Arc::new(alias))))
    }

    fn get(&self, assets: &Assets, chatbot: &Published) -> Result<Arc<Loader>, ApiError> {
        let mut boot = boot(assets, chatbot);
        let invite = if boot.invite.is_empty() {
            String::new()
        } else {
            invite(&boot.slug, &boot.chatbot_id, &assets.path("invite.js"), &script_json(&boot)?)
        };
        boot.invite.clear();
        let from = script_json(&boot)? + &invite;
        let kept = self
            .by_chatbot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&chatbot.id)
            .cloned();
        if let Some((known, loader)) = kept
            && known == from
        {
            return Ok(loader);
        }
        let template = assets.text("loader.js").ok_or_else(not_built)?;
        let script = template.replace("__NATTER_BOOT__", &script_json(&boot)?) + &invite;
        let loader =
            Loader::compress(script).map_err(|error| ServiceError::Internal(error.into()))?;
        let loader = Arc::new(loader);
        let mut loaders = self.by_chatbot.lock().unwrap_or_else(PoisonError::into_inner);
        loaders.insert(chatbot.id, (from, Arc::clone(&loader)));
        Ok(loader)
    }
}

impl Loader {
    fn compress(script: String) -> std::io::Result<Self> {
        let etag = format!("\"{}\"", secret::hex_hash(&script).get(..16).unwrap_or_default());
        let mut br = Vec::new();
        let parameters =
            brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut script.as_bytes(), &mut br, &parameters)?;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(script.as_bytes())?;
        Ok(Self { etag, br: br.into(), gz: gz.finish()?.into(), plain: script.into() })
    }
}

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
img-src 'self' data: https:; require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'";

async fn page(
    State(service): State<Service>,
    State(assets): State<Arc<Assets>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let chatbot = service.chatbot(&slug)?;
    let policy = format!("{POLICY}; frame-ancestors 'none'");
    render(&assets, &chatbot, ("page.html", texts(&chatbot, &headers)), &policy)
}

async fn frame(
    State(service): State<Service>,
    State(assets): State<Arc<Assets>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let chatbot = service.chatbot(&slug)?;
    let mut ancestors: Vec<String> = chatbot.rules.iter().map(OriginRule::as_csp_source).collect();
    if ancestors.is_empty() {
        ancestors.push("'none'".into());
    }
    let policy = format!("{POLICY}; frame-ancestors {}", ancestors.join(" "));
    render(&assets, &chatbot, ("frame.html", texts(&chatbot, &headers)), &policy)
}

/// The words of a page: in the language that the browser asks for, unless the owner allows no other.
fn texts(chatbot: &Published, headers: &HeaderMap) -> &'static Texts {
    let own = chatbot.config.locale.as_str();
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let wishes = header.filter(|_| !chatbot.config.locale_fixed).unwrap_or_default();
    Texts::choose(locale::accepted(wishes).into_iter().chain([own]))
}

fn render(
    assets: &Assets,
    chatbot: &Published,
    (template, texts): (&str, &Texts),
    policy: &str,
) -> Result<Response, ApiError> {
    let template = assets.text(template).ok_or_else(not_built)?;
    let config = &chatbot.config;
    let (title, description) = (escape(&config.name), escape(&config.description));
    let (lang, dir) = (texts.tag.to_owned(), texts.dir().to_owned());
    let word = |name: &str| escape(texts.get(name));
    let (failed, retry) = (word("page_failed"), word("page_retry"));
    let (unsupported, script) = (word("page_unsupported"), word("page_script"));
    let boot = script_json(&boot(assets, chatbot))?;
    let (page_js, frame_js) = (assets.path("page.js"), assets.path("frame.js"));
    let (page_css, icon) = (assets.path("page.css"), assets.path("icon.svg"));
    let values = [
        ("lang", &lang),
        ("dir", &dir),
        ("failed", &failed),
        ("retry", &retry),
        ("unsupported", &unsupported),
        ("script", &script),
        ("title", &title),
        ("description", &description),
        ("page_js", &page_js),
        ("frame_js", &frame_js),
        ("page_css", &page_css),
        ("icon", &icon),
        ("boot", &boot),
    ];
    let mut response = Html(fill(template, &values)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    Ok(response)
}

/// Puts values in the place of `{{name}}`, once each: what a value holds is never filled again.
fn fill(template: &str, values: &[(&str, &String)]) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name.trim()) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_filled() {
        let (title, boot) = (String::from("{{boot}}"), String::from("secret"));
        let values = [("title", &title), ("boot", &boot)];
        assert_eq!(
            fill("<h1>{{title}}</h1>{{ boot }}{{gone}}{{", &values),
            "<h1>{{boot}}</h1>secret{{"
        );
    }
}
