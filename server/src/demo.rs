//! The demo: a made-up shop, its pages, and the chatbot that was taught them. All of it is embedded in the binary.

use serde::Deserialize;

/// The address that stands for the shop in the demo's files.
pub const SHOP_ORIGIN: &str = "http://127.0.0.1:8788";

/// The apply file.
const APPLY: &str = include_str!("../demo/demo.toml");

/// Layout of the shop's text pages.
pub const SHOP_LAYOUT: &str = include_str!("../demo/shop/layout.html");

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../demo/", $folder, "/", $name)))),*]
    };
}

/// The shop's own files.
pub const SHOP_FILES: &[(&str, &str)] = files!("shop":
    "care.svg"
    "dag.svg"
    "dringey.svg"
    "favicon.svg"
    "haster.svg"
    "hero.svg"
    "hills.svg"
    "index.html"
    "letty.svg"
    "map.svg"
    "mizzle.svg"
    "pash.svg"
    "plother.svg"
    "shop.css"
    "shop.js"
    "spate.svg"
);

/// What the chatbot is taught.
const CONTENT: &[(&str, &str)] = files!("content":
    "about.md"
    "care.md"
    "contact.md"
    "counter-notes.txt"
    "delivery-times.md"
    "dringey-cape.html"
    "gift-cards.md"
    "letty-jacket.html"
    "materials.md"
    "opening-hours.md"
    "order-changes.md"
    "payment.md"
    "privacy.md"
    "products.md"
    "rain-club.md"
    "repairs.md"
    "returns.md"
    "shipping.md"
    "sizes.html"
    "store.html"
);

/// The apply file, with the shop at `origin`.
#[must_use]
pub fn apply_file(origin: &str) -> String {
    APPLY.replace(SHOP_ORIGIN, origin)
}

/// The content that a source of the apply file names, as in `content/returns.md`.
///
/// # Errors
/// When there is no such file.
pub fn read(name: &str) -> std::io::Result<String> {
    let found = name
        .strip_prefix("content/")
        .and_then(|name| CONTENT.iter().find(|(known, _)| *known == name));
    found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

/// A page of the shop that the chatbot was taught.
#[derive(Debug)]
pub struct Page {
    /// Name of the file without its ending.
    pub stem: &'static str,
    /// Title.
    pub title: String,
    /// Content.
    pub text: &'static str,
    /// Whether the content is HTML; else it is Markdown.
    pub is_html: bool,
}

/// As much of the apply file as the shop needs.
#[derive(Deserialize)]
struct Taught {
    chatbots: Vec<TaughtChatbot>,
}

#[derive(Deserialize)]
struct TaughtChatbot {
    sources: Vec<TaughtSource>,
}

#[derive(Deserialize)]
struct TaughtSource {
    title: String,
    url: Option<String>,
    file: Option<String>,
}

/// The pages of the shop, in the order of its menu.
pub fn pages() -> impl Iterator<Item = Page> {
    let taught: Option<Taught> = toml::from_str(APPLY).ok();
    let sources =
        taught.into_iter().flat_map(|taught| taught.chatbots).flat_map(|chatbot| chatbot.sources);
    sources.filter(|source| source.url.is_some()).filter_map(|source| {
        let file = source.file?;
        let (name, text) =
            CONTENT.iter().find(|(name, _)| file.strip_prefix("content/") == Some(name))?;
        let (stem, ending) = name.rsplit_once('.')?;
        Some(Page { stem, title: source.title, text, is_html: ending == "html" })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_the_chatbot_cites_exists_in_the_shop() {
        let pages: Vec<Page> = pages().collect();
        let cited = APPLY.lines().filter(|line| line.starts_with("url = ")).count();
        assert_eq!(pages.len(), cited);
        assert!(pages.len() >= 15);
    }
}
