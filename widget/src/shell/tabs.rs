//! The same conversation in other tabs of the same site.

use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{Shell, browser};
use crate::state::{Msg, Tell};

impl Tell {
    const fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Stored => "stored",
        }
    }
}

impl Shell {
    /// Listens to the other tabs.
    pub(super) fn join(&self, chatbot_id: &str) {
        let Ok(channel) = BroadcastChannel::new(&["natter:", chatbot_id].concat()) else { return };
        let me = self.me.clone();
        let stop = browser::listen(&channel, "message", move |event| {
            let Some(shell) = me.upgrade() else { return };
            let word = event.dyn_into::<MessageEvent>().ok().and_then(|event| event.data().as_string());
            match word.as_deref() {
                Some("changed") => shell.send(Msg::Elsewhere),
                Some("stored") => shell.send(Msg::Restored(browser::load(&shell.storage_key))),
                _ => {}
            }
        });
        let ended = channel.clone();
        self.cleanup.borrow_mut().extend([stop, Box::new(move || ended.close()) as Box<dyn FnOnce()>]);
        *self.channel.borrow_mut() = Some(channel);
    }

    /// Tells the other tabs.
    pub(super) fn tell(&self, tell: Tell) {
        if let Some(channel) = self.channel.borrow().as_ref() {
            let _ = channel.post_message(&tell.word().into());
        }
    }
}
