//! Markdown as it is read aloud.

use crate::markdown::{Block, Inline, parse};

/// The words of a Markdown text, without its marks.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    blocks(&parse(text, false), &mut out);
    out.truncate(out.trim_end().len());
    out
}

fn blocks(list: &[Block], out: &mut String) {
    for block in list {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => inlines(content, out),
            Block::List { items, .. } => items.iter().for_each(|item| blocks(item, out)),
            Block::Code { text, .. } => out.push_str(text),
            Block::Quote(inner) => blocks(inner, out),
            Block::Table { head, rows, .. } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    inlines(cell, out);
                    out.push(' ');
                }
            }
            Block::Rule => {}
        }
        out.push('\n');
    }
}

fn inlines(list: &[Inline], out: &mut String) {
    for inline in list {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Image { alt: text, .. } => {
                out.push_str(text);
            }
            Inline::Strong(inner)
            | Inline::Emphasis(inner)
            | Inline::Strike(inner)
            | Inline::Link { content: inner, .. } => inlines(inner, out),
            Inline::Citation(_) => {}
            Inline::Break => out.push('\n'),
        }
    }
}
