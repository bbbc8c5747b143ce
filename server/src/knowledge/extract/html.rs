//! Reads HTML. The page's head gives title, address and language; its main content is walked into blocks.

use url::Url;

use super::boilerplate::{Boilerplate, Strictness};
use super::dom::{Dom, NodeId};
use super::inline::Inline;
use super::tree::Node;
use super::{Raw, absolute, is_web, same, tidy};

mod heading;
mod list;
mod table;

/// Elements deeper than this below the content's root are left out, which bounds recursion.
const MAX_DEPTH: usize = 128;

/// The level of headings that come from questions in accordions and definition lists: deeper than any section that
/// could hold them, so that they end with it.
const QUESTION_LEVEL: u8 = 5;

pub(super) fn read(html: &str, base: Option<&Url>) -> Raw {
    let dom = Dom::parse(html);
    let base = base_url(&dom, base);
    let mut nodes = content(&dom, base.as_ref(), Strictness::Strict);
    if nodes.iter().all(|node| matches!(node, Node::Heading { .. } | Node::Close(_))) {
        nodes = content(&dom, base.as_ref(), Strictness::Lenient);
    }
    let canonical = dom
        .subtree(Dom::root())
        .filter(|&id| dom.tag(id) == Some("link"))
        .find(|&id| {
            dom.attribute(id, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"))
        })
        .and_then(|id| absolute(dom.attribute(id, "href")?, base.as_ref()))
        .filter(|url| Url::parse(url).is_ok_and(|url| is_web(&url)));
    let language = dom
        .find("html")
        .and_then(|id| dom.attribute(id, "lang").or_else(|| dom.attribute(id, "xml:lang")))
        .and_then(tidy)
        .or_else(|| meta(&dom, "content-language"));
    let title = title(&dom, &nodes);
    Raw { title, canonical_url: canonical, language, nodes }
}

/// Reads a piece of HTML that stands within another format.
pub(super) fn fragment(html: &str, base: Option<&Url>) -> Vec<Node> {
    let dom = Dom::parse(html);
    let mut nodes = content(&dom, base, Strictness::Lenient);
    let lower = html.to_ascii_lowercase();
    if lower.contains("</details") {
        if !lower.contains("<details") {
            nodes.push(Node::Close(QUESTION_LEVEL));
        }
    } else {
        nodes.retain(|node| !matches!(node, Node::Close(_)));
    }
    nodes
}

fn content(dom: &Dom, base: Option<&Url>, strictness: Strictness) -> Vec<Node> {
    let boilerplate = Boilerplate::new(dom, strictness);
    let roots = boilerplate.roots();
    let mut walker = Walker {
        dom,
        base,
        boilerplate,
        holds_block: holds_block(dom),
        in_content: false,
        nodes: Vec::new(),
        line: Inline::default(),
    };
    for root in roots {
        walker.in_content = matches!(dom.tag(root), Some("main" | "article"));
        walker.children(root, 0);
        walker.flush();
    }
    walker.nodes
}

fn base_url(dom: &Dom, base: Option<&Url>) -> Option<Url> {
    let element = dom.find("base").and_then(|id| dom.attribute(id, "href"));
    match (element, base) {
        (Some(href), Some(base)) => base.join(href).ok().filter(is_web).or(Some(base.clone())),
        (Some(href), None) => Url::parse(href).ok().filter(is_web),
        (None, base) => base.cloned(),
    }
}

fn meta(dom: &Dom, name: &str) -> Option<String> {
    dom.subtree(Dom::root())
        .filter(|&id| dom.tag(id) == Some("meta"))
        .find(|&id| {
            ["name", "property", "http-equiv"].iter().any(|key| {
                dom.attribute(id, key).is_some_and(|value| value.eq_ignore_ascii_case(name))
            })
        })
        .and_then(|id| tidy(dom.attribute(id, "content")?))
}

/// The page's name without the site's: the heading that repeats a part of the head's title, else that title.
fn title(dom: &Dom, nodes: &[Node]) -> Option<String> {
    let headings = || {
        nodes.iter().filter_map(|node| match node {
            Node::Heading { level, text, .. } if *level <= 2 => Some((*level, text)),
            _ => None,
        })
    };
    let head = dom.find("title").and_then(|id| tidy(&dom.collapsed_text(id)));
    let Some(named) = head.or_else(|| meta(dom, "og:title")) else {
        return headings().find(|(level, _)| *level == 1).map(|(_, text)| text.clone());
    };
    let mut parts = vec![named.as_str()];
    for separator in [" | ", " - ", " – ", " — ", " · ", " • ", " :: ", ": "] {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    let repeated = headings().take(2).find(|(_, text)| parts.iter().any(|part| same(part, text)));
    Some(repeated.map_or_else(|| named.clone(), |(_, text)| text.clone()))
}

/// Marks every element with a block element below it, so that a link around a card is not read as one line.
fn holds_block(dom: &Dom) -> Vec<bool> {
    let mut marks = vec![false; dom.len()];
    for id in dom.subtree(Dom::root()) {
        if dom.tag(id).is_some_and(is_block) {
            let mut parent = dom.parent(id);
            while let Some(id) = parent {
                if std::mem::replace(&mut marks[id], true) {
                    break;
                }
                parent = dom.parent(id);
            }
        }
    }
    marks
}

fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    ) || tag.contains('-')
}

struct Walker<'a> {
    dom: &'a Dom,
    base: Option<&'a Url>,
    boilerplate: Boilerplate<'a>,
    holds_block: Vec<bool>,
    in_content: bool,
    nodes: Vec<Node>,
    line: Inline,
}

impl Walker<'_> {
    fn children(&mut self, id: NodeId, depth: usize) {
        let dom = self.dom;
        for child in dom.children(id) {
            self.walk(child, depth + 1);
        }
    }

    fn walk(&mut self, id: NodeId, depth: usize) {
        if let Some(text) = self.dom.text(id) {
            self.line.text(text);
            return;
        }
        let Some(tag) = self.dom.tag(id) else { return };
        if depth > MAX_DEPTH || self.boilerplate.drops(id, self.in_content) {
            if !matches!(tag, "rp" | "rt") {
                self.line.pause();
            }
            return;
        }
        match tag {
            "br" => self.line.line_break(),
            "hr" => self.flush(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading(id, tag.as_bytes()[1] - b'0');
            }
            "button" if self.boilerplate.is_disclosure(id) => self.heading(id, QUESTION_LEVEL),
            "ul" | "ol" | "menu" => self.list(id, tag, depth),
            "dl" => self.definitions(id, depth),
            "table" => self.table(id, depth),
            "pre" | "listing" => self.code(id),
            "blockquote" => {
                let quoted = self.gather(id, depth);
                self.push(Node::Quote(quoted));
            }
            "details" => {
                self.block(id, depth);
                self.nodes.push(Node::Close(QUESTION_LEVEL));
            }
            "summary" => self.heading(id, QUESTION_LEVEL),
            "article" | "main" => {
                let outer = std::mem::replace(&mut self.in_content, true);
                self.block(id, depth);
                self.in_content = outer;
            }
            tag if is_block(tag) || self.holds_block[id] => self.block(id, depth),
            tag => self.inline(id, tag, depth),
        }
    }

    fn block(&mut self, id: NodeId, depth: usize) {
        self.flush();
        self.children(id, depth);
        self.flush();
    }

    fn inline(&mut self, id: NodeId, tag: &str, depth: usize) {
        match tag {
            "code" | "kbd" | "samp" | "tt" => {
                let code = self.dom.collapsed_text(id);
                self.line.code(&code);
            }
            "strong" | "b" | "em" | "i" | "del" | "s" | "strike" | "q" | "a" => {
                let inner = self.inner_line(id, depth);
                match tag {
                    "strong" | "b" => self.line.emphasis("**", &inner),
                    "em" | "i" => self.line.emphasis("*", &inner),
                    "q" => {
                        self.line.text("“");
                        self.line.append(&inner);
                        self.line.text("”");
                    }
                    "a" => self.link(id, &inner),
                    _ => self.line.emphasis("~~", &inner),
                }
            }
            "sup" if self.is_note_reference(id) => {}
            "wbr" => {}
            _ => self.children(id, depth),
        }
    }

    fn link(&mut self, id: NodeId, inner: &Inline) {
        let href = self.dom.attribute(id, "href").unwrap_or_default();
        if heading::is_permalink(self.dom, id) {
            return;
        }
        match absolute(href, self.base).filter(|_| !href.trim().is_empty()) {
            Some(url) => self.line.link(&url, inner),
            None => self.line.append(inner),
        }
    }

    /// Numbers that jump to a footnote would read as citations of ours.
    fn is_note_reference(&self, id: NodeId) -> bool {
        self.dom.subtree(id).any(|node| {
            self.dom.tag(node) == Some("a")
                && self.dom.attribute(node, "href").is_some_and(|href| href.contains('#'))
        })
    }

    /// The text below an element as a line of its own.
    fn inner_line(&mut self, id: NodeId, depth: usize) -> Inline {
        let outer = std::mem::take(&mut self.line);
        self.children(id, depth);
        std::mem::replace(&mut self.line, outer)
    }

    /// The blocks below an element, apart from those around it.
    fn gather(&mut self, id: NodeId, depth: usize) -> Vec<Node> {
        self.flush();
        let outer = std::mem::take(&mut self.nodes);
        self.children(id, depth);
        self.flush();
        std::mem::replace(&mut self.nodes, outer)
    }

    fn code(&mut self, id: NodeId) {
        let language = self
            .dom
            .subtree(id)
            .take_while(|&node| self.dom.text(node).is_none())
            .chain(self.dom.parent(id))
            .filter_map(|node| self.dom.attribute(node, "class"))
            .flat_map(str::split_ascii_whitespace)
            .find_map(|class| {
                ["language-", "lang-", "highlight-source-"]
                    .iter()
                    .find_map(|prefix| class.strip_prefix(prefix))
            })
            .unwrap_or_default()
            .to_owned();
        let mut text = String::new();
        for node in self.dom.subtree(id) {
            match (self.dom.text(node), self.dom.tag(node)) {
                (Some(piece), _) => text.push_str(piece),
                (None, Some("br")) => text.push('\n'),
                _ => {}
            }
        }
        let text = text.replace('\r', "");
        self.push(Node::Code { language, text });
    }

    fn push(&mut self, node: Node) {
        self.flush();
        self.nodes.push(node);
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.nodes.push(Node::Paragraph(line.finish()));
        }
    }
}
