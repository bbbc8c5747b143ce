//! The panel as a whole.

use leptos::prelude::*;
use web_sys::Element;

use super::composer::composer;
use super::contact::contact;
use super::dom::{add, attr, element, icon_button, text};
use super::frame;
use super::icons::Icon;
use super::plan::Plan;
use crate::i18n::{Texts, is_rtl};
use crate::state::{Config, Mode, Panel, Screen};

/// What the panel's frame is made from.
pub(crate) struct Props {
    /// The panel as it is to be drawn.
    pub(crate) panel: RwSignal<Panel>,
    /// Where it stands.
    pub(crate) mode: Mode,
    /// Language of its words.
    pub(crate) lang: &'static str,
    /// The visitor's language.
    pub(crate) locale: String,
}

/// The panel's frame; [`begin`] and [`furnish`] put the rest in.
pub(crate) fn root(props: Props) -> impl IntoView {
    let Props { panel, mode, lang, locale } = props;
    let class = match mode {
        Mode::Bubble => "n bubble",
        Mode::Page => "n page",
        Mode::Frame => "n page frame",
    };
    view! {
        <div
            class=class
            part="panel"
            role=if mode == Mode::Page { "region" } else { "dialog" }
            lang=lang
            dir=if is_rtl(&locale) { "rtl" } else { "ltr" }
            hidden=move || !panel.get().open
        >
            <div class="main" inert=move || panel.get().covered></div>
        </div>
    }
}

/// Puts in what needs no configuration.
pub(crate) fn begin(plan: &mut Plan, panel: &Element, texts: &Texts) {
    plan.attr(panel, "aria-label", frame::agent_of);
    if let Some(main) = panel.first_element_child() {
        let _ = main.insert_before(&frame::head(plan, texts), main.first_child().as_ref());
        frame::waiting(plan, &main, texts);
    }
    let region = element("div", "sr live");
    attr(&region, "role", "status");
    add(panel, &region);
}

/// Everything that needs the configuration.
pub(crate) fn furnish(plan: &mut Plan, panel: &Element, texts: &Texts, config: &Config) {
    let widget = &config.widget;
    let Some(main) = panel.first_element_child() else { return };
    frame::consent(plan, &main, texts);
    frame::pick(plan, &main, texts, config);
    let class =
        if widget.behaviour.enable_sources { "screen chat" } else { "screen chat nosources" };
    let chat = element("section", class);
    plan.hide(&chat, |state| state.screen() != Screen::Chat);
    let scroll = element("div", "scroll");
    for (name, value) in [
        ("tabindex", "0"),
        ("role", "log"),
        ("aria-live", "off"),
        ("aria-label", &widget.header.chat_tab_label),
    ] {
        attr(&scroll, name, value);
    }
    let log = element("div", "log");
    attr(&log, "part", "log");
    add(&scroll, &log);
    add(&chat, &scroll);
    let newest = icon_button(Icon::Down, "newest", texts.newest);
    newest.set_class_name("down");
    attr(&newest, "hidden", "");
    add(&chat, &newest);
    notices(plan, &chat, texts);
    composer(plan, &chat, texts, &widget.header.input_placeholder);
    let fine = element("p", "fine");
    attr(&fine, "part", "disclosure");
    add(&fine, &text("span", "", texts.disclosure));
    if widget.branding.show_powered_by {
        let brand =
            text("span", "brand", &[texts.powered_by, " ", &widget.branding.brand_name].concat());
        attr(&brand, "part", "brand");
        add(&fine, &brand);
    }
    add(&chat, &fine);
    add(&main, &chat);
    frame::menu(plan, panel, texts, &widget.header);
    frame::reset(plan, panel, &widget.reset_modal);
    contact(plan, panel, texts);
}

/// What stands above the composer, or in its place.
fn notices(plan: &mut Plan, chat: &Element, texts: &Texts) {
    let notice = element("div", "notice");
    attr(&notice, "part", "notice");
    plan.hide(&notice, |state| state.told().0.is_empty());
    add(&notice, &plan.text("span", "", |state| state.told().0));
    plan.button(&notice, "btn small", "reconnect", texts.retry, Some(|state| !state.told().1));
    plan.icon(&notice, Icon::Close, "dismiss", texts.dismiss, Some(|state| state.told().1));
    add(chat, &notice);
    let editing = element("div", "notice");
    attr(&editing, "part", "notice");
    plan.hide(&editing, |state| state.editing.is_none());
    add(&editing, &text("span", "", texts.editing));
    plan.icon(&editing, Icon::Close, "unedit", texts.cancel, None);
    add(chat, &editing);
    let offline = element("div", "notice");
    attr(&offline, "part", "notice");
    plan.hide(&offline, |state| state.online);
    add(&offline, &text("span", "", texts.offline));
    add(chat, &offline);
    let ended = element("div", "ended");
    plan.hide(&ended, |state| !state.finished);
    add(&ended, &text("p", "", texts.ended_title));
    plan.button(&ended, "btn primary", "anew", texts.ended_new, None);
    add(chat, &ended);
}
