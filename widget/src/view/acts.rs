//! What a press of a button means: one listener for the whole panel, and a name on every button.

use natter_shared::message::Rating;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::composer::{enter, typed};
use super::dom::{closest, value};
use crate::i18n::Texts;
use crate::state::Msg;

/// The line that an element belongs to, or the number that it carries.
fn key(element: &Element) -> Option<u32> {
    element.closest("[data-key]").ok()??.get_attribute("data-key")?.parse().ok()
}

/// A random key for a message. It must not be guessable: the first one of a conversation names its session too.
pub(crate) fn fresh_key() -> String {
    let mut random = [0; 26];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    if crypto.is_none_or(|crypto| crypto.get_random_values_with_u8_array(&mut random).is_err()) {
        // No browser is without it; a key that is too short is refused instead of being shared.
        return String::new();
    }
    let digits = random
        .iter()
        .map(|byte| char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(byte % 32)]));
    digits.collect()
}

/// What an event within the panel means.
pub(crate) fn heard(texts: &Texts, limit: usize, event: &Event) -> Option<Msg> {
    match event.type_().as_str() {
        // In a sandboxed page no form is ever submitted; Enter in a field presses the button as well.
        "click" if closest(event, "form button:not([type=button])").is_some() => submitted(event),
        "click" => clicked(event),
        "submit" => submitted(event),
        "input" => {
            typed(texts, limit, event);
            None
        }
        name @ ("keydown" | "keyup" | "keypress") => {
            // Shortcuts of the page around must not take what is typed here.
            event.stop_propagation();
            let event: &KeyboardEvent = event.unchecked_ref();
            if name != "keydown" {
                return None;
            }
            enter(event);
            match event.key().as_str() {
                "Tab" => go_round(event),
                "F6" => hop(event),
                _ => {}
            }
            (event.key() == "Escape" && !event.is_composing()).then_some(Msg::Escape)
        }
        _ => None,
    }
}

/// Where the focus can stand in a question.
const PLACES: &str = "button:not(:disabled),input,select,textarea";

/// Keeps the focus within a question that is asked over everything else: behind its last button comes its first.
fn go_round(event: &KeyboardEvent) {
    let Some(target) = event.target() else { return };
    let target: &Element = target.unchecked_ref();
    let Ok(Some(modal)) = target.closest("[aria-modal]") else { return };
    let Ok(buttons) = modal.query_selector_all(PLACES) else { return };
    let Some(last) = buttons.length().checked_sub(1) else { return };
    let (from, to) = if event.shift_key() { (0, last) } else { (last, 0) };
    let edge = buttons.get(from).is_some_and(|edge| target.is_same_node(Some(&edge)));
    if edge && let Some(to) = buttons.get(to) {
        event.prevent_default();
        let _ = to.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// F6 goes from the field to the log, whose pages the page keys turn, and from anywhere to the field.
fn hop(event: &KeyboardEvent) {
    let writing = closest(event, ".input").is_some();
    let Some(panel) = event.current_target() else { return };
    let panel: &Element = panel.unchecked_ref();
    if let Ok(Some(to)) = panel.query_selector(if writing { ".scroll" } else { ".input" }) {
        event.prevent_default();
        let _ = to.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// What has the focus is about to go: the log takes it over, lest it falls to the page.
fn stay(going: &Element) {
    let chat = going.closest(".chat").ok().flatten();
    if let Some(log) = chat.and_then(|chat| chat.query_selector(".scroll").ok().flatten()) {
        let _ = log.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// A click.
fn clicked(event: &Event) -> Option<Msg> {
    let button = closest(event, "[data-act]")?;
    let act = button.get_attribute("data-act").unwrap_or_default();
    let line = key(&button).unwrap_or_default();
    if matches!(act.as_str(), "ask" | "retry" | "dismiss" | "newest" | "reconnect") {
        stay(&button);
    }
    Some(match act.as_str() {
        "ask" => Msg::Submit { text: button.text_content().unwrap_or_default(), key: fresh_key() },
        "up" => Msg::Rate(line, Rating::Up),
        "down" => Msg::Rate(line, Rating::Down),
        "retry" => Msg::Retry { line, key: fresh_key() },
        "edit" => {
            let panel = button.closest(".chat").ok().flatten();
            let field =
                panel.and_then(|panel| panel.query_selector("textarea.input").ok().flatten());
            Msg::Edit(Some(line), field.map(|field| value(&field)).unwrap_or_default())
        }
        "unedit" => Msg::Edit(None, String::new()),
        "contact" => Msg::Part("contact"),
        "menu" => Msg::Part("menu"),
        "back" => Msg::Unpick,
        "pick" => Msg::Pick(line as usize),
        "expand" => Msg::Expand,
        "close" => Msg::Close,
        "reconnect" => Msg::Reconnect,
        "accept" => Msg::Consent(true),
        "decline" => Msg::Consent(false),
        "reconsider" => Msg::Reconsider,
        "anew" => Msg::Anew,
        "dismiss" => Msg::Dismiss,
        "stop" => Msg::Stop,
        "newest" => Msg::Newest,
        _ => return None,
    })
}

/// A form: the composer. That of a part sees to itself.
fn submitted(event: &Event) -> Option<Msg> {
    event.prevent_default();
    let form = closest(event, "form")?;
    let field = form.query_selector("textarea").ok().flatten();
    let text = field.map(|field| value(&field)).unwrap_or_default();
    form.class_list().contains("composer").then(|| Msg::Submit { text, key: fresh_key() })
}
