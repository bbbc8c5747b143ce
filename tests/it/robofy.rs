//! Robofy's chat calls, with the handshake's token and with an API key.

use natter_shared::robofy::ChatResponse;
use serde_json::{Value, json};

use crate::harness::{Call, Database, SHOP, Server, on_both};

on_both!(
    a_server_asks_with_its_key_and_goes_on_in_the_same_session,
    a_page_asks_with_its_token,
    the_stream_ends_with_session_and_reason,
    a_page_must_have_the_terms_accepted_first,
    a_page_goes_on_in_the_session_in_which_it_accepted,
    a_server_vouches_for_its_visitors,
    what_is_wrong_is_said_in_robofys_envelope,
    nobody_goes_on_in_anothers_session,
);

fn body(chatbot: &str, session: Option<&str>) -> Value {
    let mut body = json!({
        "query": "How long do I have to return something?",
        "pid": "1",
        "chatbot_id": chatbot,
        "user_context": { "platform": "web" },
        "ignored": true,
    });
    if let Some(session) = session {
        body["user_context"]["session_id"] = session.into();
    }
    body
}

fn chat(server: &Server, body: &Value) -> Call {
    server.wire.post("/v1/ai-agent/chat").json(body)
}

async fn a_server_asks_with_its_key_and_goes_on_in_the_same_session(database: &Database) {
    let server = Server::start(database).await;
    let key = server.key("server");
    let first: ChatResponse =
        chat(&server, &body("shop-1", None)).bearer(key).send().await.typed(200);
    assert_eq!(first.message, "Success");
    assert!(first.data.answer.contains("30 days"), "{}", first.data.answer);
    let session = first.data.session_id;
    assert!(!session.contains('.'), "a server names the session by its bare id");
    let second: ChatResponse =
        chat(&server, &body("shop-1", Some(&session))).bearer(key).send().await.typed(200);
    assert_eq!(second.data.session_id, session);
    let empty: ChatResponse =
        chat(&server, &body("shop-1", Some(""))).bearer(key).send().await.typed(200);
    assert_ne!(empty.data.session_id, session);
    assert_eq!(database.number("select count(*) from messages").await, 6);
}

async fn a_page_asks_with_its_token(database: &Database) {
    let server = Server::start(database).await;
    let token = server.handshake("free").await.data.token;
    let call = chat(&server, &body("free-1", None)).origin(SHOP).bearer(&token);
    let answer = call.send().await;
    assert_eq!(answer.readable_by(), Some(SHOP));
    let first: ChatResponse = answer.typed(200);
    let session = first.data.session_id;
    assert!(session.contains('.'), "a page needs more than an id to come back");
    let again = chat(&server, &body("free-1", Some(&session))).origin(SHOP).bearer(&token);
    assert_eq!(again.send().await.typed::<ChatResponse>(200).data.session_id, session);
    assert_eq!(database.number("select count(*) from sessions").await, 1);
}

async fn the_stream_ends_with_session_and_reason(database: &Database) {
    let server = Server::start(database).await;
    for (credential, origin, chatbot) in [
        (server.key("server").to_owned(), None, "shop-1"),
        (server.handshake("free").await.data.token, Some(SHOP), "free-1"),
    ] {
        let call = server.wire.post("/v1/ai-agent/chat/stream").json(&body(chatbot, None));
        let call = call.bearer(&credential);
        let call = if let Some(origin) = origin { call.origin(origin) } else { call };
        let told = call.open().await.rest().await;
        let kinds = told.kinds();
        assert_eq!(kinds[0], "start");
        let end = ["finish-step", "finish", "data-session", "data-finish-reason", "[DONE]"];
        assert_eq!(kinds[kinds.len() - 5..], end);
        // Sources only where the owner shows them.
        assert_eq!(kinds.iter().any(|kind| kind == "source-url"), chatbot == "shop-1");
        let session = told.part("data-session")["data"].as_str().unwrap().to_owned();
        let call = chat(&server, &body(chatbot, Some(&session))).bearer(&credential);
        let call = if let Some(origin) = origin { call.origin(origin) } else { call };
        assert_eq!(call.send().await.typed::<ChatResponse>(200).data.session_id, session);
    }
}

async fn a_page_must_have_the_terms_accepted_first(database: &Database) {
    let server = Server::start(database).await;
    let token = server.handshake("shop").await.data.token;
    for path in ["/v1/ai-agent/chat", "/v1/ai-agent/chat/stream"] {
        let call = server.wire.post(path).json(&body("shop-1", None)).origin(SHOP);
        let answer = call.bearer(&token).send().await;
        answer.refused_as_robofy(400, "CONSENT_REQUIRED");
        assert_eq!(answer.readable_by(), Some(SHOP));
    }
    assert_eq!(database.number("select count(*) from sessions").await, 0);
}

async fn a_page_goes_on_in_the_session_in_which_it_accepted(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let call = chat(&server, &body("shop-1", Some(visitor.id()))).origin(SHOP);
    let answer: ChatResponse = call.bearer(visitor.token()).send().await.typed(200);
    assert_eq!(answer.data.session_id, visitor.id());
    assert_eq!(visitor.snapshot().await.messages.len(), 2);
}

async fn a_server_vouches_for_its_visitors(database: &Database) {
    let server = Server::start(database).await;
    chat(&server, &body("shop-1", None)).bearer(server.key("server")).send().await.expect(200);
    let vouched = "select count(*) from sessions where consent_vouched and consent_at is not null \
                   and channel = 'api'";
    assert_eq!(database.number(vouched).await, 1);
}

async fn what_is_wrong_is_said_in_robofys_envelope(database: &Database) {
    let server = Server::start(database).await;
    let key = server.key("server");
    let with = |name: &str, value: Value| {
        let mut body = body("shop-1", None);
        body[name] = value;
        body
    };
    for (body, status, code) in [
        (with("query", json!("  ")), 422, "BAD_REQUEST"),
        (with("pid", json!("2")), 404, "PROJECT_NOT_FOUND"),
        (with("chatbot_id", json!("nobody")), 404, "PROJECT_NOT_FOUND"),
        (with("query", json!(7)), 400, "BAD_REQUEST"),
        (with("user_context", json!({})), 400, "BAD_REQUEST"),
    ] {
        chat(&server, &body).bearer(key).send().await.refused_as_robofy(status, code);
    }
    let ask = body("shop-1", None);
    chat(&server, &ask).send().await.refused_as_robofy(401, "UNAUTHORIZED");
    chat(&server, &ask).bearer("wrong").send().await.refused_as_robofy(401, "UNAUTHORIZED");
    let text = server.wire.post("/v1/ai-agent/chat").bearer(key).body("text/plain", "Hello");
    text.send().await.refused_as_robofy(415, "MEDIA_TYPE_UNSUPPORTED");
    let other = server.handshake("free").await.data.token;
    let call = chat(&server, &ask).origin(SHOP).bearer(&other);
    call.send().await.refused_as_robofy(403, "NOT_ALLOWED");
}

async fn nobody_goes_on_in_anothers_session(database: &Database) {
    let server = Server::start(database).await;
    let (visitor, free) = (server.plain("shop").await, server.plain("free").await);
    let token = server.handshake("free").await.data.token;
    for (session, credential, origin) in [
        (visitor.id(), server.key("free only"), None),
        (visitor.id(), server.key("server"), None),
        (free.id(), token.as_str(), Some(SHOP)),
        ("nonsense", token.as_str(), Some(SHOP)),
        (visitor.address.as_str(), token.as_str(), Some(SHOP)),
    ] {
        let call = chat(&server, &body("free-1", Some(session))).bearer(credential);
        let call = if let Some(origin) = origin { call.origin(origin) } else { call };
        call.send().await.refused_as_robofy(404, "PROJECT_NOT_FOUND");
    }
    assert_eq!(database.number("select count(*) from messages").await, 0);
}
