//! The panel's head and its menu.

use leptos::prelude::*;

use super::icons::Icon;
use super::parts::{Common, Glyph, IconButton, TextButton, never};
use crate::state::{Dialog, Format, Msg};
use natter_shared::appearance::Header as Words;

/// The agent, and what can be done with the panel.
#[component]
pub(super) fn Header(
    /// What it shares.
    common: Common,
) -> impl IntoView {
    let texts = common.texts;
    // A picture that a page's policy or the network withholds leaves the glyph behind it.
    let broken = RwSignal::new(false);
    let panel = common.panel;
    let without = move || broken.get() || panel.with(|panel| panel.avatar.is_empty());
    view! {
        <header class="head" part="header">
            <IconButton name="back" label=texts.back icon=Icon::Back act=|| Msg::Unpick common hidden=|panel| !panel.can_unpick/>
            <span class="avatar" part="avatar">
                <Glyph icon=Icon::Agent/>
                <img
                    alt=""
                    loading="lazy"
                    referrerpolicy="no-referrer"
                    src=common.text(|panel| panel.avatar.clone())
                    hidden=without
                    on:error=move |_| broken.set(true)
                />
            </span>
            <div class="who">
                <strong class="agent" dir="auto">{common.text(|panel| panel.agent.clone())}</strong>
                <span class="tab">{common.text(|panel| panel.tab.clone())}</span>
            </div>
            <IconButton name="menu" label=texts.menu icon=Icon::Menu act=|| Msg::Show(Dialog::Menu) common hidden=|panel| !panel.has_session/>
            <IconButton name="expand" label=texts.expand icon=Icon::Expand act=|| Msg::Expand common hidden=|panel| !panel.can_expand/>
            <IconButton name="close" label=texts.close icon=Icon::Close act=|| Msg::Close common hidden=|panel| !panel.can_close/>
        </header>
    }
}

/// What can be done with the conversation.
#[component]
pub(super) fn Menu(
    /// What it shares.
    common: Common,
    /// The owner's words.
    words: Words,
) -> impl IntoView {
    let texts = common.texts;
    let format = |name: &'static str, act: fn() -> Msg| {
        view! { <TextButton class="chip" label=name.to_owned() act common hidden=never disabled=never/> }
    };
    view! {
        <div class="veil clear" hidden=common.flag(|panel| panel.dialog != Dialog::Menu) on:click=move |_| common.dispatch.send(Msg::Show(Dialog::None))></div>
        <div class="popup" part="menu" role="group" aria-label=texts.menu hidden=common.flag(|panel| panel.dialog != Dialog::Menu)>
            <p id="natter-dl">{words.download_transcript_label}</p>
            <div class="formats" role="group" aria-labelledby="natter-dl">
                {format(texts.format_txt, || Msg::Download(Format::Txt))}
                {format(texts.format_md, || Msg::Download(Format::Md))}
                {format(texts.format_html, || Msg::Download(Format::Html))}
                {format(texts.format_json, || Msg::Download(Format::Json))}
            </div>
            <TextButton class="item" label=words.end_session_label act=|| Msg::Finish common hidden=|panel| panel.finished disabled=|panel| panel.busy/>
            <TextButton class="item bad" label=texts.reset.to_owned() act=|| Msg::Reset common hidden=never disabled=never/>
        </div>
    }
}
