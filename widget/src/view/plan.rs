//! Which nodes follow which facts of the state.
//!
//! Leptos draws the panel's root and the composer. The other parts are plain nodes that change in few places, bound
//! here by plain function pointers: a component's code for each would be most of what a visitor downloads.

use std::sync::Arc;

use web_sys::{Element, HtmlImageElement};

use super::dom::{add, attr, button, element, icon_button};
use super::icons::Icon;
use super::markdown::{Document, Drawing};
use crate::i18n::{ENGLISH, Texts, Word, fill};
use crate::state::{Config, Screen, State};

/// A fact.
pub(super) type Fact = fn(&State) -> bool;
/// A text.
pub(super) type Words = fn(&State) -> &str;
/// A text of the owner.
pub(super) type Own = fn(&Config) -> &str;

enum Bind {
    Flag(&'static str, Fact),
    Text(Words),
    Attr(&'static str, Words),
    Terms(Document),
    // The notice.
    Told,
    // These change with the language alone: the content of a node, or an attribute.
    Ours(Option<&'static str>, Word),
    Own(Option<&'static str>, Own),
    Filled(Word, String),
}

/// The bindings.
pub(crate) struct Plan {
    bound: Vec<(Element, Bind)>,
    texts: &'static Texts,
    /// The configuration that the owner's texts were last taken from.
    config: *const Config,
}

impl Default for Plan {
    fn default() -> Self {
        Self { bound: Vec::new(), texts: &ENGLISH, config: core::ptr::null() }
    }
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
        let node = element(tag, class);
        self.bound.push((node.clone(), Bind::Text(words)));
        node
    }

    /// A node that shows the notice.
    pub(super) fn told(&mut self, tag: &str) -> Element {
        let node = element(tag, "");
        self.bound.push((node.clone(), Bind::Told));
        node
    }

    /// A node that shows one of our texts with a value in it.
    pub(super) fn filled(&mut self, tag: &str, class: &str, word: Word, value: &str) -> Element {
        let node = element(tag, class);
        put(&node, None, &fill(self.texts.of(word), value));
        self.bound.push((node.clone(), Bind::Filled(word, value.to_owned())));
        node
    }

    /// Shows one of our texts in a node or in one of its attributes.
    #[inline(never)]
    fn fix(&mut self, node: &Element, place: Option<&'static str>, word: Word) {
        put(node, place, self.texts.of(word));
        self.bound.push((node.clone(), Bind::Ours(place, word)));
    }

    /// A node that shows one of our texts.
    #[inline(never)]
    pub(super) fn word(&mut self, tag: &str, class: &str, word: Word) -> Element {
        let node = element(tag, class);
        self.fix(&node, None, word);
        node
    }

    /// Sets an attribute to one of our texts.
    pub(super) fn label(&mut self, node: &Element, name: &'static str, word: Word) {
        self.fix(node, Some(name), word);
    }

    /// Shows an owner's text, which is translated as long as it is the one that owners begin with. It is there when the
    /// state is shown next.
    #[inline(never)]
    pub(super) fn own(&mut self, node: &Element, place: Option<&'static str>, words: Own) {
        self.bound.push((node.clone(), Bind::Own(place, words)));
        // Even if the configuration that is shown next was shown before.
        self.config = core::ptr::null();
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
        word: Word,
        hidden: Option<Fact>,
    ) -> Element {
        let button = self.act(parent, class, act, hidden);
        self.fix(&button, None, word);
        button
    }

    /// A button whose content comes from elsewhere, within a parent.
    #[inline(never)]
    pub(super) fn act(
        &mut self,
        parent: &Element,
        class: &str,
        act: &str,
        hidden: Option<Fact>,
    ) -> Element {
        let button = button(class, act, "");
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
        word: Word,
        hidden: Option<Fact>,
    ) -> Element {
        let button = icon_button(icon, act, "");
        self.label(&button, "aria-label", word);
        self.label(&button, "title", word);
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
        let translated = !core::ptr::eq(self.texts, state.texts);
        self.texts = state.texts;
        let config = state.config.as_ref().map_or(core::ptr::null(), Arc::as_ptr);
        let reworded = translated || !core::ptr::eq(self.config, config);
        self.config = config;
        for (node, bind) in &mut self.bound {
            match bind {
                Bind::Flag(name, fact) => {
                    let _ = node.toggle_attribute_with_force(name, fact(state));
                }
                Bind::Text(words) => {
                    say(node, words(state));
                }
                Bind::Attr(name, words) => {
                    let words = words(state);
                    if node.get_attribute(name).as_deref() != Some(words) {
                        attr(node, name, words);
                    }
                }
                Bind::Ours(place, word) if translated => put(node, *place, self.texts.of(*word)),
                Bind::Own(place, words) if reworded => {
                    if let Some(config) = &state.config {
                        put(node, *place, self.texts.own(words(config)));
                    }
                }
                Bind::Filled(word, value) if translated => {
                    put(node, None, &fill(self.texts.of(*word), value));
                }
                Bind::Ours(..) | Bind::Own(..) | Bind::Filled(..) => {}
                Bind::Told => {
                    let words = state.told().map(|notice| state.say(notice.word));
                    say(node, &words.unwrap_or_default());
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

/// Shows a text in a node that may show it already.
fn say(node: &Element, words: &str) {
    if node.text_content().as_deref() != Some(words) {
        node.set_text_content(Some(words));
    }
}

/// Shows a text as a node's content or in an attribute.
fn put(node: &Element, place: Option<&str>, text: &str) {
    match place {
        Some(name) => attr(node, name, text),
        None => node.set_text_content(Some(text)),
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
