//! The panel's head, its menu, and the screens before the conversation.

use super::dom::{add, attr, element, icon, text};
use super::icons::Icon;
use super::plan::{Own, Plan, Words, forgiving};
use crate::i18n::Word;
use crate::lean::digits;
use crate::state::{Config, Dialog, Format, Mode, Screen, State};
use web_sys::Element;

/// Name of the agent.
pub(super) fn agent_of(state: &State) -> &str {
    // Before the handshake, or when it was refused, the bubble's own name is all that is known.
    state.chatbot().map_or(&state.settings.label, |chatbot| &chatbot.agent_name)
}

/// Whether trying again is of no use.
pub(super) fn no_retry(state: &State) -> bool {
    state.told().is_none_or(|notice| !notice.retry)
}

/// Address of its picture.
fn avatar_of(state: &State) -> &str {
    state.chatbot().map_or("", |chatbot| &chatbot.avatar_image_path)
}

/// The agent, and what can be done with the panel.
pub(super) fn head(plan: &mut Plan) -> Element {
    // No <header>: in a shadow root it would be another banner of the page.
    let head = element("div", "head");
    attr(&head, "part", "header");
    plan.icon(&head, Icon::Back, "back", Word::back, Some(|state| !state.can_unpick()));
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
    // The page may put something else in its place.
    let place = element("slot", "");
    attr(&place, "name", "header");
    add(&place, &avatar);
    let who = element("div", "who");
    let name = plan.text("strong", "agent", agent_of);
    attr(&name, "part", "name");
    add(&who, &name);
    add(
        &who,
        // An empty line until it is known, so that the name does not move when it comes.
        &plan.text("span", "tab", |state| {
            state
                .config
                .as_ref()
                .map_or("\u{200b}", |config| state.texts.own(&config.widget.header.chat_tab_label))
        }),
    );
    add(&place, &who);
    add(&head, &place);
    let menu =
        plan.icon(&head, Icon::Menu, "menu", Word::menu, Some(|state| state.session.is_none()));
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
        Word::expand,
        Some(|state| state.settings.mode == Mode::Page),
    );
    plan.icon(&head, Icon::Close, "close", Word::close, Some(|state| state.settings.mode.stays()));
    head
}

/// A screen.
fn screen(plan: &mut Plan, class: &str, hidden: super::plan::Fact) -> Element {
    let screen = element("section", class);
    plan.hide(&screen, hidden);
    screen
}

/// A heading that takes the focus when its screen is shown.
fn title(parent: &Element, id: &str, title: &Element) {
    attr(title, "tabindex", "-1");
    attr(title, "id", id);
    add(parent, title);
}

/// While there is no configuration.
pub(super) fn waiting(plan: &mut Plan, parent: &Element) {
    let connecting = screen(plan, "screen mid", |state| state.screen() != Screen::Connecting);
    add(&connecting, &super::row::dots());
    add(&connecting, &plan.word("p", "note", Word::connecting));
    add(parent, &connecting);
    let broken = screen(plan, "screen mid", |state| state.screen() != Screen::Broken);
    attr(&broken, "part", "error");
    add(&broken, &plan.told("p"));
    plan.button(&broken, "btn", "reconnect", Word::retry, Some(no_retry));
    add(parent, &broken);
}

/// The terms, and what a visitor sees who declined them.
pub(super) fn consent(plan: &mut Plan, parent: &Element) {
    let asked = screen(plan, "screen consent", |state| state.screen() != Screen::Consent);
    attr(&asked, "part", "consent");
    attr(&asked, "aria-labelledby", "natter-terms");
    let title_of: Words = |state| {
        state.texts.of(if state.renewed { Word::consent_again } else { Word::consent_title })
    };
    title(&asked, "natter-terms", &plan.text("h2", "", title_of));
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
    plan.button(&acts, "btn primary", "accept", Word::consent_accept, None);
    plan.button(&acts, "btn", "decline", Word::consent_decline, None);
    add(&asked, &acts);
    add(parent, &asked);
    let declined = screen(plan, "screen mid declined", |state| state.screen() != Screen::Declined);
    title(&declined, "natter-declined", &plan.word("h2", "", Word::declined_title));
    add(&declined, &plan.word("p", "", Word::declined_text));
    plan.button(&declined, "btn", "reconsider", Word::declined_again, None);
    add(parent, &declined);
}

/// The chatbots, when there is more than one.
pub(super) fn pick(plan: &mut Plan, parent: &Element, config: &Config) {
    let pick = screen(plan, "screen pick", |state| state.screen() != Screen::Pick);
    title(&pick, "natter-pick", &plan.word("h2", "", Word::pick_title));
    for (index, chatbot) in config.chatbots.iter().enumerate() {
        let entry = plan.act(&pick, "bot", "pick", None);
        attr(&entry, "part", "chatbot");
        attr(&entry, "data-key", &digits(index as u64));
        attr(&entry, "dir", "auto");
        add(&entry, &text("strong", "", &chatbot.agent_name));
        add(&entry, &text("span", "", &chatbot.description));
    }
    add(parent, &pick);
}

/// What can be done with the conversation.
pub(super) fn menu(plan: &mut Plan, parent: &Element) {
    let veil = element("div", "veil clear");
    attr(&veil, "data-act", "none");
    plan.hide(&veil, |state| state.dialog != Dialog::Menu);
    add(parent, &veil);
    let popup = element("div", "popup");
    attr(&popup, "part", "menu");
    attr(&popup, "role", "group");
    plan.label(&popup, "aria-label", Word::menu);
    plan.hide(&popup, |state| state.dialog != Dialog::Menu);
    let download: Own = |config| &config.widget.header.download_transcript_label;
    add(&popup, &plan.owned("p", "", download));
    let formats = element("div", "formats");
    attr(&formats, "role", "group");
    plan.own(&formats, Some("aria-label"), download);
    let names = [Word::format_txt, Word::format_md, Word::format_html, Word::format_json];
    for (format, name) in Format::ALL.into_iter().zip(names) {
        let entry = plan.button(&formats, "chip", "download", name, None);
        attr(&entry, "data-format", format.as_str());
    }
    add(&popup, &formats);
    let end = plan.act(&popup, "item", "finish", Some(|state| state.finished));
    plan.own(&end, None, |config| &config.widget.header.end_session_label);
    plan.flag(&end, "disabled", State::is_busy);
    plan.button(&popup, "item bad", "reset", Word::reset, None);
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
pub(super) fn reset(plan: &mut Plan, parent: &Element) {
    let (veil, modal) = modal(parent, "div", "modal", "alertdialog", "natter-reset");
    attr(&modal, "part", "dialog");
    attr(&veil, "aria-describedby", "natter-reset-text");
    plan.hide(&veil, |state| state.dialog != Dialog::Reset);
    let heading: Own = |config| &config.widget.reset_modal.reset_chat_modal_title;
    title(&modal, "natter-reset", &plan.owned("h2", "", heading));
    let about =
        plan.owned("p", "", |config| &config.widget.reset_modal.reset_chat_modal_description);
    attr(&about, "id", "natter-reset-text");
    add(&modal, &about);
    let acts = element("div", "acts");
    let yes = plan.act(&acts, "btn danger", "reset", None);
    plan.own(&yes, None, |config| &config.widget.reset_modal.confirm_reset_chat_button_text);
    plan.flag(&yes, "disabled", |state| state.resetting);
    let no = plan.act(&acts, "btn cancel", "none", None);
    plan.own(&no, None, |config| &config.widget.reset_modal.cancel_reset_chat_button_text);
    add(&modal, &acts);
}
