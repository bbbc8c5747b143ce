//! What visitors leave besides questions: ratings and contact details.

use natter_shared::event::{EventKind, EventPage};
use natter_shared::message::{FeedbackStored, Rating};
use serde_json::{Value, json};

use crate::harness::{Database, Server, Setup, on_both};

on_both!(
    a_rating_can_be_changed_and_commented,
    only_answers_of_the_same_session_can_be_rated,
    a_rating_that_is_none_is_refused,
    a_visitor_leaves_contact_details,
    an_unanswered_question_offers_the_contact_form_until_something_was_left,
    contact_details_that_cannot_be_used_are_refused,
    a_chatbot_that_takes_no_contacts_says_so,
);

async fn a_rating_can_be_changed_and_commented(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await.message_id;
    let up = json!({ "message_id": answer, "rating": "up" });
    let first: FeedbackStored = visitor.post("/feedback", &up).send().await.typed(201);
    assert_eq!((first.rating, first.comment.as_deref()), (Rating::Up, None));
    server.clock.advance(std::time::Duration::from_secs(5));
    let down = json!({ "message_id": answer, "rating": "down", "comment": "  Too short.  " });
    let second: FeedbackStored = visitor.post("/feedback", &down).send().await.typed(201);
    assert_eq!((second.rating, second.comment.as_deref()), (Rating::Down, Some("Too short.")));
    assert_eq!(second.created_at, first.created_at);
    assert!(second.updated_at.as_str() > first.updated_at.as_str());
    let messages = visitor.snapshot().await.messages;
    let rated = messages.iter().find(|message| message.id == answer).unwrap();
    assert_eq!(rated.rating, Some(Rating::Down));
    assert_eq!(database.number("select count(*) from feedback").await, 1);
}

async fn only_answers_of_the_same_session_can_be_rated(database: &Database) {
    let server = Server::start(database).await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("shop").await);
    let answer = visitor.ask("How long do I have to return something?").await.message_id;
    let question = visitor.snapshot().await.messages[0].id;
    let rate = |id: String| json!({ "message_id": id, "rating": "up" });
    other.post("/feedback", &rate(answer.to_string())).send().await.refused(404, "not_found");
    visitor.post("/feedback", &rate(question.to_string())).send().await.refused(404, "not_found");
    let unknown = format!("msg_{}", "0".repeat(32));
    visitor.post("/feedback", &rate(unknown)).send().await.refused(404, "not_found");
    visitor
        .post("/feedback", &rate(visitor.id().to_owned()))
        .send()
        .await
        .refused(400, "invalid_json");
    assert_eq!(database.number("select count(*) from feedback").await, 0);
}

async fn a_rating_that_is_none_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await.message_id;
    let middling = json!({ "message_id": answer, "rating": "middling" });
    visitor.post("/feedback", &middling).send().await.refused(400, "invalid_json");
    let long = json!({ "message_id": answer, "rating": "up", "comment": "x".repeat(2_001) });
    let refusal = visitor.post("/feedback", &long).send().await.refused(422, "invalid_field");
    assert_eq!(refusal["field"], "comment");
    let null = json!({ "message_id": answer, "rating": "up", "comment": "a null\u{0}character" });
    let refusal = visitor.post("/feedback", &null).send().await.refused(422, "invalid_field");
    assert_eq!(refusal["field"], "comment");
}

async fn a_visitor_leaves_contact_details(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let body = json!({
        "name": " Ada ", "email": "ada@shop.example", "message": "Call me", "consent_accepted": true,
    });
    let created = visitor.post("/contact-handoffs", &body).send().await.expect(201);
    assert_eq!(created["session_id"], visitor.id());
    assert!(created["contact_id"].as_str().unwrap().starts_with("con_"));
    let kept =
        "select name || ' ' || email || ' ' || message from contacts where consent_at is not null";
    assert_eq!(database.texts(kept).await, ["Ada ada@shop.example Call me"]);
    let phone = json!({ "phone": "+353 20 912 0147" });
    visitor.post("/contact-handoffs", &phone).send().await.expect(201);
}

async fn an_unanswered_question_offers_the_contact_form_until_something_was_left(
    database: &Database,
) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let offered = async || {
        let messages = visitor.snapshot().await.messages;
        let events: EventPage = visitor.get("/events?after=0").send().await.typed(200);
        let logged = events.events.into_iter().filter_map(|event| match event.what {
            EventKind::Message { message } => Some(message),
            _ => None,
        });
        assert_eq!(logged.collect::<Vec<_>>(), messages, "the log says the same");
        messages.iter().map(|message| message.offer_contact).collect::<Vec<_>>()
    };
    visitor.ask("How long do I have to return something?").await;
    visitor.ask("Which football team won in 1954?").await;
    assert_eq!(offered().await, [false, false, false, true]);
    let body = json!({ "email": "ada@shop.example", "consent_accepted": true });
    visitor.post("/contact-handoffs", &body).send().await.expect(201);
    assert_eq!(offered().await, [false; 4]);
    let none = server.visitor("free").await;
    none.ask("Which football team won in 1954?").await;
    assert!(none.snapshot().await.messages.iter().all(|message| !message.offer_contact));
}

async fn contact_details_that_cannot_be_used_are_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let refused: [(Value, &str); 10] = [
        (json!({}), "email"),
        (json!({ "name": "Ada" }), "email"),
        (json!({ "email": "  " }), "email"),
        (json!({ "email": "ada" }), "email"),
        (json!({ "email": "ada@" }), "email"),
        (json!({ "email": "a da@shop.example" }), "email"),
        (json!({ "phone": "call me" }), "phone"),
        (json!({ "email": "ada@shop.example", "name": "x".repeat(201) }), "name"),
        (json!({ "email": "ada@shop.example", "message": "x".repeat(4_001) }), "message"),
        (json!({ "email": "ada@shop.example", "message": "null\u{0}" }), "message"),
    ];
    for (body, field) in refused {
        let answer = visitor.post("/contact-handoffs", &body).send().await;
        assert_eq!(answer.refused(422, "invalid_field")["field"], field, "{body}");
    }
    let declined = json!({ "email": "ada@shop.example", "consent_accepted": false });
    visitor.post("/contact-handoffs", &declined).send().await.refused(400, "consent_required");
    assert_eq!(database.number("select count(*) from contacts").await, 0);
}

async fn a_chatbot_that_takes_no_contacts_says_so(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("free").await;
    let body = json!({ "email": "ada@shop.example" });
    visitor.post("/contact-handoffs", &body).send().await.refused(403, "contacts_off");
}
