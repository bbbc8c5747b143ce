//! What a page's markup says about the chat: its tags, the page's own policy and base address. Only the tokens are looked
//! at, as a browser's parser makes them: what stands in comments, scripts and texts is none.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Most tags of ours that are looked at.
const MOST_TAGS: usize = 20;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Markup {
    /// The scripts that may be ours, in order.
    pub(super) scripts: Vec<Script>,
    /// Contents of policies in `<meta>`, in the head.
    pub(super) policies: Vec<String>,
    /// Whether a policy stands in the body, where browsers ignore it.
    pub(super) late_policy: bool,
    /// `href` of the first `<base>`.
    pub(super) base: Option<String>,
}

/// A script element that may be ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script {
    /// Which product's tag.
    pub(super) kind: ScriptKind,
    /// `src`, as it is written.
    pub(super) src: String,
    /// `nonce`.
    pub(super) nonce: Option<String>,
    /// `integrity`.
    pub(super) integrity: Option<String>,
    /// `type`, when it keeps the browser from running the script.
    pub(super) inert_type: Option<String>,
    /// `data-natter-api`.
    pub(super) api: Option<String>,
    /// Whether it stands in a `<template>`, which is never run.
    pub(super) in_template: bool,
}

/// Which product's tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ScriptKind {
    /// `/w/SLUG.js`.
    Natter,
    /// `/widget.js` with `data-robo`.
    Owari {
        /// The slug.
        slug: String,
    },
    /// `/embed/agent-widget.js` with `data-pid` and `data-cid`.
    Robofy {
        /// Project number.
        project: String,
        /// Public id.
        chatbot: String,
    },
}

impl Markup {
    /// Reads a page. There is no text that fails.
    #[must_use]
    pub(super) fn read(html: &str) -> Self {
        let sink = Sink::default();
        let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        // A sink that never asks to run a script is never stopped.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner().markup
    }
}

#[derive(Default)]
struct Seen {
    markup: Markup,
    templates: u32,
    in_body: bool,
}

#[derive(Default)]
struct Sink(RefCell<Seen>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        let mut seen = self.0.borrow_mut();
        if tag.kind == TagKind::EndTag {
            if &*tag.name == "template" {
                seen.templates = seen.templates.saturating_sub(1);
            }
            return TokenSinkResult::Continue;
        }
        seen.start(&tag);
        // The tree builder would tell the tokenizer what these hold.
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Seen {
    fn start(&mut self, tag: &Tag) {
        let attribute = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.to_string())
        };
        match &*tag.name {
            "template" if !tag.self_closing => self.templates += 1,
            "body" => self.in_body = true,
            "base" if self.markup.base.is_none() => self.markup.base = attribute("href"),
            "meta" => {
                let is_policy = attribute("http-equiv").is_some_and(|name| {
                    name.trim().eq_ignore_ascii_case("content-security-policy")
                });
                match attribute("content") {
                    Some(_) if is_policy && self.in_body => self.markup.late_policy = true,
                    Some(content) if is_policy && self.templates == 0 => {
                        self.markup.policies.push(content);
                    }
                    _ => {}
                }
            }
            "script" if self.markup.scripts.len() < MOST_TAGS => {
                let Some(src) = attribute("src").map(|src| src.trim().to_owned()) else { return };
                let Some(kind) = kind(&src, attribute) else { return };
                self.markup.scripts.push(Script {
                    kind,
                    nonce: attribute("nonce"),
                    integrity: attribute("integrity"),
                    inert_type: attribute("type").filter(|kind| !runs(kind)),
                    api: attribute("data-natter-api"),
                    in_template: self.templates > 0,
                    src,
                });
            }
            _ => {}
        }
    }
}

/// Whose tag it is, by its address and attributes.
fn kind(src: &str, attribute: impl Fn(&str) -> Option<String>) -> Option<ScriptKind> {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if file == "widget.js"
        && let Some(slug) = attribute("data-robo")
    {
        return Some(ScriptKind::Owari { slug });
    }
    if file == "agent-widget.js"
        && let (Some(project), Some(chatbot)) = (attribute("data-pid"), attribute("data-cid"))
    {
        return Some(ScriptKind::Robofy { project, chatbot });
    }
    let slug = file.strip_suffix(".js").filter(|slug| !slug.is_empty());
    let is_ours = (folder == "w" || folder.ends_with("/w")) && slug.is_some();
    is_ours.then_some(ScriptKind::Natter)
}

/// Whether a browser runs a script of this type: consent tools change it until the visitor has agreed.
fn runs(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty()
        || essence == "module"
        || essence.ends_with("/javascript")
        || essence.ends_with("/x-javascript")
        || essence.ends_with("/ecmascript")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_tag_and_the_predecessors_are_found_wherever_they_stand() {
        let found = |html: &str| Markup::read(html).scripts;
        let ours = found("<script src='https://chat.example/w/shop.js?v=1' async nonce=abc>");
        assert_eq!(ours.len(), 1);
        assert_eq!(
            (ours[0].kind.clone(), ours[0].nonce.as_deref()),
            (ScriptKind::Natter, Some("abc"))
        );
        let owari =
            found("<p><script defer src=https://chat.example/widget.js data-robo=shop></script>");
        assert_eq!(owari[0].kind, ScriptKind::Owari { slug: "shop".into() });
        let robofy = found(
            "<SCRIPT SRC=//chat.example/embed/agent-widget.js data-pid=1 DATA-CID=shop-1></SCRIPT>",
        );
        let (project, chatbot) = ("1".into(), "shop-1".into());
        assert_eq!(robofy[0].kind, ScriptKind::Robofy { project, chatbot });
        for none in [
            "<script src=/widget.js></script>",
            "<script src=/embed/agent-widget.js data-pid=1></script>",
            "<script src=/w/.js></script>",
            "<script src=/new/app.js></script>",
            "<!-- <script src=/w/shop.js></script> -->",
            "<script>'<script src=/w/shop.js>'</script>",
            "<textarea><script src=/w/shop.js></script></textarea>",
            "<noscript><script src=/w/shop.js></script></noscript>",
            "<style><script src=/w/shop.js></style>",
            "<link rel=preload href=/w/shop.js>",
        ] {
            assert_eq!(found(none), [], "{none}");
        }
    }

    #[test]
    fn a_tag_that_does_not_run_is_told_from_one_that_does() {
        let one = |html: &str| Markup::read(html).scripts.remove(0);
        assert!(one("<template><script src=/w/shop.js></script></template>").in_template);
        assert!(!one("<template></template><script src=/w/shop.js></script>").in_template);
        let inert = one("<script type=text/plain data-category=chat src=/w/shop.js></script>");
        assert_eq!(inert.inert_type.as_deref(), Some("text/plain"));
        for runs in ["module", "text/javascript", "Application/JavaScript; charset=utf-8", ""] {
            let html = format!("<script type=\"{runs}\" src=/w/shop.js></script>");
            assert_eq!(one(&html).inert_type, None, "{runs}");
        }
    }

    #[test]
    fn policies_count_in_the_head() {
        let read = Markup::read(
            "<head><base href=/a/><base href=/b/><meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">\
             <meta http-equiv=refresh content=1><body><meta http-equiv=content-security-policy content=x>",
        );
        assert_eq!(read.policies, ["script-src 'self'"]);
        assert!(read.late_policy);
        assert_eq!(read.base.as_deref(), Some("/a/"));
    }

    #[test]
    fn a_hostile_page_is_read_all_the_same() {
        let many = "<script src=/w/a.js></script>".repeat(1_000);
        assert_eq!(Markup::read(&many).scripts.len(), MOST_TAGS);
        for odd in [
            "",
            "<",
            "<script",
            "<script src=",
            "</template></template>",
            "\0<meta\0>",
            "<plaintext><script src=/w/a.js>",
        ] {
            assert!(Markup::read(odd).scripts.is_empty(), "{odd:?}");
        }
    }
}
