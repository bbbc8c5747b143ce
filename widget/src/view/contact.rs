//! The form for contact details.

use natter_shared::appearance::LeadCapture;
use natter_shared::contact::{ContactHandoff, Fields};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::dom::{add, attr, element, value};
use super::frame::modal;
use super::plan::Plan;
use crate::i18n::Word;
use crate::state::{Dialog, State};

/// The owner's word, or ours.
fn word(state: &State, own: fn(&LeadCapture) -> &Option<String>, ours: Word) -> &str {
    let own = state.chatbot().and_then(|chatbot| own(&chatbot.lead_capture).as_deref());
    own.filter(|own| !own.is_empty()).unwrap_or(state.texts.of(ours))
}

/// Asks how to reach the visitor.
pub(super) fn contact(plan: &mut Plan, parent: &Element) {
    let (veil, form) = modal(parent, "form", "modal contact", "dialog", "natter-contact");
    attr(&form, "part", "dialog contact");
    attr(&form, "novalidate", "");
    plan.hide(&veil, |state| state.dialog != Dialog::Contact);
    let title =
        plan.text("h2", "", |state| word(state, |lead| &lead.form_title, Word::contact_title));
    attr(&title, "id", "natter-contact");
    add(&form, &title);
    add(
        &form,
        &plan
            .text("p", "", |state| word(state, |lead| &lead.form_subtitle, Word::contact_subtitle)),
    );
    for (label, name, kind) in [
        (Word::contact_name, "name", "text"),
        (Word::contact_email, "email", "email"),
        (Word::contact_phone, "tel", "tel"),
        (Word::contact_message, "message", ""),
        (Word::contact_consent, "agree", "checkbox"),
    ] {
        let tick = kind == "checkbox";
        let field = element(
            if kind.is_empty() { "textarea" } else { "input" },
            if tick { "" } else { "field" },
        );
        attr(&field, "name", name);
        if !matches!(name, "agree" | "message") {
            attr(&field, "autocomplete", name);
        }
        attr(
            &field,
            if kind.is_empty() { "rows" } else { "type" },
            if kind.is_empty() { "2" } else { kind },
        );
        attr(&field, "maxlength", if kind.is_empty() { "2000" } else { "200" });
        let row = element("label", if tick { "tick" } else { "" });
        let caption = plan.word("span", "", label);
        add(&row, if tick { &field } else { &caption });
        add(&row, if tick { &caption } else { &field });
        add(&form, &row);
    }
    let error = plan
        .text("p", "note bad", |state| state.contact.error.map_or("", |word| state.texts.of(word)));
    plan.hide(&error, |state| state.contact.error.is_none());
    add(&form, &error);
    let acts = element("div", "acts");
    let send = plan.text("button", "btn primary", |state| {
        word(state, |lead| &lead.submit_button_text, Word::contact_send)
    });
    plan.flag(&send, "disabled", |state| state.contact.sending);
    add(&acts, &send);
    plan.button(&acts, "btn cancel", "none", Word::cancel, None);
    add(&form, &acts);
}

/// What was entered; empty fields are absent.
pub(super) fn read(form: &Element) -> ContactHandoff {
    let find = |name: &str| form.query_selector(&["[name=", name, "]"].concat()).ok().flatten();
    let text = |name: &str| {
        let value = value(&find(name)?);
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let ticked = find("agree").and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
    ContactHandoff {
        name: text("name"),
        email: text("email"),
        phone: text("tel"),
        message: text("message"),
        fields: Fields::default(),
        consent_accepted: Some(ticked.is_some_and(|tick| tick.checked())),
    }
}
