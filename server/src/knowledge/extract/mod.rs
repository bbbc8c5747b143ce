//! Reads a source text into a document of blocks. Boilerplate is dropped, structure and anchors are kept, and every
//! block's text is canonical Markdown. Nothing is fetched and nothing fails: any input gives some document.

mod boilerplate;
mod dom;
mod html;
mod inline;
mod markdown;
mod text;
mod tree;

use std::collections::HashMap;

use url::Url;

pub use self::markdown::plain_text;
use self::tree::Node;

/// The format of a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceFormat {
    /// Plain text, with headings and lists guessed from its lines.
    Text,
    /// CommonMark with tables, footnotes and front matter.
    Markdown,
    /// A web page or a fragment of one.
    Html,
}

/// Which headings a citation can point to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Anchors {
    /// Only those that the source names itself.
    #[default]
    Own,
    /// Every heading, by the slug that GitHub and most static site generators make of its text. For a page that is
    /// published by one of them.
    Slugs,
}

/// A source text and what is known about it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The text itself.
    pub text: &'a str,
    /// Its format.
    pub format: SourceFormat,
    /// What its owner calls it. Without it the document has the title that the text gives itself.
    pub title: Option<&'a str>,
    /// Where it was found, to complete relative links. Without it they are kept as plain text.
    pub url: Option<&'a str>,
    /// Which headings have anchors.
    pub anchors: Anchors,
}

/// What a block is, which decides how it may be cut and quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Sentences.
    Paragraph,
    /// Items with markers.
    List,
    /// A header and rows.
    Table,
    /// Verbatim text in a fence.
    Code,
    /// Quoted blocks.
    Quote,
}

/// A block of text and its place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The headings above it, outermost first. A first heading that repeats the document's title is left out.
    pub headings: Vec<String>,
    /// The nearest anchor above it.
    pub anchor: Option<String>,
    /// Counts the headings of level 1 and 2 above it: blocks with different numbers are about different things.
    pub section: u32,
    /// What it is.
    pub kind: BlockKind,
    /// Its canonical Markdown.
    pub text: String,
}

/// A source text, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What its owner calls it, or else it itself.
    pub title: Option<String>,
    /// The address that the source wants to be known by.
    pub canonical_url: Option<String>,
    /// The language that the source says it is in, as a BCP 47 tag. It is often wrong; see [`super::Language::detect`].
    pub language: Option<String>,
    /// Its content in order.
    pub blocks: Vec<Block>,
}

/// Reads a source text into a document.
#[must_use]
pub fn extract(source: &Source<'_>) -> Document {
    let base = source.url.and_then(|url| Url::parse(url).ok()).filter(is_web);
    let raw = match source.format {
        SourceFormat::Text => text::read(source.text),
        SourceFormat::Markdown => markdown::read(source.text, base.as_ref()),
        SourceFormat::Html => html::read(source.text, base.as_ref()),
    };
    let title = source.title.and_then(tidy).or(raw.title);
    let blocks = assemble(raw.nodes, title.as_deref(), source.anchors);
    Document { title, canonical_url: raw.canonical_url, language: raw.language, blocks }
}

/// What the readers of all formats give back.
#[derive(Debug, Default)]
struct Raw {
    title: Option<String>,
    canonical_url: Option<String>,
    language: Option<String>,
    nodes: Vec<Node>,
}

fn assemble(nodes: Vec<Node>, title: Option<&str>, anchors: Anchors) -> Vec<Block> {
    let mut assembly = Assembly {
        title,
        anchors,
        open: Vec::new(),
        slugs: Slugs::default(),
        section: 0,
        blocks: Vec::new(),
    };
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        match node {
            Node::Heading { level, text, anchor } => assembly.heading(level, text, anchor),
            Node::Close(level) => assembly.close(level),
            Node::Paragraph(text) if nodes.peek().is_some_and(is_body) && is_run_in(&text) => {
                let text = text.trim_matches('*').to_owned();
                assembly.heading(6, plain_text(&text).trim().to_owned(), None);
            }
            block => assembly.block(&block),
        }
    }
    assembly.close(1);
    assembly.blocks
}

/// Whether a paragraph is nothing but a few bold words: a heading to its author's eye.
fn is_run_in(paragraph: &str) -> bool {
    paragraph
        .strip_prefix("**")
        .and_then(|text| text.strip_suffix("**"))
        .is_some_and(|text| !text.contains("**") && text.split(' ').count() <= 8)
}

fn is_body(node: &Node) -> bool {
    match node {
        Node::Paragraph(text) => !is_run_in(text),
        Node::Heading { .. } | Node::Close(_) => false,
        Node::List { .. } | Node::Table { .. } | Node::Code { .. } | Node::Quote(_) => true,
    }
}

struct OpenHeading {
    level: u8,
    text: String,
    anchor: Option<String>,
    is_title: bool,
    /// Number of blocks that came before it.
    blocks: usize,
}

struct Assembly<'a> {
    title: Option<&'a str>,
    anchors: Anchors,
    open: Vec<OpenHeading>,
    slugs: Slugs,
    section: u32,
    blocks: Vec<Block>,
}

impl Assembly<'_> {
    fn heading(&mut self, level: u8, text: String, anchor: Option<String>) {
        self.close(level);
        if level <= 2 {
            self.section += 1;
        }
        let anchor =
            anchor.or_else(|| (self.anchors == Anchors::Slugs).then(|| self.slugs.of(&text)));
        let is_first = self.blocks.is_empty() && self.open.is_empty();
        let is_title =
            (level == 1 || is_first) && self.title.is_some_and(|title| same(title, &text));
        self.open.push(OpenHeading { level, text, anchor, is_title, blocks: self.blocks.len() });
    }

    /// Closes the sections of this level or deeper. Where one had nothing below its heading, as beside an icon on a
    /// front page, the heading says all there is to say and becomes text.
    fn close(&mut self, level: u8) {
        while let Some(heading) = self.open.pop_if(|heading| heading.level >= level) {
            let says_something = heading.text.split_whitespace().nth(2).is_some();
            if heading.blocks == self.blocks.len() && !heading.is_title && says_something {
                self.push(BlockKind::Paragraph, escape(&heading.text));
            }
        }
    }

    fn block(&mut self, node: &Node) {
        let kind = match node {
            Node::Paragraph(_) | Node::Heading { .. } | Node::Close(_) => BlockKind::Paragraph,
            Node::List { .. } => BlockKind::List,
            Node::Table { .. } => BlockKind::Table,
            Node::Code { .. } => BlockKind::Code,
            Node::Quote(_) => BlockKind::Quote,
        };
        self.push(kind, tree::render_one(node));
    }

    fn push(&mut self, kind: BlockKind, text: String) {
        if text.is_empty() {
            return;
        }
        self.blocks.push(Block {
            headings: self
                .open
                .iter()
                .filter(|heading| !heading.is_title && !heading.text.is_empty())
                .map(|heading| heading.text.clone())
                .collect(),
            anchor: self.open.iter().rev().find_map(|heading| heading.anchor.clone()),
            section: self.section,
            kind,
            text,
        });
    }
}

/// The anchors that GitHub makes of a page's headings.
#[derive(Debug, Default)]
pub struct Slugs {
    used: HashMap<String, usize>,
}

impl Slugs {
    /// The anchor of the next heading, counted up when the same text comes again.
    pub fn of(&mut self, text: &str) -> String {
        let slug: String = text
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let count = self.used.entry(slug.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }
    }
}

fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// A link's full address, when it is one that a reader may follow from anywhere.
fn absolute(link: &str, base: Option<&Url>) -> Option<String> {
    let link = link.trim();
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| url.into())
}

/// Plain text as Markdown that reads back as the same text.
pub(super) fn escape(text: &str) -> String {
    let mut line = inline::Inline::default();
    line.text(text);
    line.finish()
}

/// White space collapsed to single spaces; `None` when nothing is left.
fn tidy(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
