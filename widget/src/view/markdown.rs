//! Markdown as DOM nodes. While an answer streams, leading blocks that did not change keep their nodes.

use web_sys::{Element, Node};

use super::dom::{add, attr, button, element, icon, icon_button, text};
use super::icons::Icon;
use crate::i18n::{Texts, Word, fill};
use crate::lean::digits;
use crate::markdown::{Align, Block, Inline, parse};
use natter_shared::message::SourceView;

/// A place that shows a Markdown text.
pub(super) struct Document {
    root: Element,
    blocks: Vec<Block>,
    citable: usize,
}

/// What drawing depends on besides the text.
#[derive(Clone, Copy)]
pub(super) struct Drawing<'a> {
    /// The words.
    pub(super) texts: &'a Texts,
    /// What citations lead to.
    pub(super) sources: &'a [SourceView],
    /// Whether the text is still being written.
    pub(super) grows: bool,
}

impl Document {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self { root: element("div", "md"), blocks: Vec::new(), citable: 0 }
    }

    /// Its node.
    pub(super) fn node(&self) -> &Element {
        &self.root
    }

    /// Draws everything anew when it is shown the next time.
    pub(super) fn forget(&mut self) {
        self.blocks.clear();
    }

    /// Shows a text: nodes of leading blocks that stayed the same are not touched.
    pub(super) fn show(&mut self, source: &str, drawing: Drawing<'_>) {
        let blocks = parse(source, drawing.grows);
        if self.citable != drawing.sources.len() {
            self.citable = drawing.sources.len();
            self.blocks.clear();
        }
        let same = self.blocks.iter().zip(&blocks).take_while(|(old, new)| old == new).count();
        while self.root.child_element_count() as usize > same {
            let Some(last) = self.root.last_element_child() else { break };
            last.remove();
        }
        for block in blocks.iter().skip(same) {
            draw_block(&self.root, block, drawing);
        }
        self.blocks = blocks;
    }
}

fn draw_blocks(parent: &Node, blocks: &[Block], drawing: Drawing<'_>) {
    for block in blocks {
        draw_block(parent, block, drawing);
    }
}

fn draw_block(parent: &Node, block: &Block, drawing: Drawing<'_>) {
    let node = match block {
        Block::Paragraph(content) => with("p", content, drawing),
        // The panel has headings of its own above; an answer's must not look like them to a screen reader.
        Block::Heading { level, content } => {
            with(if *level < 3 { "h3" } else { "h4" }, content, drawing)
        }
        Block::List { ordered, start, items } => {
            let list = element(if *ordered { "ol" } else { "ul" }, "");
            if *ordered && *start != 1 {
                attr(&list, "start", &digits(u64::from(*start)));
            }
            for item in items {
                let entry = element("li", "");
                match item.as_slice() {
                    [Block::Paragraph(content)] => draw_inlines(&entry, content, drawing),
                    [Block::Paragraph(content), rest @ ..] if !rest.is_empty() => {
                        draw_inlines(&entry, content, drawing);
                        draw_blocks(&entry, rest, drawing);
                    }
                    blocks => draw_blocks(&entry, blocks, drawing),
                }
                add(&list, &entry);
            }
            list
        }
        Block::Code { text: code, language } => {
            let frame = element("div", "code");
            if !language.is_empty() {
                attr(&frame, "data-language", language);
            }
            let pre = element("pre", "");
            attr(&pre, "tabindex", "0");
            add(&pre, &text("code", "", code));
            add(&frame, &pre);
            add(&frame, &icon_button(Icon::Copy, "copy", drawing.texts.of(Word::copy)));
            frame
        }
        Block::Quote(inner) => {
            let quote = element("blockquote", "");
            draw_blocks(&quote, inner, drawing);
            quote
        }
        Block::Table { align, head, rows } => {
            let frame = element("div", "table");
            attr(&frame, "tabindex", "0");
            let table = element("table", "");
            draw_row(&table, "th", head, align, drawing);
            for row in rows {
                draw_row(&table, "td", row, align, drawing);
            }
            add(&frame, &table);
            frame
        }
        Block::Rule => element("hr", ""),
    };
    add(parent, &node);
}

fn draw_row(table: &Node, tag: &str, cells: &[Vec<Inline>], align: &[Align], drawing: Drawing<'_>) {
    let row = element("tr", "");
    for (index, cell) in cells.iter().enumerate() {
        let cell = with(tag, cell, drawing);
        match align.get(index) {
            Some(Align::Center) => cell.set_class_name("c"),
            Some(Align::Right) => cell.set_class_name("r"),
            _ => {}
        }
        add(&row, &cell);
    }
    add(table, &row);
}

fn with(tag: &str, content: &[Inline], drawing: Drawing<'_>) -> Element {
    let node = element(tag, "");
    draw_inlines(&node, content, drawing);
    node
}

fn draw_inlines(parent: &Node, content: &[Inline], drawing: Drawing<'_>) {
    for inline in content {
        let node = match inline {
            Inline::Text(words) => {
                add(parent, &super::dom::document().create_text_node(words));
                continue;
            }
            Inline::Strong(inner) => with("strong", inner, drawing),
            Inline::Emphasis(inner) => with("em", inner, drawing),
            Inline::Strike(inner) => with("s", inner, drawing),
            Inline::Code(code) => text("code", "", code),
            Inline::Link { href, content } => {
                let link = anchor("", href);
                draw_inlines(&link, content, drawing);
                link
            }
            Inline::Image { src, alt } => image(src, alt, drawing.texts),
            Inline::Citation(number) => citation(*number, drawing),
            Inline::Break => element("br", ""),
        };
        add(parent, &node);
    }
}

/// A link that leaves the page it stands on alone.
pub(super) fn anchor(class: &str, href: &str) -> Element {
    let link = element("a", class);
    attr(&link, "href", href);
    attr(&link, "target", "_blank");
    attr(&link, "rel", "noopener nofollow");
    link
}

/// A remote picture is loaded when the visitor asks for it, and not before: its address may carry what was said.
fn image(src: &str, alt: &str, texts: &Texts) -> Element {
    let place = button("img", "image", "");
    attr(&place, "data-src", src);
    add(&place, &icon(Icon::Image));
    let load = texts.of(Word::load_image);
    add(&place, &text("span", "", if alt.is_empty() { load } else { alt }));
    attr(&place, "aria-label", &[load, ": ", alt].concat());
    place
}

/// `[n]` as a small link to its source; as text while there is none.
fn citation(number: u32, drawing: Drawing<'_>) -> Element {
    let shown = digits(number.into());
    let Some(source) = drawing.sources.iter().find(|source| source.number == number) else {
        return text("span", "cite", &shown);
    };
    let chip = match source.url.as_deref().filter(|url| is_web(url)) {
        Some(url) => anchor("cite", url),
        // Not a link, but something to look at, also by the keyboard.
        None => button("cite", "", ""),
    };
    chip.set_text_content(Some(&shown));
    // Shown by a part of the app while the chip is pointed at or has the focus; no part of the answer's own text.
    let excerpt = source.excerpt.as_deref().unwrap_or_default();
    attr(&chip, "data-peek", &[&source.title, "\n", excerpt].concat());
    attr(&chip, "part", "citation");
    let label = fill(drawing.texts.of(Word::citation), &shown);
    attr(&chip, "aria-label", &[&label, ": ", &source.title].concat());
    chip
}

/// Whether an address may become a link.
pub(super) fn is_web(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}
