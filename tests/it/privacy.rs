//! What a visitor may know and decide about their own conversation.

use std::time::Duration;

use http::Method;
use natter_mock_provider::MockProvider;
use natter_shared::privacy::{ConsentReceipt, ConsentWithdrawn, SessionPrivacy};
use serde_json::json;

use crate::harness::{Database, SHOP, Server, Setup, file, on_both, shop, with_models};

const TERMS: &str = "We keep what you write for 30 days.";

on_both!(
    the_menu_says_what_is_stored_and_until_when,
    the_menu_counts_files_and_says_whose_conversation_it_is,
    without_terms_there_is_no_receipt,
    the_receipt_holds_the_terms_as_they_were_accepted,
    what_was_taken_back_is_recorded_and_nothing_more_is_taken_until_it_is_accepted_again,
    taking_back_stops_what_is_being_answered_and_what_could_be_asked_again,
    taking_back_with_deletion_leaves_nothing_but_the_id,
    nobody_else_sees_or_takes_back,
    a_server_that_vouched_is_recorded_so_and_can_take_back,
);

async fn the_menu_says_what_is_stored_and_until_when(database: &Database) {
    let captures = shop().replacen(
        "[chatbots.widget.privacy]",
        "[chatbots.widget.privacy]\ncapture_ip_address = true",
        1,
    );
    let setup = Setup { file: Some(captures), ..Setup::at_a_fixed_time() };
    let server = Server::with(database, setup).await;
    let body = json!({ "visitor_label": "tester", "consent_accepted": true, "locale": "de" });
    let opened = server.wire.post("/v1/public/robots/shop/sessions").json(&body).send().await;
    let address = opened.expect(201)["session_id"].as_str().unwrap().to_owned();
    let path = |below: &str| format!("/v1/public/sessions/{address}{below}");
    server.clock.advance(Duration::from_mins(1));
    let question = json!({ "message": "How long do I have to return something?" });
    let answer = server.wire.post(path("/messages")).json(&question).send().await.expect(200);
    let thumb = json!({ "message_id": answer["message_id"], "rating": "up" });
    server.wire.post(path("/feedback")).json(&thumb).send().await.expect(201);
    let privacy =
        async || -> SessionPrivacy { server.wire.get(path("/privacy")).send().await.typed(200) };
    let before = privacy().await;
    assert!(!before.stored.contact);
    let contact = json!({ "email": "ada@shop.example" });
    server.wire.post(path("/contact-handoffs")).json(&contact).send().await.expect(201);
    let told = privacy().await;
    assert!(told.stored.contact && told.stored.ip_address);
    assert_eq!((told.stored.messages, told.stored.ratings), (2, 1));
    assert_eq!(told.stored.visitor_label.as_deref(), Some("tester"));
    assert_eq!(told.stored.locale.as_deref(), Some("de"));
    assert_eq!(told.stored.created_at.as_str(), "2027-01-15T08:00:00.000000Z");
    assert_eq!(told.retention_days, 30);
    let until = told.kept_until.unwrap();
    assert_eq!(until.as_str(), "2027-02-14T08:01:00.000000Z", "30 days after the last message");
    server.clock.advance(Duration::from_hours(30 * 24));
    assert_eq!(server.service.erase_expired().await.unwrap(), 0, "not before it was said");
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(server.service.erase_expired().await.unwrap(), 1);
    server.wire.get(path("/privacy")).send().await.refused(404, "not_found");
}

async fn the_menu_counts_files_and_says_whose_conversation_it_is(database: &Database) {
    let part = "[chatbots.attachments]\nenabled = true\n[chatbots.persona]\n";
    let takes = shop().replace("[chatbots.persona]\n", part);
    let server = Server::with(database, Setup { file: Some(takes), ..Setup::default() }).await;
    let visitor = server.visitor("shop").await;
    let privacy = async || -> SessionPrivacy { visitor.get("/privacy").send().await.typed(200) };
    let before = privacy().await.stored;
    assert_eq!((before.attachments, before.identity), (0, None));
    let upload = visitor.call(Method::POST, "/attachments");
    upload.body("application/octet-stream", "Order 4711").send().await.expect(201);
    let other = server.visitor("shop").await.call(Method::POST, "/attachments");
    other.body("application/octet-stream", "another's").send().await.expect(201);
    let said = json!({ "user_id": "ann", "name": "Ann" });
    visitor.call(Method::PUT, "/identity").json(&said).send().await.expect(200);
    let stored = privacy().await.stored;
    assert_eq!(stored.attachments, 1, "what is yet to be sent is stored too");
    let identity = stored.identity.unwrap();
    assert_eq!((identity.user_id.as_deref(), identity.verified), (Some("ann"), false));
    // What was agreed to and taken back covers files too.
    visitor.post("/consent/withdraw", &json!({})).send().await.expect(200);
    let upload = visitor.call(Method::POST, "/attachments");
    let refused = upload.body("application/octet-stream", "more").send().await;
    refused.refused(400, "consent_required");
    assert_eq!(privacy().await.stored.attachments, 1);
}

async fn without_terms_there_is_no_receipt(database: &Database) {
    let kept = shop().replacen("slug = \"free\"", "slug = \"free\"\nretention_days = 0", 1);
    let server = Server::with(database, Setup { file: Some(kept), ..Setup::default() }).await;
    let visitor = server.visitor("free").await;
    let told: SessionPrivacy = visitor.get("/privacy").send().await.typed(200);
    assert_eq!((told.consent, told.kept_until, told.retention_days), (None, None, 0));
    visitor.get("/consent-receipt").send().await.refused(404, "not_found");
    visitor.post("/consent/withdraw", &json!({})).send().await.refused(409, "consent_none");
    visitor.ask("How long do I have to return something?").await;
}

async fn the_receipt_holds_the_terms_as_they_were_accepted(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.visitor("shop").await;
    let told: SessionPrivacy = visitor.get("/privacy").send().await.typed(200);
    let answer = visitor.get("/consent-receipt").send().await;
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment"), "{disposition}");
    let receipt: ConsentReceipt = answer.typed(200);
    assert_eq!(told.consent.as_ref(), Some(&receipt));
    assert_eq!(receipt.text.as_deref(), Some(TERMS));
    assert_eq!(receipt.accepted_at.as_str(), "2027-01-15T08:00:00.000000Z");
    assert_eq!((receipt.vouched, receipt.withdrawn_at.as_ref()), (false, None));
    let hash = server.handshake("shop").await.data.natter.unwrap().consent_hash;
    assert_eq!(receipt.hash, hash);
    // Later terms do not change what was accepted.
    let changed = shop().replace(TERMS, "We keep what you write for ever.");
    file(&server.service, &changed).await.unwrap();
    let later: ConsentReceipt = visitor.get("/consent-receipt").send().await.typed(200);
    assert_eq!(later, receipt);
}

async fn what_was_taken_back_is_recorded_and_nothing_more_is_taken_until_it_is_accepted_again(
    database: &Database,
) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.visitor("shop").await;
    visitor.ask("How long do I have to return something?").await;
    server.clock.advance(Duration::from_secs(5));
    let taken: ConsentWithdrawn =
        visitor.post("/consent/withdraw", &json!({})).send().await.typed(200);
    assert_eq!(taken.withdrawn_at.as_str(), "2027-01-15T08:00:05.000000Z");
    assert!(!taken.deleted);
    server.clock.advance(Duration::from_secs(5));
    let again: ConsentWithdrawn =
        visitor.post("/consent/withdraw", &json!({ "delete": false })).send().await.typed(200);
    assert_eq!(again, taken, "taking it back again changes nothing");
    visitor.question("And then?").send().await.refused(400, "consent_required");
    let receipt: ConsentReceipt = visitor.get("/consent-receipt").send().await.typed(200);
    assert_eq!(receipt.withdrawn_at, Some(taken.withdrawn_at));
    assert_eq!(receipt.text.as_deref(), Some(TERMS));
    assert_eq!(visitor.snapshot().await.messages.len(), 2, "what was said stays");
    let body = json!({ "message": "And then?", "consent_accepted": true });
    visitor.post("/messages", &body).send().await.expect(200);
    let receipt: ConsentReceipt = visitor.get("/consent-receipt").send().await.typed(200);
    assert_eq!(receipt.accepted_at.as_str(), "2027-01-15T08:00:10.000000Z");
    assert_eq!(receipt.withdrawn_at, None);
    visitor.ask("Where do I send it?").await;
    assert_eq!(database.number("select count(*) from consent_withdrawals").await, 1);
}

async fn taking_back_stops_what_is_being_answered_and_what_could_be_asked_again(
    database: &Database,
) {
    let provider = MockProvider::start().await;
    let terms = "[chatbots.widget.privacy]\nchatbot_privacy_term = \"Terms\"\n[[chatbots.sources]]";
    let models = with_models(&provider, &["stall:3"]);
    let (before, after) = models.split_at(models.find("public_id = \"llm-0\"").unwrap());
    let models = format!("{before}{}", after.replacen("[[chatbots.sources]]", terms, 1));
    let server = Server::with(database, Setup { file: Some(models), ..Setup::default() }).await;
    let visitor = server.visitor("llm-0").await;
    let mut stream = visitor.follow("How long do I have to return something?").await;
    stream.until(" ").await;
    visitor.post("/consent/withdraw", &json!({})).send().await.expect(200);
    assert_eq!(stream.rest().await.part("abort")["reason"], "stopped");
    let turn = visitor.snapshot().await.messages[0].turn_id.unwrap();
    let retry = visitor.post(&format!("/turns/{turn}/retry"), &json!({}));
    retry.send().await.refused(400, "consent_required");
}

async fn taking_back_with_deletion_leaves_nothing_but_the_id(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    visitor.ask("How long do I have to return something?").await;
    visitor.post("/consent/withdraw", &json!({})).send().await.expect(200);
    let body = json!({ "delete": true });
    let taken: ConsentWithdrawn = visitor.post("/consent/withdraw", &body).send().await.typed(200);
    assert!(taken.deleted);
    visitor.get("/privacy").send().await.refused(404, "not_found");
    for table in ["sessions", "messages", "consent_withdrawals", "session_events", "turns"] {
        assert_eq!(database.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    assert_eq!(database.number("select count(*) from erasures").await, 1);
    let free = server.visitor("free").await;
    free.post("/consent/withdraw", &body).send().await.expect(200);
    assert_eq!(database.number("select count(*) from sessions").await, 0, "without terms as well");
}

async fn nobody_else_sees_or_takes_back(database: &Database) {
    let server = Server::start(database).await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    let path = |below: &str| format!("/v1/public/sessions/{}{below}", visitor.id());
    for below in ["/privacy", "/consent-receipt"] {
        server.wire.get(path(below)).send().await.refused(401, "credential_missing");
        let call = server.wire.get(path(below)).origin(SHOP).bearer(other.token());
        call.send().await.refused(404, "not_found");
    }
    let call = server.wire.call(Method::POST, path("/consent/withdraw")).json(&json!({}));
    call.send().await.refused(401, "credential_missing");
    assert_eq!(database.number("select count(*) from consent_withdrawals").await, 0);
    let body = json!({ "erase": true });
    visitor.post("/consent/withdraw", &body).send().await.refused(400, "unknown_field");
}

async fn a_server_that_vouched_is_recorded_so_and_can_take_back(database: &Database) {
    let server = Server::start(database).await;
    let key = server.key("server");
    let ask = |session: Option<&str>| {
        let context = json!({ "platform": "web", "session_id": session.unwrap_or_default() });
        let body = json!({ "query": "How long do I have to return something?", "pid": "1",
            "chatbot_id": "shop", "user_context": context });
        server.wire.post("/v1/ai-agent/chat").bearer(key).json(&body).send()
    };
    let id = ask(None).await.expect(200)["data"]["session_id"].as_str().unwrap().to_owned();
    let path = |below: &str| format!("/v1/public/sessions/{id}{below}");
    let receipt: ConsentReceipt =
        server.wire.get(path("/consent-receipt")).bearer(key).send().await.typed(200);
    assert_eq!((receipt.vouched, receipt.hash, receipt.text), (true, None, None));
    let call = server.wire.post(path("/consent/withdraw")).bearer(key).json(&json!({}));
    call.send().await.expect(200);
    ask(Some(&id)).await.refused_as_robofy(400, "CONSENT_REQUIRED");
}
