//! The handshake: its answer, field for field, and what it refuses.

use natter_shared::handshake::HandshakeResponse;
use serde_json::{Value, json};

use crate::harness::{Database, SHOP, Server, Setup, on_both};

on_both!(
    the_answer_is_the_documented_one_for_a_chatbot_configured_so,
    who_draws_a_panel_is_told_the_colours_that_can_be_read,
    another_version_is_refused,
    each_missing_field_is_named,
    an_unknown_chatbot_and_one_of_another_project_are_not_found,
    fields_that_are_not_known_are_ignored,
    chatbots_of_the_project_are_offered_when_the_owner_wants_it,
    a_visitor_is_put_back_into_the_session,
    a_session_that_cannot_be_resumed_is_no_error_and_says_why,
);

/// The documented chatbot, as an owner would configure it.
const DOCUMENTED: &str = r##"
[organization]
name = "Documented"
[[projects]]
number = 49
name = "Kitchenware"
[[chatbots]]
project = 49
public_id = "UOmfsaU_vRhAfIwDFrFLoXZUz9nHBAkDNkDygeBCjw"
slug = "kitchenware"
name = "Gujarat - Kitchenware - 49586759"
description = "Answers customer questions, troubleshoots issues, and reduces support ticket volume."
avatar_image_path = "https://d2gnxsx8m1azoo.cloudfront.net/avatars/general/6.jpg"
greeting = "How can I assist you today?"
origins = ["https://shop.example"]
[chatbots.widget.header]
title = "Hello there 👋"
subtitle = "How can I help you today?"
chat_tab_label = "Chat"
input_placeholder = "Type message here.."
download_transcript_label = "Download Transcript"
end_session_label = "End Chat Session"
[chatbots.widget.branding]
theme_mode = 0
theme_color = "#2563EB"
show_powered_by = true
widget_position = "bottom-right"
widget_bubble_icon = "https://app-reseller.s3.us-west-2.amazonaws.com/defaulticon/default-icon-2.svg"
brand_name = "Robofy"
[chatbots.widget.behaviour]
show_microphone = true
close_after_time = 60
"##;

fn request(chatbot: &str, project: &str) -> Value {
    json!({ "chatbot_id": chatbot, "project_id": project, "version": 2 })
}

async fn the_answer_is_the_documented_one_for_a_chatbot_configured_so(database: &Database) {
    let setup = Setup { file: Some(DOCUMENTED.to_owned()), ..Setup::default() };
    let server = Server::with(database, setup).await;
    let body = request("UOmfsaU_vRhAfIwDFrFLoXZUz9nHBAkDNkDygeBCjw", "49");
    let answer = server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await;
    let mut ours = answer.expect(200);
    assert_eq!(ours["data"]["token"].as_str().unwrap().split('.').count(), 3);
    ours["data"]["token"] = "JWT_TOKEN".into();
    let documented = include_str!("../../shared/tests/seeds/handshake.json");
    let documented: Value = serde_json::from_str(documented).unwrap();
    assert_eq!(ours, documented);
}

async fn who_draws_a_panel_is_told_the_colours_that_can_be_read(database: &Database) {
    let file = DOCUMENTED.replace("#2563EB", "#FFEE00");
    let server = Server::with(database, Setup { file: Some(file), ..Setup::default() }).await;
    let mut body = request("UOmfsaU_vRhAfIwDFrFLoXZUz9nHBAkDNkDygeBCjw", "49");
    body["palette"] = true.into();
    let answer = server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await;
    let palette = &answer.expect(200)["data"]["natter"]["palette"];
    assert_eq!(palette["ink"], "#000000");
    assert_eq!(palette["dark"], "#ffee00", "bright enough for the dark theme as it is");
    assert_ne!(palette["light"], palette["dark"]);
}

async fn another_version_is_refused(database: &Database) {
    let server = Server::start(database).await;
    for version in [0, 1, 3] {
        let mut body = request("shop-1", "1");
        body["version"] = version.into();
        let answer = server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await;
        answer.refused_as_robofy(400, "BAD_REQUEST");
        assert_eq!(answer.readable_by(), Some(SHOP), "the page may read why");
    }
}

async fn each_missing_field_is_named(database: &Database) {
    let server = Server::start(database).await;
    for field in ["chatbot_id", "project_id", "version"] {
        let mut body = request("shop-1", "1");
        body.as_object_mut().unwrap().remove(field);
        let answer = server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await;
        let refusal = answer.refused_as_robofy(400, "BAD_REQUEST");
        assert!(refusal["error"]["detail"].as_str().unwrap().contains(field), "{refusal}");
    }
}

async fn an_unknown_chatbot_and_one_of_another_project_are_not_found(database: &Database) {
    let server = Server::start(database).await;
    for (chatbot, project) in [("nobody", "1"), ("shop-1", "2"), ("shop-1", "x"), ("shop-1", "")] {
        let call = server.wire.post("/v1/widget/handshake").origin(SHOP);
        let answer = call.json(&request(chatbot, project)).send().await;
        answer.refused_as_robofy(404, "PROJECT_NOT_FOUND");
    }
}

async fn fields_that_are_not_known_are_ignored(database: &Database) {
    let server = Server::start(database).await;
    let mut body = request("shop-1", "1");
    body["theme"] = "dark".into();
    server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await.expect(200);
}

async fn chatbots_of_the_project_are_offered_when_the_owner_wants_it(database: &Database) {
    let file = crate::harness::shop()
        .replace("slug = \"shop\"\nname", "slug = \"shop\"\noffer_project = true\nname");
    let server = Server::with(database, Setup { file: Some(file), ..Setup::default() }).await;
    let offered = server.handshake("shop").await.data.chatbots;
    let offered: Vec<&str> = offered.iter().map(|card| card.chatbot_id.as_str()).collect();
    // Not `closed-1`, which this page may not use, and not `other-1` of another project.
    assert_eq!(offered, ["free-1", "shop-1"]);
    let alone = server.handshake("free").await.data.chatbots;
    assert_eq!(alone.len(), 1);
}

async fn a_visitor_is_put_back_into_the_session(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    visitor.ask("How long can I return things?").await;
    let mut body = request("shop-1", "1");
    body["resume"] = json!({ "session_id": visitor.id(), "secret": visitor.secret });
    let call = server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body);
    let data = call.send().await.typed::<HandshakeResponse>(200).data;
    let session = data.natter.unwrap().session.unwrap();
    assert_eq!(session, visitor.snapshot().await);
    assert_eq!(session.messages.len(), 2);
    // The new token opens the session.
    let path = format!("/v1/public/sessions/{}/events", visitor.id());
    server.wire.get(path).origin(SHOP).bearer(&data.token).send().await.expect(200);
}

async fn a_session_that_cannot_be_resumed_is_no_error_and_says_why(database: &Database) {
    let server = Server::with(database, Setup::at_a_fixed_time()).await;
    let (visitor, other) = (server.visitor("shop").await, server.visitor("free").await);
    let resume = async |id: &str, secret: &str| -> String {
        let mut body = request("shop-1", "1");
        body["resume"] = json!({ "session_id": id, "secret": secret });
        let call = server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body);
        let data = call.send().await.typed::<HandshakeResponse>(200).data;
        let natter = data.natter.unwrap();
        assert!(natter.session.is_none());
        natter.resume_refused.unwrap().code
    };
    assert_eq!(resume(visitor.id(), "wrong").await, "session_gone");
    assert_eq!(resume("nonsense", &visitor.secret).await, "session_gone");
    assert_eq!(resume(visitor.id(), &other.secret).await, "session_gone");
    assert_eq!(resume(other.id(), &other.secret).await, "session_gone", "of another chatbot");
    server.clock.advance(natter_server::service::ACCESS_LIFETIME);
    assert_eq!(resume(visitor.id(), &visitor.secret).await, "session_expired");
}
