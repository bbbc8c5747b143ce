//! Who a visitor is: said, or proven by the site's server; and what a proof opens.

use http::Method;
use jsonwebtoken::{EncodingKey, Header, encode};
use natter_server::clock::Clock;
use natter_server::store::Store;
use natter_shared::session::{Redeemed, SessionCreated};
use serde_json::{Value, json};

use crate::harness::{
    Answer, Database, SHOP, Server, Setup, Visitor, file, on_both, on_sqlite, shop,
};

on_both!(
    a_proven_user_finds_their_conversations_in_another_browser,
    another_browser_learns_that_the_consent_was_taken_back,
    a_conversation_that_began_with_a_file_alone_is_called_by_it,
    without_a_good_proof_there_is_no_history,
    a_wrong_proof_opens_no_session,
    a_session_of_one_user_never_becomes_anothers,
    what_is_only_said_is_marked_so,
    what_was_proven_is_not_replaced_by_what_is_said,
    a_proof_opens_nothing_of_another_chatbot,
    a_secret_that_was_replaced_is_good_until_the_next,
    whose_a_session_was_is_erased_with_it,
);

on_sqlite!(identity_secrets_are_not_in_the_files_as_they_are);

/// The shop with proofs of identity, in its rotation of this number.
fn with_identity(rotation: u32) -> String {
    let part = format!("[chatbots.identity]\nenabled = true\nrotation = {rotation}\n");
    shop()
        .replace("[chatbots.persona]\n", &format!("{part}[chatbots.persona]\n"))
        .replace("[chatbots.widget.behaviour]\n", &format!("{part}[chatbots.widget.behaviour]\n"))
}

struct Site {
    server: Server,
    secret: String,
}

impl Site {
    async fn start(database: &Database) -> Self {
        let setup = Setup { file: Some(with_identity(0)), ..Setup::default() };
        let server = Server::with(database, setup).await;
        let secrets = &server.applied.new_identity_secrets;
        let secret = secrets.iter().find(|(name, _)| name == "shop-1").unwrap().1.clone();
        Self { server, secret }
    }

    fn proof(&self, user: &str) -> Value {
        json!({ "token": token(&self.secret, user) })
    }

    async fn lookup(&self, slug: &str, identity: &Value) -> Answer {
        let path = format!("/v1/public/widgets/{slug}/sessions/lookup");
        self.server.wire.post(path).origin(SHOP).json(identity).send().await
    }

    async fn listed(&self, identity: &Value) -> Vec<Value> {
        let list = self.lookup("shop", identity).await.expect(200);
        list["sessions"].as_array().unwrap().clone()
    }

    /// A visitor on the shop's page who has asked something and is who they prove to be.
    async fn user(&self, user: &str) -> Visitor {
        let visitor = self.server.visitor("shop").await;
        identify(&visitor, &self.proof(user)).await.expect(200);
        visitor.ask("How long do I have to return something?").await;
        visitor
    }

    async fn resume(&self, session: &str, identity: &Value) -> Answer {
        let path = format!("/v1/public/widgets/shop/sessions/{session}/resume");
        let token = self.server.handshake("shop").await.data.token;
        self.server.wire.post(path).origin(SHOP).bearer(&token).json(identity).send().await
    }
}

fn token(secret: &str, user: &str) -> String {
    let exp = Clock::system().now().timestamp() + 3600;
    let key = EncodingKey::from_secret(secret.as_bytes());
    encode(&Header::default(), &json!({ "sub": user, "exp": exp, "name": "Ann" }), &key).unwrap()
}

async fn identify(visitor: &Visitor, identity: &Value) -> Answer {
    visitor.call(Method::PUT, "/identity").json(identity).send().await
}

async fn a_proven_user_finds_their_conversations_in_another_browser(database: &Database) {
    let site = Site::start(database).await;
    let visitor = site.user("ann").await;
    site.user("bob").await;
    let listed = site.listed(&site.proof("ann")).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["session_id"], visitor.id());
    assert_eq!(listed[0]["title"], "How long do I have to return something?");
    assert_eq!((&listed[0]["messages"], &listed[0]["status"]), (&json!(2), &json!("open")));

    let resumed: Redeemed = site.resume(visitor.id(), &site.proof("ann")).await.typed(200);
    assert_eq!((resumed.session_id.as_str(), resumed.messages.len()), (visitor.id(), 2));
    let natter = resumed.natter.unwrap();
    let body = json!({ "chatbot_id": "shop", "project_id": "1", "version": 2,
        "resume": { "session_id": visitor.id(), "secret": natter.resume_secret } });
    let call = site.server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body);
    let back = call.send().await.expect(200);
    let session = &back["data"]["natter"]["session"];
    assert_eq!(session["messages"].as_array().unwrap().len(), 2, "{back}");
    assert_eq!(session["identity"], json!({ "verified": true, "user_id": "ann", "name": "Ann" }));
    // A first question that was put in other words is named in those.
    let anew = json!({ "message": "May I return something?", "replaces": resumed.messages[0].id });
    visitor.post("/messages", &anew).send().await.expect(200);
    assert_eq!(site.listed(&site.proof("ann")).await[0]["title"], "May I return something?");
}

async fn another_browser_learns_that_the_consent_was_taken_back(database: &Database) {
    let site = Site::start(database).await;
    let (visitor, proof) = (site.user("ann").await, site.proof("ann"));
    let back = async || {
        let body = json!({ "chatbot_id": "shop", "project_id": "1", "version": 2,
            "resume": { "session_id": visitor.id(), "secret": visitor.secret } });
        let call = site.server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body);
        call.send().await.expect(200)["data"]["natter"]["session"]["consent_withdrawn"].clone()
    };
    let told = async || {
        let resumed = site.resume(visitor.id(), &proof).await.expect(200);
        let listed = site.listed(&proof).await[0]["consent_withdrawn"].clone();
        [back().await, resumed["consent_withdrawn"].clone(), listed]
    };
    assert_eq!(told().await, [json!(null), json!(null), json!(null)]);
    visitor.post("/consent/withdraw", &json!({})).send().await.expect(200);
    assert_eq!(told().await, [json!(true), json!(true), json!(true)]);
    visitor.question("And then?").send().await.refused(400, "consent_required");
    let body = json!({ "message": "And then?", "consent_accepted": true });
    visitor.post("/messages", &body).send().await.expect(200);
    assert_eq!(told().await, [json!(null), json!(null), json!(null)], "it was given again");
}

async fn a_conversation_that_began_with_a_file_alone_is_called_by_it(database: &Database) {
    let takes = "[chatbots.attachments]\nenabled = true\n[chatbots.persona]\n";
    let file = with_identity(0).replacen("[chatbots.persona]\n", takes, 1);
    let server = Server::with(database, Setup { file: Some(file), ..Setup::default() }).await;
    let secrets = &server.applied.new_identity_secrets;
    let secret = secrets.iter().find(|(name, _)| name == "shop-1").unwrap().1.clone();
    let site = Site { server, secret };
    let visitor = site.server.visitor("shop").await;
    identify(&visitor, &site.proof("ann")).await.expect(200);
    let upload = visitor.call(Method::POST, "/attachments").header("x-file-name", "label.txt");
    let file = upload.body("application/octet-stream", "Order 4711").send().await.expect(201);
    let body = json!({ "message": "", "attachments": [file["attachment_id"]] });
    visitor.post("/messages", &body).send().await.expect(200);
    assert_eq!(site.listed(&site.proof("ann")).await[0]["title"], "label.txt");
}

async fn without_a_good_proof_there_is_no_history(database: &Database) {
    let site = Site::start(database).await;
    let visitor = site.user("ann").await;
    let before = database.number("select count(*) from session_access").await;
    let wrong = [
        json!({}),
        json!({ "user_id": "ann" }),
        json!({ "user_id": "ann", "user_hash": "" }),
        json!({ "user_id": "ann", "user_hash": "0".repeat(64) }),
        json!({ "user_hash": "0".repeat(64) }),
        json!({ "token": "" }),
        json!({ "token": "a.b.c" }),
        json!({ "token": token("a secret that somebody made up, long enough", "ann") }),
        json!({ "token": token(&site.secret, "") }),
        json!({ "token": token(&site.secret, "bob"), "user_id": "ann" }),
    ];
    for identity in &wrong {
        site.lookup("shop", identity).await.refused(403, "identity_invalid");
        site.resume(visitor.id(), identity).await.refused(403, "identity_invalid");
    }
    // Another user's proof is good, for that user's conversations.
    assert_eq!(site.listed(&site.proof("bob")).await, Vec::<Value>::new());
    site.resume(visitor.id(), &site.proof("bob")).await.refused(404, "not_found");
    site.resume("nonsense", &site.proof("bob")).await.refused(404, "not_found");
    assert_eq!(database.number("select count(*) from session_access").await, before);
    // Nor is it good from a page that is not allowed.
    let path = "/v1/public/widgets/shop/sessions/lookup";
    let call = site.server.wire.post(path).origin("https://evil.example").json(&site.proof("ann"));
    let refused = call.send().await;
    assert_eq!((refused.status, refused.readable_by()), (403, None));
}

async fn a_wrong_proof_opens_no_session(database: &Database) {
    let site = Site::start(database).await;
    let open = async |identity: &Value| {
        let body = json!({ "consent_accepted": true, "identity": identity });
        site.server.wire.post("/v1/public/robots/shop/sessions").json(&body).send().await
    };
    open(&json!({ "token": "a.b.c" })).await.refused(403, "identity_invalid");
    open(&json!({ "user_id": "x".repeat(201) })).await.refused(422, "invalid_field");
    assert_eq!(database.number("select count(*) from sessions").await, 0);
    let _: SessionCreated = open(&site.proof("ann")).await.typed(201);
    assert_eq!(site.listed(&site.proof("ann")).await.len(), 1);
    // A chatbot without proofs of identity takes none for good.
    let body = json!({ "identity": site.proof("ann") });
    let call = site.server.wire.post("/v1/public/robots/closed/sessions").json(&body);
    call.send().await.refused(403, "identity_invalid");
}

async fn a_session_of_one_user_never_becomes_anothers(database: &Database) {
    let site = Site::start(database).await;
    let visitor = site.user("ann").await;
    identify(&visitor, &site.proof("bob")).await.refused(409, "identity_mismatch");
    identify(&visitor, &json!({ "user_id": "bob" })).await.refused(409, "identity_mismatch");
    identify(&visitor, &json!({ "token": "a.b.c" })).await.refused(403, "identity_invalid");
    assert_eq!(visitor.snapshot().await.identity.unwrap().user_id.as_deref(), Some("ann"));
    assert!(site.listed(&site.proof("bob")).await.is_empty());
    // Nor by the key that it was opened with.
    let open = async |identity: Value| {
        let key = "a client's key of its own";
        let body =
            json!({ "consent_accepted": true, "client_session_id": key, "identity": identity });
        site.server.wire.post("/v1/public/robots/shop/sessions").json(&body).send().await
    };
    open(site.proof("ann")).await.expect(201);
    open(site.proof("ann")).await.expect(201);
    open(site.proof("bob")).await.refused(409, "identity_mismatch");
    assert!(site.listed(&site.proof("bob")).await.is_empty());
}

async fn what_is_only_said_is_marked_so(database: &Database) {
    let site = Site::start(database).await;
    let visitor = site.server.visitor("shop").await;
    let said = json!({ "user_id": "ann", "name": "Ann", "email": "ann@b.example" });
    let kept = identify(&visitor, &said).await.expect(200);
    let marked =
        json!({ "verified": false, "user_id": "ann", "name": "Ann", "email": "ann@b.example" });
    assert_eq!(kept, marked);
    let snapshot = visitor.get("/transcript?format=json").send().await.expect(200);
    assert_eq!(snapshot["identity"], marked);
    let contact = json!({ "email": "ann@b.example" });
    visitor.post("/contact-handoffs", &contact).send().await.expect(201);
    assert!(site.listed(&site.proof("ann")).await.is_empty(), "what is said proves nothing");
    let store = Store::open(&database.url).await.unwrap();
    let chatbot = site.server.service.chatbot("shop").unwrap();
    let contacts = async || {
        let mut tx = store.read().await.unwrap();
        let rows = tx.contacts(chatbot.organization, chatbot.id, 9).await.unwrap();
        rows.iter().map(|row| (row.user_id.clone(), row.is_verified())).collect::<Vec<_>>()
    };
    assert_eq!(contacts().await, [(Some("ann".to_owned()), false)]);
    identify(&visitor, &site.proof("ann")).await.expect(200);
    assert_eq!(contacts().await, [(Some("ann".to_owned()), true)]);
}

async fn what_was_proven_is_not_replaced_by_what_is_said(database: &Database) {
    let site = Site::start(database).await;
    let visitor = site.user("ann").await;
    for said in [json!({ "user_id": "ann", "name": "Eve" }), json!({ "name": "Eve" }), json!({})] {
        let kept = identify(&visitor, &said).await.expect(200);
        assert_eq!(kept, json!({ "verified": true, "user_id": "ann", "name": "Ann" }), "{said}");
    }
}

async fn a_proof_opens_nothing_of_another_chatbot(database: &Database) {
    let site = Site::start(database).await;
    site.user("ann").await;
    // `free` has a secret of its own.
    site.lookup("free", &site.proof("ann")).await.refused(403, "identity_invalid");
    let secrets = &site.server.applied.new_identity_secrets;
    let free = &secrets.iter().find(|(name, _)| name == "free-1").unwrap().1;
    let list = site.lookup("free", &json!({ "token": token(free, "ann") })).await.expect(200);
    assert_eq!(list, json!({ "sessions": [] }));
    site.lookup("shop", &json!({ "token": token(free, "ann") }))
        .await
        .refused(403, "identity_invalid");
}

async fn a_secret_that_was_replaced_is_good_until_the_next(database: &Database) {
    let site = Site::start(database).await;
    let first = site.proof("ann");
    let again = file(&site.server.service, &with_identity(0)).await.unwrap();
    assert!(again.new_identity_secrets.is_empty(), "applied again without effect");
    let second = file(&site.server.service, &with_identity(1)).await.unwrap();
    let (_, secret) = &second.new_identity_secrets[0];
    let second = json!({ "token": token(secret, "ann") });
    for proof in [&first, &second] {
        site.lookup("shop", proof).await.expect(200);
    }
    file(&site.server.service, &with_identity(2)).await.unwrap();
    site.lookup("shop", &first).await.refused(403, "identity_invalid");
    site.lookup("shop", &second).await.expect(200);
    file(&site.server.service, &shop()).await.unwrap();
    site.lookup("shop", &second).await.refused(403, "identity_invalid");
}

async fn whose_a_session_was_is_erased_with_it(database: &Database) {
    let site = Site::start(database).await;
    let visitor = site.user("ann").await;
    assert_eq!(database.number("select count(*) from session_identity").await, 1);
    assert_eq!(visitor.call(Method::DELETE, "").send().await.status, 204);
    assert_eq!(database.number("select count(*) from session_identity").await, 0);
    assert!(site.listed(&site.proof("ann")).await.is_empty());
}

async fn identity_secrets_are_not_in_the_files_as_they_are(database: &Database) {
    let site = Site::start(database).await;
    site.user("a user id that can be searched for").await;
    assert!(database.holds("a user id that can be searched for"), "the search finds what is there");
    assert!(!database.holds(&site.secret));
}
