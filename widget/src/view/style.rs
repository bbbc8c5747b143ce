//! Style sheets and colours, set through the CSSOM only: a page's policy need not allow a single inline style.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, HtmlElement, Node};

use crate::api::get;
use crate::state::{hex, palette};

/// Our own rules.
const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

/// The tree whose sheets those are, and one of ours among them.
pub(crate) type Adopted = (Node, CssStyleSheet);

const SHEETS: &str = "adoptedStyleSheets";

/// Adopts our rules, or the owner's after them, in the tree that an element stands in.
pub(crate) fn adopt(place: &Node, own: Option<&str>) -> Option<Adopted> {
    let sheet = CssStyleSheet::new().ok()?;
    sheet.replace_sync(own.unwrap_or(RULES)).ok()?;
    let tree = place.get_root_node();
    let sheets: Array = get(&tree, SHEETS).dyn_into().ok()?;
    sheets.push(&sheet);
    Some((tree, sheet))
}

/// Takes them out again.
pub(crate) fn forsake((tree, sheet): &Adopted) {
    let sheets: Array = get(tree, SHEETS).dyn_into().unwrap_or_default();
    let left = Array::new();
    let ours: &JsValue = sheet.as_ref();
    for other in sheets.iter().filter(|other| other != ours) {
        left.push(&other);
    }
    let _ = Reflect::set(tree, &SHEETS.into(), &left);
}

/// Sets the colours that follow from the theme colour.
pub(crate) fn paint(panel: &HtmlElement, colour: &str) {
    for (name, value) in palette(colour) {
        let _ = panel.style().set_property(name, &hex(value));
    }
}
