//! Where a visitor writes.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::dom::{add, attr, closest, element, value};
use super::icons::Icon;
use super::plan::Plan;
use crate::i18n::{Texts, Word};
use crate::lean::length;
use crate::state::{State, counter};

/// Input methods that do not set `isComposing` on the Enter that ends a composition report this key code.
const IME_KEY: u32 = 229;

/// The field with its buttons.
pub(super) fn composer(plan: &mut Plan, parent: &Element) {
    let form = element("form", "composer");
    attr(&form, "part", "composer");
    plan.hide(&form, |state| state.finished);
    // What is typed now is no draft of a new question.
    plan.flag(&form, "data-edit", |state| state.editing.is_some());
    let grow = element("div", "grow");
    let field = element("textarea", "input");
    for (name, value) in
        [("part", "input"), ("rows", "1"), ("dir", "auto"), ("enterkeyhint", "send")]
    {
        attr(&field, name, value);
    }
    for name in ["placeholder", "aria-label"] {
        plan.own(&field, Some(name), |config| &config.widget.header.input_placeholder);
    }
    add(&grow, &field);
    let mirror = element("div", "input mirror");
    attr(&mirror, "aria-hidden", "true");
    add(&grow, &mirror);
    add(&form, &grow);
    let send = plan.icon(&form, Icon::Send, "send", Word::send, Some(State::is_busy));
    attr(&send, "type", "submit");
    attr(&send, "disabled", "");
    let stop = plan.icon(&form, Icon::Stop, "stop", Word::stop, Some(|state| !state.is_busy()));
    stop.set_class_name("send stop");
    send.set_class_name("send");
    add(parent, &form);
    let count = element("p", "count");
    attr(&count, "hidden", "");
    add(parent, &count);
}

/// Something was typed.
pub(super) fn typed(texts: &Texts, limit: usize, event: &Event) {
    if let Some(field) = closest(event, "textarea.input") {
        changed(texts, limit, &field);
    }
}

/// The field holds another text. The mirror has the same text in the same grid cell, so the field grows without a
/// layout being read.
pub(crate) fn changed(texts: &Texts, limit: usize, field: &Element) {
    let text = value(field);
    if let Some(mirror) = field.next_element_sibling() {
        mirror.set_text_content(Some(&[&text, "\u{200b}"].concat()));
    }
    let chars = length(text.trim());
    let count = counter(texts, chars, limit);
    let over = count.as_ref().is_some_and(|(_, over)| *over);
    let Some(write) = field.closest(".chat").ok().flatten() else { return };
    if let Ok(Some(send)) = write.query_selector(".send") {
        let _ = send.toggle_attribute_with_force("disabled", chars == 0 || over);
    }
    if let Ok(Some(line)) = write.query_selector(".count") {
        let _ = line.toggle_attribute_with_force("hidden", count.is_none());
        let _ = line.class_list().toggle_with_force("bad", over);
        line.set_text_content(count.as_ref().map(|(text, _)| text.as_str()));
    }
}

/// Enter sends, unless it is part of a line break or of an input method's composition.
pub(super) fn enter(event: &KeyboardEvent) {
    let composing = event.is_composing() || event.key_code() == IME_KEY;
    if event.key() != "Enter" || event.shift_key() || composing {
        return;
    }
    let Some(field) = closest(event, "textarea.input") else { return };
    event.prevent_default();
    let form = field.closest("form").ok().flatten();
    if let Some(send) = form.and_then(|form| form.query_selector("[type=submit]").ok().flatten()) {
        send.unchecked_into::<HtmlElement>().click();
    }
}
