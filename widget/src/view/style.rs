//! Our style rules, and the colours that they begin with. All through the CSSOM: a page's policy need not allow a single
//! inline style.

use web_sys::HtmlElement;

/// Our own rules.
pub(crate) const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

/// Sets one of the colours that the theme colour makes. The server says the rest of them.
pub(crate) fn paint(panel: &HtmlElement, name: &str, colour: &str) {
    let _ = panel.style().set_property(&["--n-", name].concat(), colour);
}
