//! Reads Markdown. Blocks are rebuilt from the parser's events rather than cut out of the source, so that reference
//! links, relative links and setext headings mean the same once a block stands alone.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use url::Url;

use super::inline::Inline;
use super::tree::Node;
use super::{Raw, absolute, html, is_web, tidy};

/// Blocks nested deeper than this are read as if they stood one level higher, which bounds recursion.
const MAX_DEPTH: usize = 12;

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_GFM
}

/// The text of Markdown without its marks and link targets: what a reader sees, for analysis.
#[must_use]
pub fn plain_text(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut hidden = 0_usize;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::Image { .. } | Tag::MetadataBlock(_)) => hidden += 1,
            Event::End(TagEnd::Image | TagEnd::MetadataBlock(_)) => hidden -= 1,
            Event::Text(text) | Event::Code(text) if hidden == 0 => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::CodeBlock,
            )
            | Event::Start(Tag::List(_)) => out.push('\n'),
            _ => {}
        }
    }
    out
}

pub(super) fn read(text: &str, base: Option<&Url>) -> Raw {
    let mut reader = Reader { events: Parser::new_ext(text, options()), base, raw: Raw::default() };
    let nodes = reader.blocks(0);
    let mut raw = reader.raw;
    if raw.title.is_none() {
        raw.title = nodes.iter().find_map(|node| match node {
            Node::Heading { level: 1, text, .. } => Some(text.clone()),
            _ => None,
        });
    }
    raw.nodes = nodes;
    raw
}

struct Reader<'a> {
    events: Parser<'a>,
    base: Option<&'a Url>,
    raw: Raw,
}

impl Reader<'_> {
    /// Reads blocks up to the end of the container that was just opened.
    fn blocks(&mut self, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut line = Inline::default();
        // Containers beyond the depth limit whose ends are still to come.
        let mut flattened = 0_usize;
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(
                    Tag::List(_) | Tag::Item | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_),
                ) if depth >= MAX_DEPTH => {
                    flush(&mut line, &mut nodes);
                    flattened += 1;
                }
                Event::End(
                    TagEnd::List(_)
                    | TagEnd::Item
                    | TagEnd::BlockQuote(_)
                    | TagEnd::FootnoteDefinition,
                ) if flattened > 0 => {
                    flush(&mut line, &mut nodes);
                    flattened -= 1;
                }
                Event::End(
                    TagEnd::List(_)
                    | TagEnd::Item
                    | TagEnd::BlockQuote(_)
                    | TagEnd::FootnoteDefinition,
                ) => break,
                Event::Start(
                    tag @ (Tag::Paragraph
                    | Tag::Heading { .. }
                    | Tag::List(_)
                    | Tag::Item
                    | Tag::BlockQuote(_)
                    | Tag::FootnoteDefinition(_)
                    | Tag::CodeBlock(_)
                    | Tag::Table(_)
                    | Tag::HtmlBlock
                    | Tag::MetadataBlock(_)),
                ) => {
                    flush(&mut line, &mut nodes);
                    self.block(tag, depth, &mut nodes);
                }
                Event::Rule => flush(&mut line, &mut nodes),
                other => self.inline(other, &mut line),
            }
        }
        flush(&mut line, &mut nodes);
        nodes
    }

    fn block(&mut self, tag: Tag<'_>, depth: usize, nodes: &mut Vec<Node>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                let text = self.line();
                nodes.push(Node::Heading {
                    level: level as u8,
                    text: tidy(&plain_text(&text.finish())).unwrap_or_default(),
                    anchor: id.map(|id| id.to_string()),
                });
            }
            Tag::List(start) => {
                let items = self.items(depth + 1);
                nodes.push(Node::List { start, items });
            }
            Tag::BlockQuote(_) => {
                let quoted = self.blocks(depth + 1);
                nodes.push(Node::Quote(quoted));
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                nodes.push(Node::Code { language, text: self.verbatim() });
            }
            Tag::Table(_) => nodes.push(self.table()),
            Tag::HtmlBlock => {
                let markup = self.verbatim();
                nodes.extend(html::fragment(&markup, self.base));
            }
            Tag::MetadataBlock(_) => {
                let lines = self.verbatim();
                self.front_matter(&lines);
            }
            Tag::FootnoteDefinition(_) | Tag::Item => nodes.extend(self.blocks(depth + 1)),
            _ => flush(&mut self.line(), nodes),
        }
    }

    fn items(&mut self, depth: usize) -> Vec<Vec<Node>> {
        let mut items = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.blocks(depth)),
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        items
    }

    fn table(&mut self) -> Node {
        let mut header = Vec::new();
        let mut rows = Vec::new();
        let mut row = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableCell) => row.push(self.line().finish()),
                Event::End(TagEnd::TableHead) => header = std::mem::take(&mut row),
                Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        Node::Table { header, rows }
    }

    /// The text up to the end of the element that was just opened, which holds nothing but text.
    fn verbatim(&mut self) -> String {
        let mut out = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                    out.push_str(&text);
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        out
    }

    /// The line up to the end of the element that was just opened.
    fn line(&mut self) -> Inline {
        self.nested_line(0)
    }

    fn nested_line(&mut self, depth: usize) -> Inline {
        let mut line = Inline::default();
        let mut flattened = 0_usize;
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) if flattened == 0 => break,
                Event::End(_) => flattened -= 1,
                Event::Start(_) if depth >= MAX_DEPTH => flattened += 1,
                other => self.inline_at(other, &mut line, depth),
            }
        }
        line
    }

    fn inline(&mut self, event: Event<'_>, line: &mut Inline) {
        self.inline_at(event, line, 0);
    }

    fn inline_at(&mut self, event: Event<'_>, line: &mut Inline, depth: usize) {
        match event {
            Event::Text(text) => line.text(&text),
            Event::Code(code) => line.code(&code),
            Event::SoftBreak => line.pause(),
            Event::HardBreak => line.line_break(),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => {
                line.line_break();
            }
            Event::TaskListMarker(done) => line.text(if done { "☑ " } else { "☐ " }),
            Event::Start(tag) => {
                let inner = self.nested_line(depth + 1);
                match tag {
                    Tag::Emphasis => line.emphasis("*", &inner),
                    Tag::Strong => line.emphasis("**", &inner),
                    Tag::Strikethrough => line.emphasis("~~", &inner),
                    Tag::Link { dest_url, .. } => match absolute(&dest_url, self.base) {
                        Some(url) => line.link(&url, &inner),
                        None => line.append(&inner),
                    },
                    Tag::Image { .. } => {}
                    _ => line.append(&inner),
                }
            }
            _ => {}
        }
    }

    fn front_matter(&mut self, lines: &str) {
        for line in lines.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            let Some(value) = tidy(value.trim().trim_matches(['"', '\''])) else { continue };
            match key {
                "title" => self.raw.title = Some(value),
                "lang" | "language" => self.raw.language = Some(value),
                "canonical" | "canonical_url" => {
                    self.raw.canonical_url = Url::parse(&value).ok().filter(is_web).map(Into::into);
                }
                _ => {}
            }
        }
    }
}

fn flush(line: &mut Inline, nodes: &mut Vec<Node>) {
    let line = std::mem::take(line);
    if !line.is_empty() {
        nodes.push(Node::Paragraph(line.finish()));
    }
}
