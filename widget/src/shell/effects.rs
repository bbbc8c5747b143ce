//! One effect at a time.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;

use super::{Later, Shell, browser};
use crate::api::{Client, Job, get};
use crate::i18n::Word;
use crate::state::{Effect, Focus, Host, Msg};
use crate::view::dom;

impl Shell {
    /// Does one thing.
    pub(super) fn perform(&self, effect: Effect) {
        match effect {
            Effect::Handshake(resume) => {
                let settings = self.state.borrow().settings.clone();
                self.work(Job::Handshake(settings, resume));
            }
            Effect::Probe => self.work(Job::Probe),
            Effect::Call(epoch, call) => self.work(Job::Call(epoch, call)),
            Effect::Stream { number, ask, place } => self.stream(number, ask, place),
            Effect::Drop => self.hang_up(),
            Effect::After(milliseconds, timer) => {
                self.later(Some(milliseconds), Later::Timer(timer));
            }
            Effect::Keep(stored) => browser::keep(&self.storage_key, stored.as_ref()),
            Effect::Tell(tell) => self.tell(tell),
            Effect::Host(host) => self.tell_host(host),
            Effect::Announce(text) => self.announce(text),
            Effect::Part(name) => self.parts("open", &[name.into()]),
            Effect::Gone(session) => self.parts("open", &["gone".into(), session.into()]),
            Effect::Dismiss => self.parts("dismiss", &[]),
            Effect::Leave => self.parts("leave", &[]),
            Effect::Focus(focus) => self.focus(focus),
            Effect::Draft(text) => self.draft(Some(&text)),
            Effect::Recount => self.draft(None),
            Effect::Navigate(url) => self.navigate(url.as_deref()),
            Effect::ScrollToEnd => {
                if let Some(scroll) = self.find(".scroll") {
                    scroll.set_scroll_top(0);
                }
            }
        }
    }

    pub(super) fn client(&self) -> Client {
        let state = self.state.borrow();
        Client {
            token: state.token.clone(),
            session: state
                .session
                .as_ref()
                .map(|stored| stored.session_id.clone())
                .unwrap_or_default(),
            agreed: state.agreed,
            identity: state.settings.identity.clone(),
            context: state.context.clone(),
            locale: state.settings.locale.clone(),
        }
    }

    fn tell_host(&self, host: Host) {
        let _ = match host {
            Host::Opened => {
                self.watch_idleness();
                browser::call(&self.host, "onopen", &[])
            }
            Host::Closed => browser::call(&self.host, "onclose", &[]),
            Host::Idle => browser::call(&self.host, "onclose", &[JsValue::TRUE]),
            Host::Unread(count) => {
                let label = self.state.borrow().texts.count(Word::unread, count as usize);
                browser::call(&self.host, "onunread", &[count.into(), label.into()])
            }
            Host::Emit(name, detail) => {
                browser::call(&self.host, "emit", &[name.into(), detail.into()])
            }
        };
    }

    /// A region that was empty before is read by every screen reader; one that is filled twice at once is not.
    fn announce(&self, text: String) {
        if let Some(region) = self.find(".live[role]") {
            region.set_text_content(None);
            self.later(Some(150), Later::Say(text));
        }
    }

    /// At once, while a phone still counts it as the visitor's own doing, and before another key is pressed.
    fn focus(&self, focus: Focus) {
        if !self.state.borrow().open {
            return;
        }
        let selectors: &[&str] = match focus {
            Focus::Screen => &[
                "section:not([hidden]) h2[tabindex]",
                ".ended:not([hidden])>.btn",
                ".chat:not([hidden]) .input",
                "section:not([hidden]) .btn",
                ".close",
            ],
            Focus::Composer => &[".input"],
        };
        if let Some(element) = selectors.iter().find_map(|selector| self.find(selector)) {
            let _ = element.focus();
        }
    }

    /// Has a part of the app opened, or tells those that are there.
    pub(super) fn parts(&self, what: &str, about: &[JsValue]) {
        browser::call(&get(&self.host, "parts"), what, about);
    }

    /// Puts a text into the composer, as if it was typed, or looks at the one that is there.
    fn draft(&self, text: Option<&str>) {
        let Some(field) = self.find("textarea.input") else { return };
        let Ok(field) = field.dyn_into::<HtmlTextAreaElement>() else { return };
        if let Some(text) = text {
            field.set_value(text);
        }
        // As if it was typed: whoever keeps drafts hears of it, too.
        if let Ok(event) = dom::document().create_event("Event") {
            event.init_event_with_bubbles("input", true);
            let _ = field.dispatch_event(&event);
        }
    }

    /// Opens a tab while the click still counts as one; its address comes later.
    pub(super) fn open_tab(&self) {
        let tab = web_sys::window()
            .and_then(|window| window.open_with_url_and_target("", "_blank").ok().flatten());
        *self.tab.borrow_mut() = tab;
    }

    fn navigate(&self, url: Option<&str>) {
        let Some(tab) = self.tab.take() else { return };
        let Some(url) = url else {
            let _ = tab.close();
            return;
        };
        // The page that opens knows nothing of the page it was opened from.
        let _ = tab.set_opener(&JsValue::NULL);
        let _ = tab.location().replace(url);
    }

    /// Closes a panel that nobody attends to, after the owner's time.
    pub(super) fn watch_idleness(&self) {
        self.used.set(js_sys::Date::now());
        self.check_idleness();
    }

    pub(super) fn check_idleness(&self) {
        let (open, seconds) = {
            let state = self.state.borrow();
            let config = state.config.as_ref();
            (state.open, config.map_or(0, |config| config.widget.behaviour.close_after_time))
        };
        if !open || seconds == 0 {
            return;
        }
        let limit = f64::from(seconds) * 1_000.0;
        let mut rest = limit - (js_sys::Date::now() - self.used.get());
        if rest <= 0.0 {
            let is = |selector| {
                let node = self.node.borrow();
                node.as_ref().is_some_and(|node| node.matches(selector).unwrap_or(true))
            };
            self.used.set(js_sys::Date::now());
            self.send(Msg::Idle { attended: is(":focus-within") || is(":hover") });
            rest = limit;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive milliseconds"
        )]
        let wait = rest as u32 + 50;
        self.later(Some(wait), Later::CheckIdleness);
    }
}
