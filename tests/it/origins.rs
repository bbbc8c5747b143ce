//! Which pages may use a chatbot, and which may read the answers.

use http::Method;
use serde_json::json;

use crate::harness::{Answer, Call, Database, OWN, SHOP, Server, on_both};

on_both!(
    only_listed_origins_shake_hands_and_each_refusal_says_why,
    a_wildcard_means_subdomains_and_not_the_apex,
    an_empty_list_allows_nothing_and_a_star_anything_that_is_sent,
    our_own_page_is_always_allowed,
    sessions_and_configuration_are_guarded_alike,
    a_preflight_is_answered_for_any_well_formed_origin,
    a_refused_origin_is_recorded_for_the_owner,
);

fn shake(server: &Server, chatbot: &str, origin: Option<&str>) -> Call {
    let body = json!({ "chatbot_id": chatbot, "project_id": "1", "version": 2 });
    let call = server.wire.post("/v1/widget/handshake").json(&body);
    match origin {
        Some(origin) => call.origin(origin),
        None => call,
    }
}

#[track_caller]
fn is_allowed(answer: &Answer, origin: &str) {
    answer.expect(200);
    assert_eq!(answer.readable_by(), Some(origin));
    assert_eq!(answer.header("vary"), Some("Origin"));
}

/// Refused with this code, and no page may read the answer.
#[track_caller]
fn is_refused(answer: &Answer, code: &str) {
    answer.refused_as_robofy(403, &code.to_ascii_uppercase());
    assert_eq!(answer.readable_by(), None);
    assert_eq!(answer.header("access-control-expose-headers"), None);
    assert_eq!(answer.header("vary"), Some("Origin"));
}

async fn only_listed_origins_shake_hands_and_each_refusal_says_why(database: &Database) {
    let server = Server::start(database).await;
    for origin in [SHOP, "http://localhost:3000", "https://xn--mnchen-3ya.example"] {
        is_allowed(&shake(&server, "shop-1", Some(origin)).send().await, origin);
    }
    for (origin, code) in [
        (None, "origin_missing"),
        (Some("null"), "origin_null"),
        (Some(""), "origin_malformed"),
        (Some("shop.example"), "origin_malformed"),
        (Some("https://shop.example/"), "origin_malformed"),
        (Some("https://SHOP.example"), "origin_malformed"),
        (Some("HTTPS://shop.example"), "origin_malformed"),
        (Some("https://shop.example:443"), "origin_malformed"),
        (Some("https://shop.example@evil.example"), "origin_malformed"),
        (Some("https://evil.example@shop.example"), "origin_malformed"),
        (Some("https://shop.example https://evil.example"), "origin_malformed"),
        (Some("https://münchen.example"), "origin_malformed"),
        (Some("file://shop.example"), "origin_malformed"),
        (Some("http://shop.example"), "origin_scheme_not_allowed"),
        (Some("https://shop.example:8443"), "origin_port_not_allowed"),
        (Some("http://localhost:3001"), "origin_port_not_allowed"),
        (Some("https://shop.example.evil.example"), "origin_not_allowed"),
        (Some("https://evilshop.example"), "origin_not_allowed"),
        (Some("https://www.shop.example"), "origin_not_allowed"),
        (Some("https://shop.example."), "origin_not_allowed"),
        (Some("https://xn--shp-hna.example"), "origin_not_allowed"),
    ] {
        let answer = shake(&server, "shop-1", origin).send().await;
        let said = answer.expect(403)["error"]["code"].as_str().unwrap().to_ascii_lowercase();
        assert_eq!(said, code, "{origin:?}");
        is_refused(&answer, code);
    }
}

async fn a_wildcard_means_subdomains_and_not_the_apex(database: &Database) {
    let server = Server::start(database).await;
    for origin in ["https://www.wild.example", "https://a.b.wild.example"] {
        is_allowed(&shake(&server, "shop-1", Some(origin)).send().await, origin);
    }
    for (origin, code) in [
        ("https://wild.example", "origin_not_allowed"),
        ("https://evilwild.example", "origin_not_allowed"),
        ("https://wild.example.evil.example", "origin_not_allowed"),
        ("http://www.wild.example", "origin_scheme_not_allowed"),
        ("https://www.wild.example:8443", "origin_port_not_allowed"),
    ] {
        is_refused(&shake(&server, "shop-1", Some(origin)).send().await, code);
    }
}

async fn an_empty_list_allows_nothing_and_a_star_anything_that_is_sent(database: &Database) {
    let server = Server::start(database).await;
    is_refused(&shake(&server, "closed-1", Some(SHOP)).send().await, "origin_list_empty");
    let anywhere = "https://anywhere.example:9000";
    is_allowed(&shake(&server, "free-1", Some(anywhere)).send().await, anywhere);
    is_refused(&shake(&server, "free-1", None).send().await, "origin_missing");
    is_refused(&shake(&server, "free-1", Some("null")).send().await, "origin_null");
}

async fn our_own_page_is_always_allowed(database: &Database) {
    let server = Server::start(database).await;
    is_allowed(&shake(&server, "closed-1", Some(OWN)).send().await, OWN);
}

async fn sessions_and_configuration_are_guarded_alike(database: &Database) {
    let server = Server::start(database).await;
    let evil = "https://evil.example";
    let consent = json!({ "consent_accepted": true });
    for door in ["widgets", "robots"] {
        let config = server.wire.get(format!("/v1/public/{door}/shop/config"));
        let sessions = server.wire.post(format!("/v1/public/{door}/shop/sessions")).json(&consent);
        for (call, status) in [(config, 200), (sessions, 201)] {
            let refused = call.clone().origin(evil).send().await;
            refused.refused(403, "origin_not_allowed");
            assert_eq!(refused.readable_by(), None);
            let allowed = call.clone().origin(SHOP).send().await;
            allowed.expect(status);
            assert_eq!(allowed.readable_by(), Some(SHOP));
            let without = call.send().await;
            if door == "widgets" {
                without.refused(403, "origin_missing");
            } else {
                without.expect(status);
            }
        }
    }
}

async fn a_preflight_is_answered_for_any_well_formed_origin(database: &Database) {
    let server = Server::start(database).await;
    let preflight = |origin: &str| {
        let call = server.wire.call(Method::OPTIONS, "/v1/public/sessions/any/messages");
        call.origin(origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
            .send()
    };
    for origin in [SHOP, "https://evil.example"] {
        let answer = preflight(origin).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.readable_by(), Some(origin));
        for header in ["authorization", "content-type", "last-event-id"] {
            assert!(answer.header("access-control-allow-headers").unwrap().contains(header));
        }
        assert!(answer.header("access-control-allow-methods").unwrap().contains("DELETE"));
        assert!(answer.header("vary").unwrap().contains("Origin"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    for origin in ["null", "nonsense", "https://user@shop.example"] {
        assert_eq!(preflight(origin).await.readable_by(), None, "{origin}");
    }
}

async fn a_refused_origin_is_recorded_for_the_owner(database: &Database) {
    let server = Server::start(database).await;
    for _ in 0..3 {
        shake(&server, "shop-1", Some("https://new.example")).send().await;
    }
    database.until("select count(*) from install_reports where times = 3").await;
    let recorded = "select origin || ' ' || reason || ' ' || detail from install_reports";
    assert_eq!(database.texts(recorded).await, ["https://new.example origin origin_not_allowed"]);
}
