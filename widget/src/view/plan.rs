//! Which nodes follow which facts of the state.
//!
//! Leptos draws the panel's root and the composer. The other parts are plain nodes that change in few places, bound
//! here by plain function pointers: a component's code for each would be most of what a visitor downloads.

use web_sys::{Element, HtmlImageElement};

use super::dom::{add, attr, button, icon_button, text};
use super::icons::Icon;
use super::markdown::{Document, Drawing};
use crate::state::{Screen, State};

/// A fact.
pub(super) type Fact = fn(&State) -> bool;
/// A text.
pub(super) type Words = fn(&State) -> &str;

enum Bind {
    Flag(&'static str, Fact),
    Text(Words),
    Attr(&'static str, Words),
    Terms(Document),
}

/// The bindings.
#[derive(Default)]
pub(crate) struct Plan {
    bound: Vec<(Element, Bind)>,
}

impl Plan {
    /// Hides a node while a fact holds.
    pub(super) fn hide(&mut self, node: &Element, fact: Fact) {
        self.flag(node, "hidden", fact);
    }

    /// Sets a boolean attribute while a fact holds.
    #[inline(never)]
    pub(super) fn flag(&mut self, node: &Element, name: &'static str, fact: Fact) {
        self.bound.push((node.clone(), Bind::Flag(name, fact)));
    }

    /// A node that shows a text of the state.
    #[inline(never)]
    pub(super) fn text(&mut self, tag: &str, class: &str, words: Words) -> Element {
        let node = text(tag, class, "");
        self.bound.push((node.clone(), Bind::Text(words)));
        node
    }

    /// Sets an attribute to a text of the state.
    #[inline(never)]
    pub(crate) fn attr(&mut self, node: &Element, name: &'static str, words: Words) {
        self.bound.push((node.clone(), Bind::Attr(name, words)));
    }

    /// Shows the terms within a node, whenever they are to be read.
    pub(super) fn terms(&mut self, place: &Element) {
        let document = Document::new();
        add(place, document.node());
        self.bound.push((place.clone(), Bind::Terms(document)));
    }

    /// A button with a text, within a parent.
    #[inline(never)]
    pub(super) fn button(
        &mut self,
        parent: &Element,
        class: &str,
        act: &str,
        label: &str,
        hidden: Option<Fact>,
    ) -> Element {
        let button = button(class, act, label);
        attr(&button, "part", "button");
        self.put(parent, button, hidden)
    }

    /// A button with an icon, within a parent.
    #[inline(never)]
    pub(super) fn icon(
        &mut self,
        parent: &Element,
        icon: Icon,
        act: &str,
        label: &str,
        hidden: Option<Fact>,
    ) -> Element {
        let button = icon_button(icon, act, label);
        button.set_class_name(&["ib ", act].concat());
        attr(&button, "part", act);
        self.put(parent, button, hidden)
    }

    fn put(&mut self, parent: &Element, node: Element, hidden: Option<Fact>) -> Element {
        if let Some(fact) = hidden {
            self.hide(&node, fact);
        }
        add(parent, &node);
        node
    }

    /// Makes every node agree with the state.
    pub(crate) fn show(&mut self, state: &State) {
        for (node, bind) in &mut self.bound {
            match bind {
                Bind::Flag(name, fact) => {
                    let _ = node.toggle_attribute_with_force(name, fact(state));
                }
                Bind::Text(words) => {
                    let words = words(state);
                    if node.text_content().as_deref() != Some(words) {
                        node.set_text_content(Some(words));
                    }
                }
                Bind::Attr(name, words) => {
                    let words = words(state);
                    if node.get_attribute(name).as_deref() != Some(words) {
                        attr(node, name, words);
                    }
                }
                Bind::Terms(document) => {
                    let terms =
                        state.terms.as_deref().filter(|_| state.screen() == Screen::Consent);
                    if let Some(terms) = terms {
                        document.show(
                            terms,
                            Drawing { texts: state.texts, sources: &[], grows: false },
                        );
                    }
                }
            }
        }
    }
}

/// A picture that the network or the page's policy withholds gives way to the glyph behind it.
pub(super) fn forgiving(picture: &Element) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let Some(image) = picture.dyn_ref::<HtmlImageElement>() else { return };
    let hidden = image.clone();
    let fail = Closure::<dyn FnMut()>::new(move || hidden.set_hidden(true));
    image.set_onerror(Some(fail.as_ref().unchecked_ref()));
    fail.forget();
}
