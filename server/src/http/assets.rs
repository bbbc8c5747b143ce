//! The built browser files, embedded in the binary under names that change with their content.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

use super::AppState;
use super::error;

/// A file as the build script embeds it.
#[derive(Clone, Copy)]
struct Embedded {
    logical: &'static str,
    name: &'static str,
    content_type: &'static str,
    body: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

static FILES: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The embedded files.
pub struct Assets {
    by_name: HashMap<&'static str, &'static Embedded>,
    by_logical: HashMap<&'static str, &'static Embedded>,
}

impl Assets {
    /// What the build embedded; nothing when the widget was not built.
    #[must_use]
    pub fn embedded() -> Self {
        let files = Self::replaced().unwrap_or(FILES);
        Self {
            by_name: files.iter().map(|file| (file.name, file)).collect(),
            by_logical: files.iter().map(|file| (file.logical, file)).collect(),
        }
    }

    /// Development builds take the files of the folder that `NATTER_ASSETS` names when they start, so that a change of
    /// the widget is tried without building the server. A release has nothing but what it embeds.
    #[cfg(debug_assertions)]
    fn replaced() -> Option<&'static [Embedded]> {
        let folder = std::path::PathBuf::from(std::env::var_os("NATTER_ASSETS")?);
        let manifest = std::fs::read(folder.join("manifest.json")).ok()?;
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).ok()?;
        let files = manifest["files"].as_array()?.iter().filter_map(|file| {
            let text = |key: &str| Some(&*file[key].as_str()?.to_owned().leak());
            let name = text("name")?;
            let read = |end: &str| {
                let bytes = std::fs::read(folder.join(format!("{name}{end}"))).ok()?;
                Some(&*bytes.leak())
            };
            Some(Embedded {
                logical: text("logical")?,
                name,
                content_type: text("content_type")?,
                body: read("")?,
                br: read(".br"),
                gz: read(".gz"),
            })
        });
        Some(files.collect::<Vec<_>>().leak())
    }

    #[cfg(not(debug_assertions))]
    const fn replaced() -> Option<&'static [Embedded]> {
        None
    }

    /// Path of the file with this logical name, as in `natter.wasm`. Empty when the widget was not built.
    pub(super) fn path(&self, logical: &str) -> String {
        self.by_logical
            .get(logical)
            .map_or_else(String::new, |file| format!("/assets/{}", file.name))
    }

    /// The present form of a file that was built with another hash. A loader that a page got before an upgrade asks for
    /// the files of its own day; those of today do the same work.
    fn successor(&self, name: &str) -> Option<&&'static Embedded> {
        let (stem, end) = name.rsplit_once('.')?;
        let (stem, hash) = stem.rsplit_once('-')?;
        let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let file = self.by_logical.get(format!("{stem}.{end}").as_str())?;
        (is_hash && file.name != file.logical).then_some(file)
    }

    /// Text of the file with this logical name.
    pub(super) fn text(&self, logical: &str) -> Option<&'static str> {
        self.by_logical.get(logical).and_then(|file| std::str::from_utf8(file.body).ok())
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{name}", axum::routing::get(serve))
}

/// How an answer's body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The best that the browser accepts.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let accepts = |name: &str| {
            accepted.split(',').any(|part| {
                let mut part = part.split(';').map(str::trim);
                part.next() == Some(name) && part.next().is_none_or(|quality| quality != "q=0")
            })
        };
        if accepts("br") {
            Self::Brotli
        } else if accepts("gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

async fn serve(
    State(assets): State<Arc<Assets>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let exact = assets.by_name.get(name.as_str()).filter(|file| file.name != file.logical);
    let Some(file) = exact.or_else(|| assets.successor(&name)) else {
        return error::unknown_route().await;
    };
    let (encoding, body) = match Encoding::accepted(&headers) {
        Encoding::Brotli if file.br.is_some() => (Encoding::Brotli, file.br.unwrap_or_default()),
        Encoding::Brotli | Encoding::Gzip if file.gz.is_some() => {
            (Encoding::Gzip, file.gz.unwrap_or_default())
        }
        _ => (Encoding::Identity, file.body),
    };
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    // What stands in for another file must not stay in a cache under its name.
    let lasting = if exact.is_some() { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    // Any page may load them: what they may do there is decided by the handshake.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_build_s_name_finds_the_file_of_today_and_nothing_else_does() {
        static ONE: Embedded = Embedded {
            logical: "host.js",
            name: "host-00000000000000aa.js",
            content_type: "text/javascript",
            body: b"",
            br: None,
            gz: None,
        };
        static TEMPLATE: Embedded = Embedded { logical: "page.html", name: "page.html", ..ONE };
        let assets = Assets {
            by_name: HashMap::new(),
            by_logical: HashMap::from([("host.js", &ONE), ("page.html", &TEMPLATE)]),
        };
        let found = |name| assets.successor(name).map(|file| file.name);
        assert_eq!(found("host-00000000000000ff.js"), Some(ONE.name));
        for name in [
            "host.js",
            "host-ff.js",
            "host-00000000000000zz.js",
            "host-00000000000000ff.css",
            "page-00000000000000ff.html",
            "nothing-00000000000000ff.js",
            "-00000000000000ff.js",
        ] {
            assert_eq!(found(name), None, "{name}");
        }
    }
}
