//! Requests that cannot be taken: each refusal has a status, a code and a sentence, and nothing is half-written.

use http::Method;
use serde_json::json;

use crate::harness::{Database, SHOP, Server, Visitor, on_both};

on_both!(
    a_body_that_is_too_large_is_refused,
    a_body_of_another_type_is_refused,
    a_body_that_is_no_json_is_refused,
    an_unknown_field_is_named_and_so_is_a_missing_one,
    an_unknown_address_and_a_wrong_method_are_problems_too,
    a_request_id_is_echoed_when_it_is_usable_and_made_when_not,
    a_refusal_can_be_read_by_the_page_that_is_allowed,
    every_answer_has_the_standard_headers,
    ids_of_another_kind_open_nothing,
);

async fn a_body_that_is_too_large_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let large = format!("{{\"message\":\"{}\"}}", "x".repeat(65_536));
    let call = visitor.call(Method::POST, "/messages").body("application/json", large.clone());
    call.send().await.refused(413, "body_too_large");
    let handshake = server.wire.post("/v1/widget/handshake").origin(SHOP);
    let refused = handshake.body("application/json", large).send().await;
    refused.refused_as_robofy(413, "BODY_TOO_LARGE");
    assert_eq!(database.number("select count(*) from messages").await, 0);
}

async fn a_body_of_another_type_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let body = json!({ "message": "Hello" }).to_string();
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"]
    {
        let call = visitor.call(Method::POST, "/messages").body(content_type, body.clone());
        call.send().await.refused(415, "media_type_unsupported");
    }
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        let call = visitor.call(Method::POST, "/messages").body(content_type, body.clone());
        call.send().await.expect(200);
    }
    let untyped = visitor.call(Method::POST, "/messages");
    untyped.send().await.refused(400, "missing_field");
}

async fn a_body_that_is_no_json_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let deep = "[".repeat(10_000);
    for body in
        ["{", "message", "{\"message\":7}", "[]", "null", "{\"message\":\"\u{fffd}\"", &deep]
    {
        let call = visitor.call(Method::POST, "/messages");
        let refused = call.body("application/json", body.to_owned()).send().await;
        refused.refused(400, "invalid_json");
    }
    let call = visitor.call(Method::POST, "/messages");
    let bytes = call.body("application/json", b"{\"message\":\"\xff\"}".to_vec());
    bytes.send().await.refused(400, "invalid_json");
}

async fn an_unknown_field_is_named_and_so_is_a_missing_one(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await;
    for (below, body, field) in [
        ("/messages", json!({ "message": "Hello", "mesage": "Hello" }), "mesage"),
        (
            "/feedback",
            json!({ "message_id": answer.message_id, "rating": "up", "stars": 5 }),
            "stars",
        ),
        ("/contact-handoffs", json!({ "e-mail": "ada@shop.example" }), "e-mail"),
        (&format!("/turns/{}/retry", answer.turn_id), json!({ "again": true }), "again"),
    ] {
        let refusal = visitor.post(below, &body).send().await.refused(400, "unknown_field");
        assert_eq!(refusal["field"], field);
    }
    let sessions = server.wire.post("/v1/public/robots/shop/sessions");
    let refused = sessions.json(&json!({ "consent_acepted": true })).send().await;
    assert_eq!(refused.refused(400, "unknown_field")["field"], "consent_acepted");
    for (below, body, field) in [
        ("/messages", json!({}), "message"),
        ("/feedback", json!({ "rating": "up" }), "message_id"),
    ] {
        let refusal = visitor.post(below, &body).send().await.refused(400, "missing_field");
        assert_eq!(refusal["field"], field);
    }
    assert_eq!(database.number("select count(*) from messages").await, 2);
}

async fn an_unknown_address_and_a_wrong_method_are_problems_too(database: &Database) {
    let server = Server::start(database).await;
    for path in
        ["/", "/v1", "/v1/nothing", "/v1/public/sessions", "/robo/v1/nothing", "/assets/no.js"]
    {
        server.wire.get(path).send().await.refused(404, "not_found");
    }
    let wrong = server.wire.call(Method::PUT, "/v1/public/robots/shop/sessions").send().await;
    wrong.refused(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), Some("POST"));
    let get = server.wire.get("/v1/widget/handshake").send().await;
    get.refused_as_robofy(405, "METHOD_NOT_ALLOWED");
}

async fn a_request_id_is_echoed_when_it_is_usable_and_made_when_not(database: &Database) {
    let server = Server::start(database).await;
    let with = |id: &str| server.wire.get("/v1/nothing").header("x-request-id", id).send();
    let echoed = with("my-own_id-42").await;
    assert_eq!(echoed.refused(404, "not_found")["request_id"], "my-own_id-42");
    let long = "x".repeat(65);
    for id in ["short", long.as_str(), "with space", "with\"quote", "<script>"] {
        let made = with(id).await;
        let problem = made.refused(404, "not_found");
        assert_ne!(problem["request_id"], id);
        assert_eq!(problem["request_id"].as_str().unwrap().len(), 32);
    }
    let good = server.wire.get("/health/live").send().await;
    assert_eq!(good.header("x-request-id").unwrap().len(), 32);
}

async fn a_refusal_can_be_read_by_the_page_that_is_allowed(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    for (call, status) in [
        (visitor.call(Method::POST, "/messages").body("application/json", "{"), 400),
        (visitor.call(Method::POST, "/messages").body("text/plain", "Hello"), 415),
        (visitor.call(Method::POST, "/messages").body("application/json", "x".repeat(70_000)), 413),
        (visitor.question(""), 422),
    ] {
        let answer = call.send().await;
        assert_eq!((answer.status, answer.readable_by()), (status, Some(SHOP)));
        let exposed = answer.header("access-control-expose-headers").unwrap();
        assert!(exposed.contains("x-request-id") && exposed.contains("retry-after"), "{exposed}");
    }
}

async fn every_answer_has_the_standard_headers(database: &Database) {
    let server = Server::start(database).await;
    for path in ["/health/live", "/v1/public/robots/shop/config", "/v1/nothing", "/openapi.json"] {
        let answer = server.wire.get(path).send().await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert!(answer.header("cache-control").is_some(), "{path}");
    }
}

async fn ids_of_another_kind_open_nothing(database: &Database) {
    let server = Server::start(database).await;
    let visitor: Visitor = server.plain("shop").await;
    let turned = visitor.address.replacen("ses_", "msg_", 1);
    let path = format!("/v1/public/sessions/{turned}/events");
    server.wire.get(path).send().await.refused(404, "not_found");
}
