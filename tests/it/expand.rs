//! Carrying a conversation into the full chat page.

use std::time::Duration;

use natter_server::service::EXPAND_LIFETIME;
use natter_shared::session::{ExpandToken, Redeemed};
use serde_json::json;

use crate::harness::{Answer, Database, OWN, Server, Setup, Visitor, on_both};

on_both!(
    a_token_carries_the_conversation_to_our_page,
    another_client_gets_an_address_with_a_secret,
    a_token_works_once,
    a_token_works_for_two_minutes,
    a_token_that_never_was_is_not_found,
    of_twenty_at_once_one_succeeds,
    a_page_that_is_not_allowed_does_not_use_the_token_up,
    only_the_tokens_hash_is_stored,
);

async fn token(visitor: &Visitor) -> ExpandToken {
    visitor.post("/expand-tokens", &json!({})).send().await.typed(201)
}

async fn redeem(server: &Server, token: &str, origin: Option<&str>) -> Answer {
    let call = server.wire.post(format!("/v1/public/expand-tokens/{token}/redeem"));
    match origin {
        Some(origin) => call.origin(origin).send().await,
        None => call.send().await,
    }
}

async fn a_token_carries_the_conversation_to_our_page(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    visitor.ask("How long do I have to return something?").await;
    let made = token(&visitor).await;
    assert_eq!(made.url, format!("{OWN}/c/shop#expand={}", made.token));
    let answer = redeem(&server, &made.token, Some(OWN)).await;
    assert_eq!(answer.readable_by(), Some(OWN));
    let redeemed: Redeemed = answer.typed(200);
    assert_eq!(redeemed.session_id, visitor.id());
    assert_eq!(redeemed.messages, visitor.snapshot().await.messages);
    let credentials = redeemed.natter.unwrap();
    let path = format!("/v1/public/sessions/{}", redeemed.session_id);
    let ask = server.wire.post(format!("{path}/messages")).origin(OWN).bearer(&credentials.token);
    ask.json(&json!({ "message": "And refunds?" })).send().await.expect(200);
    // The widget goes on with the same conversation.
    assert_eq!(visitor.snapshot().await.messages.len(), 4);
}

async fn another_client_gets_an_address_with_a_secret(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.plain("shop").await;
    let made = token(&visitor).await;
    let redeemed: Redeemed = redeem(&server, &made.token, None).await.typed(200);
    assert!(redeemed.natter.is_none());
    let (id, secret) = redeemed.session_id.split_once('.').unwrap();
    assert_eq!(id, visitor.id());
    assert_ne!(secret, visitor.secret);
    let path = format!("/v1/public/sessions/{}/events", redeemed.session_id);
    server.wire.get(path).send().await.expect(200);
}

async fn a_token_works_once(database: &Database) {
    let server = Server::start(database).await;
    let made = token(&server.visitor("shop").await).await;
    redeem(&server, &made.token, Some(OWN)).await.expect(200);
    redeem(&server, &made.token, Some(OWN)).await.refused(410, "token_spent");
}

async fn a_token_works_for_two_minutes(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.visitor("shop").await;
    assert_eq!(EXPAND_LIFETIME, Duration::from_mins(2));
    let made = token(&visitor).await;
    server.clock.advance(EXPAND_LIFETIME);
    redeem(&server, &made.token, Some(OWN)).await.refused(410, "token_spent");
    let made = token(&visitor).await;
    server.clock.advance(Duration::from_micros(119_999_999));
    redeem(&server, &made.token, Some(OWN)).await.expect(200);
}

async fn a_token_that_never_was_is_not_found(database: &Database) {
    let server = Server::start(database).await;
    for token in ["never", &"x".repeat(43)] {
        redeem(&server, token, Some(OWN)).await.refused(404, "not_found");
    }
}

async fn of_twenty_at_once_one_succeeds(database: &Database) {
    let server = Server::start(database).await;
    let made = token(&server.visitor("shop").await).await;
    let answers = (0..20).map(|_| redeem(&server, &made.token, Some(OWN)));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(answers).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[..2], [200, 410]);
    assert!(statuses[1..].iter().all(|status| *status == 410), "{statuses:?}");
    assert_eq!(database.number("select count(*) from session_access where kind = 'page'").await, 1);
}

async fn a_page_that_is_not_allowed_does_not_use_the_token_up(database: &Database) {
    let server = Server::start(database).await;
    let made = token(&server.visitor("shop").await).await;
    let refused = redeem(&server, &made.token, Some("https://evil.example")).await;
    refused.refused(403, "origin_not_allowed");
    assert_eq!(refused.readable_by(), None);
    redeem(&server, &made.token, Some(OWN)).await.expect(200);
}

async fn only_the_tokens_hash_is_stored(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let made = token(&visitor).await;
    let hex = match database.kind {
        crate::harness::Kind::Sqlite => "select lower(hex(hash)) from expand_tokens",
        crate::harness::Kind::Postgres => "select encode(hash, 'hex') from expand_tokens",
    };
    assert_eq!(database.texts(hex).await, [natter_server::secret::hex_hash(&made.token)]);
    let hex = hex.replace("expand_tokens", "session_access");
    assert_eq!(database.texts(&hex).await, [natter_server::secret::hex_hash(&visitor.secret)]);
}
