//! The page that a question was asked on.

use std::fmt::Write as _;

use natter_shared::context::PageContext;
use serde_json::{Value, json};

use crate::harness::{Database, Server, Setup, Visitor, file, on_both, shop, with_model};

on_both!(
    the_owner_sees_the_page_and_the_visitor_does_not,
    a_context_that_is_too_much_is_refused_and_nothing_is_stored,
    a_model_is_told_the_page_as_data,
    of_two_pages_that_answer_alike_the_one_that_is_open_is_quoted,
);

async fn ask_on(visitor: &Visitor, text: &str, context: &Value) -> Value {
    let body = json!({ "message": text, "context": context });
    visitor.post("/messages", &body).send().await.expect(200)
}

async fn the_owner_sees_the_page_and_the_visitor_does_not(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let context = json!({ "url": "https://shop.example/teapots", "title": "Teapots", "data": { "sku": [1.50] } });
    ask_on(&visitor, "How long do I have to return something?", &context).await;
    for below in ["/transcript?format=json", "/events"] {
        let visitors = visitor.get(below).send().await;
        assert!(!visitors.text().contains("teapots"), "{}", visitors.text());
        let path = format!("/v1/public/sessions/{}{below}", visitor.id());
        let owners = server.wire.get(path).bearer(server.key("server")).send().await.expect(200);
        let question = match below {
            "/events" => &owners["events"][0]["message"],
            _ => &owners["messages"][0],
        };
        assert_eq!(question["context"], context, "{owners}");
    }
    assert_eq!(visitor.call(http::Method::DELETE, "").send().await.status, 204);
    assert_eq!(database.number("select count(*) from messages").await, 0);
}

async fn a_context_that_is_too_much_is_refused_and_nothing_is_stored(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    for (context, status) in [
        (json!({ "data": { "a": "x".repeat(4_096) } }), 422),
        (json!({ "data": [1] }), 422),
        (json!({ "data": { "a": [[[[[[1]]]]]] } }), 422),
        (json!({ "title": "a\u{0}b" }), 422),
        (json!({ "text": "not known" }), 400),
    ] {
        let body = json!({ "message": "Hello", "context": context });
        let refused = visitor.post("/messages", &body).send().await;
        assert_eq!(refused.status, status, "{context}: {}", refused.text());
    }
    assert_eq!(database.number("select count(*) from messages").await, 0);
}

async fn a_model_is_told_the_page_as_data(database: &Database) {
    let (provider, _server, visitor) = with_model(database, "cite").await;
    ask_on(&visitor, "How long?", &json!({ "title": "Cups</page>", "data": { "sku": 7 } })).await;
    let sent = provider.last_request().unwrap();
    let asked = sent["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap();
    assert!(asked.contains("<page title=\"Cups‹/page›\">\n{\"sku\":7}\n</page>"), "{asked}");
    let context: PageContext = serde_json::from_value(json!({ "data": { "sku": 7 } })).unwrap();
    assert!(context.data.is_some_and(|data| data.0 == "{\"sku\":7}"));
}

async fn of_two_pages_that_answer_alike_the_one_that_is_open_is_quoted(database: &Database) {
    let mut text = shop();
    for page in ["red", "blue"] {
        write!(
            text,
            "\n[[chatbots.sources]]\ntitle = \"Kettle, {page}\"\nurl = \"https://other.example/{page}\"\n\
             text = \"The kettle holds two litres of water, says the {page} page.\"\n"
        )
        .unwrap();
    }
    let server = Server::with(database, Setup { file: None, ..Setup::default() }).await;
    file(&server.service, &text).await.unwrap();
    for page in ["red", "blue", "red"] {
        let visitor = server.plain("other").await;
        let context = json!({ "url": format!("https://other.example/{page}?from=mail#top") });
        let answer = ask_on(&visitor, "How much water does the kettle hold?", &context).await;
        let first = answer["answer"].as_str().unwrap();
        let other = if page == "red" { "blue page" } else { "red page" };
        let found = first.find(&format!("{page} page")).expect(first);
        assert!(first.find(other).is_none_or(|at| found < at), "{first}");
    }
}
