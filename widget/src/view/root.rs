//! The panel as a whole.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlTextAreaElement, KeyboardEvent};

use super::composer::Composer;
use super::contact::Contact;
use super::dialog::Reset;
use super::dom::closest;
use super::header::{Header, Menu};
use super::icons::Icon;
use super::parts::{Common, Dispatch, Glyph, YES, fresh_key};
use super::screens::{Consent, Pick, Waiting};
use crate::i18n::{Texts, is_rtl};
use crate::state::{Config, Dialog, Mode, Msg, Panel, Screen, Settings};
use natter_shared::message::Rating;

/// What the panel is made from.
pub(crate) struct Props {
    /// The panel as it is to be drawn.
    pub(crate) panel: RwSignal<Panel>,
    /// The configuration, once it is there.
    pub(crate) config: RwSignal<Option<Arc<Config>>>,
    /// The words.
    pub(crate) texts: &'static Texts,
    /// The settings.
    pub(crate) settings: Settings,
    /// The way back.
    pub(crate) dispatch: Dispatch,
}

/// The panel.
pub(crate) fn root(props: Props) -> impl IntoView {
    let Props { panel, config, texts, settings, dispatch } = props;
    let common = Common { panel, texts, dispatch };
    let class = match settings.mode {
        Mode::Bubble => "n bubble",
        Mode::Page => "n page",
        Mode::Frame => "n page frame",
    };
    let position = settings.position.unwrap_or_default();
    let key = move |event: KeyboardEvent| {
        // Shortcuts of the page around must not take what is typed here.
        event.stop_propagation();
        if event.key() == "Escape" && !event.is_composing() {
            dispatch.send(Msg::Escape);
        }
    };
    let ready = move || config.get().map(|config| conversation(common, config));
    view! {
        <div
            class=class
            part="panel"
            role="dialog"
            lang=texts.lang
            dir=if is_rtl(&settings.locale) { "rtl" } else { "ltr" }
            aria-label=common.text(|panel| panel.agent.clone())
            data-theme=settings.theme.unwrap_or_default()
            data-position=position
            hidden=common.flag(|panel| !panel.open)
            on:keydown=key
            on:keyup=|event: KeyboardEvent| event.stop_propagation()
            on:keypress=|event: KeyboardEvent| event.stop_propagation()
        >
            <div class="main" inert=common.flag(|panel| matches!(panel.dialog, Dialog::Reset | Dialog::Contact))>
                <Header common/>
                <Waiting common/>
                {ready}
            </div>
            {move || config.get().map(|config| over(common, &config))}
            <div class="sr live" role="status" aria-atomic=YES aria-live="polite"></div>
        </div>
    }
}

/// Everything that needs the configuration.
fn conversation(common: Common, config: Arc<Config>) -> impl IntoView {
    let texts = common.texts;
    let widget = config.widget.clone();
    let terms = widget.privacy.chatbot_privacy_term.unwrap_or_default();
    let dispatch = common.dispatch;
    let scroll = NodeRef::<leptos::html::Div>::new();
    let away = RwSignal::new(false);
    let scrolled = move |_: Event| {
        if let Some(scroll) = scroll.get_untracked() {
            away.set(scroll.scroll_top() < -120);
        }
    };
    let down = move |_| {
        if let Some(scroll) = scroll.get_untracked() {
            scroll.set_scroll_top(0);
        }
    };
    let brand = [texts.powered_by, " ", &widget.branding.brand_name].concat();
    let label = widget.header.chat_tab_label;
    view! {
        <Consent common terms/>
        <Pick common config=config.clone()/>
        <section class="screen chat" class:nosources=!widget.behaviour.enable_sources hidden=common.flag(|panel| panel.screen != Screen::Chat)>
            <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label=label node_ref=scroll on:scroll=scrolled>
                <div class="log" part="log" on:click=move |event| clicked(dispatch, &event.into()) on:submit=move |event| submitted(dispatch, &event.into())></div>
            </div>
            <button type="button" class="down" part="newest" aria-label=texts.newest title=texts.newest hidden=move || !away.get() on:click=down>
                <Glyph icon=Icon::Down/>
            </button>
            <Composer common placeholder=widget.header.input_placeholder/>
            <p class="fine">
                <span>{texts.disclosure}</span>
                <span class="brand" part="brand" hidden=!widget.branding.show_powered_by>{brand}</span>
            </p>
        </section>
    }
}

/// What lies over the conversation.
fn over(common: Common, config: &Config) -> impl IntoView + use<> {
    let widget = &config.widget;
    view! {
        <Menu common words=widget.header.clone()/>
        <Reset common words=widget.reset_modal.clone()/>
        <Contact common/>
    }
}

/// A click in the log: the button says by its `data-act` what it is for.
fn clicked(dispatch: Dispatch, event: &Event) {
    let Some(button) = closest(event, "button[data-act]") else { return };
    let act = button.get_attribute("data-act").unwrap_or_default();
    let row = button.closest("[data-key]").ok().flatten();
    let line = row.as_ref().and_then(|row| row.get_attribute("data-key")?.parse().ok()).unwrap_or_default();
    let msg = match act.as_str() {
        "ask" => Msg::Submit { text: button.text_content().unwrap_or_default(), key: fresh_key() },
        "up" => Msg::Rate(line, Rating::Up),
        "down" => Msg::Rate(line, Rating::Down),
        "retry" => Msg::Retry { line, key: fresh_key() },
        "contact" => Msg::Show(Dialog::Contact),
        "image" => return super::dom::load_image(&button),
        "copy" => {
            let text = row.and_then(|row| row.query_selector(".md").ok().flatten());
            return super::dom::copy(&button, text.as_deref());
        }
        "copy-code" => return super::dom::copy(&button, button.previous_element_sibling().as_deref()),
        _ => return,
    };
    dispatch.send(msg);
}

/// The comment below a thumb.
fn submitted(dispatch: Dispatch, event: &Event) {
    event.prevent_default();
    let Some(form) = closest(event, "form") else { return };
    let row = form.closest("[data-key]").ok().flatten();
    let line = row.and_then(|row| row.get_attribute("data-key")?.parse().ok()).unwrap_or_default();
    let field = form.query_selector("textarea").ok().flatten();
    let text = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()).map(|field| field.value());
    dispatch.send(Msg::Comment(line, text.unwrap_or_default()));
}
