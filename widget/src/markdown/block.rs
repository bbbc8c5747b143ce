//! Blocks, line by line: containers that a line goes on with, those that it opens, and the leaf that takes the rest.

use super::text::{count, from, trim_end, trim_start};
use super::{Align, Block, Inline, MAX_DEPTH, inline, line, table};
use crate::lean::after_last;

/// An open block that holds others.
struct Container {
    /// What it is.
    kind: Kind,
    /// What is complete of it; of a list, of its last item.
    blocks: Vec<Block>,
}

/// Kinds of containers.
enum Kind {
    /// A block quote.
    Quote,
    /// A list with its last item open.
    List {
        /// Tells it from its neighbour.
        byte: u8,
        /// Number of the first item, when ordered.
        start: Option<u32>,
        /// Columns before the content of the open item.
        indent: usize,
        /// The complete items.
        items: Vec<Vec<Block>>,
    },
}

/// The open block that takes lines.
enum Leaf {
    /// None is open.
    None,
    /// A paragraph's lines.
    Paragraph(String),
    /// A code block.
    Code { byte: u8, length: usize, indent: usize, language: String, text: String },
    /// A table.
    Table { align: Vec<Align>, head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>> },
}

/// The state between two lines.
struct Parser {
    /// Complete blocks of the document.
    blocks: Vec<Block>,
    /// Open containers, outermost first.
    open: Vec<Container>,
    /// What is open in the innermost.
    leaf: Leaf,
    /// Whether the text may go on where it ends now.
    grows: bool,
}

/// Parses a document.
pub(super) fn parse(text: &str, grows: bool) -> Vec<Block> {
    let mut parser =
        Parser { blocks: Vec::new(), open: Vec::new(), leaf: Leaf::None, grows: false };
    // A line that ends here may go on, so what stands before it is not over.
    for line in if grows { trim_end(text) } else { text }.lines() {
        parser.line(line);
    }
    parser.grows = grows;
    parser.close_to(0);
    parser.blocks
}

impl Parser {
    /// Takes one line.
    fn line(&mut self, text: &str) {
        let (mut kept, mut rest) = self.matching(text);
        if kept == self.open.len() && self.code(rest) {
            return;
        }
        while !line::is_blank(rest) {
            let indent = line::indent(rest);
            let text = trim_start(rest);
            if indent >= 4 && matches!(self.leaf, Leaf::Paragraph(_)) {
                break;
            }
            if self.whole_line(text, indent, kept) {
                return;
            }
            let Some(after) = self.container(text, indent, kept) else { break };
            (kept, rest) = (self.open.len(), after);
        }
        if line::is_blank(rest) {
            self.close_to(kept);
        } else {
            self.text(trim_start(rest), kept);
        }
    }

    /// How many of the open containers the line goes on with, and what is left of it then.
    fn matching<'a>(&self, text: &'a str) -> (usize, &'a str) {
        let mut rest = text;
        for (depth, container) in self.open.iter().enumerate() {
            let after = match &container.kind {
                Kind::Quote => line::quote(rest),
                Kind::List { .. } if line::is_blank(rest) => {
                    let last = depth + 1 == self.open.len();
                    let empty = container.blocks.is_empty() && matches!(self.leaf, Leaf::None);
                    (!(last && empty)).then_some(rest)
                }
                Kind::List { indent, .. } => {
                    (line::indent(rest) >= *indent).then(|| line::dedent(rest, *indent))
                }
            };
            match after {
                Some(after) => rest = after,
                None => return (depth, rest),
            }
        }
        (self.open.len(), rest)
    }

    /// Takes the line as code or as the end of it.
    fn code(&mut self, rest: &str) -> bool {
        let Leaf::Code { byte, length, indent, text, .. } = &mut self.leaf else { return false };
        let end = trim_start(rest);
        let run = count(end, 0, *byte);
        if line::indent(rest) < 4 && run >= *length && line::is_blank(from(end, run)) {
            self.close_leaf();
        } else {
            text.push_str(line::dedent(rest, *indent));
            text.push('\n');
        }
        true
    }

    /// Takes the line when nothing but a block of its own can be made of it.
    fn whole_line(&mut self, text: &str, indent: usize, kept: usize) -> bool {
        if let Some((level, content)) = line::heading(text) {
            self.close_to(kept);
            self.push(Block::Heading { level, content: inline::parse(content, false) });
        } else if let Some((byte, length, language)) = line::fence(text) {
            self.close_to(kept);
            let (language, text) = (String::from(language), String::new());
            self.leaf = Leaf::Code { byte, length, indent, language, text };
        } else if kept == self.open.len() && self.table(text) {
            return true;
        } else if line::is_rule(text) {
            self.close_to(kept);
            self.push(Block::Rule);
        } else {
            return false;
        }
        true
    }

    /// Makes the paragraph's last line the head of a table if `text` is the row below it.
    fn table(&mut self, text: &str) -> bool {
        let Leaf::Paragraph(lines) = &mut self.leaf else { return false };
        let at = lines.len() - after_last(lines, b'\n').len();
        let head = from(lines, at);
        let Some(align) = table::columns(head, text) else { return false };
        let head = table::cells(head, align.len());
        lines.truncate(at);
        self.close_leaf();
        self.leaf = Leaf::Table { align, head, rows: Vec::new() };
        true
    }

    /// Opens a container or the next item of a list, and gives back the rest of the line.
    fn container<'a>(&mut self, text: &'a str, indent: usize, kept: usize) -> Option<&'a str> {
        if let Some(rest) = line::quote(text) {
            if kept >= MAX_DEPTH {
                return None;
            }
            self.close_to(kept);
            self.open.push(Container { kind: Kind::Quote, blocks: Vec::new() });
            return Some(rest);
        }
        let marker = line::marker(text)?;
        let indent = indent + marker.width;
        if let Some(Container { kind: Kind::List { byte, .. }, .. }) = self.open.get(kept)
            && *byte == marker.byte
        {
            self.close_to(kept + 1);
            if let Some(Container { kind: Kind::List { items, indent: old, .. }, blocks }) =
                self.open.last_mut()
            {
                items.push(core::mem::take(blocks));
                *old = indent;
            }
            return Some(marker.rest);
        }
        let interrupts = kept == self.open.len() && matches!(self.leaf, Leaf::Paragraph(_));
        if kept >= MAX_DEPTH
            || (interrupts && (marker.rest.is_empty() || marker.number.unwrap_or(1) != 1))
        {
            return None;
        }
        self.close_to(kept);
        let kind =
            Kind::List { byte: marker.byte, start: marker.number, indent, items: Vec::new() };
        self.open.push(Container { kind, blocks: Vec::new() });
        Some(marker.rest)
    }

    /// Takes a line of text: a paragraph goes on even where its containers are not marked again.
    fn text(&mut self, text: &str, kept: usize) {
        if let Leaf::Paragraph(lines) = &mut self.leaf {
            lines.push('\n');
            lines.push_str(text);
            return;
        }
        if kept == self.open.len()
            && let Leaf::Table { align, rows, .. } = &mut self.leaf
        {
            rows.push(table::cells(text, align.len()));
            return;
        }
        self.close_to(kept);
        self.leaf = Leaf::Paragraph(text.into());
    }

    /// Closes the leaf and all containers but the outermost `kept`.
    fn close_to(&mut self, kept: usize) {
        self.close_leaf();
        while self.open.len() > kept {
            let Some(Container { kind, blocks }) = self.open.pop() else { return };
            self.push(match kind {
                Kind::Quote => Block::Quote(blocks),
                Kind::List { start, mut items, .. } => {
                    items.push(blocks);
                    Block::List { ordered: start.is_some(), start: start.unwrap_or(1), items }
                }
            });
        }
    }

    /// Closes the leaf.
    fn close_leaf(&mut self) {
        match core::mem::replace(&mut self.leaf, Leaf::None) {
            Leaf::Paragraph(lines) if !lines.is_empty() => {
                self.push(Block::Paragraph(inline::parse(trim_end(&lines), self.grows)));
            }
            Leaf::Code { language, mut text, .. } => {
                text.pop();
                self.push(Block::Code { language, text });
            }
            Leaf::Table { align, head, rows } => self.push(Block::Table { align, head, rows }),
            Leaf::None | Leaf::Paragraph(_) => {}
        }
    }

    /// Adds a complete block to the innermost container.
    fn push(&mut self, block: Block) {
        self.open
            .last_mut()
            .map_or(&mut self.blocks, |container| &mut container.blocks)
            .push(block);
    }
}
