//! Lists, and definition lists as lists of terms or, where the terms are questions, as headings.

use super::super::dom::NodeId;
use super::super::inline::Inline;
use super::super::tree::Node;
use super::{QUESTION_LEVEL, Walker};

impl Walker<'_> {
    pub(super) fn list(&mut self, id: NodeId, tag: &str, depth: usize) {
        if self.is_contents(id) {
            return;
        }
        self.flush();
        let start = (tag == "ol").then(|| {
            self.dom.attribute(id, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1)
        });
        let dom = self.dom;
        let mut items = Vec::new();
        for child in dom.children(id) {
            if dom.tag(child).is_none() || self.boilerplate.drops(child, self.in_content) {
                continue;
            }
            let item = self.gather(child, depth + 1);
            if !item.is_empty() {
                items.push(item);
            }
        }
        if !items.is_empty() {
            self.push(Node::List { start, items });
        }
    }

    /// A list of nothing but links within the page is its table of contents.
    fn is_contents(&self, id: NodeId) -> bool {
        let mut links = 0;
        let mut linked = 0;
        for node in self.dom.subtree(id).filter(|&node| self.dom.tag(node) == Some("a")) {
            if !self.dom.attribute(node, "href").is_some_and(|href| href.starts_with('#')) {
                return false;
            }
            links += 1;
            linked += self.letters(node);
        }
        links >= 2 && linked * 10 >= self.letters(id) * 9
    }

    fn letters(&self, id: NodeId) -> usize {
        let texts = self.dom.subtree(id).filter_map(|node| self.dom.text(node));
        texts.map(|text| text.chars().filter(|c| c.is_alphanumeric()).count()).sum()
    }

    pub(super) fn definitions(&mut self, id: NodeId, depth: usize) {
        let entries = self.entries(id);
        let are_questions = entries.iter().any(|&(node, is_term)| {
            is_term && self.dom.collapsed_text(node).ends_with(['?', '？'])
        });
        self.flush();
        if are_questions {
            for (node, is_term) in entries {
                if is_term {
                    self.heading(node, QUESTION_LEVEL);
                } else {
                    self.block(node, depth + 1);
                }
            }
            self.nodes.push(Node::Close(QUESTION_LEVEL));
            return;
        }
        let mut items: Vec<Vec<Node>> = Vec::new();
        let mut terms = Inline::default();
        for (node, is_term) in entries {
            if is_term {
                let term = self.inner_line(node, depth + 1);
                if !terms.is_empty() {
                    terms.text(", ");
                }
                terms.emphasis("**", &term);
            } else {
                let body = self.gather(node, depth + 1);
                items.push(definition(std::mem::take(&mut terms), body));
            }
        }
        if !terms.is_empty() {
            items.push(definition(terms, Vec::new()));
        }
        items.retain(|item| !item.is_empty());
        if !items.is_empty() {
            self.push(Node::List { start: None, items });
        }
    }

    /// Terms (true) and their descriptions (false), also where groups of them are wrapped.
    fn entries(&self, id: NodeId) -> Vec<(NodeId, bool)> {
        let mut entries = Vec::new();
        for child in self.dom.children(id) {
            match self.dom.tag(child) {
                Some("dt") => entries.push((child, true)),
                Some("dd") => entries.push((child, false)),
                Some("div") => {
                    for inner in self.dom.children(child) {
                        match self.dom.tag(inner) {
                            Some("dt") => entries.push((inner, true)),
                            Some("dd") => entries.push((inner, false)),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        entries
    }
}

fn definition(terms: Inline, mut body: Vec<Node>) -> Vec<Node> {
    if terms.is_empty() {
        return body;
    }
    let terms = terms.finish();
    match body.first_mut() {
        Some(Node::Paragraph(text)) => *text = format!("{terms}: {text}"),
        _ => body.insert(0, Node::Paragraph(terms)),
    }
    body
}
