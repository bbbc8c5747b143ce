//! The panel's head, its menu, and the screens before the conversation.

use natter_shared::appearance::{Header, ResetModal};

use super::dom::{add, attr, element, icon, text};
use super::icons::Icon;
use super::plan::{Plan, Words, forgiving};
use crate::i18n::Texts;
use crate::state::{Config, Dialog, Format, Mode, Screen, State};
use web_sys::Element;

/// Name of the agent.
pub(super) fn agent_of(state: &State) -> &str {
    // Before the handshake, or when it was refused, the bubble's own name is all that is known.
    state.chatbot().map_or(&state.settings.label, |chatbot| &chatbot.agent_name)
}

/// Address of its picture.
fn avatar_of(state: &State) -> &str {
    state.chatbot().map_or("", |chatbot| &chatbot.avatar_image_path)
}

/// The agent, and what can be done with the panel.
pub(super) fn head(plan: &mut Plan, texts: &Texts) -> Element {
    // No <header>: in a shadow root it would be another banner of the page.
    let head = element("div", "head");
    attr(&head, "part", "header");
    plan.icon(&head, Icon::Back, "back", texts.back, Some(|state| !state.can_unpick()));
    let avatar = element("span", "avatar");
    attr(&avatar, "part", "avatar");
    add(&avatar, &icon(Icon::Agent));
    let picture = element("img", "");
    for (name, value) in [("alt", ""), ("loading", "lazy"), ("referrerpolicy", "no-referrer")] {
        attr(&picture, name, value);
    }
    forgiving(&picture);
    plan.attr(&picture, "src", avatar_of);
    add(&avatar, &picture);
    add(&head, &avatar);
    let who = element("div", "who");
    let name = plan.text("strong", "agent", agent_of);
    attr(&name, "part", "name");
    add(&who, &name);
    add(
        &who,
        // An empty line until it is known, so that the name does not move when it comes.
        &plan.text("span", "tab", |state| {
            state.config.as_ref().map_or("\u{200b}", |config| &config.widget.header.chat_tab_label)
        }),
    );
    add(&head, &who);
    let menu =
        plan.icon(&head, Icon::Menu, "menu", texts.menu, Some(|state| state.session.is_none()));
    plan.attr(
        &menu,
        "aria-expanded",
        |state| {
            if state.dialog == Dialog::Menu { "true" } else { "false" }
        },
    );
    plan.icon(
        &head,
        Icon::Expand,
        "expand",
        texts.expand,
        Some(|state| state.settings.mode == Mode::Page),
    );
    plan.icon(
        &head,
        Icon::Close,
        "close",
        texts.close,
        Some(|state| state.settings.mode == Mode::Page),
    );
    head
}

/// A screen.
fn screen(plan: &mut Plan, class: &str, hidden: super::plan::Fact) -> Element {
    let screen = element("section", class);
    plan.hide(&screen, hidden);
    screen
}

/// A heading that takes the focus when its screen is shown.
fn title(parent: &Element, id: &str, words: &str) {
    let title = text("h2", "", words);
    attr(&title, "tabindex", "-1");
    attr(&title, "id", id);
    add(parent, &title);
}

/// While there is no configuration.
pub(super) fn waiting(plan: &mut Plan, parent: &Element, texts: &Texts) {
    let connecting = screen(plan, "screen mid", |state| state.screen() != Screen::Connecting);
    add(&connecting, &super::row::dots());
    add(&connecting, &text("p", "note", texts.connecting));
    add(parent, &connecting);
    let broken = screen(plan, "screen mid", |state| state.screen() != Screen::Broken);
    attr(&broken, "part", "error");
    add(&broken, &plan.text("p", "", |state| state.told().0));
    plan.button(&broken, "btn", "reconnect", texts.retry, Some(|state| !state.told().1));
    add(parent, &broken);
}

/// The terms, and what a visitor sees who declined them.
pub(super) fn consent(plan: &mut Plan, parent: &Element, texts: &Texts) {
    let asked = screen(plan, "screen consent", |state| state.screen() != Screen::Consent);
    attr(&asked, "part", "consent");
    attr(&asked, "aria-labelledby", "natter-terms");
    let title_of: Words = |state| {
        if state.renewed { state.texts.consent_again } else { state.texts.consent_title }
    };
    let heading = plan.text("h2", "", title_of);
    attr(&heading, "tabindex", "-1");
    attr(&heading, "id", "natter-terms");
    add(&asked, &heading);
    let place = element("div", "terms");
    for (name, value) in [
        ("part", "terms"),
        ("dir", "auto"),
        ("tabindex", "0"),
        ("role", "group"),
        ("aria-labelledby", "natter-terms"),
    ] {
        attr(&place, name, value);
    }
    plan.terms(&place);
    add(&asked, &place);
    let acts = element("div", "acts");
    plan.button(&acts, "btn primary", "accept", texts.consent_accept, None);
    plan.button(&acts, "btn", "decline", texts.consent_decline, None);
    add(&asked, &acts);
    add(parent, &asked);
    let declined = screen(plan, "screen mid declined", |state| state.screen() != Screen::Declined);
    title(&declined, "natter-declined", texts.declined_title);
    add(&declined, &text("p", "", texts.declined_text));
    plan.button(&declined, "btn", "reconsider", texts.declined_again, None);
    add(parent, &declined);
}

/// The chatbots, when there is more than one.
pub(super) fn pick(plan: &mut Plan, parent: &Element, texts: &Texts, config: &Config) {
    let pick = screen(plan, "screen pick", |state| state.screen() != Screen::Pick);
    title(&pick, "natter-pick", texts.pick_title);
    for (index, chatbot) in config.chatbots.iter().enumerate() {
        let entry = plan.button(&pick, "bot", "pick", "", None);
        attr(&entry, "part", "chatbot");
        attr(&entry, "data-key", &index.to_string());
        attr(&entry, "dir", "auto");
        add(&entry, &text("strong", "", &chatbot.agent_name));
        add(&entry, &text("span", "", &chatbot.description));
    }
    add(parent, &pick);
}

/// What can be done with the conversation.
pub(super) fn menu(plan: &mut Plan, parent: &Element, texts: &Texts, words: &Header) {
    let veil = element("div", "veil clear");
    attr(&veil, "data-act", "none");
    plan.hide(&veil, |state| state.dialog != Dialog::Menu);
    add(parent, &veil);
    let popup = element("div", "popup");
    for (name, value) in [("part", "menu"), ("role", "group"), ("aria-label", texts.menu)] {
        attr(&popup, name, value);
    }
    plan.hide(&popup, |state| state.dialog != Dialog::Menu);
    let label = text("p", "", &words.download_transcript_label);
    add(&popup, &label);
    let formats = element("div", "formats");
    attr(&formats, "role", "group");
    attr(&formats, "aria-label", &words.download_transcript_label);
    let names = [texts.format_txt, texts.format_md, texts.format_html, texts.format_json];
    for (format, name) in Format::ALL.into_iter().zip(names) {
        let entry = plan.button(&formats, "chip", "download", name, None);
        attr(&entry, "data-format", format.as_str());
    }
    add(&popup, &formats);
    let end = plan.button(
        &popup,
        "item",
        "finish",
        &words.end_session_label,
        Some(|state| state.finished),
    );
    plan.flag(&end, "disabled", State::is_busy);
    plan.button(&popup, "item bad", "reset", texts.reset, None);
    add(parent, &popup);
}

/// A dialog's frame over everything else.
pub(super) fn modal(
    parent: &Element,
    tag: &str,
    class: &str,
    role: &str,
    id: &str,
) -> (Element, Element) {
    let veil = element("div", "veil");
    let modal = element(tag, class);
    attr(&veil, "role", role);
    attr(&veil, "aria-modal", "true");
    attr(&veil, "aria-labelledby", id);
    add(&veil, &modal);
    add(parent, &veil);
    (veil, modal)
}

/// The question before a reset.
pub(super) fn reset(plan: &mut Plan, parent: &Element, words: &ResetModal) {
    let (veil, modal) = modal(parent, "div", "modal", "alertdialog", "natter-reset");
    attr(&modal, "part", "dialog");
    attr(&veil, "aria-describedby", "natter-reset-text");
    plan.hide(&veil, |state| state.dialog != Dialog::Reset);
    title(&modal, "natter-reset", &words.reset_chat_modal_title);
    let about = text("p", "", &words.reset_chat_modal_description);
    attr(&about, "id", "natter-reset-text");
    add(&modal, &about);
    let acts = element("div", "acts");
    let yes =
        plan.button(&acts, "btn danger", "reset", &words.confirm_reset_chat_button_text, None);
    plan.flag(&yes, "disabled", |state| state.resetting);
    plan.button(&acts, "btn cancel", "none", &words.cancel_reset_chat_button_text, None);
    add(&modal, &acts);
}
