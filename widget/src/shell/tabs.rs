//! The same conversation in other tabs of the same site.

use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, MessageEvent};

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
        self.listen(&channel, &["message"], false);
        *self.channel.borrow_mut() = Some(channel);
    }

    /// Another tab said something.
    pub(super) fn told(&self, event: Event) {
        let word = event.unchecked_into::<MessageEvent>().data().as_string();
        match word.as_deref() {
            Some("changed") => self.send(Msg::Elsewhere),
            Some("stored") => self.send(Msg::Restored(browser::load(&self.storage_key))),
            _ => {}
        }
    }

    /// Tells the other tabs.
    pub(super) fn tell(&self, tell: Tell) {
        if let Some(channel) = self.channel.borrow().as_ref() {
            let _ = channel.post_message(&tell.word().into());
        }
    }
}
