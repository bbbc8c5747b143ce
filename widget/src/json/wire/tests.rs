//! What is read is what serde reads.

use core::fmt::Debug;

use serde::de::DeserializeOwned;

use super::*;

fn same<T: FromValue + DeserializeOwned + PartialEq + Debug>(text: &str) {
    assert_eq!(from_json::<T>(text), Some(serde_json::from_str(text).unwrap()), "{text}");
}

/// A handshake's answer without what only parts read.
fn drawn(text: &str) -> HandshakeResponse {
    let mut answer: HandshakeResponse = serde_json::from_str(text).unwrap();
    let Widget { header, branding, behaviour, loader, privacy, reset_modal, custom_css, .. } =
        &mut answer.data.widget;
    header.download_transcript_label.clear();
    header.end_session_label.clear();
    *branding = Branding {
        show_powered_by: branding.show_powered_by,
        brand_name: branding.brand_name.clone(),
        ..widget(&Value::Null).branding
    };
    (behaviour.open_on_page_load, behaviour.show_on_mobile) = (false, false);
    privacy.capture_ip_address = false;
    *custom_css = None;
    *reset_modal = widget(&Value::Null).reset_modal;
    assert!(!loader.loader_texts.is_empty());
    for chatbot in &mut answer.data.chatbots {
        chatbot.agent_type.clear();
        chatbot.lead_capture = LeadCapture::default();
    }
    if let Some(extras) = &mut answer.data.natter {
        extras.attachments = extras.attachments.take().map(|_| AttachmentRules::default());
    }
    answer
}

fn same_drawing(text: &str) {
    assert_eq!(from_json::<HandshakeResponse>(text), Some(drawn(text)), "{text}");
}

const MESSAGE: &str = r#"{"id":"msg_00000000000000000000000000000001","author":"operator","text":"T","status":"failed","created_at":"t","turn_id":"trn_00000000000000000000000000000002","parent_id":"msg_00000000000000000000000000000004","client_message_id":"k","sources":[{"number":2,"title":"T","url":"u","excerpt":"e"},{"number":1,"title":"x"}],"answered":false,"offer_contact":true,"contact_reason":"rule","suggestions":["a"],"error_code":"c","rating":"down","attachments":[{"attachment_id":"att_00000000000000000000000000000003","name":"n","media_type":"image/png","bytes":4000000000,"url":"u"}]}"#;

#[test]
fn a_handshake_is_read_as_serde_reads_it() {
    let session = [r#"{"session_id":"ses_00000000000000000000000000000009","chatbot_id":"c","status":"finished","messages":["#, MESSAGE, r#"],"running_turn":"trn_00000000000000000000000000000002","last_seq":12}"#].concat();
    let head = r#"{"message":"ok","data":{"token":"t","chatbots":[{"chatbot_id":"c","agent_name":"A","agent_type":"Public","description":"d","avatar_image_path":"p","greeting":"g","sort_order":-3,"quick_questions":["a","b"],"lead_capture":{"form_title":null,"form_subtitle":"s","submit_button_text":"x"}}],"widget":"#;
    let widget =
        serde_json::to_string(&Widget { custom_css: Some("a{}".into()), ..Widget::default() })
            .unwrap();
    let refused = r#"{"type":"u","title":"t","status":404,"code":"c","detail":"d","field":"f","retry_after":9,"request_id":"r"}"#;
    same_drawing(&[head, &widget, "}}"].concat());
    let extras = [
        ",\"natter\":{\"consent_hash\":\"h\",\"max_message_chars\":90,\"attachments\":{\"max_bytes\":9,\"max_files\":5,\"media_types\":[\"a/b\"]},\"session\":",
        &session,
        ",\"resume_refused\":",
        refused,
        "}}}",
    ]
    .concat();
    same_drawing(&[head, &widget, &extras].concat());
}

#[test]
fn sessions_and_events_are_read_as_serde_reads_them() {
    let session =
        r#"{"session_id":"ses_1","slug":"s","status":"open","created_at":"a","expires_at":"b"}"#;
    same::<SessionCreated>(session);
    same::<SessionCreated>(
        &session.replace('}', r#","natter":{"token":"t","resume_secret":"s"}}"#),
    );
    same::<ExpandToken>(r#"{"token":"t","expires_at":"e","url":"u"}"#);
    same::<Redeemed>(&[r#"{"session_id":"s","slug":"x","status":"finished","messages":["#, MESSAGE, r#"],"running_turn":"trn_00000000000000000000000000000002","natter":{"token":"t","resume_secret":"s"}}"#].concat());
    let turn = r#""turn_id":"trn_00000000000000000000000000000002""#;
    let events = [
        [r#"{"seq":1,"created_at":"t","type":"message","message":"#, MESSAGE, "}"].concat(),
        [r#"{"seq":2,"created_at":"t","type":"turn-started","#, turn, "}"].concat(),
        [r#"{"seq":3,"created_at":"t","type":"turn-ended","#, turn, "}"].concat(),
        r#"{"seq":4,"created_at":"t","type":"feedback","message_id":"msg_00000000000000000000000000000001","rating":"up"}"#.into(),
        r#"{"seq":5,"created_at":"t","type":"finished"}"#.into(),
    ];
    same::<EventPage>(
        &[r#"{"events":["#, &events.join(","), r#"],"last_seq":5,"has_more":true}"#].concat(),
    );
}

#[test]
fn parts_are_read_as_serde_reads_them() {
    for part in [
        r#"{"type":"start","messageId":"msg_00000000000000000000000000000001"}"#,
        r#"{"type":"text-delta","id":"0","delta":"a\\b\/\t"}"#,
        r#"{"type":"source-url","sourceId":"1","url":"u","title":"t","providerMetadata":{"natter":{"excerpt":"e"}}}"#,
        r#"{"type":"source-url","sourceId":"1","url":"u"}"#,
        r#"{"type":"source-document","sourceId":"1","mediaType":"m","title":"t"}"#,
        r#"{"type":"finish","finishReason":"stop"}"#,
        r#"{"type":"error","errorText":"e"}"#,
        r#"{"type":"abort"}"#,
        r#"{"type":"abort","reason":"interrupted"}"#,
        r#"{"type":"data-turn","data":{"turnId":"trn_00000000000000000000000000000002","questionId":"msg_00000000000000000000000000000001"}}"#,
        r#"{"type":"data-snapshot","data":{"text":"x"}}"#,
        r#"{"type":"data-answer","data":{"answered":false,"offerContact":true}}"#,
        r#"{"type":"data-answer","data":{"answered":true,"offerContact":true,"contactReason":"asked"}}"#,
        r#"{"type":"data-suggestions","data":{"suggestions":["a","b"]}}"#,
        r#"{"type":"data-problem","data":{"type":"t","title":"t","status":503,"code":"c","retry_after":7}}"#,
        r#"{"type":"data-new","data":-1.5e3}"#,
    ] {
        same::<StreamPart>(part);
    }
    assert_eq!(
        from_json::<StreamPart>(r#"{"type":"text-start","id":"0"}"#),
        Some(StreamPart::Unknown)
    );
}
