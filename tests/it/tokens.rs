//! The handshake's token: what it opens, and everything that is not one.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use natter_server::secret::Secrets;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, OWN, SHOP, Server, Setup, Visitor, on_both, shop};

on_both!(
    a_token_that_is_not_ours_opens_nothing,
    a_token_opens_for_fifteen_minutes,
    a_token_works_only_from_the_page_that_shook_hands,
    a_token_opens_its_own_session_only,
    a_token_for_one_chatbot_opens_no_session_of_another,
    our_own_page_may_read_without_an_origin_when_the_browser_vouches,
    a_token_survives_a_rotation_until_the_old_secret_is_removed,
    an_api_key_opens_what_it_was_made_for,
    an_api_key_does_what_its_scope_allows,
    a_bare_id_alone_opens_nothing,
);

async fn events(server: &Server, session: &str, token: &str, origin: Option<&str>) -> Answer {
    let path = format!("/v1/public/sessions/{session}/events");
    let call = server.wire.get(path).bearer(token);
    match origin {
        Some(origin) => call.origin(origin).send().await,
        None => call.send().await,
    }
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn written(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

async fn a_token_that_is_not_ours_opens_nothing(database: &Database) {
    let setup = Setup::default();
    let secrets = Secrets::parse(&setup.secrets).unwrap();
    let server = Server::with(database, setup).await;
    let visitor = server.visitor("shop").await;
    let token = visitor.token();
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let (header, claimed) = (decode(head), decode(claims));
    let key = EncodingKey::from_secret(&secrets.derive("handshake")[0]);
    let kid = header["kid"].as_str().unwrap();
    let signed = |algorithm, kid: &str, claims: &Value, key: &EncodingKey| {
        let header = Header { kid: Some(kid.into()), ..Header::new(algorithm) };
        encode(&header, claims, key).unwrap()
    };
    let with = |name: &str, value: Value| {
        let mut changed = claimed.clone();
        changed[name] = value;
        changed
    };
    let none = written(&json!({ "alg": "none", "typ": "JWT", "kid": kid }));
    let longer = with("exp", json!(4_000_000_000_u32));
    // The test's own signature is good, so what is refused below is refused for what it says.
    let good = signed(Algorithm::HS256, kid, &claimed, &key);
    events(&server, visitor.id(), &good, Some(SHOP)).await.expect(200);
    for (what, forged) in [
        ("no algorithm", format!("{none}.{claims}.")),
        ("no algorithm, old signature", format!("{none}.{claims}.{signature}")),
        ("another algorithm", signed(Algorithm::HS384, kid, &claimed, &key)),
        ("an unknown key", signed(Algorithm::HS256, "unknown", &claimed, &key)),
        ("another key", signed(Algorithm::HS256, kid, &claimed, &EncodingKey::from_secret(b"x"))),
        ("changed claims", format!("{head}.{}.{signature}", written(&longer))),
        ("another audience", signed(Algorithm::HS256, kid, &with("aud", json!("other")), &key)),
        ("no signature", format!("{head}.{claims}.")),
        ("cut", token[..token.len() - 2].to_owned()),
        ("nonsense", "a.b.c".to_owned()),
        ("dots", "..".to_owned()),
    ] {
        let answer = events(&server, visitor.id(), &forged, Some(SHOP)).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        answer.refused(401, "credential_invalid");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(answer.readable_by(), None, "{what}");
    }
}

async fn a_token_opens_for_fifteen_minutes(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.visitor("shop").await;
    server.clock.advance(Duration::from_secs(15 * 60 - 1));
    visitor.get("/events").send().await.expect(200);
    server.clock.advance(Duration::from_secs(1));
    let expired = visitor.get("/events").send().await;
    expired.refused(401, "token_expired");
    assert_eq!(expired.readable_by(), Some(SHOP), "the page must learn that it should refresh");
    let elsewhere =
        events(&server, visitor.id(), visitor.token(), Some("https://evil.example")).await;
    assert_eq!((elsewhere.status, elsewhere.readable_by()), (401, None));
}

async fn a_token_works_only_from_the_page_that_shook_hands(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    for origin in [
        None,
        Some("null"),
        Some("http://localhost:3000"),
        Some(OWN),
        Some("https://evil.example"),
        Some("https://shop.example:443"),
    ] {
        let answer = events(&server, visitor.id(), visitor.token(), origin).await;
        answer.refused(401, "credential_invalid");
        assert_eq!(answer.readable_by(), None, "{origin:?}");
    }
}

async fn a_token_opens_its_own_session_only(database: &Database) {
    let server = Server::start(database).await;
    let (one, other) = (server.visitor("shop").await, server.visitor("shop").await);
    events(&server, other.id(), one.token(), Some(SHOP)).await.refused(404, "not_found");
    let fresh = server.handshake("shop").await.data.token;
    events(&server, one.id(), &fresh, Some(SHOP)).await.refused(404, "not_found");
    let unknown = "ses_00000000000000000000000000000000";
    let stranger = events(&server, unknown, one.token(), Some(SHOP)).await;
    let mut refusal = stranger.refused(404, "not_found");
    let mut known =
        events(&server, other.id(), one.token(), Some(SHOP)).await.refused(404, "not_found");
    refusal["request_id"] = Value::Null;
    known["request_id"] = Value::Null;
    assert_eq!(refusal, known, "nothing tells a stranger's session from one that does not exist");
}

async fn a_token_for_one_chatbot_opens_no_session_of_another(database: &Database) {
    let server = Server::start(database).await;
    let token = server.handshake("shop").await.data.token;
    for door in ["widgets", "robots"] {
        let call = server.wire.post(format!("/v1/public/{door}/free/sessions"));
        let answer = call.origin(SHOP).bearer(&token).send().await;
        answer.refused(403, "not_allowed");
        assert_eq!(answer.readable_by(), Some(SHOP));
    }
    assert_eq!(database.number("select count(*) from sessions").await, 0);
}

async fn our_own_page_may_read_without_an_origin_when_the_browser_vouches(database: &Database) {
    let server = Server::start(database).await;
    let body = json!({ "chatbot_id": "shop-1", "project_id": "1", "version": 2 });
    let shaken = server.wire.post("/v1/widget/handshake").origin(OWN).json(&body).send().await;
    let token = shaken.expect(200)["data"]["token"].as_str().unwrap().to_owned();
    let call = server.wire.post("/v1/public/widgets/shop/sessions").origin(OWN).bearer(&token);
    let created = call.json(&json!({ "consent_accepted": true })).send().await.expect(201);
    let session = created["session_id"].as_str().unwrap();
    let token = created["natter"]["token"].as_str().unwrap();
    let path = format!("/v1/public/sessions/{session}");
    let read = |site: &str| {
        let call = server.wire.get(format!("{path}/events")).bearer(token);
        call.header("sec-fetch-site", site).send()
    };
    read("same-origin").await.expect(200);
    for site in ["cross-site", "same-site", "none"] {
        read(site).await.refused(401, "credential_invalid");
    }
    // What changes something carries an Origin in every browser; without one it is refused.
    let write = server.wire.post(format!("{path}/finish")).bearer(token);
    write.header("sec-fetch-site", "same-origin").send().await.refused(401, "credential_invalid");
    // The vouching counts for our own page only.
    let visitor = server.visitor("shop").await;
    let path = format!("/v1/public/sessions/{}/events", visitor.id());
    let call = server.wire.get(path).bearer(visitor.token());
    call.header("sec-fetch-site", "same-origin").send().await.refused(401, "credential_invalid");
}

async fn a_token_survives_a_rotation_until_the_old_secret_is_removed(database: &Database) {
    let setup = Setup::default();
    let old = setup.secrets.clone();
    let server = Server::with(database, setup).await;
    let visitor = server.visitor("shop").await;
    let new = "a newer secret of the tests, which is long enough too";
    let again =
        |secrets: String| Server::with(database, Setup { secrets, file: None, ..Setup::default() });
    server.end().await;
    let rotated = again(format!("{new}\n{old}")).await;
    visitor.at(&rotated.wire).get("/events").send().await.expect(200);
    let fresh = rotated.visitor("shop").await;
    rotated.end().await;
    let removed = again(new.to_owned()).await;
    visitor.at(&removed.wire).get("/events").send().await.refused(401, "credential_invalid");
    // What was signed since the rotation was signed with the new secret.
    fresh.at(&removed.wire).get("/events").send().await.expect(200);
}

async fn an_api_key_opens_what_it_was_made_for(database: &Database) {
    let server = Server::start(database).await;
    let (shop, free) = (server.plain("shop").await, server.plain("free").await);
    let read = async |visitor: &Visitor, key: &str| {
        let path = format!("/v1/public/sessions/{}/events", visitor.id());
        server.wire.get(path).bearer(key).send().await
    };
    read(&shop, server.key("server")).await.expect(200);
    read(&free, server.key("server")).await.expect(200);
    read(&free, server.key("free only")).await.expect(200);
    read(&shop, server.key("free only")).await.refused(404, "not_found");
    read(&shop, "nt_live_00000000000000000000000000000000")
        .await
        .refused(401, "credential_invalid");
}

async fn an_api_key_does_what_its_scope_allows(database: &Database) {
    let scoped = ["read", "runtime", "admin"].map(|scope| {
        format!("\n[[api_keys]]\nname = \"{scope}\"\nscope = \"{scope}\"\nchatbot = \"shop-1\"\n")
    });
    let file = Some(shop() + &scoped.concat());
    let server = Server::with(database, Setup { file, ..Setup::default() }).await;
    let question = json!({ "message": "Hello" });
    let chat = json!({ "query": "Hello", "pid": "1", "chatbot_id": "shop-1", "user_context": { "platform": "web" } });
    for scope in ["read", "runtime", "admin"] {
        let key = server.key(scope);
        let (own, other) = (server.plain("shop").await, server.plain("free").await);
        let answer = own.ask("Hello").await;
        let rating = json!({ "message_id": answer.message_id, "rating": "up" });
        for (method, below, body, looks) in [
            (Method::GET, "/events", None, true),
            (Method::GET, "/stream", None, true),
            (Method::GET, "/transcript?format=json", None, true),
            (Method::POST, "/messages", Some(&question), false),
            (Method::POST, "/stop", None, false),
            (Method::POST, "/feedback", Some(&rating), false),
            (Method::POST, "/finish", None, false),
            (Method::DELETE, "", None, false),
        ] {
            let call = |visitor: &Visitor| {
                let path = format!("/v1/public/sessions/{}{below}", visitor.id());
                let call = server.wire.call(method.clone(), path).bearer(key);
                match body {
                    Some(body) => call.json(body),
                    None => call,
                }
            };
            let done = call(&own).send().await;
            if scope == "read" && !looks {
                done.refused(403, "key_scope");
            } else {
                assert!(done.status < 300, "{scope} {method} {below}: {}", done.text());
            }
            // What is another chatbot's is not there, whatever the scope.
            call(&other).send().await.refused(404, "not_found");
        }
        let chatted = server.wire.post("/v1/ai-agent/chat").bearer(key).json(&chat).send().await;
        if scope == "read" {
            chatted.refused_as_robofy(403, "KEY_SCOPE");
        } else {
            chatted.expect(200);
        }
    }
}

async fn a_bare_id_alone_opens_nothing(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.plain("shop").await;
    let path = format!("/v1/public/sessions/{}/events", visitor.id());
    server.wire.get(&path).send().await.refused(401, "credential_missing");
    server.wire.get(&path).origin(SHOP).send().await.refused(401, "credential_missing");
    let basic = server.wire.get(&path).header("authorization", "Basic dXNlcjpwYXNz").send().await;
    basic.refused(401, "credential_missing");
}
