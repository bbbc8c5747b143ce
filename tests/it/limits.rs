//! Rate limits: by address and by session, and addresses that nobody can forge.

use std::num::NonZeroU32;

use natter_server::http::Rates;
use serde_json::json;

use crate::harness::{Answer, Call, Database, SHOP, Server, Setup, on_both};

on_both!(
    too_many_calls_are_told_when_to_come_back,
    opening_sessions_is_limited_by_address,
    questions_are_limited_by_session,
    a_handshake_that_is_limited_can_be_read_by_the_page,
    a_thousand_forged_addresses_share_one_bucket,
    a_trusted_proxy_tells_whom_it_speaks_for,
);

fn rates(calls: u32, sessions: u32, questions: u32) -> Setup {
    let rate = |times| NonZeroU32::new(times).unwrap();
    let rates = Rates { calls: rate(calls), sessions: rate(sessions), questions: rate(questions) };
    Setup { rates, ..Setup::default() }
}

#[track_caller]
fn is_limited(answer: &Answer) {
    let problem = answer.refused(429, "rate_limited");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(problem["retry_after"], seconds);
}

fn config(server: &Server, peer: &str) -> Call {
    server.wire.get("/v1/public/robots/shop/config").peer(peer)
}

async fn too_many_calls_are_told_when_to_come_back(database: &Database) {
    let server = Server::with(database, rates(3, 100, 100)).await;
    for _ in 0..3 {
        config(&server, "203.0.113.1").send().await.expect(200);
    }
    is_limited(&config(&server, "203.0.113.1").send().await);
    config(&server, "203.0.113.2").send().await.expect(200);
    // A household shares its network of IPv6.
    for last in 1..=3 {
        config(&server, &format!("2001:db8:1:2::{last}")).send().await.expect(200);
    }
    is_limited(&config(&server, "2001:db8:1:2:ffff::1").send().await);
    config(&server, "2001:db8:1:3::1").send().await.expect(200);
}

async fn opening_sessions_is_limited_by_address(database: &Database) {
    let server = Server::with(database, rates(100, 2, 100)).await;
    let open = || {
        let call = server.wire.post("/v1/public/robots/shop/sessions").origin(SHOP);
        call.peer("203.0.113.1").json(&json!({ "consent_accepted": true })).send()
    };
    for _ in 0..2 {
        open().await.expect(201);
    }
    let limited = open().await;
    is_limited(&limited);
    assert_eq!(limited.readable_by(), Some(SHOP), "the page must learn when to come back");
    assert_eq!(database.number("select count(*) from sessions").await, 2);
}

async fn questions_are_limited_by_session(database: &Database) {
    let server = Server::with(database, rates(100, 100, 2)).await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    for _ in 0..2 {
        visitor.ask("How long do I have to return something?").await;
    }
    let limited = visitor.question("Again?").send().await;
    is_limited(&limited);
    assert_eq!(limited.readable_by(), Some(SHOP));
    other.ask("How long do I have to return something?").await;
}

async fn a_handshake_that_is_limited_can_be_read_by_the_page(database: &Database) {
    let server = Server::with(database, rates(1, 100, 100)).await;
    let shake = || {
        let body = json!({ "chatbot_id": "shop-1", "project_id": "1", "version": 2 });
        server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send()
    };
    shake().await.expect(200);
    let limited = shake().await;
    limited.refused_as_robofy(429, "RATE_LIMITED");
    assert!(limited.header("retry-after").is_some());
    assert_eq!(limited.readable_by(), Some(SHOP));
}

async fn a_thousand_forged_addresses_share_one_bucket(database: &Database) {
    let server = Server::with(database, rates(5, 100, 100)).await;
    let mut answered = 0;
    for number in 0..1_000 {
        let forged = format!("198.51.{}.{}", number / 250, number % 250);
        let call = config(&server, "203.0.113.1").header("x-forwarded-for", &forged);
        answered += u32::from(call.send().await.status == 200);
    }
    assert_eq!(answered, 5);
}

async fn a_trusted_proxy_tells_whom_it_speaks_for(database: &Database) {
    let proxies = vec!["10.0.0.1".parse().unwrap()];
    let server = Server::with(database, Setup { proxies, ..rates(1, 100, 100) }).await;
    let from =
        |forwarded: &str| config(&server, "10.0.0.1").header("x-forwarded-for", forwarded).send();
    from("198.51.100.1").await.expect(200);
    from("198.51.100.2").await.expect(200);
    is_limited(&from("198.51.100.1").await);
    // What a client puts before the proxy's own word does not count.
    is_limited(&from("192.0.2.77, 198.51.100.1").await);
}
