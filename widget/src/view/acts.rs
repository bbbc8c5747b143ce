//! What a press of a button means: one listener for the whole panel, and a name on every button.

use natter_shared::message::Rating;
use web_sys::{Element, Event};

use super::dom::{closest, copy, load_image, value};
use super::parts::{Dispatch, fresh_key};
use super::contact;
use crate::state::{Dialog, Format, Msg};

/// The line that an element belongs to, or the number that it carries.
fn key(element: &Element) -> Option<u32> {
    element.closest("[data-key]").ok()??.get_attribute("data-key")?.parse().ok()
}

/// A click.
pub(super) fn clicked(dispatch: Dispatch, event: &Event) {
    let Some(button) = closest(event, "[data-act]") else { return };
    let act = button.get_attribute("data-act").unwrap_or_default();
    let line = key(&button).unwrap_or_default();
    let msg = match act.as_str() {
        "ask" => Msg::Submit { text: button.text_content().unwrap_or_default(), key: fresh_key() },
        "up" => Msg::Rate(line, Rating::Up),
        "down" => Msg::Rate(line, Rating::Down),
        "retry" => Msg::Retry { line, key: fresh_key() },
        "contact" => Msg::Show(Dialog::Contact),
        "menu" => Msg::Show(Dialog::Menu),
        "none" => Msg::Show(Dialog::None),
        "back" => Msg::Unpick,
        "pick" => Msg::Pick(line as usize),
        "expand" => Msg::Expand,
        "close" => Msg::Close,
        "reconnect" => Msg::Reconnect,
        "accept" => Msg::Consent(true),
        "decline" => Msg::Consent(false),
        "reconsider" => Msg::Reconsider,
        "finish" => Msg::Finish,
        "reset" => Msg::Reset,
        "anew" => Msg::Anew,
        "dismiss" => Msg::Dismiss,
        "stop" => Msg::Stop,
        "newest" => Msg::Newest,
        "download" => {
            let word = button.get_attribute("data-format").unwrap_or_default();
            let Some(format) = Format::ALL.into_iter().find(|format| format.as_str() == word) else { return };
            Msg::Download(format)
        }
        "image" => return load_image(&button),
        "copy" => {
            let row = button.closest("[data-key]").ok().flatten();
            let text = row.and_then(|row| row.query_selector(".md").ok().flatten());
            return copy(&button, text.as_deref());
        }
        "copy-code" => return copy(&button, button.previous_element_sibling().as_deref()),
        _ => return,
    };
    dispatch.send(msg);
}

/// A form: the composer, the contact form, or the comment below a thumb.
pub(super) fn submitted(dispatch: Dispatch, event: &Event) {
    event.prevent_default();
    let Some(form) = closest(event, "form") else { return };
    let field = form.query_selector("textarea").ok().flatten();
    let text = field.map(|field| value(&field)).unwrap_or_default();
    dispatch.send(match key(&form) {
        Some(line) => Msg::Comment(line, text),
        None if form.class_list().contains("composer") => Msg::Submit { text, key: fresh_key() },
        None => Msg::Contact(contact::read(&form)),
    });
}
