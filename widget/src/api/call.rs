//! The requests with one answer.

use crate::lean::digits;
use natter_shared::handshake::{HANDSHAKE_VERSION, HandshakeRequest, HandshakeResponse, Resume};

use super::{Client, Request, read, text, with};
use crate::json::ToJson;
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

/// Does a job and says how it ended, and what a handshake's answer was. One future for all: each would bring its own state
/// machine along.
pub(crate) async fn run(mut client: Client, job: Job) -> (Msg, Option<String>) {
    let (method, path, body) = match &job {
        Job::Handshake(settings, resume) => {
            client.token = None;
            (
                "POST",
                String::from("/v1/widget/handshake"),
                Some(handshake(settings, resume.clone())),
            )
        }
        Job::Probe => {
            client.token = None;
            ("GET", String::from("/health/live"), None)
        }
        Job::Call(_, call) => route(call, &client),
    };
    let result = match client.send(Request { body, ..Request::new(method, &path) }).await {
        Ok(response) => text(&response).await,
        Err(failure) => Err(failure),
    };
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
            let result = result.and_then(|text| reply(&call, text));
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
        resume,
    };
    request.to_json()
}

fn reply(call: &Call, text: String) -> Result<Reply, Failure> {
    Ok(match call {
        Call::Create(..) => Reply::Created(read(&text)?),
        Call::Expand => Reply::Expanded(read(&text)?),
        Call::Redeem(_) => Reply::Redeemed(Box::new(read(&text)?)),
        Call::Events(_) => Reply::Events(read(&text)?),
        Call::Transcript(_) => Reply::Text(text),
        _ => Reply::Done,
    })
}

fn route(call: &Call, client: &Client) -> (&'static str, String, Option<String>) {
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
        Call::Finish => at("/finish"),
        Call::Delete => {
            (method, body) = ("DELETE", None);
            at("")
        }
        Call::Expand => at("/expand-tokens"),
        Call::Transcript(format) => {
            (method, body) = ("GET", None);
            at(&["/transcript?format=", format.as_str()].concat())
        }
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
    (method, path, body)
}
