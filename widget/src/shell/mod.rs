//! Does what the rules ask for: requests, timers, storage, focus, other tabs, the page around.
//!
//! Messages are taken one after the other: what an effect reports at once waits in a queue, so the rules never run
//! within themselves.

mod app;
mod browser;
mod effects;
mod net;
mod tabs;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Weak;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, Event, EventTarget, HtmlElement, Window};

pub use self::app::{App, mount};
use self::net::Net;
use crate::state::{Msg, State, Timer, update};
use crate::view::log::Log;
use crate::view::{Plan, furnish};

/// The one listener. Not a `FnMut`: submitting a form from within a key's event calls it again.
type Ear = Closure<dyn Fn(Event)>;

/// The running app.
pub(crate) struct Shell {
    me: Weak<Shell>,
    state: RefCell<State>,
    queue: RefCell<VecDeque<Msg>>,
    running: Cell<bool>,
    frame: Cell<bool>,
    furnished: Cell<bool>,
    plan: RefCell<Plan>,
    log: RefCell<Option<Log>>,
    node: RefCell<Option<HtmlElement>>,
    host: JsValue,
    storage_key: String,
    net: RefCell<Net>,
    tab: RefCell<Option<Window>>,
    channel: RefCell<Option<BroadcastChannel>>,
    ear: RefCell<Option<Ear>>,
    ears: RefCell<Vec<(EventTarget, &'static str, bool)>>,
    config: RefCell<String>,
    used: Cell<f64>,
}

impl Shell {
    /// Takes a message in, and everything that follows from it.
    pub(crate) fn send(&self, msg: Msg) {
        let page = matches!(msg, Msg::Submit { .. } | Msg::Send { .. })
            .then(|| Msg::Page(browser::call(&self.host, "page", &[]).as_string()));
        let Ok(mut queue) = self.queue.try_borrow_mut() else { return };
        queue.extend(page);
        queue.push_back(msg);
        drop(queue);
        if self.running.replace(true) {
            return;
        }
        while let Some(msg) = self.next() {
            let effects = match self.state.try_borrow_mut() {
                Ok(mut state) => update(&mut state, msg),
                Err(_) => break,
            };
            self.draw();
            for effect in effects {
                self.perform(effect);
            }
        }
        self.running.set(false);
    }

    fn next(&self) -> Option<Msg> {
        self.queue.try_borrow_mut().ok()?.pop_front()
    }

    /// Shows the state: the panel at once where it differs, the log in the next frame.
    fn draw(&self) {
        let Ok(state) = self.state.try_borrow() else { return };
        if let (Ok(mut plan), Some(node)) =
            (self.plan.try_borrow_mut(), self.node.borrow().as_ref())
        {
            if let Some(config) =
                state.config.as_ref().filter(|_| !self.furnished.replace(state.config.is_some()))
            {
                furnish(&mut plan, node, config);
                // The colours that the server has found for it, and what the owner has added.
                self.parts("dress", &[node.into(), self.config.borrow().as_str().into()]);
                // Only now it is known after what time a panel that is open already is to close.
                self.watch_idleness();
            }
            plan.show(&state);
        }
        drop(state);
        self.ask_frame();
    }

    fn ask_frame(&self) {
        if !self.frame.replace(true) {
            self.later(None, Later::Draw);
        }
    }

    fn draw_log(&self) {
        let (Ok(state), Ok(mut log)) = (self.state.try_borrow(), self.log.try_borrow_mut()) else {
            return;
        };
        if log.is_none() {
            *log = self.find(".log").map(Log::new);
        }
        if log.as_mut().is_some_and(|log| log.show(&state)) {
            self.ask_frame();
        }
    }

    /// An element of the panel.
    fn find(&self, selector: &str) -> Option<HtmlElement> {
        browser::find(self.node.borrow().as_ref()?, selector)
    }

    /// Does something after a while, or before the next picture is drawn.
    fn later(&self, milliseconds: Option<u32>, what: Later) -> i32 {
        let me = self.me.clone();
        // One closure for everything that is put off: each kind would bring its own code along.
        let run = Closure::once_into_js(move || {
            if let Some(shell) = me.upgrade() {
                shell.due(what);
            }
        });
        browser::schedule(run.unchecked_ref(), milliseconds)
    }

    /// The time has come.
    fn due(&self, what: Later) {
        match what {
            Later::Draw => {
                self.frame.set(false);
                self.draw_log();
            }
            Later::Timer(timer) => self.send(Msg::Timer(timer)),
            Later::Say(text) => {
                if let Some(region) = self.find(".live[role]") {
                    region.set_text_content(Some(&text));
                }
            }
            Later::CheckIdleness => self.check_idleness(),
        }
    }
}

/// What is put off.
enum Later {
    Draw,
    Timer(Timer),
    Say(String),
    CheckIdleness,
}
