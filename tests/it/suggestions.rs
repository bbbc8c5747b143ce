//! What the visitor may ask next, below an answer.

use serde_json::json;

use crate::harness::{Database, Server, Setup, on_both, shop};

on_both!(
    what_was_not_asked_yet_is_suggested_in_the_stream_and_the_log,
    neighbouring_pages_are_suggested_by_their_headings,
    who_asks_for_a_person_is_not_asked_to_ask,
    an_owner_who_wants_none_has_none,
);

const RETURN: &str = "How long do I have to return something?";

fn with_questions(rest: &str) -> String {
    let questions = "slug = \"shop\"\nquick_questions = [\"When are you open?\", \"How long do I have to return something?\"]";
    shop().replacen("slug = \"shop\"", questions, 1).replacen(
        "[chatbots.widget.privacy]",
        &format!("{rest}[chatbots.widget.privacy]"),
        1,
    )
}

async fn server(database: &Database, file: String) -> Server {
    Server::with(database, Setup { file: Some(file), ..Setup::default() }).await
}

async fn what_was_not_asked_yet_is_suggested_in_the_stream_and_the_log(database: &Database) {
    let server = server(database, with_questions("")).await;
    let visitor = server.visitor("shop").await;
    let told = visitor.follow(RETURN).await.rest().await;
    let expected = json!(["When are you open?"]);
    assert_eq!(told.part("data-suggestions")["data"]["suggestions"], expected);
    let kinds = told.kinds();
    let at = |kind: &str| kinds.iter().position(|known| known == kind).unwrap();
    assert!(at("data-answer") < at("data-suggestions"), "{kinds:?}");
    assert!(at("data-suggestions") < at("finish-step"), "{kinds:?}");
    let messages = visitor.snapshot().await.messages;
    assert_eq!(json!(messages[1].suggestions), expected);
    assert!(messages[0].suggestions.is_empty());
    let events = visitor.get("/events?after=0").send().await.expect(200).to_string();
    assert!(events.contains("\"suggestions\":[\"When are you open?\"]"), "{events}");
    let turn = messages[0].turn_id.unwrap();
    let late = visitor.resume(Some(&format!("{turn}:0"))).await.rest().await;
    assert_eq!(late.part("data-suggestions")["data"]["suggestions"], expected);
    // All was asked: the part is left out, and so is the field.
    let none = visitor.follow("When are you open?").await.rest().await;
    assert!(!none.kinds().contains(&"data-suggestions".to_owned()), "{:?}", none.kinds());
    let file = visitor.get("/transcript?format=json").send().await.expect(200);
    assert_eq!(file["messages"][3].get("suggestions"), None);
}

async fn neighbouring_pages_are_suggested_by_their_headings(database: &Database) {
    let page = r#"
[[chatbots.sources]]
title = "Damaged goods"
url = "https://shop.example/damaged"
format = "markdown"
text = """
# Damaged goods

## What if something that I return is broken?

Then say so within a week: something that is broken may be returned as well, and we pay for it.
"""
"#;
    let before = "[[chatbots.sources]]\ntitle = \"Counter notes\"";
    let file = shop().replacen(before, &format!("{page}{before}"), 1);
    let server = server(database, file).await;
    let visitor = server.visitor("shop").await;
    let answer = visitor.ask("Within how many days of delivery can I return something?").await;
    let snapshot = visitor.snapshot().await;
    let suggestions = &snapshot.messages[1].suggestions;
    let cited: Vec<_> = answer.sources.iter().map(|source| source.title.as_str()).collect();
    assert_eq!(cited, ["Returns"], "{}", answer.answer);
    assert_eq!(suggestions, &["What if something that I return is broken?"]);
}

async fn who_asks_for_a_person_is_not_asked_to_ask(database: &Database) {
    let server = server(database, with_questions("")).await;
    let visitor = server.visitor("shop").await;
    let told = visitor.follow("Can I talk to a human?").await.rest().await;
    assert!(!told.kinds().contains(&"data-suggestions".to_owned()), "{:?}", told.kinds());
}

async fn an_owner_who_wants_none_has_none(database: &Database) {
    let off = "[chatbots.widget.behaviour]\nenable_suggested_questions = false\n";
    let server = server(database, with_questions(off)).await;
    let visitor = server.visitor("shop").await;
    let told = visitor.follow(RETURN).await.rest().await;
    assert!(!told.kinds().contains(&"data-suggestions".to_owned()), "{:?}", told.kinds());
}
