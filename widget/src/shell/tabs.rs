//! The same conversation in other tabs of the same site.

use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, MessageEvent};

use super::{Shell, browser};
use crate::state::{Msg, Tell};

impl Shell {
    /// Listens to the other tabs.
    pub(super) fn join(&self, chatbot_id: &str) {
        let Ok(channel) = BroadcastChannel::new(&["natter:", chatbot_id].concat()) else { return };
        self.listen(&channel, &["message"], false);
        *self.channel.borrow_mut() = Some(channel);
    }

    /// Another tab said something.
    pub(super) fn told(&self, event: Event) {
        let data = event.unchecked_into::<MessageEvent>().data();
        match data.as_string().as_deref() {
            Some("changed") => self.send(Msg::Elsewhere),
            // The text comes along: another process may see a storage that is not yet up to date.
            Some(stored) => self.send(Msg::Restored(browser::read(stored))),
            None => {}
        }
    }

    /// Tells the other tabs.
    pub(super) fn tell(&self, tell: Tell) {
        if let Some(channel) = self.channel.borrow().as_ref() {
            let text = match tell {
                Tell::Changed => "changed".to_owned(),
                Tell::Stored => browser::raw(&self.storage_key).unwrap_or_default(),
            };
            let _ = channel.post_message(&text.into());
        }
    }
}
