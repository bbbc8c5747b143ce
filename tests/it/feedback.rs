//! What visitors leave besides questions: ratings and contact details.

use natter_shared::event::{EventKind, EventPage};
use natter_shared::message::{FeedbackStored, Rating};
use serde_json::{Value, json};

use crate::harness::{Database, Server, Setup, on_both, shop};

on_both!(
    a_rating_can_be_changed_and_commented,
    only_answers_of_the_same_session_can_be_rated,
    a_rating_that_is_none_is_refused,
    a_thumb_down_may_say_what_was_wrong,
    finishing_may_bring_a_rating_and_needs_no_body,
    a_finished_session_can_be_rated_for_a_day_and_the_last_rating_counts,
    a_rating_of_a_session_that_does_not_fit_is_refused,
    the_question_at_the_end_is_announced_when_the_owner_wants_it,
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
            EventKind::Message { message } => Some(*message),
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

async fn a_thumb_down_may_say_what_was_wrong(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("How long do I have to return something?").await.message_id;
    for reason in ["wrong", "incomplete", "unclear", "off_topic", "unsafe", "other"] {
        let body = json!({ "message_id": answer, "rating": "down", "reason": reason });
        let stored = visitor.post("/feedback", &body).send().await.expect(201);
        assert_eq!(stored["reason"], reason);
        assert_eq!(database.texts("select reason from feedback").await, [reason]);
    }
    let up = json!({ "message_id": answer, "rating": "up", "reason": "wrong" });
    let refusal = visitor.post("/feedback", &up).send().await.refused(422, "invalid_field");
    assert_eq!(refusal["field"], "reason");
    let boring = json!({ "message_id": answer, "rating": "down", "reason": "boring" });
    visitor.post("/feedback", &boring).send().await.refused(400, "invalid_json");
    let changed = json!({ "message_id": answer, "rating": "up" });
    let stored = visitor.post("/feedback", &changed).send().await.expect(201);
    assert_eq!(stored.get("reason"), None, "{stored}");
}

async fn finishing_may_bring_a_rating_and_needs_no_body(database: &Database) {
    let server = Server::start(database).await;
    let plain = server.plain("shop").await;
    let finished = plain.call(http::Method::POST, "/finish").send().await.expect(200);
    assert_eq!(finished.get("rating"), None, "{finished}");
    // Whoever finished without a rating may have sent any body.
    let odd = plain.post("/finish", &json!({ "by": "visitor" })).send().await.expect(200);
    assert_eq!(odd, finished);
    let visitor = server.visitor("shop").await;
    let body = json!({ "rating": 4, "comment": " Quick. " });
    let finished = visitor.post("/finish", &body).send().await.expect(200);
    assert_eq!(
        (&finished["rating"]["rating"], &finished["rating"]["comment"]),
        (&json!(4), &json!("Quick."))
    );
    assert_eq!(
        visitor.post("/finish", &body).send().await.expect(200)["finished_at"],
        finished["finished_at"]
    );
    let file = visitor.get("/transcript?format=json").send().await.expect(200);
    assert_eq!(file["rating"]["rating"], 4);
    assert_eq!(visitor.call(http::Method::DELETE, "").send().await.status, 204);
    assert_eq!(database.number("select count(*) from session_ratings").await, 0);
}

async fn a_finished_session_can_be_rated_for_a_day_and_the_last_rating_counts(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let visitor = server.plain("shop").await;
    let rate = |rating: u8| visitor.post("/rating", &json!({ "rating": rating })).send();
    rate(5).await.refused(409, "session_open");
    visitor.post("/finish", &json!({})).send().await.expect(200);
    let first = rate(5).await.expect(200);
    server.clock.advance(std::time::Duration::from_hours(23));
    let second = rate(2).await.expect(200);
    assert_eq!((&second["session_id"], &second["rating"]), (&json!(visitor.id()), &json!(2)));
    assert_eq!(second["created_at"], first["created_at"]);
    assert_ne!(second["updated_at"], first["updated_at"]);
    server.clock.advance(std::time::Duration::from_hours(1));
    rate(1).await.refused(409, "rating_closed");
    let again = visitor.post("/finish", &json!({ "rating": 1 })).send().await;
    again.refused(409, "rating_closed");
    visitor.post("/finish", &json!({})).send().await.expect(200);
    assert_eq!(database.texts("select cast(rating as text) from session_ratings").await, ["2"]);
}

async fn a_rating_of_a_session_that_does_not_fit_is_refused(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    for (body, field) in [
        (json!({ "rating": 0 }), "rating"),
        (json!({ "rating": 6 }), "rating"),
        (json!({ "comment": "Good" }), "rating"),
        (json!({ "rating": 5, "comment": "x".repeat(2_001) }), "comment"),
        (json!({ "rating": 5, "comment": "null\u{0}" }), "comment"),
    ] {
        let refusal = visitor.post("/finish", &body).send().await.refused(422, "invalid_field");
        assert_eq!(refusal["field"], field, "{body}");
    }
    for body in [json!({ "rating": 300 }), json!({ "rating": 4.5 }), json!({ "rating": "good" })] {
        visitor.post("/finish", &body).send().await.refused(400, "invalid_json");
    }
    visitor.post("/rating", &json!({ "stars": 5 })).send().await.refused(400, "unknown_field");
    assert_eq!(database.number("select count(*) from sessions where status = 'open'").await, 1);
}

async fn the_question_at_the_end_is_announced_when_the_owner_wants_it(database: &Database) {
    let wanted = shop().replacen("slug = \"shop\"", "slug = \"shop\"\ncsat = true", 1);
    let server = Server::with(database, Setup { file: Some(wanted), ..Setup::default() }).await;
    assert!(server.handshake("shop").await.data.natter.unwrap().csat);
    assert_eq!(server.handshake("free").await.data.natter, None);
}
