//! Plain DOM nodes: what the message log is made of. Text is always text, never markup.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, Node};

use super::icons::Icon;

const SVG: &str = "http://www.w3.org/2000/svg";

/// The page's document.
///
/// Without one nothing can be drawn at all; a panel only ever exists inside a document.
pub(crate) fn document() -> Document {
    web_sys::window()
        .and_then(|window| window.document())
        .unwrap_or_else(|| JsValue::NULL.unchecked_into())
}

/// An element with a class, perhaps empty.
pub(crate) fn element(tag: &str, class: &str) -> Element {
    let element = document().create_element(tag).unwrap_or_else(|_| JsValue::NULL.unchecked_into());
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element
}

/// An element with a class and a text.
pub(crate) fn text(tag: &str, class: &str, text: &str) -> Element {
    let element = element(tag, class);
    element.set_text_content(Some(text));
    element
}

/// Sets an attribute. Never `style`, which a page's policy may forbid.
pub(crate) fn attr(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Appends a node.
pub(crate) fn add(parent: &Node, child: &Node) {
    let _ = parent.append_child(child);
}

/// An icon.
pub(crate) fn icon(icon: Icon) -> Element {
    let create = |tag| {
        let element = document().create_element_ns(Some(SVG), tag);
        element.unwrap_or_else(|_| JsValue::NULL.unchecked_into())
    };
    let (svg, path) = (create("svg"), create("path"));
    attr(&svg, "viewBox", "0 0 24 24");
    attr(&svg, "aria-hidden", "true");
    attr(&path, "d", icon.path());
    add(&svg, &path);
    svg
}

/// A button that the log's one listener understands by its `data-act`.
pub(crate) fn button(class: &str, act: &str, label: &str) -> Element {
    let button = text("button", class, label);
    attr(&button, "type", "button");
    attr(&button, "data-act", act);
    button
}

/// The same with an icon; the label is for screen readers and as a tooltip.
pub(crate) fn icon_button(which: Icon, act: &str, label: &str) -> Element {
    let button = button("ib", act, "");
    attr(&button, "aria-label", label);
    attr(&button, "title", label);
    add(&button, &icon(which));
    button
}

/// The element an event happened on, or the nearest one around it, that matches.
pub(crate) fn closest(event: &Event, selector: &str) -> Option<HtmlElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()?.and_then(|found| found.dyn_into().ok())
}

/// What stands in a field.
pub(crate) fn value(field: &Element) -> String {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
}
