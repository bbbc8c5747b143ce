//! The owner's texts in the visitor's language.

use natter_shared::handshake::HandshakeResponse;
use serde_json::json;

use crate::harness::{Database, SHOP, Server, Setup, file, on_both, shop};

on_both!(
    a_visitor_reads_the_owners_texts_in_the_nearest_language_that_there_is,
    what_is_not_translated_stays_in_the_chatbots_own_language,
    texts_that_cannot_be_used_are_refused_with_their_line_and_key,
);

const TEXTS: &str = r#"
[chatbots.texts.de]
name = "Bäckerei"
greeting = "Guten Morgen!"
quick_questions = ["Wann ist offen?"]
loader_texts = ["Moment …"]

[chatbots.texts.de.header]
title = "Hallo"
input_placeholder = "Frage"

[chatbots.texts.de.reset_modal]
confirm_reset_chat_button_text = "Weg damit"

[chatbots.texts.de.lead_capture]
form_title = "Wir rufen an"

[chatbots.texts.de-AT]
greeting = "Servus!"

[chatbots.texts.zh-Hant]
greeting = "早安"
"#;

/// The shop with texts in other languages.
fn with_texts(texts: &str) -> String {
    let before = "[chatbots.persona]\noffers_contact = true\n";
    let changed = shop().replacen(before, &format!("{texts}\n{before}"), 1);
    assert_ne!(changed, shop());
    changed
}

async fn server(database: &Database) -> Server {
    Server::with(database, Setup { file: Some(with_texts(TEXTS)), ..Setup::default() }).await
}

async fn shake(server: &Server, locale: &str) -> HandshakeResponse {
    let body = json!({ "chatbot_id": "shop", "project_id": "1", "version": 2, "locale": locale });
    server.wire.post("/v1/widget/handshake").origin(SHOP).json(&body).send().await.typed(200)
}

async fn a_visitor_reads_the_owners_texts_in_the_nearest_language_that_there_is(
    database: &Database,
) {
    let server = server(database).await;
    for (locale, greeting) in [
        ("de", "Guten Morgen!"),
        ("de-CH", "Guten Morgen!"),
        ("de-at", "Servus!"),
        ("zh-TW", "早安"),
        ("zh-Hant-HK", "早安"),
    ] {
        let data = shake(&server, locale).await.data;
        assert_eq!(data.chatbots[0].greeting, greeting, "{locale}");
    }
    let data = shake(&server, "de").await.data;
    let card = &data.chatbots[0];
    assert_eq!(card.agent_name, "Bäckerei");
    assert_eq!(card.quick_questions, ["Wann ist offen?"]);
    assert_eq!(card.lead_capture.form_title.as_deref(), Some("Wir rufen an"));
    assert_eq!(data.widget.header.title, "Hallo");
    assert_eq!(data.widget.header.input_placeholder, "Frage");
    assert_eq!(data.widget.loader.loader_texts, ["Moment …"]);
    assert_eq!(data.widget.reset_modal.confirm_reset_chat_button_text, "Weg damit");
    assert_eq!(data.natter.unwrap().languages, ["de", "de-AT", "zh-Hant"]);
}

async fn what_is_not_translated_stays_in_the_chatbots_own_language(database: &Database) {
    let server = server(database).await;
    let own = server.handshake("shop").await.data;
    for locale in ["en", "en-GB", "fr", "zh-CN", "", "nonsense tag"] {
        let data = shake(&server, locale).await.data;
        assert_eq!(data.chatbots, own.chatbots, "{locale}");
        assert_eq!(data.widget, own.widget, "{locale}");
    }
    let german = shake(&server, "de").await.data;
    assert_eq!(german.widget.header.subtitle, own.widget.header.subtitle);
    assert_eq!(german.chatbots[0].description, own.chatbots[0].description);
}

async fn texts_that_cannot_be_used_are_refused_with_their_line_and_key(database: &Database) {
    let server = Server::start(database).await;
    for (texts, complaint) in [
        ("[chatbots.texts.\"de AT\"]\nname = \"x\"", "chatbots.texts.de AT is no language tag"),
        ("[chatbots.texts.en]\nname = \"x\"", "chatbots.texts.en is the chatbot's own language"),
        ("[chatbots.texts.de]\ngreeting = \" \"", "chatbots.texts.de.greeting is empty"),
        ("[chatbots.texts.de.header]\ntitle = \"\"", "chatbots.texts.de.header.title is empty"),
        ("[chatbots.texts.de]\ngreting = \"x\"", "greting"),
    ] {
        let text = with_texts(texts);
        let line = text.lines().position(|line| line.starts_with("[chatbots.texts")).unwrap() + 1;
        let error = file(&server.service, &text).await.unwrap_err();
        assert!(error.contains(complaint), "{error}");
        let said: Option<usize> = error.split(':').nth(1).and_then(|line| line.parse().ok());
        assert!(said.is_some_and(|said| (line..line + 3).contains(&said)), "{line}: {error}");
    }
}
