//! The smallest document tree that HTML extraction needs, filled by html5ever. Nodes live in one arena and point to
//! each other by index, so that no input, however deeply nested, can overflow the stack when the tree is dropped.

mod sink;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};

use self::sink::Sink;

/// Pages nested deeper than this are cut there. Browsers stop at 512; html5ever walks its stack of open elements for
/// every tag, so without a limit a hostile page costs quadratic time.
const MAX_DEPTH: u32 = 256;

/// Unclosed formatting elements are repeated for every later block, so a small page can ask for a huge tree.
const MAX_NODES: usize = 500_000;

/// How much is parsed between two looks at the limits.
const STEP: usize = 4096;

/// Index of a node in its [`Dom`].
pub(super) type NodeId = usize;

#[derive(Debug)]
enum Data {
    Document,
    Element { name: QualName, attributes: Vec<Attribute> },
    Text(String),
    Other,
}

#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    depth: u32,
    data: Data,
}

/// A parsed page.
#[derive(Debug)]
pub(super) struct Dom {
    nodes: Vec<Node>,
    deepest: u32,
}

impl Dom {
    /// Parses any text as HTML; there is no input that fails.
    pub(super) fn parse(html: &str) -> Self {
        Self::parse_within(html, MAX_NODES)
    }

    fn parse_within(html: &str, max_nodes: usize) -> Self {
        let options = ParseOpts {
            // The content of `noscript` repeats what scripts draw; as one text node it is easily dropped.
            tree_builder: html5ever::tree_builder::TreeBuilderOpts {
                scripting_enabled: true,
                ..Default::default()
            },
            ..Default::default()
        };
        let mut parser = parse_document(Sink::new(), options);
        let mut rest = html;
        while !rest.is_empty() {
            let mut end = rest.len().min(STEP);
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            let (piece, later) = rest.split_at(end);
            parser.process(StrTendril::from_slice(piece));
            if parser.tokenizer.sink.sink.is_full(max_nodes) {
                break;
            }
            rest = later;
        }
        parser.finish()
    }

    /// The document itself.
    pub(super) fn root() -> NodeId {
        0
    }

    /// Children in order.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.nodes[id].first;
        std::iter::from_fn(move || {
            let current = next?;
            next = self.nodes[current].next;
            Some(current)
        })
    }

    /// The node and everything below it, in document order.
    pub(super) fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let current = next?;
            next = self.nodes[current].first.or_else(|| self.after(current, id));
            Some(current)
        })
    }

    /// The next node in document order that is not below `id`, within `root`.
    fn after(&self, id: NodeId, root: NodeId) -> Option<NodeId> {
        let mut current = id;
        while current != root {
            if let Some(next) = self.nodes[current].next {
                return Some(next);
            }
            current = self.nodes[current].parent?;
        }
        None
    }

    /// Parent, unless it is the document or detached.
    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id].parent
    }

    /// The sibling before.
    pub(super) fn previous(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id].previous
    }

    /// Tag name in lower case, for elements only.
    pub(super) fn tag(&self, id: NodeId) -> Option<&str> {
        match &self.nodes[id].data {
            Data::Element { name, .. } => Some(&name.local),
            _ => None,
        }
    }

    /// Text, for text nodes only.
    pub(super) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.nodes[id].data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An attribute's value.
    pub(super) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        match &self.nodes[id].data {
            Data::Element { attributes, .. } => {
                attributes.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
            }
            _ => None,
        }
    }

    /// Number of nodes; ids are below it.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The first element with this tag, in document order.
    pub(super) fn find(&self, tag: &str) -> Option<NodeId> {
        self.subtree(Self::root()).find(|&id| self.tag(id) == Some(tag))
    }

    /// All text below a node, with white space collapsed.
    pub(super) fn collapsed_text(&self, id: NodeId) -> String {
        let mut words = Vec::new();
        let mut raw = String::new();
        for node in self.subtree(id) {
            if let Some(text) = self.text(node) {
                raw.push_str(text);
            } else if !matches!(
                self.tag(node),
                None | Some("a" | "b" | "em" | "i" | "span" | "strong" | "code")
            ) {
                raw.push(' ');
            }
        }
        words.extend(raw.split_whitespace());
        words.join(" ")
    }

    fn add(&mut self, data: Data) -> NodeId {
        self.nodes.push(Node {
            parent: None,
            previous: None,
            next: None,
            first: None,
            last: None,
            depth: 0,
            data,
        });
        self.nodes.len() - 1
    }

    fn detach(&mut self, id: NodeId) {
        let (parent, previous, next) = {
            let node = &mut self.nodes[id];
            (node.parent.take(), node.previous.take(), node.next.take())
        };
        if let Some(previous) = previous {
            self.nodes[previous].next = next;
        } else if let Some(parent) = parent {
            self.nodes[parent].first = next;
        }
        if let Some(next) = next {
            self.nodes[next].previous = previous;
        } else if let Some(parent) = parent {
            self.nodes[parent].last = previous;
        }
    }

    fn append(&mut self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let last = self.nodes[parent].last.replace(child);
        match last {
            Some(last) => self.nodes[last].next = Some(child),
            None => self.nodes[parent].first = Some(child),
        }
        self.place(child, parent);
        self.nodes[child].previous = last;
    }

    fn insert_before(&mut self, sibling: NodeId, child: NodeId) {
        let Some(parent) = self.nodes[sibling].parent else { return };
        self.detach(child);
        let previous = self.nodes[sibling].previous.replace(child);
        match previous {
            Some(previous) => self.nodes[previous].next = Some(child),
            None => self.nodes[parent].first = Some(child),
        }
        self.place(child, parent);
        self.nodes[child].previous = previous;
        self.nodes[child].next = Some(sibling);
    }

    fn place(&mut self, child: NodeId, parent: NodeId) {
        let depth = self.nodes[parent].depth + 1;
        self.deepest = self.deepest.max(depth);
        let node = &mut self.nodes[child];
        node.parent = Some(parent);
        node.depth = depth;
    }

    fn append_text(&mut self, parent: NodeId, text: &str) {
        if let Some(last) = self.nodes[parent].last
            && let Data::Text(existing) = &mut self.nodes[last].data
        {
            existing.push_str(text);
            return;
        }
        let id = self.add(Data::Text(text.to_owned()));
        self.append(parent, id);
    }

    fn insert_text_before(&mut self, sibling: NodeId, text: &str) {
        if let Some(previous) = self.nodes[sibling].previous
            && let Data::Text(existing) = &mut self.nodes[previous].data
        {
            existing.push_str(text);
            return;
        }
        let id = self.add(Data::Text(text.to_owned()));
        self.insert_before(sibling, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_keep_their_order() {
        let dom = Dom::parse("<ul><li>one<li>two<li>three</ul>");
        let list = dom.find("ul").unwrap();
        let items: Vec<_> = dom.children(list).map(|id| dom.collapsed_text(id)).collect();
        assert_eq!(items, ["one", "two", "three"]);
    }

    #[test]
    fn misplaced_text_in_a_table_is_moved_before_it() {
        let dom = Dom::parse("<div><table>stray<tr><td>cell</table></div>");
        assert_eq!(dom.collapsed_text(Dom::root()), "stray cell");
    }

    #[test]
    fn subtree_stays_within_its_root() {
        let dom = Dom::parse("<p>in <b>side</b></p><p>out</p>");
        let first = dom.find("p").unwrap();
        assert_eq!(dom.collapsed_text(first), "in side");
    }

    #[test]
    fn bottomless_nesting_is_cut() {
        let dom = Dom::parse(&"<div>".repeat(300_000));
        assert!(dom.deepest < MAX_DEPTH + 2000);
    }

    #[test]
    fn repeated_formatting_elements_do_not_multiply_without_end() {
        let mut html: String =
            ["<font color=a>", "<font color=b>", "<font color=c>"].repeat(7).concat();
        html.push_str(&"<p>".repeat(20_000));
        // Each step of the parser may add as many nodes as it has room for tags, times the open elements.
        assert!(Dom::parse_within(&html, 1_000).len() < 1_000 + STEP / 3 * 22);
    }
}
