//! Tells a page's content from what surrounds it on every page: navigation, banners, forms and hidden parts.

use std::collections::HashSet;

use super::dom::{Dom, NodeId};

/// How much may be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Everything that looks like boilerplate.
    Strict,
    /// Only what is never content. For pages that would otherwise come out empty, and for fragments.
    Lenient,
}

/// Never content, whatever the page.
const NEVER: &[&str] = &[
    "area", "audio", "base", "canvas", "datalist", "embed", "frameset", "head", "iframe", "img",
    "input", "link", "map", "meta", "noscript", "object", "option", "picture", "rp", "rt",
    "script", "select", "source", "style", "svg", "template", "textarea", "title", "track",
    "video",
];

/// Roles of page parts that repeat on every page.
const ROLES: &[&str] = &[
    "alertdialog",
    "banner",
    "complementary",
    "contentinfo",
    "dialog",
    "menu",
    "menubar",
    "navigation",
    "search",
    "toolbar",
];

/// First words of class names and ids that name page furniture.
const NAMES: &[&str] = &[
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "navbar",
    "navfooter",
    "navheader",
    "navigation",
    "newsletter",
    "pagination",
    "share",
    "sharing",
    "sidebar",
    "skip",
    "skiplink",
    "social",
    "tableofcontents",
    "toc",
];

/// Parts of names that cookie banners use.
const CONSENT: &[&str] = &[
    "consent",
    "cookie",
    "didomi",
    "gdpr",
    "iubenda",
    "klaro",
    "onetrust",
    "osano",
    "usercentrics",
];

/// Names of asides that belong to the text.
const ADMONITIONS: &[&str] =
    &["admonition", "callout", "caution", "hint", "important", "info", "note", "tip", "warning"];

/// Decides for one page.
pub(super) struct Boilerplate<'a> {
    dom: &'a Dom,
    strictness: Strictness,
    /// Ids of panels that a button opens: hidden now, but content.
    opened_by_buttons: HashSet<&'a str>,
}

impl<'a> Boilerplate<'a> {
    pub(super) fn new(dom: &'a Dom, strictness: Strictness) -> Self {
        let opened_by_buttons = dom
            .subtree(Dom::root())
            .filter_map(|id| dom.attribute(id, "aria-controls"))
            .flat_map(str::split_ascii_whitespace)
            .collect();
        Self { dom, strictness, opened_by_buttons }
    }

    /// The elements that hold the page's content.
    pub(super) fn roots(&self) -> Vec<NodeId> {
        let body = self.dom.find("body").unwrap_or(Dom::root());
        if self.strictness == Strictness::Lenient {
            return vec![body];
        }
        let whole = self.text_length(body);
        let main = self
            .dom
            .subtree(body)
            .filter(|&id| {
                self.dom.tag(id) == Some("main") || self.dom.attribute(id, "role") == Some("main")
            })
            .max_by_key(|&id| self.text_length(id));
        if let Some(main) = main
            && self.text_length(main) * 5 >= whole.min(1000)
        {
            return vec![main];
        }
        let mut articles = Vec::new();
        for id in self.dom.subtree(body).filter(|&id| self.dom.tag(id) == Some("article")) {
            if !self.is_within(id, &articles) {
                articles.push(id);
            }
        }
        let covered: usize = articles.iter().map(|&id| self.text_length(id)).sum();
        if covered * 2 >= whole.max(1) { articles } else { vec![body] }
    }

    /// Whether the element and all below it is to be left out. `in_content` says that it lies within `main` or
    /// `article`, where a `header` carries the title.
    pub(super) fn drops(&self, id: NodeId, in_content: bool) -> bool {
        let Some(tag) = self.dom.tag(id) else { return false };
        if NEVER.contains(&tag) {
            return true;
        }
        if self.strictness == Strictness::Lenient {
            return tag == "nav";
        }
        match tag {
            "html" | "body" | "main" | "article" => return false,
            "nav" | "footer" | "label" | "legend" => return true,
            "dialog" if self.dom.attribute(id, "open").is_none() => return true,
            "header" if !in_content => return true,
            "button" => return !self.is_disclosure(id),
            "aside" if !self.is_admonition(id) => return true,
            _ => {}
        }
        self.has_dropped_role(id) || self.is_hidden(id) || self.has_dropped_name(id)
    }

    /// A button that opens a panel below it carries the panel's heading.
    pub(super) fn is_disclosure(&self, id: NodeId) -> bool {
        self.dom.attribute(id, "aria-expanded").is_some()
            || self.dom.attribute(id, "aria-controls").is_some()
    }

    fn is_admonition(&self, id: NodeId) -> bool {
        let class = self.dom.attribute(id, "class").unwrap_or_default().to_lowercase();
        ADMONITIONS.iter().any(|name| class.contains(name))
    }

    fn has_dropped_role(&self, id: NodeId) -> bool {
        self.dom.attribute(id, "role").is_some_and(|role| {
            ROLES.contains(&role)
                || role == "doc-toc"
                || role == "alert" && self.text_length(id) == 0
        })
    }

    fn is_hidden(&self, id: NodeId) -> bool {
        let is_panel = || {
            self.dom.attribute(id, "id").is_some_and(|name| self.opened_by_buttons.contains(name))
                || self.dom.attribute(id, "role") == Some("tabpanel")
        };
        let hidden = self.dom.attribute(id, "hidden").is_some_and(|value| value != "until-found")
            || self.dom.attribute(id, "aria-hidden") == Some("true")
            || self.dom.attribute(id, "style").is_some_and(|style| {
                let style = style.replace(' ', "").to_lowercase();
                style.contains("display:none") || style.contains("visibility:hidden")
            });
        hidden && !is_panel()
    }

    fn has_dropped_name(&self, id: NodeId) -> bool {
        let names = ["id", "class"].iter().filter_map(|name| self.dom.attribute(id, name));
        for name in names.flat_map(str::split_ascii_whitespace) {
            let name = name.to_lowercase();
            let first = name.split(['-', '_']).next().unwrap_or_default();
            let is_furniture = NAMES.contains(&first);
            let is_consent = CONSENT.iter().any(|word| name.contains(word));
            if (is_furniture || is_consent) && !self.holds_content(id, is_consent) {
                return true;
            }
        }
        false
    }

    /// Layout wrappers are often named after what stands beside the content, and a page may be about cookies.
    fn holds_content(&self, id: NodeId, is_consent: bool) -> bool {
        self.dom
            .subtree(id)
            .any(|node| matches!(self.dom.tag(node), Some("h1" | "main" | "article")))
            || is_consent && self.text_length(id) > 2000
    }

    fn is_within(&self, id: NodeId, ancestors: &[NodeId]) -> bool {
        std::iter::successors(self.dom.parent(id), |&id| self.dom.parent(id))
            .any(|id| ancestors.contains(&id))
    }

    fn text_length(&self, id: NodeId) -> usize {
        self.dom
            .subtree(id)
            .filter(|&node| {
                !self
                    .dom
                    .parent(node)
                    .and_then(|p| self.dom.tag(p))
                    .is_some_and(|t| NEVER.contains(&t))
            })
            .filter_map(|node| self.dom.text(node))
            .map(|text| text.trim().len())
            .sum()
    }
}
