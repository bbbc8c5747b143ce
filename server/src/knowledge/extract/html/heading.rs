//! Headings and the anchors by which a citation can point to them.

use super::super::dom::{Dom, NodeId};
use super::super::tidy;
use super::super::tree::Node;
use super::Walker;

/// How many wrappers around a heading may carry its anchor.
const MAX_WRAPPERS: usize = 4;

impl Walker<'_> {
    pub(super) fn heading(&mut self, id: NodeId, level: u8) {
        let mut raw = String::new();
        collect_text(self.dom, id, false, &mut raw);
        if raw.trim().is_empty() {
            // The heading of an accordion is the button that opens it.
            collect_text(self.dom, id, true, &mut raw);
        }
        let text = tidy(&raw).unwrap_or_default();
        if text.is_empty() {
            return;
        }
        let anchor = anchor(self.dom, id).map(str::to_owned);
        self.push(Node::Heading { level, text, anchor });
    }
}

/// A link that a documentation tool puts beside a heading to point at it.
pub(super) fn is_permalink(dom: &Dom, id: NodeId) -> bool {
    if dom.tag(id) != Some("a") {
        return false;
    }
    let points_here = dom.attribute(id, "href").is_some_and(|href| href.contains('#'));
    let class = dom.attribute(id, "class").unwrap_or_default();
    let is_named = ["anchor", "headerlink", "permalink", "id_link", "hash-link", "heading-link"]
        .iter()
        .any(|name| class.contains(name));
    let text = dom.collapsed_text(id);
    points_here
        && (text.is_empty()
            || matches!(text.as_str(), "#" | "¶" | "§" | "🔗")
            || is_named && text.len() < 30 && !wraps_heading(dom, id))
}

/// mdBook and others put the whole heading into its permalink; that one is text.
fn wraps_heading(dom: &Dom, id: NodeId) -> bool {
    dom.parent(id).is_some_and(|parent| {
        let whole = dom.collapsed_text(parent);
        whole == dom.collapsed_text(id)
    })
}

fn collect_text(dom: &Dom, id: NodeId, with_buttons: bool, out: &mut String) {
    // Recursion is bounded by the depth at which the page was cut.
    for child in dom.children(id) {
        if let Some(text) = dom.text(child) {
            out.push_str(text);
        } else if dom.tag(child) == Some("br") {
            out.push(' ');
        } else if !is_permalink(dom, child)
            && !matches!(
                dom.tag(child),
                None | Some("script" | "style" | "svg" | "template" | "img" | "noscript")
            )
            && dom.attribute(child, "aria-hidden") != Some("true")
            && (with_buttons || dom.tag(child) != Some("button"))
        {
            collect_text(dom, child, with_buttons, out);
        }
    }
}

/// The heading's own id, or one that stands in it, right before it, or on a wrapper that it opens.
fn anchor(dom: &Dom, heading: NodeId) -> Option<&str> {
    own_id(dom, heading)
        .or_else(|| {
            dom.subtree(heading)
                .filter(|&node| matches!(dom.tag(node), Some("a" | "span")))
                .find_map(|node| named(dom, node))
        })
        .or_else(|| {
            dom.subtree(heading)
                .filter(|&node| is_permalink(dom, node))
                .find_map(|node| dom.attribute(node, "href")?.strip_prefix('#'))
        })
        .or_else(|| empty_anchor_before(dom, heading))
        .or_else(|| wrapper(dom, heading))
        .filter(|anchor| !anchor.is_empty() && !anchor.contains(char::is_whitespace))
}

fn own_id(dom: &Dom, id: NodeId) -> Option<&str> {
    dom.attribute(id, "id").filter(|id| !id.is_empty())
}

fn named(dom: &Dom, id: NodeId) -> Option<&str> {
    own_id(dom, id)
        .or_else(|| (dom.tag(id) == Some("a")).then(|| dom.attribute(id, "name")).flatten())
}

fn empty_anchor_before(dom: &Dom, heading: NodeId) -> Option<&str> {
    let before = content_before(dom, heading)?;
    (dom.tag(before) == Some("a") && dom.collapsed_text(before).is_empty())
        .then(|| named(dom, before))
        .flatten()
}

fn wrapper(dom: &Dom, heading: NodeId) -> Option<&str> {
    let mut node = heading;
    for _ in 0..MAX_WRAPPERS {
        if content_before(dom, node).is_some() {
            return None;
        }
        node = dom.parent(node)?;
        match dom.tag(node)? {
            "section" | "div" | "article" | "details" | "header" | "hgroup" | "li" | "dt" => {}
            _ => return None,
        }
        if let Some(id) = own_id(dom, node) {
            return Some(id);
        }
    }
    None
}

/// The element or text before a node among its siblings.
fn content_before(dom: &Dom, id: NodeId) -> Option<NodeId> {
    std::iter::successors(dom.previous(id), |&node| dom.previous(node)).find(|&node| {
        dom.tag(node).is_some() || dom.text(node).is_some_and(|text| !text.trim().is_empty())
    })
}
