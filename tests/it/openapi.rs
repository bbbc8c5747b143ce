//! The API's document: complete, served, and shown.

use http::Method;
use serde_json::Value;

use crate::harness::{Database, Server, natter, on_both};

on_both!(the_document_is_served_shown_and_printed, every_documented_operation_exists,);

fn document() -> Value {
    serde_json::to_value(natter_server::http::document()).unwrap()
}

#[test]
fn the_document_changes_only_on_purpose() {
    let mut document = document();
    document["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("document", document);
}

#[test]
fn the_document_is_of_version_3_1_and_every_operation_says_what_it_does() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["operationId"].is_string(), "{method} {path}");
        }
    }
}

/// A route that is added around the documented ones would be missing from the document.
#[test]
fn every_route_of_the_api_is_documented() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../server/src/http");
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for route in [".route(\"/v1", ".route(\"/robo/v1", ".nest(\"/v1"] {
                assert!(!source.contains(route), "{} adds {route} undocumented", path.display());
            }
        }
    }
    let document = document();
    let paths: Vec<&str> =
        document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    for expected in [
        "/health/live",
        "/health/ready",
        "/v1/ai-agent/chat",
        "/v1/ai-agent/chat/stream",
        "/v1/chatbots/{chatbot}/contacts",
        "/v1/chatbots/{chatbot}/install-reports",
        "/v1/public/expand-tokens/{token}/redeem",
        "/v1/public/robots/{slug}/config",
        "/v1/public/robots/{slug}/sessions",
        "/v1/public/sessions/{session_id}",
        "/v1/public/sessions/{session_id}/consent-receipt",
        "/v1/public/sessions/{session_id}/consent/withdraw",
        "/v1/public/sessions/{session_id}/contact-handoffs",
        "/v1/public/sessions/{session_id}/events",
        "/v1/public/sessions/{session_id}/expand-tokens",
        "/v1/public/sessions/{session_id}/feedback",
        "/v1/public/sessions/{session_id}/finish",
        "/v1/public/sessions/{session_id}/messages",
        "/v1/public/sessions/{session_id}/privacy",
        "/v1/public/sessions/{session_id}/rating",
        "/v1/public/sessions/{session_id}/stop",
        "/v1/public/sessions/{session_id}/stream",
        "/v1/public/sessions/{session_id}/transcript",
        "/v1/public/sessions/{session_id}/turns/{turn_id}/retry",
        "/v1/public/widgets/{slug}/config",
        "/v1/public/widgets/{slug}/reports",
        "/v1/public/widgets/{slug}/sessions",
        "/v1/widget/handshake",
    ] {
        assert!(paths.contains(&expected), "{expected} in {paths:?}");
    }
}

async fn the_document_is_served_shown_and_printed(database: &Database) {
    let server = Server::start(database).await;
    let answered = server.wire.get("/openapi.json").send().await.expect(200);
    assert_eq!(answered, document());
    let printed = natter(database, &["openapi"]).output().await.unwrap();
    assert!(printed.status.success());
    assert_eq!(serde_json::from_slice::<Value>(&printed.stdout).unwrap(), answered);
    let mut page = server.wire.get("/docs").send().await;
    if (300..400).contains(&page.status) {
        page = server.wire.get("/docs/").send().await;
    }
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
}

async fn every_documented_operation_exists(database: &Database) {
    let server = Server::start(database).await;
    for (path, operations) in document()["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let filled = path
                .replace("{slug}", "nobody")
                .replace("{chatbot}", "nobody")
                .replace("{session_id}", "nobody")
                .replace("{turn_id}", "nobody")
                .replace("{token}", "nobody");
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = server.wire.call(method.clone(), filled).send().await;
            assert_ne!(answer.status, 405, "{method} {path}");
            assert!(!answer.text().contains("there is nothing at this address"), "{method} {path}");
        }
    }
}
