//! Does what the rules ask for: requests, timers, storage, focus, other tabs, the page around.
//!
//! Messages are taken one after the other: what an effect reports at once waits in a queue, so the rules never run
//! within themselves.

mod app;
mod browser;
mod effects;
mod tabs;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use leptos::prelude::{GetUntracked, RwSignal, Set};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, BroadcastChannel, HtmlElement, Window};

pub use self::app::{App, mount};
use crate::state::{Msg, Panel, State, update};
use crate::view::{Plan, furnish};
use crate::view::log::Log;

/// The running app.
pub(crate) struct Shell {
    me: Weak<Shell>,
    state: RefCell<State>,
    queue: RefCell<VecDeque<Msg>>,
    running: Cell<bool>,
    frame: Cell<bool>,
    panel: RwSignal<Panel>,
    furnished: Cell<bool>,
    plan: RefCell<Plan>,
    log: RefCell<Option<Log>>,
    node: RefCell<Option<HtmlElement>>,
    host: JsValue,
    storage_key: String,
    stream: RefCell<Option<AbortController>>,
    tab: RefCell<Option<Window>>,
    channel: RefCell<Option<BroadcastChannel>>,
    cleanup: RefCell<Vec<Box<dyn FnOnce()>>>,
    watch: Cell<i32>,
    used: Cell<f64>,
}

impl Shell {
    /// Takes a message in, and everything that follows from it.
    pub(crate) fn send(&self, msg: Msg) {
        let Ok(mut queue) = self.queue.try_borrow_mut() else { return };
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
        let panel = Panel::of(&state);
        if let (Ok(mut plan), Some(node)) = (self.plan.try_borrow_mut(), self.node.borrow().as_ref()) {
            if let Some(config) = state.config.as_ref().filter(|_| !self.furnished.replace(state.config.is_some())) {
                furnish(&mut plan, node, state.texts, config);
                self.dress(&state, node, config);
            }
            plan.show(&state);
        }
        drop(state);
        if self.panel.get_untracked() != panel {
            self.panel.set(panel);
        }
        if !self.frame.replace(true) {
            let me = self.me.clone();
            browser::next_frame(move || {
                if let Some(shell) = me.upgrade() {
                    shell.frame.set(false);
                    shell.draw_log();
                }
            });
        }
    }

    fn draw_log(&self) {
        let (Ok(state), Ok(mut log)) = (self.state.try_borrow(), self.log.try_borrow_mut()) else { return };
        if log.is_none() {
            *log = self.find(".log").map(Log::new);
        }
        if let Some(log) = log.as_mut() {
            log.show(&state);
        }
    }

    /// An element of the panel.
    fn find(&self, selector: &str) -> Option<HtmlElement> {
        browser::find(self.node.borrow().as_ref()?, selector)
    }

    /// The shell itself, for something that happens later.
    fn later(&self) -> Option<Rc<Self>> {
        self.me.upgrade()
    }
}
