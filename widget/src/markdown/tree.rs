//! From tokens to the tree.

use super::inline::{Bracket, Token};
use super::text::{byte, cut, trim};
use super::{Inline, MAX_DEPTH};
use crate::lean::digits;

/// Kinds of elements with content.
enum Kind {
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck out.
    Strike,
    /// A link.
    Link(String),
    /// An image.
    Image(String),
}

/// The tree while it grows.
struct Builder {
    /// The text's own content.
    root: Vec<Inline>,
    /// Open elements, outermost first.
    open: Vec<(Kind, Vec<Inline>)>,
    /// How many more are open that lie too deep.
    skipped: usize,
}

/// Builds the tree.
pub(super) fn build(text: &str, tokens: Vec<Token>) -> Vec<Inline> {
    let mut builder = Builder { root: Vec::new(), open: Vec::new(), skipped: 0 };
    for token in tokens {
        builder.token(text, token);
    }
    while !builder.open.is_empty() {
        builder.close();
    }
    builder.root
}

impl Builder {
    /// Takes the next token.
    fn token(&mut self, text: &str, token: Token) {
        match token {
            Token::Text(from, to) => self.text(cut(text, from, to)),
            Token::Char(char) => self.text(char.encode_utf8(&mut [0; 4])),
            Token::Leaf(leaf) => self.leaf(leaf),
            Token::Bracket(Bracket::Text(image)) => self.text(if image { "![" } else { "[" }),
            Token::Bracket(Bracket::Dropped) => {}
            Token::Bracket(Bracket::Link(href)) => self.open(Kind::Link(href)),
            Token::Bracket(Bracket::Image(src)) => self.open(Kind::Image(src)),
            Token::End => self.close(),
            Token::Run(run) => {
                for _ in 0..run.closed {
                    self.close();
                }
                for _ in 0..run.left {
                    self.text(char::from(run.byte).encode_utf8(&mut [0; 4]));
                }
                for used in run.opened.iter().rev() {
                    self.open(match (run.byte, used) {
                        (b'~', _) => Kind::Strike,
                        (_, 2) => Kind::Strong,
                        _ => Kind::Emphasis,
                    });
                }
            }
        }
    }

    /// Where the next piece goes.
    fn content(&mut self) -> &mut Vec<Inline> {
        self.open.last_mut().map_or(&mut self.root, |(_, content)| content)
    }

    /// Adds text.
    fn text(&mut self, text: &str) {
        let content = self.content();
        if let Some(Inline::Text(last)) = content.last_mut() {
            last.push_str(text);
        } else {
            content.push(Inline::Text(text.into()));
        }
    }

    /// Adds an element; in a link only what is not itself to be clicked.
    fn leaf(&mut self, leaf: Inline) {
        if self.open.iter().any(|(kind, _)| matches!(kind, Kind::Link(_))) {
            match leaf {
                Inline::Link { content, .. } => {
                    for inline in content {
                        self.leaf(inline);
                    }
                }
                Inline::Text(text) => self.text(&text),
                Inline::Citation(_) => self.text(&plain(&[leaf])),
                leaf => self.content().push(leaf),
            }
        } else {
            self.content().push(leaf);
        }
    }

    /// Opens an element.
    fn open(&mut self, kind: Kind) {
        if self.open.len() < MAX_DEPTH {
            self.open.push((kind, Vec::new()));
        } else {
            self.skipped += 1;
        }
    }

    /// Closes the innermost element.
    fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some((kind, content)) = self.open.pop() else { return };
        self.leaf(match kind {
            Kind::Emphasis => Inline::Emphasis(content),
            Kind::Strong => Inline::Strong(content),
            Kind::Strike => Inline::Strike(content),
            Kind::Link(href) if content.is_empty() => {
                Inline::Link { content: vec![Inline::Text(href.clone())], href }
            }
            Kind::Link(href) => Inline::Link { href, content },
            Kind::Image(src) => Inline::Image { src, alt: plain(&content) },
        });
    }
}

/// The text of inline elements.
fn plain(content: &[Inline]) -> String {
    let mut text = String::new();
    for inline in content {
        match inline {
            Inline::Text(part) | Inline::Code(part) | Inline::Image { alt: part, .. } => {
                text.push_str(part);
            }
            Inline::Strong(content)
            | Inline::Emphasis(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => text.push_str(&plain(content)),
            Inline::Citation(number) => {
                text.push('[');
                text.push_str(&digits(u64::from(*number)));
                text.push(']');
            }
            Inline::Break => text.push('\n'),
        }
    }
    text
}

/// The content of a code span: on one line, and without the space that keeps backticks apart.
pub(super) fn code(text: &str) -> String {
    let last = text.len().saturating_sub(1);
    let padded = matches!(byte(text, 0), b' ' | b'\n') && matches!(byte(text, last), b' ' | b'\n');
    let padded = padded && !trim(text).is_empty();
    let mut code = String::new();
    for char in if padded { cut(text, 1, last) } else { text }.chars() {
        code.push(if char == '\n' { ' ' } else { char });
    }
    code
}
