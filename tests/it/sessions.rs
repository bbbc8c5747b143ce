//! Sessions: opening them with consent, naming them, finishing them.

use std::time::Duration;

use natter_server::service::ACCESS_LIFETIME;
use natter_shared::session::{SessionCreated, SessionFinished};
use serde_json::{Value, json};

use crate::harness::{Answer, Database, SHOP, Server, Setup, on_both};

on_both!(
    without_consent_nothing_is_created,
    consent_to_terms_that_have_changed_is_refused,
    the_accepted_terms_are_recorded,
    a_chatbot_without_terms_needs_no_consent,
    the_same_client_key_gives_the_same_session,
    a_client_without_a_token_gets_an_address_with_a_secret,
    a_page_with_a_token_gets_the_bare_id,
    a_wrong_secret_is_like_no_session,
    a_secret_expires_after_seven_days_however_much_it_was_used,
    finishing_again_changes_nothing,
    fields_out_of_bounds_are_named,
    the_configuration_names_the_terms_and_limits,
    an_unknown_chatbot_has_no_sessions,
);

async fn open(server: &Server, slug: &str, body: &Value) -> Answer {
    server.wire.post(format!("/v1/public/robots/{slug}/sessions")).json(body).send().await
}

async fn without_consent_nothing_is_created(database: &Database) {
    let server = Server::start(database).await;
    let token = server.handshake("shop").await.data.token;
    for body in [json!({}), json!({ "consent_accepted": false })] {
        open(&server, "shop", &body).await.refused(400, "consent_required");
        let call = server.wire.post("/v1/public/widgets/shop/sessions").origin(SHOP);
        call.bearer(&token).json(&body).send().await.refused(400, "consent_required");
    }
    for table in ["sessions", "session_access", "session_events", "messages"] {
        assert_eq!(database.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
}

async fn consent_to_terms_that_have_changed_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let body = json!({ "consent_accepted": true, "consent_hash": "0".repeat(64) });
    open(&server, "shop", &body).await.refused(409, "consent_outdated");
    assert_eq!(database.number("select count(*) from sessions").await, 0);
}

async fn the_accepted_terms_are_recorded(database: &Database) {
    let server = Server::start(database).await;
    let config = server.wire.get("/v1/public/robots/shop/config").send().await.expect(200);
    let hash = config["consent"]["hash"].as_str().unwrap();
    let body = json!({ "consent_accepted": true, "consent_hash": hash, "locale": "de" });
    open(&server, "shop", &body).await.expect(201);
    let recorded =
        "select consent_hash || ' ' || consent_locale from sessions where consent_at is not null";
    assert_eq!(database.texts(recorded).await, [format!("{hash} de")]);
}

async fn a_chatbot_without_terms_needs_no_consent(database: &Database) {
    let server = Server::start(database).await;
    open(&server, "free", &json!({})).await.expect(201);
    let without_body = server.wire.post("/v1/public/robots/free/sessions").send().await;
    without_body.expect(201);
}

async fn the_same_client_key_gives_the_same_session(database: &Database) {
    let server = Server::start(database).await;
    let body = json!({ "client_session_id": "0123456789abcdef" });
    let opened = (0..10).map(|_| open(&server, "free", &body));
    let opened: Vec<SessionCreated> = futures_util::future::join_all(opened)
        .await
        .iter()
        .map(|answer| answer.typed(201))
        .collect();
    let id = |created: &SessionCreated| created.session_id.split('.').next().unwrap().to_owned();
    assert!(opened.iter().all(|created| id(created) == id(&opened[0])), "{opened:?}");
    assert_eq!(database.number("select count(*) from sessions").await, 1);
    // Each answer's own secret opens it.
    for created in &opened {
        let path = format!("/v1/public/sessions/{}/events", created.session_id);
        server.wire.get(path).send().await.expect(200);
    }
    let short = open(&server, "free", &json!({ "client_session_id": "guessable" })).await;
    assert_eq!(short.refused(422, "invalid_field")["field"], "client_session_id");
}

async fn a_client_without_a_token_gets_an_address_with_a_secret(database: &Database) {
    let server = Server::start(database).await;
    let body = json!({ "consent_accepted": true, "visitor_label": "website visitor" });
    let created = open(&server, "shop", &body).await.expect(201);
    let (id, secret) = created["session_id"].as_str().unwrap().split_once('.').unwrap();
    assert!(id.starts_with("ses_"), "{id}");
    assert_eq!(secret.len(), 43);
    assert_eq!(created["status"], "open");
    assert_eq!(created["slug"], "shop");
    assert!(created.get("natter").is_none());
    let stored = database.number("select count(*) from session_access").await;
    assert_eq!(stored, 1);
}

async fn a_page_with_a_token_gets_the_bare_id(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    assert!(!visitor.address.contains('.'));
    visitor.get("/events").send().await.expect(200);
}

async fn a_wrong_secret_is_like_no_session(database: &Database) {
    let server = Server::start(database).await;
    let (one, other) = (server.plain("shop").await, server.plain("shop").await);
    for address in [
        format!("{}.wrong", one.id()),
        format!("{}.", one.id()),
        format!("{}.{}", one.id(), other.secret),
        format!("ses_{}.{}", "0".repeat(32), one.secret),
        "nonsense.secret".to_owned(),
        "nonsense".to_owned(),
    ] {
        let path = format!("/v1/public/sessions/{address}/events");
        let call = server.wire.get(path);
        call.send().await.refused(404, "not_found");
    }
}

async fn a_secret_expires_after_seven_days_however_much_it_was_used(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.plain("shop").await;
    for _ in 0..6 {
        server.clock.advance(Duration::from_hours(24));
        visitor.get("/events").send().await.expect(200);
    }
    server.clock.advance(Duration::from_hours(24));
    assert_eq!(ACCESS_LIFETIME, Duration::from_hours(7 * 24));
    for below in ["/events", "/stream"] {
        visitor.get(below).send().await.refused(403, "session_expired");
    }
    visitor.question("Hello").send().await.refused(403, "session_expired");
    // What is kept of a visitor can be had and deleted for as long as it is kept.
    assert_eq!(visitor.get("/transcript").send().await.status, 200);
    assert_eq!(visitor.call(http::Method::DELETE, "").send().await.status, 204);
    visitor.get("/transcript").send().await.refused(404, "not_found");
}

async fn finishing_again_changes_nothing(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.visitor("shop").await;
    let first: SessionFinished = visitor.post("/finish", &json!({})).send().await.typed(200);
    server.clock.advance(Duration::from_mins(1));
    let second: SessionFinished = visitor.post("/finish", &json!({})).send().await.typed(200);
    assert_eq!(first, second);
    visitor.question("Are you there?").send().await.refused(409, "session_finished");
    let events = visitor.get("/events").send().await.expect(200);
    assert_eq!(events["events"].as_array().unwrap().len(), 1, "{events}");
    assert_eq!(events["events"][0]["type"], "finished");
}

async fn fields_out_of_bounds_are_named(database: &Database) {
    let server = Server::start(database).await;
    for (field, length) in [("visitor_label", 201), ("locale", 36), ("client_session_id", 101)] {
        let body = json!({ "consent_accepted": true, field: "x".repeat(length) });
        let refusal = open(&server, "shop", &body).await.refused(422, "invalid_field");
        assert_eq!(refusal["field"], field);
    }
    for field in ["visitor_label", "locale", "client_session_id"] {
        let body = json!({ "consent_accepted": true, field: "a null\u{0}character is no text" });
        let refusal = open(&server, "shop", &body).await.refused(422, "invalid_field");
        assert_eq!(refusal["field"], field);
    }
    assert_eq!(database.number("select count(*) from sessions").await, 0);
}

async fn the_configuration_names_the_terms_and_limits(database: &Database) {
    let server = Server::start(database).await;
    let by_slug = server.wire.get("/v1/public/robots/shop/config").send().await.expect(200);
    let by_id = server.wire.get("/v1/public/robots/shop-1/config").send().await.expect(200);
    assert_eq!(by_slug, by_id);
    let text = "We keep what you write for 30 days.";
    assert_eq!(
        by_slug["consent"],
        json!({ "required": true, "text": text, "hash": natter_server::secret::hex_hash(text) })
    );
    assert_eq!(by_slug["retention_days"], 30);
    assert_eq!(by_slug["limits"], json!({ "max_message_chars": 8000 }));
    assert_eq!(by_slug["contact_capture"]["enabled"], true);
    let free = server.wire.get("/v1/public/robots/free/config").send().await.expect(200);
    assert_eq!(free["consent"], json!({ "required": false, "text": null, "hash": null }));
    assert_eq!(free["contact_capture"], json!({ "enabled": false, "fields": [] }));
}

async fn an_unknown_chatbot_has_no_sessions(database: &Database) {
    let server = Server::start(database).await;
    open(&server, "nobody", &json!({})).await.refused(404, "not_found");
    server.wire.get("/v1/public/robots/nobody/config").send().await.refused(404, "not_found");
}
