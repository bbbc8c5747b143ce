//! The form that asks for contact details: when it is offered, and what it takes.

use natter_shared::contact::{ContactForm, ContactReason, FieldKind, OfferContact};
use serde_json::{Value, json};

use crate::harness::{Database, Server, Setup, Visitor, file, on_both, shop};

on_both!(
    the_built_in_form_is_described_where_contact_can_be_left,
    an_owners_form_reaches_the_widget,
    what_fits_the_form_is_kept_with_the_contact,
    every_wrong_field_is_named,
    a_client_of_the_built_in_form_is_held_to_the_owners,
    fields_of_the_built_in_form_may_be_sent_as_fields,
    what_was_left_stands_in_the_transcript_and_goes_with_the_session,
    asking_for_a_person_offers_the_form_and_says_why,
    a_rule_offers_the_form_with_the_message_that_it_names,
    a_form_that_is_never_shown_is_not_offered_but_taken,
    a_form_for_those_who_ask_for_a_person_is_not_offered_to_others,
    a_form_that_cannot_work_is_refused_with_its_line,
);

const FIELDS: &str = r#"
[[chatbots.contact_form.fields]]
key = "company"
label = "Company"
required = true
max_length = 20
[[chatbots.contact_form.fields]]
key = "email"
label = "Work e-mail"
type = "email"
required = true
[[chatbots.contact_form.fields]]
key = "size"
label = "Size"
type = "select"
options = ["1 to 9", "10 or more"]
[[chatbots.contact_form.fields]]
key = "amount"
label = "Amount"
type = "number"
[[chatbots.contact_form.fields]]
key = "terms"
label = "I agree"
type = "checkbox"
required = true
"#;

/// The shop with a contact form.
fn with_form(form: &str) -> String {
    let before = "[chatbots.persona]\noffers_contact = true\n";
    let changed = shop().replacen(before, &format!("{before}[chatbots.contact_form]\n{form}"), 1);
    assert_ne!(changed, shop());
    changed
}

async fn server(database: &Database, form: &str) -> Server {
    Server::with(database, Setup { file: Some(with_form(form)), ..Setup::default() }).await
}

/// Something is asked, and the form is offered below the answer for this reason.
async fn offered(visitor: &Visitor, question: &str) -> Option<ContactReason> {
    let data = visitor.follow(question).await.rest().await.part("data-answer")["data"].clone();
    let reason = data["contactReason"].as_str().and_then(ContactReason::from_word);
    assert_eq!(data["offerContact"], reason.is_some());
    let stored = visitor.snapshot().await.messages.pop().unwrap();
    assert_eq!((stored.offer_contact, stored.contact_reason), (reason.is_some(), reason));
    reason
}

async fn the_built_in_form_is_described_where_contact_can_be_left(database: &Database) {
    let server = Server::start(database).await;
    let natter = server.handshake("shop").await.data.natter.unwrap();
    assert_eq!(natter.contact_form, Some(ContactForm::default()));
    assert_eq!(server.handshake("free").await.data.natter, None);
}

async fn an_owners_form_reaches_the_widget(database: &Database) {
    let server = server(database, &format!("when = \"before_chat\"\n{FIELDS}")).await;
    let form: ContactForm =
        server.handshake("shop").await.data.natter.unwrap().contact_form.unwrap();
    assert_eq!(form.when, OfferContact::BeforeChat);
    let fields: Vec<_> = form.fields.iter().map(|f| (f.key.as_str(), f.kind, f.required)).collect();
    assert_eq!(
        fields,
        [
            ("company", FieldKind::Text, true),
            ("email", FieldKind::Email, true),
            ("size", FieldKind::Select, false),
            ("amount", FieldKind::Number, false),
            ("terms", FieldKind::Checkbox, true),
        ]
    );
    let config = server.wire.get("/v1/public/robots/shop/config").send().await.expect(200);
    assert_eq!(
        config["contact_capture"]["fields"],
        json!(["company", "email", "size", "amount", "terms"])
    );
}

fn good() -> Value {
    json!({
        "fields": { "terms": true, "email": " ada@acme.example ", "company": "ACME", "amount": 12.5, "size": "" },
        "consent_accepted": true,
    })
}

async fn what_fits_the_form_is_kept_with_the_contact(database: &Database) {
    let server = server(database, FIELDS).await;
    let visitor = server.visitor("shop").await;
    visitor.post("/contact-handoffs", &good()).send().await.expect(201);
    let kept =
        "select email || ' ' || cast(fields as text) from contacts where consent_at is not null";
    let kept = database.texts(kept).await.pop().unwrap();
    let (email, fields) = kept.split_once(' ').unwrap();
    assert_eq!(email, "ada@acme.example");
    let fields: Value = serde_json::from_str(fields).unwrap();
    assert_eq!(
        fields,
        json!([
            { "key": "company", "label": "Company", "value": "ACME" },
            { "key": "email", "label": "Work e-mail", "value": "ada@acme.example" },
            { "key": "amount", "label": "Amount", "value": "12.5" },
            { "key": "terms", "label": "I agree", "value": "true" },
        ])
    );
}

async fn every_wrong_field_is_named(database: &Database) {
    let server = server(database, FIELDS).await;
    let visitor = server.visitor("shop").await;
    let body = json!({ "fields": {
        "company": "x".repeat(21), "size": "huge", "amount": "many", "terms": false, "colour": "red",
    } });
    let refusal =
        visitor.post("/contact-handoffs", &body).send().await.refused(400, "invalid_fields");
    let errors = refusal["errors"].as_array().unwrap();
    let codes: Vec<_> = errors
        .iter()
        .map(|e| (e["field"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        codes,
        [
            ("colour", "unknown"),
            ("company", "too_long"),
            ("email", "required"),
            ("size", "not_an_option"),
            ("amount", "invalid"),
            ("terms", "required"),
        ]
    );
    assert!(errors.iter().all(|error| !error["detail"].as_str().unwrap().is_empty()));
    let nested = json!({ "fields": { "company": ["x"] } });
    visitor.post("/contact-handoffs", &nested).send().await.refused(400, "invalid_json");
    let many: serde_json::Map<String, Value> =
        (0..3_000).map(|number| (format!("f{number}"), json!("x"))).collect();
    let answer = visitor.post("/contact-handoffs", &json!({ "fields": many })).send().await;
    assert!(answer.refused(400, "invalid_fields")["errors"].as_array().unwrap().len() <= 40);
    assert_eq!(database.number("select count(*) from contacts").await, 0);
}

async fn a_client_of_the_built_in_form_is_held_to_the_owners(database: &Database) {
    let server = server(database, FIELDS).await;
    let visitor = server.visitor("shop").await;
    let body = json!({ "email": "ada@acme.example" });
    let refusal =
        visitor.post("/contact-handoffs", &body).send().await.refused(400, "invalid_fields");
    let fields: Vec<_> =
        refusal["errors"].as_array().unwrap().iter().map(|e| &e["field"]).collect();
    assert_eq!(fields, ["company", "terms"]);
    let both =
        json!({ "email": "ada@acme.example", "fields": { "company": "ACME", "terms": "on" } });
    visitor.post("/contact-handoffs", &both).send().await.expect(201);
}

async fn fields_of_the_built_in_form_may_be_sent_as_fields(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let none = json!({ "fields": { "name": "Ada" } });
    let refusal =
        visitor.post("/contact-handoffs", &none).send().await.refused(400, "invalid_fields");
    assert_eq!(refusal["errors"][0]["field"], "email");
    let body = json!({ "fields": { "name": "Ada", "phone": "+353 20 912 0147" } });
    visitor.post("/contact-handoffs", &body).send().await.expect(201);
    let kept = "select name || ' ' || phone from contacts";
    assert_eq!(database.texts(kept).await, ["Ada +353 20 912 0147"]);
}

async fn what_was_left_stands_in_the_transcript_and_goes_with_the_session(database: &Database) {
    let server = server(database, FIELDS).await;
    let visitor = server.visitor("shop").await;
    visitor.post("/contact-handoffs", &good()).send().await.expect(201);
    for (format, said) in [
        ("txt", "  Company: ACME"),
        ("md", "- Company: ACME"),
        ("html", "<dt>Company</dt><dd dir=\"auto\">ACME</dd>"),
    ] {
        let file = visitor.get(&format!("/transcript?format={format}")).send().await;
        assert!(file.text().contains(said), "{}", file.text());
    }
    let file = visitor.get("/transcript?format=json").send().await.expect(200);
    assert_eq!(file["contacts"][0]["fields"][1]["value"], "ada@acme.example");
    assert_eq!(file["contacts"][0]["consent_accepted"], true);
    let other =
        server.visitor("shop").await.get("/transcript?format=json").send().await.expect(200);
    assert_eq!(other.get("contacts"), None);
    assert_eq!(visitor.call(http::Method::DELETE, "").send().await.status, 204);
    assert_eq!(database.number("select count(*) from contacts").await, 0);
}

async fn asking_for_a_person_offers_the_form_and_says_why(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    assert_eq!(offered(&visitor, "How long do I have to return something?").await, None);
    let asked = offered(&visitor, "Can I speak to a human about the 30 days of delivery?").await;
    assert_eq!(asked, Some(ContactReason::Asked));
    let unanswered = offered(&visitor, "Which football team won in 1954?").await;
    assert_eq!(unanswered, Some(ContactReason::Unanswered));
    // A reader that comes when all is over is told the same.
    let turn = visitor.snapshot().await.messages.pop().unwrap().turn_id.unwrap();
    let late = visitor.resume(Some(&format!("{turn}:0"))).await.rest().await;
    assert_eq!(late.part("data-answer")["data"]["contactReason"], "unanswered");
    let none = server.visitor("free").await;
    assert_eq!(offered(&none, "Can I speak to a human?").await, None, "it takes no contacts");
}

async fn a_rule_offers_the_form_with_the_message_that_it_names(database: &Database) {
    let server = server(database, "when = \"after_messages\"\nafter_messages = 2\n").await;
    let visitor = server.visitor("shop").await;
    let question = "How long do I have to return something?";
    assert_eq!(offered(&visitor, question).await, None);
    assert_eq!(offered(&visitor, question).await, Some(ContactReason::Rule));
    assert_eq!(offered(&visitor, question).await, None);
}

async fn a_form_that_is_never_shown_is_not_offered_but_taken(database: &Database) {
    let server = server(database, "when = \"never\"\n").await;
    let visitor = server.visitor("shop").await;
    assert_eq!(offered(&visitor, "Which football team won in 1954?").await, None);
    assert_eq!(offered(&visitor, "I want to talk to a human").await, None);
    let body = json!({ "email": "ada@shop.example" });
    visitor.post("/contact-handoffs", &body).send().await.expect(201);
}

async fn a_form_for_those_who_ask_for_a_person_is_not_offered_to_others(database: &Database) {
    let server = server(database, "when = \"asked_for_person\"\n").await;
    let visitor = server.visitor("shop").await;
    assert_eq!(offered(&visitor, "Which football team won in 1954?").await, None);
    assert_eq!(offered(&visitor, "I want to talk to a human").await, Some(ContactReason::Asked));
}

async fn a_form_that_cannot_work_is_refused_with_its_line(database: &Database) {
    let server = Server::start(database).await;
    for (form, said) in [
        ("when = \"sometimes\"\n", "unknown variant"),
        ("when = \"after_messages\"\n", "after_messages must lie between"),
        ("colour = \"red\"\n", "colour"),
        (
            "[[chatbots.contact_form.fields]]\nkey = \"company\"\nlabel = \"Company\"\n",
            "email or phone",
        ),
        (
            "[[chatbots.contact_form.fields]]\nkey = \"x\"\nlabel = \"X\"\ntype = \"file\"\n",
            "unknown variant",
        ),
    ] {
        let error = file(&server.service, &with_form(form)).await.unwrap_err();
        assert!(error.starts_with("natter.toml:") && error.contains(said), "{error}");
    }
    let unoffered = with_form("when = \"never\"\n").replace("offers_contact = true", "");
    let error = file(&server.service, &unoffered).await.unwrap_err();
    assert!(error.contains("offers_contact"), "{error}");
}
