//! What keeps the chat from working on pages, and what only an owner sees.

use std::fmt::Write as _;
use std::time::Duration;

use natter_shared::contact::Contacts;
use natter_shared::install::{InstallReason, InstallReports};
use serde_json::json;

use crate::harness::{Answer, Database, OWN, SHOP, Server, Setup, natter, on_both, shop};

on_both!(
    reports_are_counted_by_site_reason_and_day,
    a_beacon_without_a_type_counts,
    the_browsers_word_counts_and_our_frame_may_speak_for_its_page,
    nothing_about_a_visitor_is_kept,
    a_report_that_is_none_is_refused,
    reports_are_limited_by_address_and_by_number,
    old_reports_are_forgotten,
    refused_origins_are_reports_too,
    only_an_admin_key_sees_the_reports,
    contacts_are_seen_with_a_key_that_may,
    the_command_lists_the_reports,
);

async fn report(server: &Server, origin: Option<&str>, body: serde_json::Value) -> Answer {
    let call = server.wire.post("/v1/public/widgets/shop/reports");
    let call = if let Some(origin) = origin { call.origin(origin) } else { call };
    call.json(&body).send().await
}

/// The shop with a key of each scope.
fn with_keys() -> String {
    let mut file = String::new();
    for scope in ["admin", "read", "runtime"] {
        writeln!(file, "[[api_keys]]\nname = \"{scope}\"\nscope = \"{scope}\"").unwrap();
    }
    writeln!(file, "[[api_keys]]\nname = \"free admin\"\nscope = \"admin\"\nchatbot = \"free-1\"")
        .unwrap();
    shop().replacen(
        "[[api_keys]]\nname = \"server\"",
        &format!("{file}[[api_keys]]\nname = \"server\""),
        1,
    )
}

async fn listed(server: &Server, days: u32) -> InstallReports {
    let path = format!("/v1/chatbots/shop/install-reports?days={days}");
    server.wire.get(path).bearer(server.key("admin")).send().await.typed(200)
}

async fn reports_are_counted_by_site_reason_and_day(database: &Database) {
    let setup = Setup { file: Some(with_keys()), ..Setup::at_a_fixed_time() };
    let server = Server::with(database, setup).await;
    let wasm = json!({ "reason": "csp_wasm", "detail": "blocked by CSP", "version": "1.2.0" });
    assert_eq!(report(&server, Some(SHOP), wasm.clone()).await.status, 204);
    let again = json!({ "reason": "csp_wasm" });
    assert_eq!(report(&server, Some(SHOP), again).await.status, 204);
    report(&server, Some(SHOP), json!({ "reason": "storage" })).await;
    report(&server, Some("https://other.example"), wasm.clone()).await;
    server.clock.advance(Duration::from_hours(24));
    report(&server, Some(SHOP), wasm).await;
    let reports = listed(&server, 30).await.reports;
    let told: Vec<_> = reports
        .iter()
        .map(|r| (r.day.as_str(), r.origin.as_str(), r.reason.as_str(), r.times))
        .collect();
    assert_eq!(
        told,
        [
            ("2027-01-16", SHOP, "csp_wasm", 1),
            ("2027-01-15", SHOP, "csp_wasm", 2),
            ("2027-01-15", "https://other.example", "csp_wasm", 1),
            ("2027-01-15", SHOP, "storage", 1),
        ]
    );
    assert_eq!(
        reports[1].detail.as_deref(),
        Some("blocked by CSP"),
        "kept from the one that said more"
    );
    assert_eq!(reports[1].version.as_deref(), Some("1.2.0"));
    assert_eq!(listed(&server, 0).await.reports.len(), 1);
}

async fn a_beacon_without_a_type_counts(database: &Database) {
    let server = Server::start(database).await;
    let body = json!({ "reason": "csp_connect" });
    let call = server.wire.post("/v1/public/widgets/shop/reports").origin(SHOP);
    let answer = call.body("text/plain;charset=UTF-8", body.to_string()).send().await;
    assert_eq!((answer.status, answer.readable_by()), (204, Some(SHOP)));
    assert_eq!(database.texts("select reason from install_reports").await, ["csp_connect"]);
}

async fn the_browsers_word_counts_and_our_frame_may_speak_for_its_page(database: &Database) {
    let server = Server::start(database).await;
    let saying = |page: &str| json!({ "reason": "other", "page_origin": page });
    report(&server, Some("https://real.example"), saying("https://said.example")).await;
    report(&server, Some(OWN), saying("https://framing.example")).await;
    report(&server, None, saying("https://plain.example")).await;
    report(&server, Some("null"), json!({ "reason": "origin" })).await;
    let origins = "select origin from install_reports order by origin";
    assert_eq!(
        database.texts(origins).await,
        ["https://framing.example", "https://plain.example", "https://real.example", "null"]
    );
}

async fn nothing_about_a_visitor_is_kept(database: &Database) {
    let server = Server::start(database).await;
    let detail = "ada@shop.example at https://shop.example/orders/17?token=secret";
    let body = json!({ "reason": "other", "detail": detail, "version": "<script>" });
    assert_eq!(report(&server, Some(SHOP), body).await.status, 204);
    let kept = "select coalesce(detail, '') || '|' || coalesce(version, '') from install_reports";
    assert_eq!(database.texts(kept).await, ["at https://shop.example|"]);
}

async fn a_report_that_is_none_is_refused(database: &Database) {
    let server = Server::start(database).await;
    report(&server, Some(SHOP), json!({ "reason": "boredom" })).await.refused(400, "invalid_json");
    report(&server, Some(SHOP), json!({})).await.refused(400, "missing_field");
    let path = json!({ "reason": "other", "page_origin": "https://shop.example/orders" });
    let refusal = report(&server, None, path).await.refused(422, "invalid_field");
    assert_eq!(refusal["field"], "page_origin");
    report(&server, None, json!({ "reason": "other" })).await.refused(422, "invalid_field");
    let unknown = server.wire.post("/v1/public/widgets/nobody/reports").origin(SHOP);
    unknown.json(&json!({ "reason": "other" })).send().await.refused(404, "not_found");
    assert_eq!(database.number("select count(*) from install_reports").await, 0);
}

async fn reports_are_limited_by_address_and_by_number(database: &Database) {
    let server = Server::start(database).await;
    let call = |origin: String, peer: String| {
        let call = server.wire.post("/v1/public/widgets/shop/reports").origin(&origin).peer(&peer);
        call.json(&json!({ "reason": "other" })).send()
    };
    for number in 0..30 {
        let answer = call(format!("https://{number}.example"), "203.0.113.1".into()).await;
        assert_eq!(answer.status, 204);
    }
    call(SHOP.into(), "203.0.113.1".into()).await.refused(429, "rate_limited");
    for number in 30..210 {
        call(format!("https://{number}.example"), format!("203.0.113.{number}")).await;
    }
    assert_eq!(database.number("select count(*) from install_reports").await, 200);
    // What is known is counted on.
    call("https://0.example".into(), "203.0.113.250".into()).await;
    let times =
        "select cast(times as text) from install_reports where origin = 'https://0.example'";
    assert_eq!(database.texts(times).await, ["2"]);
}

async fn old_reports_are_forgotten(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    report(&server, Some(SHOP), json!({ "reason": "other" })).await;
    server.clock.advance(Duration::from_hours(24 * 90));
    server.service.erase_expired().await.unwrap();
    assert_eq!(database.number("select count(*) from install_reports").await, 1);
    server.clock.advance(Duration::from_hours(24));
    server.service.erase_expired().await.unwrap();
    assert_eq!(database.number("select count(*) from install_reports").await, 0);
}

async fn refused_origins_are_reports_too(database: &Database) {
    let server =
        Server::with(database, Setup { file: Some(with_keys()), ..Setup::default() }).await;
    let body = json!({ "chatbot_id": "shop", "project_id": "1", "version": 2 });
    let call = server.wire.post("/v1/widget/handshake").origin("https://new.example").json(&body);
    call.send().await.refused_as_robofy(403, "ORIGIN_NOT_ALLOWED");
    database.until("select count(*) from install_reports").await;
    let told = listed(&server, 1).await.reports.remove(0);
    assert_eq!((told.origin.as_str(), told.reason), ("https://new.example", InstallReason::Origin));
    assert_eq!(told.detail.as_deref(), Some("origin_not_allowed"));
}

async fn only_an_admin_key_sees_the_reports(database: &Database) {
    let server =
        Server::with(database, Setup { file: Some(with_keys()), ..Setup::default() }).await;
    let path = "/v1/chatbots/shop-1/install-reports";
    server.wire.get(path).send().await.refused(401, "credential_missing");
    server
        .wire
        .get(path)
        .bearer("nt_live_nonsense")
        .send()
        .await
        .refused(401, "credential_invalid");
    for scope in ["read", "runtime"] {
        server.wire.get(path).bearer(server.key(scope)).send().await.refused(403, "key_scope");
    }
    server.wire.get(path).bearer(server.key("free admin")).send().await.refused(404, "not_found");
    let id = server.service.chatbot("shop").unwrap().id;
    let by_id = format!("/v1/chatbots/{id}/install-reports");
    let told: InstallReports =
        server.wire.get(by_id).bearer(server.key("admin")).send().await.typed(200);
    assert_eq!(told.reports, []);
}

async fn contacts_are_seen_with_a_key_that_may(database: &Database) {
    let server =
        Server::with(database, Setup { file: Some(with_keys()), ..Setup::default() }).await;
    let visitor = server.visitor("shop").await;
    let body = json!({ "name": "Ada", "email": "ada@shop.example", "consent_accepted": true });
    visitor.post("/contact-handoffs", &body).send().await.expect(201);
    let path = "/v1/chatbots/shop/contacts";
    for scope in ["read", "admin"] {
        let told: Contacts =
            server.wire.get(path).bearer(server.key(scope)).send().await.typed(200);
        assert_eq!(told.contacts.len(), 1);
        let contact = &told.contacts[0];
        assert_eq!(contact.session_id.to_string(), visitor.id());
        let fields: Vec<_> =
            contact.fields.iter().map(|f| (f.key.as_str(), f.value.as_str())).collect();
        assert_eq!(fields, [("name", "Ada"), ("email", "ada@shop.example")]);
        assert!(contact.consent_accepted);
    }
    server.wire.get(path).bearer(server.key("runtime")).send().await.refused(403, "key_scope");
    server.wire.get(path).bearer(server.key("free admin")).send().await.refused(404, "not_found");
}

async fn the_command_lists_the_reports(database: &Database) {
    let server = Server::start(database).await;
    report(&server, Some(SHOP), json!({ "reason": "csp_frame", "detail": "no frames" })).await;
    server.end().await;
    let list = async |more: &[&str]| {
        let mut arguments = vec!["admin", "reports"];
        arguments.extend(more);
        let output = natter(database, &arguments).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let all = list(&[]).await;
    assert!(all.contains(" shop https://shop.example csp_frame 1 no frames\n"), "{all}");
    assert_eq!(list(&["--chatbot", "free"]).await, "");
}
