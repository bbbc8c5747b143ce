//! Markdown as a tree: what an answer is parsed to before it is drawn as DOM nodes.
//!
//! A subset of `CommonMark` 0.31 with GFM's tables, strikethrough (two tildes only: one is a range in many languages)
//! and bare addresses. Left out on purpose: indented code, setext headings, reference links and raw HTML, which shows
//! as the text it is (`<br>` alone is a line break). Parsing is total and takes linear time: nesting is limited, and
//! whatever does not fit the grammar is text. At the end of a text that is still being written, emphasis and code that
//! were begun count as closed, so that a reader does not see their marks come and go.

mod block;
mod class;
mod inline;
mod line;
mod link;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod tree;

/// How deeply blocks, and likewise inline elements, may be nested; what lies deeper joins its parent.
const MAX_DEPTH: usize = 16;

/// A part of a document that stands on lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Text. A soft line break is a `\n` within it.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A list.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// Number of the first item.
        start: u32,
        /// The items; one may be empty.
        items: Vec<Vec<Block>>,
    },
    /// Fenced code, closed or still open.
    Code {
        /// First word after the fence, often empty.
        language: String,
        /// The code, without a line break at its end.
        text: String,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A table.
    Table {
        /// One alignment for each column.
        align: Vec<Align>,
        /// One cell for each column.
        head: Vec<Vec<Inline>>,
        /// The rows; a row may have fewer cells than the head, never more.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A thematic break.
    Rule,
}

/// Alignment of a table's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// As the writing direction has it.
    None,
    /// To the left.
    Left,
    /// Centred.
    Center,
    /// To the right.
    Right,
}

/// A part of a line of text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link, never within another and never without content.
    Link {
        /// An `http`, `https` or `mailto` address.
        href: String,
        /// What it is put on.
        content: Vec<Inline>,
    },
    /// An image.
    Image {
        /// An `http` or `https` address.
        src: String,
        /// Its description, perhaps empty.
        alt: String,
    },
    /// `[1]` to `[99]`: the number of a source.
    Citation(u32),
    /// A hard line break.
    Break,
}

/// Parses a document, or the part of it that has come so far when it still grows.
#[must_use]
pub fn parse(text: &str, grows: bool) -> Vec<Block> {
    block::parse(text, grows)
}
