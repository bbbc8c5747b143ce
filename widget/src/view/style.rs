//! Style sheets and colours, set through the CSSOM only: a page's policy need not allow a single inline style.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleSheet, HtmlElement, Node};

use crate::api::get;
use crate::state::Palette;

/// Our own rules.
const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

/// Adopts our rules, or the owner's after them, in the tree that an element stands in.
pub(crate) fn adopt(place: &Node, own: Option<&str>) -> Option<(Array, CssStyleSheet)> {
    let sheet = CssStyleSheet::new().ok()?;
    sheet.replace_sync(own.unwrap_or(RULES)).ok()?;
    let sheets: Array =
        get(&place.get_root_node(), "adoptedStyleSheets").dyn_into().unwrap_or_default();
    sheets.push(&sheet);
    Some((sheets, sheet))
}

/// Sets the colours that follow from the theme colour.
pub(crate) fn paint(panel: &HtmlElement, colour: &str) {
    let palette = Palette::from_theme(colour);
    for (name, value) in [
        ("--n-accent", &palette.accent),
        ("--n-ink", &palette.ink),
        ("--n-light", &palette.on_light),
        ("--n-dark", &palette.on_dark),
    ] {
        let _ = panel.style().set_property(name, value);
    }
}
