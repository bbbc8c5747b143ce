//! A visitor with a session of their own.

use http::Method;
use http_body_util::BodyExt as _;
use natter_shared::handshake::HandshakeResponse;
use natter_shared::message;
use natter_shared::session::{SessionCreated, SessionSnapshot};
use serde_json::{Value, json};

use super::{Call, SHOP, Server, Stream, Wire};

/// Which credential a visitor's calls carry.
#[derive(Debug, Clone)]
enum Proof {
    /// The bare id and a token, from the shop's page.
    Token(String),
    /// `ID.SECRET`, from anywhere.
    Secret,
}

/// A visitor with a session.
#[derive(Clone)]
pub(crate) struct Visitor {
    wire: Wire,
    proof: Proof,
    /// The session as it stands in addresses.
    pub(crate) address: String,
    /// What opens the session again.
    pub(crate) secret: String,
}

impl Server {
    /// Shakes hands for `slug`, from the shop's page.
    pub(crate) async fn handshake(&self, slug: &str) -> HandshakeResponse {
        let body = json!({ "chatbot_id": slug, "project_id": "1", "version": 2 });
        self.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await.typed(200)
    }

    /// A browser on the shop's page that shook hands and opened a session.
    pub(crate) async fn visitor(&self, slug: &str) -> Visitor {
        let token = self.handshake(slug).await.data.token;
        let path = format!("/v1/public/widgets/{slug}/sessions");
        let call = self.wire.post(path).origin(SHOP).bearer(&token);
        let created: SessionCreated =
            call.json(&json!({ "consent_accepted": true })).send().await.typed(201);
        let natter = created.natter.unwrap();
        Visitor {
            wire: self.wire.clone(),
            proof: Proof::Token(natter.token),
            address: created.session_id,
            secret: natter.resume_secret,
        }
    }

    /// A client without a token that opened a session and goes on with `ID.SECRET`.
    pub(crate) async fn plain(&self, slug: &str) -> Visitor {
        Visitor::plain(&self.wire, slug).await
    }
}

impl Visitor {
    /// As [`Server::plain`], over any wire.
    pub(crate) async fn plain(wire: &Wire, slug: &str) -> Self {
        let call = wire.post(format!("/v1/public/robots/{slug}/sessions"));
        let created: SessionCreated =
            call.json(&json!({ "consent_accepted": true })).send().await.typed(201);
        let secret = created.session_id.split_once('.').unwrap().1.to_owned();
        Self { wire: wire.clone(), proof: Proof::Secret, address: created.session_id, secret }
    }

    /// As [`Visitor::plain`] over a socket. None when the server ends meanwhile; one that is
    /// too busy is asked again.
    pub(crate) async fn try_plain(wire: &Wire, slug: &str) -> Option<Self> {
        let call = wire.post(format!("/v1/public/robots/{slug}/sessions"));
        let call = call.json(&json!({ "consent_accepted": true }));
        let mut answer = call.clone().attempt().await?;
        while answer.status() == 503 {
            answer = call.clone().attempt().await?;
        }
        let body = answer.into_body().collect().await.ok()?.to_bytes();
        let created: SessionCreated = serde_json::from_slice(&body).unwrap();
        let secret = created.session_id.split_once('.').unwrap().1.to_owned();
        Some(Self { wire: wire.clone(), proof: Proof::Secret, address: created.session_id, secret })
    }

    /// The same visitor at another server.
    pub(crate) fn at(&self, wire: &Wire) -> Self {
        Self { wire: wire.clone(), ..self.clone() }
    }

    /// A call to what stands below the session's address.
    pub(crate) fn call(&self, method: Method, below: &str) -> Call {
        let call = self.wire.call(method, format!("/v1/public/sessions/{}{below}", self.address));
        match &self.proof {
            Proof::Token(token) => call.origin(SHOP).bearer(token),
            Proof::Secret => call,
        }
    }

    pub(crate) fn get(&self, below: &str) -> Call {
        self.call(Method::GET, below)
    }

    pub(crate) fn post(&self, below: &str, body: &Value) -> Call {
        self.call(Method::POST, below).json(body)
    }

    /// A question that is yet to be sent.
    pub(crate) fn question(&self, text: &str) -> Call {
        self.post("/messages", &json!({ "message": text }))
    }

    /// A question, answered.
    pub(crate) async fn ask(&self, text: &str) -> message::Answer {
        self.question(text).send().await.typed(200)
    }

    /// A question whose answer is about to come.
    pub(crate) async fn follow(&self, text: &str) -> Stream {
        self.question(text).open().await
    }

    /// The answer that is being written, from the place that is named.
    pub(crate) async fn resume(&self, last_event_id: Option<&str>) -> Stream {
        let call = self.get("/stream");
        match last_event_id {
            Some(id) => call.header("last-event-id", id).open().await,
            None => call.open().await,
        }
    }

    /// The session with its conversation.
    pub(crate) async fn snapshot(&self) -> SessionSnapshot {
        self.get("/transcript?format=json").send().await.typed(200)
    }

    /// The answers that are stored, as status and text.
    pub(crate) async fn answers(&self) -> Vec<(message::MessageStatus, String)> {
        let messages = self.snapshot().await.messages.into_iter();
        let answers = messages.filter(|message| message.author == message::Author::Assistant);
        answers.map(|message| (message.status, message.text)).collect()
    }

    /// How its server is reached.
    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }

    /// The bare id of the session.
    pub(crate) fn id(&self) -> &str {
        self.address.split('.').next().unwrap()
    }

    /// The token, of a visitor who has one.
    pub(crate) fn token(&self) -> &str {
        match &self.proof {
            Proof::Token(token) => token,
            Proof::Secret => panic!("this visitor has no token"),
        }
    }
}
