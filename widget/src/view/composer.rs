//! Where a visitor writes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, KeyboardEvent};

use super::dom::{closest, value};
use super::icons::Icon;
use super::parts::{Common, Glyph};
use crate::i18n::Texts;
use crate::state::counter;

/// Input methods that do not set `isComposing` on the Enter that ends a composition report this key code.
const IME_KEY: u32 = 229;

/// The field with its buttons.
#[component]
pub(super) fn Composer(
    /// What it shares.
    common: Common,
) -> impl IntoView {
    let texts = common.texts;
    view! {
        <form class="composer" part="composer" hidden=common.flag(|panel| panel.finished)>
            <div class="grow">
                <textarea class="input" part="input" rows=1 dir="auto" enterkeyhint="send"></textarea>
                <div class="input mirror" aria-hidden=YES></div>
            </div>
            <button type="submit" class="send" part="send" aria-label=texts.send title=texts.send disabled=true hidden=common.flag(|panel| panel.busy)>
                <Glyph icon=Icon::Send/>
            </button>
            <button type="button" class="send stop" part="stop" data-act="stop" aria-label=texts.stop title=texts.stop hidden=common.flag(|panel| !panel.busy)>
                <Glyph icon=Icon::Stop/>
            </button>
        </form>
        <p class="count" hidden=true></p>
    }
}

/// A literal in an element without anything dynamic would make the macro build it from a string of HTML, which a page
/// may forbid; this is no literal.
const YES: &str = "true";

/// Something was typed: the mirror has the same text in the same grid cell, so the field grows without a layout being
/// read.
pub(super) fn typed(texts: &Texts, event: &Event) {
    let Some(field) = closest(event, "textarea.input") else { return };
    let text = value(&field);
    if let Some(mirror) = field.next_element_sibling() {
        mirror.set_text_content(Some(&[&text, "\u{200b}"].concat()));
    }
    let chars = text.trim().chars().count();
    let count = counter(texts, chars);
    let over = count.as_ref().is_some_and(|(_, over)| *over);
    let Some(write) = field.closest(".write").ok().flatten() else { return };
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
    let form = field.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    if let Some(form) = form {
        let _ = form.request_submit();
    }
}
