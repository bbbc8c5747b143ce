//! The requests with one answer.

use crate::lean::digits;
use natter_shared::handshake::{HANDSHAKE_VERSION, HandshakeRequest, HandshakeResponse, Resume};

use super::{Answer, Client, Request, with};
use crate::json::{FromValue, ToJson, from_json};
use crate::state::{Call, Failure, Msg, Reply, Settings};

/// A request with one answer.
pub(crate) enum Job {
    /// Asks for a token and the configuration.
    Handshake(Settings, Option<Resume>),
    /// Asks whether the server lives. Any origin may.
    Probe,
    /// A call, with the epoch it belongs to.
    Call(u32, Call),
}

/// What a job asks the server.
pub(crate) fn request(client: &mut Client, job: &Job) -> Request {
    match job {
        Job::Call(_, call) => route(call, client),
        Job::Handshake(settings, resume) => {
            client.token = None;
            let body = Some(handshake(settings, resume.clone()));
            Request { method: "POST", path: String::from("/v1/widget/handshake"), body }
        }
        Job::Probe => {
            client.token = None;
            Request { method: "GET", path: String::from("/health/live"), body: None }
        }
    }
}

/// What an answer means, and what a handshake's was.
pub(crate) fn answered(job: Job, answer: Answer) -> (Msg, Option<String>) {
    let result = answer.success();
    let mut config = None;
    let msg = match job {
        Job::Handshake(..) => {
            let read = |text: String| {
                let data = Box::new(read::<HandshakeResponse>(&text)?.data);
                config = Some(text);
                Ok(data)
            };
            Msg::Handshaken(result.and_then(read))
        }
        Job::Probe => Msg::Probed(result.is_ok()),
        Job::Call(epoch, call) => {
            let result = result.and_then(|text| reply(&call, &text));
            Msg::Reply(epoch, call, result)
        }
    };
    (msg, config)
}

fn handshake(settings: &Settings, resume: Option<Resume>) -> String {
    let request = HandshakeRequest {
        chatbot_id: settings.chatbot_id.clone(),
        project_id: settings.project_id.clone(),
        version: HANDSHAKE_VERSION,
        locale: Some(settings.locale.clone()),
        palette: true,
        resume,
    };
    request.to_json()
}

/// A wire type from an answer. One that cannot be read is as bad as a broken server.
fn read<T: FromValue>(text: &str) -> Result<T, Failure> {
    from_json(text).ok_or(Failure { status: 500, ..Failure::default() })
}

fn reply(call: &Call, text: &str) -> Result<Reply, Failure> {
    Ok(match call {
        Call::Create(..) => Reply::Created(read(text)?),
        Call::Expand => Reply::Expanded(read(text)?),
        Call::Redeem(_) => Reply::Redeemed(Box::new(read(text)?)),
        Call::Events(_) => Reply::Events(read(text)?),
        _ => Reply::Done,
    })
}

fn route(call: &Call, client: &Client) -> Request {
    let at = |rest: &str| ["/v1/public/sessions/", &client.session, rest].concat();
    let mut method = "POST";
    let mut body = Some(String::from("{}"));
    let path = match call {
        Call::Create(chatbot, create) => {
            body = Some(with(create.to_json(), "identity", client.identity.as_deref()));
            ["/v1/public/widgets/", chatbot, "/sessions"].concat()
        }
        Call::Stop => at("/stop"),
        Call::Rate(feedback) => {
            body = Some(feedback.to_json());
            at("/feedback")
        }
        Call::Expand => at("/expand-tokens"),
        Call::Redeem(token) => ["/v1/public/expand-tokens/", token, "/redeem"].concat(),
        Call::Identify => {
            (method, body) = ("PUT", client.identity.clone());
            at("/identity")
        }
        Call::Events(after) => {
            (method, body) = ("GET", None);
            at(&["/events?after=", &digits(after.unsigned_abs())].concat())
        }
    };
    Request { method, path, body }
}
