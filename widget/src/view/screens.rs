//! The screens before the conversation: connecting, trouble, terms, chatbots.

use std::sync::Arc;

use leptos::prelude::*;

use super::markdown::draw;
use super::parts::{Common, TextButton, YES, never};
use crate::state::{Config, Msg, Panel, Screen};

/// While there is no configuration.
#[component]
pub(super) fn Waiting(
    /// What it shares.
    common: Common,
) -> impl IntoView {
    let texts = common.texts;
    view! {
        <div class="screen mid" hidden=common.flag(|panel| panel.screen != Screen::Connecting)>
            <span class="dots" aria-hidden=YES><i></i><i></i><i></i></span>
            <p class="note">{texts.connecting}</p>
        </div>
        <div class="screen mid" part="error" hidden=common.flag(|panel| panel.screen != Screen::Broken)>
            <p>{common.text(|panel| panel.notice.text.clone())}</p>
            <TextButton class="btn" label=texts.retry.to_owned() act=|| Msg::Reconnect common hidden=|panel| !panel.notice.retry disabled=never/>
        </div>
    }
}

/// The terms, and what a visitor sees who declined them.
#[component]
pub(super) fn Consent(
    /// What it shares.
    common: Common,
    /// The terms.
    terms: String,
) -> impl IntoView {
    let texts = common.texts;
    let place = NodeRef::<leptos::html::Div>::new();
    place.on_load(move |place| super::dom::add(&place, &draw(&terms, texts)));
    view! {
        <section class="screen consent" part="consent" aria-labelledby="natter-terms" hidden=common.flag(|panel| panel.screen != Screen::Consent)>
            <h2 id="natter-terms" tabindex="-1">{texts.consent_title}</h2>
            <div class="terms" dir="auto" tabindex="0" role="group" aria-labelledby="natter-terms" node_ref=place></div>
            <div class="acts">
                <TextButton class="btn primary" label=texts.consent_accept.to_owned() act=|| Msg::Consent(true) common hidden=never disabled=never/>
                <TextButton class="btn" label=texts.consent_decline.to_owned() act=|| Msg::Consent(false) common hidden=never disabled=never/>
            </div>
        </section>
        <section class="screen mid declined" hidden=common.flag(|panel| panel.screen != Screen::Declined)>
            <h2 tabindex="-1">{texts.declined_title}</h2>
            <p>{texts.declined_text}</p>
            <TextButton class="btn" label=texts.declined_again.to_owned() act=|| Msg::Reconsider common hidden=never disabled=never/>
        </section>
    }
}

/// The chatbots, when there is more than one.
#[component]
pub(super) fn Pick(
    /// What it shares.
    common: Common,
    /// The configuration.
    config: Arc<Config>,
) -> impl IntoView {
    let dispatch = common.dispatch;
    let hidden: fn(&Panel) -> bool = |panel| panel.screen != Screen::Pick;
    let entry = move |(index, name, about): (usize, String, String)| {
        view! {
            <li>
                <button type="button" class="bot" part="chatbot" on:click=move |_| dispatch.send(Msg::Pick(index))>
                    <strong dir="auto">{name}</strong>
                    <span dir="auto">{about}</span>
                </button>
            </li>
        }
    };
    let entries: Vec<_> = config
        .chatbots
        .iter()
        .enumerate()
        .map(|(index, chatbot)| (index, chatbot.agent_name.clone(), chatbot.description.clone()))
        .map(entry)
        .collect();
    view! {
        <section class="screen pick" hidden=common.flag(hidden)>
            <h2 tabindex="-1">{common.texts.pick_title}</h2>
            <ul>{entries}</ul>
        </section>
    }
}
