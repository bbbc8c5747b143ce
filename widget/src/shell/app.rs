//! What the loader sees: `mount`, and the handle that it gives.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::mount::mount_to;
use natter_shared::message::Author;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement, Node};

use super::{Shell, browser};
use crate::api::get;
use crate::i18n::Texts;
use crate::json::Object;
use crate::lean::digits;
use crate::state::{Dialog, Effect, Mode, Msg, Settings, State};
use crate::view::{begin, dom, fresh_key, heard, root, style};

/// The mounted app.
#[wasm_bindgen]
pub struct App {
    shell: Rc<Shell>,
    unmount: Option<Box<dyn FnOnce()>>,
}

/// Mounts the app into a shadow root or an element: hidden over a bubble, shown on a page of its own.
#[wasm_bindgen]
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "what crosses from JavaScript is passed by value"
)]
pub fn mount(place: Node, boot: JsValue, host: JsValue) -> App {
    let settings = settings(&boot);
    let storage_key = ["natter:", &settings.api, ":", &settings.chatbot_id].concat();
    let online = web_sys::window().is_none_or(|window| window.navigator().on_line());
    let state = State::new(settings.clone(), browser::load(&storage_key), online);
    let shell = Rc::new_cyclic(|me| Shell {
        me: me.clone(),
        state: RefCell::new(state),
        queue: RefCell::new(VecDeque::new()),
        running: Cell::new(false),
        frame: Cell::new(false),
        furnished: Cell::new(false),
        plan: RefCell::default(),
        log: RefCell::new(None),
        node: RefCell::new(None),
        host,
        storage_key,
        net: RefCell::default(),
        tab: RefCell::new(None),
        channel: RefCell::new(None),
        ear: RefCell::new(None),
        ears: RefCell::new(Vec::new()),
        config: RefCell::default(),
        used: Cell::new(0.0),
    });
    let frame: HtmlElement = dom::element("div", "natter").unchecked_into();
    dom::add(&place, &frame);
    shell.parts("wear", &[style::RULES.into()]);
    let me = Rc::downgrade(&shell);
    *shell.ear.borrow_mut() = Some(Closure::new(move |event| {
        if let Some(shell) = me.upgrade() {
            shell.heard(event);
        }
    }));
    let mode = settings.mode;
    let unmount = mount_to(frame.clone(), move || root(mode));
    if let Some(node) = browser::find(&frame, ".n") {
        begin(&mut shell.plan.borrow_mut(), &node);
        // With the bubble's own colours, so that the panel has them even where the server refuses to speak to it.
        style::paint(&node, "accent", &settings.colour);
        style::paint(&node, "ink", &settings.ink);
        dom::attr(&node, "data-theme", &settings.theme);
        dom::attr(&node, "data-position", &settings.position);
        shell.listen(&node, &PANEL_EVENTS, false);
        shell.listen(&node, &["scroll"], true);
        *shell.node.borrow_mut() = Some(node);
    }
    shell.join(&settings.chatbot_id);
    shell.connect();
    if let Some(window) = web_sys::window() {
        shell.listen(&window, &["online", "offline"], false);
    }
    shell.send(Msg::Start);
    let unmount = Box::new(move || {
        drop(unmount);
        frame.remove();
    });
    App { shell, unmount: Some(unmount) }
}

#[wasm_bindgen]
impl App {
    /// Shows the panel.
    pub fn open(&self) {
        self.shell.send(Msg::Open);
    }

    /// Hides it.
    pub fn close(&self) {
        self.shell.send(Msg::Close);
    }

    /// Shows or hides it.
    pub fn toggle(&self) {
        self.shell.send(Msg::Toggle);
    }

    /// Sends a message, as soon as there may be one.
    pub fn send(&self, text: String) {
        self.shell.send(Msg::Send { text, key: fresh_key() });
    }

    /// Puts a text into the composer.
    pub fn prefill(&self, text: String) {
        self.shell.send(Msg::Prefill(text));
    }

    /// Says who the visitor is, as JSON of the wire.
    pub fn identify(&self, who: String) {
        self.shell.send(Msg::Identify(who));
    }

    /// Forgets everything of the visitor. The conversation stays on the server.
    pub fn logout(&self) {
        self.shell.send(Msg::Logout);
    }

    /// Shows everything in a language from now on: its tag, and its file's text, which is empty for English.
    pub fn set_locale(&self, locale: String, texts: String) {
        if let Some(texts) = Texts::read(texts) {
            self.shell.send(Msg::Locale(locale, texts));
        }
    }

    /// What a part of the app says: that it covers the chat, that something was done, that it needs another token.
    pub fn tell(&self, what: &str, value: String) {
        let msg = match what {
            "announce" => return self.shell.perform(Effect::Announce(value)),
            "covered" => Msg::Show(match value.as_str() {
                "" => Dialog::None,
                "menu" => Dialog::Menu,
                _ => Dialog::Part,
            }),
            "contacted" => Msg::Contacted,
            "files" => Msg::Files(value),
            "begin" => Msg::Begin(fresh_key()),
            "passed" => Msg::Passed,
            "renew" => Msg::Renew,
            "finished" => Msg::Finished,
            "past" => Msg::Past(!value.is_empty()),
            "cleared" => Msg::Cleared,
            "anew" => Msg::Anew,
            "opened" => Msg::Opened(browser::read(&value)),
            _ => Msg::Failed(value.parse().unwrap_or(1)),
        };
        self.shell.send(msg);
    }

    /// What a part of the app may know of the conversation, as JSON.
    #[must_use]
    pub fn look(&self) -> String {
        let state = self.shell.state.borrow();
        let mut object = Object::default();
        let stored = state.session.as_ref();
        object.maybe("token", state.token.as_ref());
        object.maybe("session", stored.map(|stored| &stored.session_id));
        object.maybe("secret", stored.map(|stored| &stored.secret));
        let asked = state.lines.iter().find(|line| line.author == Author::Visitor);
        object.maybe("title", asked.map(|line| &line.text));
        object.maybe("at", asked.and_then(|line| Some(&line.at.as_ref()?.0)));
        for (name, fact) in [("busy", state.is_busy()), ("finished", state.finished)] {
            if fact {
                object.raw(name, "1");
            }
        }
        object.text("files", &state.files);
        object.maybe("chatbot", state.chatbot().map(|chatbot| &chatbot.chatbot_id));
        if let Some((line, message)) = state.disliked {
            object.raw("line", &digits(line.into()));
            object.text("message", &message.text());
        }
        if state.gated {
            object.raw("gated", "true");
        }
        object.done()
    }

    /// The handshake's answer, as it came.
    #[must_use]
    pub fn config(&self) -> String {
        self.shell.config.borrow().clone()
    }

    /// Whether the panel is shown.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.shell.state.try_borrow().is_ok_and(|state| state.open)
    }

    /// Takes the app out of the page, with everything it listens to. The conversation stays.
    pub fn destroy(&mut self) {
        self.shell.hang_up();
        if let Some(ear) = self.shell.ear.take() {
            for (target, name, inside) in self.shell.ears.take() {
                let ear = ear.as_ref().unchecked_ref();
                let _ = target.remove_event_listener_with_callback_and_bool(name, ear, inside);
            }
        }
        if let Some(channel) = self.shell.channel.take() {
            channel.close();
        }
        if let Some(unmount) = self.unmount.take() {
            unmount();
        }
    }
}

/// What is listened to within the panel.
const PANEL_EVENTS: [&str; 8] =
    ["click", "submit", "input", "keydown", "keyup", "keypress", "pointermove", "pointerdown"];

impl Shell {
    /// Listens to events of a target, or of everything inside it.
    pub(super) fn listen(&self, target: &EventTarget, names: &[&'static str], inside: bool) {
        let ear = self.ear.borrow();
        let Some(ear) = ear.as_ref() else { return };
        for name in names {
            let ear = ear.as_ref().unchecked_ref();
            let _ = target.add_event_listener_with_callback_and_bool(name, ear, inside);
            self.ears.borrow_mut().push((target.clone(), name, inside));
        }
    }

    /// Whatever the app listens to comes in here.
    fn heard(&self, event: Event) {
        match event.type_().as_str() {
            name @ ("online" | "offline") => self.send(Msg::Online(name == "online")),
            "message" => self.told(event),
            "scroll" => {
                let Some(scroll) = event.target() else { return };
                let scroll: Element = scroll.unchecked_into();
                if let Some(newest) = self.find(".down").filter(|_| scroll.class_name() == "scroll")
                {
                    newest.set_hidden(scroll.scroll_top() > -120);
                }
            }
            _ => {
                self.used.set(js_sys::Date::now());
                let (texts, limit) = {
                    let state = self.state.borrow();
                    (state.texts, state.limit)
                };
                let Some(msg) = heard(texts, limit, &event) else { return };
                if matches!(msg, Msg::Expand) {
                    self.open_tab();
                }
                self.send(msg);
            }
        }
    }
}

fn settings(boot: &JsValue) -> Settings {
    let optional = |name| get(boot, name).as_string().filter(|text| !text.is_empty());
    let text = |name| optional(name).unwrap_or_default();
    // Not that of the address: a page in a sandbox has none.
    let origin = get(&js_sys::global(), "origin").as_string().unwrap_or_default();
    let mode = match text("mode").as_str() {
        "page" => Mode::Page,
        "frame" => Mode::Frame,
        "inline" => Mode::Inline,
        _ => Mode::Bubble,
    };
    Settings {
        api: optional("api").unwrap_or_else(|| origin.clone()),
        slug: text("slug"),
        chatbot_id: text("chatbotId"),
        label: text("label"),
        project_id: text("projectId"),
        origin,
        mode,
        locale: optional("locale").unwrap_or_else(|| String::from("en")),
        theme: text("theme"),
        colour: text("color"),
        ink: ["#", &text("ink")].concat(),
        position: text("position"),
        ask: optional("ask"),
        expand: optional("expand"),
        identity: optional("identity"),
    }
}
