//! The example shop of `natter demo`: another origin than the server's, whose pages carry the one tag. Its pages are the
//! content that the demo chatbot was taught.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

use crate::demo::{self, Page};
use crate::service::Slugs;

/// A rendered file.
struct File {
    content_type: &'static str,
    body: String,
}

type Files = Arc<HashMap<String, File>>;

/// The shop, with `api` as the address of the server whose widget it embeds.
pub fn shop(api: &str) -> Router {
    let mut files = HashMap::new();
    for (name, text) in demo::SHOP_FILES {
        files.insert(
            (*name).to_owned(),
            File { content_type: content_type(name), body: text.replace("{{api}}", api) },
        );
    }
    let pages: Vec<Page> = demo::pages().collect();
    for page in &pages {
        let navigation: String =
            pages.iter().map(|other| link(other, other.stem == page.stem)).collect();
        let content = if page.is_html { page.text.to_owned() } else { render(page.text) };
        let body = demo::SHOP_LAYOUT
            .replace("{{title}}", &page.title)
            .replace("{{nav}}", &navigation)
            .replace("{{api}}", api)
            .replace("{{content}}", &content);
        files.insert(
            format!("{}.html", page.stem),
            File { content_type: "text/html; charset=utf-8", body },
        );
    }
    Router::new()
        .route(
            "/",
            axum::routing::get(async |State(files): State<Files>| serve(&files, "index.html")),
        )
        .route(
            "/{file}",
            axum::routing::get(async |State(files): State<Files>, Path(file): Path<String>| {
                serve(&files, &file)
            }),
        )
        .with_state(Arc::new(files))
}

fn serve(files: &Files, name: &str) -> Response {
    match files.get(name) {
        Some(file) => {
            let headers =
                [(header::CONTENT_TYPE, file.content_type), (header::CACHE_CONTROL, "no-cache")];
            (headers, file.body.clone()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "This page does not exist.").into_response(),
    }
}

fn link(page: &Page, current: bool) -> String {
    let mark = if current { " aria-current=\"page\"" } else { "" };
    format!("<li><a href=\"{}.html\"{mark}>{}</a></li>", page.stem, page.title)
}

/// The page of a Markdown text. Its headings have the anchors that citations lead to.
fn render(markdown: &str) -> String {
    let mut slugs = Slugs::default();
    let mut events: Vec<Event> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    for start in 0..events.len() {
        if !matches!(events[start], Event::Start(Tag::Heading { .. })) {
            continue;
        }
        let text: String = events[start..]
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
            id.get_or_insert_with(|| slugs.of(&text).into());
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}
