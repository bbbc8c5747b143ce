//! The form for contact details.

use leptos::prelude::*;
use natter_shared::contact::ContactHandoff;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use super::parts::{Common, TextButton, never};
use crate::state::{Dialog, Msg};

/// Not a literal, so that the macro does not build the field from a string of HTML.
const CHECKBOX: &str = "checkbox";

/// Asks how to reach the visitor.
#[component]
pub(super) fn Contact(
    /// What it shares.
    common: Common,
) -> impl IntoView {
    let texts = common.texts;
    let field = |label: &'static str, name: &'static str, kind: &'static str, complete: &'static str| {
        view! { <label><span>{label}</span><input class="field" type=kind name=name autocomplete=complete maxlength="200"/></label> }
    };
    let form = NodeRef::<leptos::html::Form>::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(form) = form.get_untracked() {
            common.dispatch.send(Msg::Contact(read(&form)));
        }
    };
    view! {
        <div class="veil" hidden=common.flag(|panel| panel.dialog != Dialog::Contact)>
            <form class="modal contact" part="contact" role="dialog" aria-modal="true" aria-labelledby="natter-contact" novalidate=true node_ref=form on:submit=submit>
                <h2 id="natter-contact" dir="auto">{common.text(|panel| panel.contact_title.clone())}</h2>
                <p dir="auto">{common.text(|panel| panel.contact_subtitle.clone())}</p>
                {field(texts.contact_name, "name", "text", "name")}
                {field(texts.contact_email, "email", "email", "email")}
                {field(texts.contact_phone, "phone", "tel", "tel")}
                <label><span>{texts.contact_message}</span><textarea class="field" name="message" rows=2 maxlength=2000></textarea></label>
                <label class="tick"><input type=CHECKBOX name="agree"/><span>{texts.contact_consent}</span></label>
                <p class="note bad" hidden=common.flag(|panel| panel.contact_error.is_empty())>{common.text(|panel| panel.contact_error.to_owned())}</p>
                <div class="acts">
                    <button class="btn primary" disabled=common.flag(|panel| panel.contact_sending)>{common.text(|panel| panel.contact_send.clone())}</button>
                    <TextButton class="btn cancel" label=texts.cancel.to_owned() act=|| Msg::Show(Dialog::None) common hidden=never disabled=never/>
                </div>
            </form>
        </div>
    }
}

/// What was entered; empty fields are absent.
fn read(form: &Element) -> ContactHandoff {
    let find = |name: &str| form.query_selector(&["[name=", name, "]"].concat()).ok().flatten();
    let text = |name: &str| {
        let node = find(name)?;
        let value = match node.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.value(),
            None => node.dyn_ref::<HtmlTextAreaElement>()?.value(),
        };
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let ticked = find("agree").and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
    ContactHandoff {
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
        message: text("message"),
        consent_accepted: Some(ticked.is_some_and(|tick| tick.checked())),
    }
}
