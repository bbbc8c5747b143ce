//! The app's side of the requests: what is to be sent goes to the script around it (`static/part/net.js`), which tells
//! how it ended.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::{Shell, browser};
use crate::api::{self, Answer, Client, Job, Request, get};
use crate::sse::SseDecoder;
use crate::state::{Ask, Msg, StreamEnd};

/// What is told about a stream besides how it ended: its first bytes …
const NEW: u16 = 1;
/// … more of them, which nobody else's come between …
const MORE: u16 = 2;
/// … and that the place is asked for where it has to go on.
const PLACE: u16 = 3;

/// What the script calls: a number, a status, and what else there is to say. Jobs have negative numbers, streams their own.
type Tell = dyn Fn(i32, u16, JsValue, JsValue, JsValue) -> JsValue;

/// What is under way.
#[derive(Default)]
pub(super) struct Net {
    tell: JsValue,
    jobs: Vec<(i32, Job)>,
    last: i32,
    decoder: SseDecoder,
}

impl Shell {
    /// Gets ready to be told.
    pub(super) fn connect(&self) {
        let me = self.me.clone();
        let tell: Closure<Tell> = Closure::new(move |number, status, body, wait, retry| {
            let shell = me.upgrade();
            shell.map_or(JsValue::FALSE, |shell| {
                shell.answered(number, status, &body, &wait, &retry)
            })
        });
        // It may be called when the app is gone.
        self.net.borrow_mut().tell = tell.into_js_value();
    }

    /// Does a job and reports how it ended.
    pub(super) fn work(&self, job: Job) {
        let mut client = self.client();
        let request = api::request(&mut client, &job);
        let number = {
            let mut net = self.net.borrow_mut();
            net.last -= 1;
            let number = net.last;
            net.jobs.push((number, job));
            number
        };
        self.send_off("fetch", number, client, request, None);
    }

    /// Opens a stream, or reads along where another tab has it open.
    pub(super) fn stream(&self, number: u32, ask: Ask, place: Option<String>) {
        let client = self.client();
        let request = api::open(&client, ask);
        self.send_off("stream", number.cast_signed(), client, request, place);
    }

    /// Drops the stream.
    pub(super) fn hang_up(&self) {
        browser::call(&get(&self.host, "net"), "drop", &[]);
    }

    fn send_off(
        &self,
        how: &str,
        number: i32,
        client: Client,
        request: Request,
        place: Option<String>,
    ) {
        let arguments = [
            self.net.borrow().tell.clone(),
            number.into(),
            request.method.into(),
            request.path.into(),
            client.token.into(),
            request.body.into(),
            client.session.into(),
            place.into(),
        ];
        browser::call(&get(&self.host, "net"), how, &arguments);
    }

    /// The script says how a request goes. Of bytes the answer is whether more are wanted.
    fn answered(
        &self,
        number: i32,
        status: u16,
        body: &JsValue,
        wait: &JsValue,
        retry: &JsValue,
    ) -> JsValue {
        if matches!(status, NEW | MORE) {
            let bytes = Uint8Array::new(body).to_vec();
            let parts = {
                let mut net = self.net.borrow_mut();
                if status == NEW {
                    net.decoder = SseDecoder::default();
                }
                api::parts(&mut net.decoder, &bytes)
            };
            self.send(Msg::Parts { number: number.cast_unsigned(), parts });
            let state = self.state.borrow();
            return state.run.as_ref().is_some_and(|run| run.number.cast_signed() == number).into();
        }
        if status == PLACE {
            let state = self.state.borrow();
            return state.run.as_ref().and_then(|run| run.place.as_deref()).into();
        }
        let text = body.as_string().unwrap_or_default();
        let answer = Answer { status, text, wait: wait.as_string(), retry: retry.as_string() };
        let job = {
            let mut net = self.net.borrow_mut();
            let at = net.jobs.iter().position(|(other, _)| *other == number);
            at.map(|at| net.jobs.swap_remove(at).1)
        };
        let msg = if let Some(job) = job {
            let (msg, config) = api::answered(job, answer);
            if let Some(config) = config {
                *self.config.borrow_mut() = config;
            }
            msg
        } else {
            let end = if status == 204 { StreamEnd::Nothing } else { StreamEnd::Closed };
            Msg::Ended { number: number.cast_unsigned(), result: answer.success().map(|_| end) }
        };
        let told = matches!(msg, Msg::Handshaken(Ok(_)));
        self.send(msg);
        if told {
            self.parts("relabel", &[]);
        }
        JsValue::UNDEFINED
    }
}
