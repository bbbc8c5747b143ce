//! The panel as a whole.

use leptos::prelude::*;
use web_sys::Element;

use super::composer::composer;
use super::dom::{add, attr, element};
use super::frame::{self, no_retry};
use super::icons::Icon;
use super::plan::Plan;
use crate::i18n::Word;
use crate::state::{Config, Mode, Screen, State};

/// The panel's frame; [`begin`] and [`furnish`] put the rest in.
pub(crate) fn root(mode: Mode) -> impl IntoView {
    let class = match mode {
        Mode::Bubble => "n bubble",
        Mode::Page => "n page",
        Mode::Frame => "n page frame",
        Mode::Inline => "n page inline",
    };
    // Nothing that is the same for all: such elements would be made by `innerHTML`, which trusted types forbid.
    let role = if mode == Mode::Page { "region" } else { "dialog" };
    view! { <div class=class part="panel" role=role></div> }
}

/// Puts in what needs no configuration.
pub(crate) fn begin(plan: &mut Plan, panel: &Element) {
    plan.label(panel, "lang", Word::lang);
    plan.label(panel, "dir", Word::dir);
    plan.attr(panel, "aria-label", frame::agent_of);
    plan.hide(panel, |state| !state.open);
    let main = element("div", "main");
    plan.flag(&main, "inert", State::is_covered);
    add(&main, &frame::head(plan));
    frame::waiting(plan, &main);
    // On every screen: whoever reads the terms or chooses a chatbot is to know it, too.
    let fine = element("p", "fine");
    attr(&fine, "part", "disclosure");
    add(&fine, &plan.word("span", "", Word::disclosure));
    add(&main, &fine);
    add(panel, &main);
    let region = element("div", "sr live");
    attr(&region, "role", "status");
    add(panel, &region);
}

/// Everything that needs the configuration.
pub(crate) fn furnish(plan: &mut Plan, panel: &Element, config: &Config) {
    let widget = &config.widget;
    let Some(main) = panel.first_element_child() else { return };
    let fine = main.last_element_child();
    frame::consent(plan, &main);
    frame::pick(plan, &main, config);
    let class =
        if widget.behaviour.enable_sources { "screen chat" } else { "screen chat nosources" };
    let chat = element("section", class);
    plan.hide(&chat, |state| state.screen() != Screen::Chat);
    let scroll = element("div", "scroll");
    for (name, value) in [("tabindex", "0"), ("role", "log"), ("aria-live", "off")] {
        attr(&scroll, name, value);
    }
    plan.own(&scroll, Some("aria-label"), |config| &config.widget.header.chat_tab_label);
    let log = element("div", "log");
    attr(&log, "part", "log");
    add(&scroll, &log);
    add(&chat, &scroll);
    let newest = plan.icon(&chat, Icon::Down, "newest", Word::newest, None);
    newest.set_class_name("down");
    attr(&newest, "hidden", "");
    notices(plan, &chat);
    composer(plan, &chat);
    add(&main, &chat);
    let Some(fine) = fine else { return };
    if widget.branding.show_powered_by {
        let brand = plan.filled("span", "brand", Word::powered_by, &widget.branding.brand_name);
        attr(&brand, "part", "brand");
        add(&fine, &brand);
    }
    // Below all screens.
    add(&main, &fine);
}

/// What stands above the composer, or in its place.
fn notices(plan: &mut Plan, chat: &Element) {
    let notice = element("div", "notice");
    attr(&notice, "part", "notice");
    plan.hide(&notice, |state| state.told().is_none());
    add(&notice, &plan.told("span"));
    plan.button(&notice, "btn small", "reconnect", Word::retry, Some(no_retry));
    plan.icon(&notice, Icon::Close, "dismiss", Word::dismiss, Some(|state| !no_retry(state)));
    add(chat, &notice);
    let editing = element("div", "notice");
    attr(&editing, "part", "notice");
    plan.hide(&editing, |state| state.editing.is_none());
    add(&editing, &plan.word("span", "", Word::editing));
    plan.icon(&editing, Icon::Close, "unedit", Word::cancel, None);
    add(chat, &editing);
    let offline = element("div", "notice");
    attr(&offline, "part", "notice");
    plan.hide(&offline, |state| state.online);
    add(&offline, &plan.word("span", "", Word::offline));
    add(chat, &offline);
    let ended = element("div", "ended");
    plan.hide(&ended, |state| !state.finished);
    add(&ended, &plan.word("p", "", Word::ended_title));
    plan.button(&ended, "btn primary", "anew", Word::ended_new, None);
    add(chat, &ended);
}
