//! One connection for all tabs of a site: a browser opens only six to a server, and each answer would take one in every
//! tab. The tab that reads an answer holds a lock and hands the bytes on; the others read along, and wait for the lock:
//! when it becomes free in mid-answer, because the tab was closed or lost its connection, the next one reads on.
//!
//! A tab that joins in mid-answer asks for what came so far. Where there are no locks, or nobody answers, it opens a
//! stream of its own: then there is one more connection, and nothing is lost.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortSignal;

use super::{Later, Shell};
use crate::api::{self, get};
use crate::sse::SseDecoder;
use crate::state::{Ask, Failure, Msg};

/// How long to wait for what came so far, in milliseconds.
const PATIENCE_MS: u32 = 600;

/// What this tab has to do with an answer that is being read.
#[derive(Default)]
pub(super) struct Relay {
    /// All that this tab read of the answer, when it read from the beginning.
    read: Option<Vec<u8>>,
    /// The stream that another tab reads for this one.
    along: Option<Along>,
    /// Gives the lock back.
    release: Option<Function>,
}

/// Reading along.
struct Along {
    number: u32,
    decoder: SseDecoder,
    /// Whether the beginning is there.
    begun: bool,
}

impl Shell {
    /// Opens a stream, or reads along where another tab has it open.
    pub(super) fn stream(&self, number: u32, ask: Ask, place: Option<String>) {
        self.hang_up();
        let Some(signal) = self.fresh_signal() else { return };
        let queued = self.queue(number, &signal);
        if queued && matches!(ask, Ask::Resume) {
            let along = Along { number, decoder: SseDecoder::default(), begun: false };
            self.relay.borrow_mut().along = Some(along);
            self.listen_for_silence();
            self.post("ask", &[]);
            self.later(Some(PATIENCE_MS), Later::Alone(number));
            return;
        }
        self.read(number, ask, place, signal);
    }

    /// Reads a stream, and hands it on.
    fn read(&self, number: u32, ask: Ask, place: Option<String>, signal: AbortSignal) {
        let Some(shell) = self.me.upgrade() else { return };
        let client = self.client();
        let locale = self.state.borrow().settings.locale.clone();
        self.relay.borrow_mut().read = place.is_none().then(Vec::new);
        self.listen_for_silence();
        spawn_local(async move {
            let mut decoder = SseDecoder::default();
            let mut word = "new";
            let heard = |bytes: &[u8]| {
                shell.listen_for_silence();
                if let Some(read) = &mut shell.relay.borrow_mut().read {
                    read.extend_from_slice(bytes);
                }
                shell.post(word, bytes);
                word = "more";
                shell.send(Msg::Parts { number, parts: api::parts(&mut decoder, bytes) });
            };
            let result =
                api::stream(&client, &ask, place.as_deref(), &locale, &signal, heard).await;
            if !signal.aborted() {
                // Ours is over, with whatever still waits for its lock.
                shell.hang_up();
            }
            shell.send(Msg::Ended { number, result });
        });
    }

    /// Waits for the lock of the conversation's stream. Whether there is such a thing.
    fn queue(&self, number: u32, signal: &AbortSignal) -> bool {
        let Some(window) = web_sys::window() else { return false };
        let locks = get(&window.navigator(), "locks");
        let Ok(request) = get(&locks, "request").dyn_into::<Function>() else { return false };
        if self.channel.borrow().is_none() {
            return false;
        }
        let options = Object::new();
        let _ = Reflect::set(&options, &"signal".into(), signal);
        let me = self.me.clone();
        let granted = Closure::once_into_js(move || {
            let mut hold = |release, _| {
                if let Some(shell) = me.upgrade() {
                    shell.relay.borrow_mut().release = Some(release);
                    shell.alone(number, true);
                }
            };
            Promise::new(&mut hold)
        });
        let name = ["natter:", &self.client().session].concat();
        let Ok(held) = request.call3(&locks, &name.into(), &options, &granted) else {
            return false;
        };
        spawn_local(async move {
            // One that is given up is refused, which is nobody's fault.
            let _ = JsFuture::from(held.unchecked_into::<Promise>()).await;
        });
        true
    }

    /// Opens the stream that nobody reads for this tab any more: the lock is here, or the beginning never came.
    pub(super) fn alone(&self, number: u32, leads: bool) {
        let mine = |along: &mut Along| along.number == number && (leads || !along.begun);
        if self.relay.borrow_mut().along.take_if(mine).is_none() {
            return;
        }
        let place = self.state.borrow().run.as_ref().and_then(|run| run.place.clone());
        if let Some(signal) = self.stream.borrow().as_ref().map(web_sys::AbortController::signal) {
            self.read(number, Ask::Resume, place, signal);
        }
    }

    /// Another tab says something about its stream.
    pub(super) fn relayed(&self, message: &Array) {
        let session = message.get(0).as_string();
        if session.is_none() || session.as_deref() != Some(&self.client().session) {
            return;
        }
        let word = message.get(1).as_string().unwrap_or_default();
        if word == "ask" {
            if let Some(read) = &self.relay.borrow().read {
                self.post("all", read);
            }
            return;
        }
        let bytes = Uint8Array::new(&message.get(2)).to_vec();
        let (number, parts) = {
            let mut relay = self.relay.borrow_mut();
            let Some(along) = &mut relay.along else { return };
            if (word == "all") == along.begun {
                return;
            }
            along.begun = true;
            if word == "new" {
                along.decoder = SseDecoder::default();
            }
            (along.number, api::parts(&mut along.decoder, &bytes))
        };
        self.listen_for_silence();
        self.send(Msg::Parts { number, parts });
        if self.state.borrow().run.as_ref().is_none_or(|run| run.number != number) {
            self.hang_up();
        }
    }

    /// The stream that another tab reads has been silent for too long.
    pub(super) fn give_up_reading_along(&self) {
        let along = self.relay.borrow_mut().along.take();
        self.hang_up();
        if let Some(Along { number, .. }) = along {
            self.send(Msg::Ended { number, result: Err(Failure::network()) });
        }
    }

    /// Gives the lock back, and forgets what was read.
    pub(super) fn release(&self) {
        let relay = self.relay.take();
        if let Some(release) = relay.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }

    fn post(&self, word: &str, bytes: &[u8]) {
        if let Some(channel) = self.channel.borrow().as_ref() {
            let bytes = Uint8Array::from(bytes);
            let _ = channel.post_message(&Array::of3(
                &self.client().session.into(),
                &word.into(),
                &bytes,
            ));
        }
    }
}
