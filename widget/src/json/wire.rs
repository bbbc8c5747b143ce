//! Wire types from values. What is missing is empty, as the newer side's additions must not break the older one; only
//! an id that cannot be read makes its whole unreadable.

use core::str::FromStr;

use natter_shared::Timestamp;
use natter_shared::appearance::{
    Behaviour, Branding, Header, LeadCapture, Loader, Privacy, ResetModal, Widget,
};
use natter_shared::attachment::{AttachmentRules, AttachmentView};
use natter_shared::event::{EventKind, EventPage, SessionEvent};
use natter_shared::handshake::{ChatbotCard, HandshakeData, HandshakeExtras, HandshakeResponse};
use natter_shared::message::{Author, MessageStatus, MessageView, Rating, SourceView};
use natter_shared::problem::Problem;
use natter_shared::session::{
    Credentials, ExpandToken, Redeemed, SessionCreated, SessionSnapshot, SessionStatus,
};
use natter_shared::stream::{AnswerData, FinishReason, SnapshotData, StreamPart, TurnData};

use super::Value;

/// Reads a wire type; nothing when the text is not JSON or not of this type.
#[must_use]
pub fn from_json<T: FromValue>(text: &str) -> Option<T> {
    T::from_value(&Value::parse(text)?)
}

/// A wire type that can be picked from a value.
pub trait FromValue: Sized {
    /// Picks it.
    fn from_value(value: &Value) -> Option<Self>;
}

fn id<T: FromStr>(value: &Value, name: &str) -> Option<T> {
    value.maybe(name)?.parse().ok()
}

fn time(value: &Value) -> Timestamp {
    Timestamp(value.text("created_at"))
}

fn whole(value: &Value, name: &str) -> u32 {
    value.number(name).and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}

fn object<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    Some(value.get(name)).filter(|value| matches!(value, Value::Object(_)))
}

fn texts(items: &[Value]) -> Vec<String> {
    let text = |item: &Value| if let Value::Text(text) = item { Some(text.clone()) } else { None };
    items.iter().filter_map(text).collect()
}

fn all<T: FromValue>(items: &[Value]) -> Vec<T> {
    items.iter().filter_map(T::from_value).collect()
}

impl FromValue for HandshakeResponse {
    fn from_value(value: &Value) -> Option<Self> {
        let data = value.get("data");
        Some(Self {
            message: value.text("message"),
            data: HandshakeData {
                token: data.maybe("token")?,
                chatbots: data.list("chatbots").iter().map(chatbot).collect(),
                widget: widget(data.get("widget")),
                natter: object(data, "natter").map(|extras| HandshakeExtras {
                    consent_hash: extras.maybe("consent_hash"),
                    max_message_chars: extras
                        .number("max_message_chars")
                        .and_then(|most| u32::try_from(most).ok()),
                    attachments: object(extras, "attachments").map(rules),
                    session: SessionSnapshot::from_value(extras.get("session")),
                    resume_refused: object(extras, "resume_refused").map(problem),
                }),
            },
        })
    }
}

fn rules(value: &Value) -> AttachmentRules {
    AttachmentRules {
        max_bytes: whole(value, "max_bytes").into(),
        max_files: whole(value, "max_files"),
        media_types: texts(value.list("media_types")),
    }
}

impl FromValue for AttachmentView {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            attachment_id: id(value, "attachment_id")?,
            name: value.text("name"),
            media_type: value.text("media_type"),
            bytes: whole(value, "bytes").into(),
            url: value.text("url"),
        })
    }
}

fn chatbot(value: &Value) -> ChatbotCard {
    let lead = value.get("lead_capture");
    ChatbotCard {
        chatbot_id: value.text("chatbot_id"),
        agent_name: value.text("agent_name"),
        agent_type: value.text("agent_type"),
        description: value.text("description"),
        avatar_image_path: value.text("avatar_image_path"),
        greeting: value.text("greeting"),
        sort_order: value
            .number("sort_order")
            .and_then(|number| i32::try_from(number).ok())
            .unwrap_or_default(),
        quick_questions: texts(value.list("quick_questions")),
        lead_capture: LeadCapture {
            form_title: lead.maybe("form_title"),
            form_subtitle: lead.maybe("form_subtitle"),
            submit_button_text: lead.maybe("submit_button_text"),
        },
    }
}

fn widget(value: &Value) -> Widget {
    let (header, branding, behaviour) =
        (value.get("header"), value.get("branding"), value.get("behaviour"));
    let (loader, modal, privacy) =
        (value.get("loader"), value.get("reset_modal"), value.get("privacy"));
    Widget {
        header: Header {
            title: header.text("title"),
            subtitle: header.text("subtitle"),
            chat_tab_label: header.text("chat_tab_label"),
            input_placeholder: header.text("input_placeholder"),
            download_transcript_label: header.text("download_transcript_label"),
            end_session_label: header.text("end_session_label"),
        },
        branding: Branding {
            theme_mode: u8::try_from(whole(branding, "theme_mode")).unwrap_or_default(),
            theme_color: branding.text("theme_color"),
            show_powered_by: branding.flag("show_powered_by"),
            widget_position: branding.text("widget_position"),
            widget_bubble_icon: branding.text("widget_bubble_icon"),
            brand_name: branding.text("brand_name"),
        },
        behaviour: Behaviour {
            open_on_page_load: behaviour.flag("open_on_page_load"),
            show_on_mobile: behaviour.flag("show_on_mobile"),
            show_microphone: behaviour.flag("show_microphone"),
            close_after_time: whole(behaviour, "close_after_time"),
            enable_sources: behaviour.flag("enable_sources"),
            enable_suggested_questions: behaviour.flag("enable_suggested_questions"),
        },
        loader: Loader {
            loader_texts: texts(loader.list("loader_texts")),
            enable_loader: loader.flag("enable_loader"),
        },
        reset_modal: ResetModal {
            reset_chat_modal_title: modal.text("reset_chat_modal_title"),
            reset_chat_modal_description: modal.text("reset_chat_modal_description"),
            confirm_reset_chat_button_text: modal.text("confirm_reset_chat_button_text"),
            cancel_reset_chat_button_text: modal.text("cancel_reset_chat_button_text"),
            enable_reset_chat_modal: modal.flag("enable_reset_chat_modal"),
        },
        privacy: Privacy {
            enable_chat_rating: privacy.flag("enable_chat_rating"),
            capture_ip_address: privacy.flag("capture_ip_address"),
            chatbot_privacy_term: privacy.maybe("chatbot_privacy_term"),
        },
        custom_css: value.maybe("custom_css"),
        custom_js: value.maybe("custom_js"),
    }
}

fn problem(value: &Value) -> Problem {
    Problem {
        kind: value.text("type"),
        title: value.text("title"),
        status: u16::try_from(whole(value, "status")).unwrap_or_default(),
        code: value.text("code"),
        detail: value.maybe("detail"),
        field: value.maybe("field"),
        retry_after: value.number("retry_after").and_then(|number| u64::try_from(number).ok()),
        request_id: value.maybe("request_id"),
    }
}

fn status(value: &Value) -> SessionStatus {
    if value.text("status") == "finished" { SessionStatus::Finished } else { SessionStatus::Open }
}

impl FromValue for SessionSnapshot {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            session_id: id(value, "session_id")?,
            chatbot_id: value.text("chatbot_id"),
            status: status(value),
            messages: all(value.list("messages")),
            running_turn: id(value, "running_turn"),
            last_seq: value.number("last_seq").unwrap_or_default(),
            identity: None, // The page around knows better.
        })
    }
}

fn credentials(value: &Value) -> Option<Credentials> {
    object(value, "natter").map(|own| Credentials {
        token: own.text("token"),
        resume_secret: own.text("resume_secret"),
    })
}

impl FromValue for SessionCreated {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            session_id: value.maybe("session_id")?,
            slug: value.text("slug"),
            status: status(value),
            created_at: time(value),
            expires_at: Timestamp(value.text("expires_at")),
            natter: credentials(value),
        })
    }
}

impl FromValue for Redeemed {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            session_id: value.maybe("session_id")?,
            slug: value.text("slug"),
            status: status(value),
            messages: all(value.list("messages")),
            running_turn: id(value, "running_turn"),
            natter: credentials(value),
        })
    }
}

impl FromValue for ExpandToken {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            token: value.text("token"),
            expires_at: Timestamp(value.text("expires_at")),
            url: value.maybe("url")?,
        })
    }
}

fn rating(value: &Value) -> Option<Rating> {
    match value.text("rating").as_str() {
        "up" => Some(Rating::Up),
        "down" => Some(Rating::Down),
        _ => None,
    }
}

impl FromValue for MessageView {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            id: id(value, "id")?,
            author: match value.text("author").as_str() {
                "visitor" => Author::Visitor,
                "operator" => Author::Operator,
                "trigger" => Author::Trigger,
                _ => Author::Assistant,
            },
            text: value.text("text"),
            status: match value.text("status").as_str() {
                "stopped" => MessageStatus::Stopped,
                "interrupted" => MessageStatus::Interrupted,
                "failed" => MessageStatus::Failed,
                _ => MessageStatus::Complete,
            },
            created_at: time(value),
            turn_id: id(value, "turn_id"),
            client_message_id: value.maybe("client_message_id"),
            sources: value.list("sources").iter().map(source).collect(),
            answered: matches!(value.get("answered"), Value::Bool(_))
                .then(|| value.flag("answered")),
            offer_contact: value.flag("offer_contact"),
            error_code: value.maybe("error_code"),
            rating: rating(value),
            attachments: all(value.list("attachments")),
            context: None, // Only the owner's view has it.
        })
    }
}

fn source(value: &Value) -> SourceView {
    SourceView {
        number: whole(value, "number"),
        title: value.text("title"),
        url: value.maybe("url"),
        excerpt: value.maybe("excerpt"),
    }
}

impl FromValue for EventPage {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            events: all(value.list("events")),
            last_seq: value.number("last_seq")?,
            has_more: value.flag("has_more"),
        })
    }
}

impl FromValue for SessionEvent {
    fn from_value(value: &Value) -> Option<Self> {
        let what = match value.text("type").as_str() {
            "message" => {
                EventKind::Message { message: MessageView::from_value(value.get("message"))? }
            }
            "turn-started" => EventKind::TurnStarted { turn_id: id(value, "turn_id")? },
            "turn-ended" => EventKind::TurnEnded { turn_id: id(value, "turn_id")? },
            "feedback" => {
                EventKind::Feedback { message_id: id(value, "message_id")?, rating: rating(value)? }
            }
            "finished" => EventKind::Finished,
            _ => return None,
        };
        Some(Self { seq: value.number("seq")?, created_at: time(value), what })
    }
}

impl FromValue for StreamPart {
    fn from_value(value: &Value) -> Option<Self> {
        let data = value.get("data");
        Some(match value.text("type").as_str() {
            "start" => Self::Start { message_id: id(value, "messageId")? },
            "text-delta" => Self::TextDelta { id: value.text("id"), delta: value.maybe("delta")? },
            "source-url" => Self::SourceUrl {
                source_id: value.text("sourceId"),
                url: value.maybe("url")?,
                title: value.maybe("title"),
            },
            "source-document" => Self::SourceDocument {
                source_id: value.text("sourceId"),
                media_type: value.text("mediaType"),
                title: value.text("title"),
            },
            "finish" => {
                Self::Finish { finish_reason: FinishReason::from_word(&value.text("finishReason")) }
            }
            "error" => Self::Error { error_text: value.text("errorText") },
            "abort" => Self::Abort { reason: value.maybe("reason") },
            "data-turn" => Self::DataTurn {
                data: TurnData {
                    turn_id: id(data, "turnId")?,
                    question_id: id(data, "questionId")?,
                },
            },
            "data-snapshot" => {
                Self::DataSnapshot { data: SnapshotData { text: data.maybe("text")? } }
            }
            "data-answer" => Self::DataAnswer {
                data: AnswerData {
                    answered: data.flag("answered"),
                    offer_contact: data.flag("offerContact"),
                },
            },
            "data-problem" => Self::DataProblem { data: problem(data) },
            // What only frames the text, and what a later version may bring, changes nothing on the screen.
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Debug;

    use serde::de::DeserializeOwned;

    use super::*;

    fn same<T: FromValue + DeserializeOwned + PartialEq + Debug>(text: &str) {
        assert_eq!(from_json::<T>(text), Some(serde_json::from_str(text).unwrap()), "{text}");
    }

    const MESSAGE: &str = r#"{"id":"msg_00000000000000000000000000000001","author":"operator","text":"T","status":"failed","created_at":"t","turn_id":"trn_00000000000000000000000000000002","client_message_id":"k","sources":[{"number":2,"title":"T","url":"u","excerpt":"e"},{"number":1,"title":"x"}],"answered":false,"offer_contact":true,"error_code":"c","rating":"down","attachments":[{"attachment_id":"att_00000000000000000000000000000003","name":"n","media_type":"image/png","bytes":4000000000,"url":"u"}]}"#;

    #[test]
    fn a_handshake_is_read_as_serde_reads_it() {
        let session = [r#"{"session_id":"ses_00000000000000000000000000000009","chatbot_id":"c","status":"finished","messages":["#, MESSAGE, r#"],"running_turn":"trn_00000000000000000000000000000002","last_seq":12}"#].concat();
        let head = r#"{"message":"ok","data":{"token":"t","chatbots":[{"chatbot_id":"c","agent_name":"A","agent_type":"Public","description":"d","avatar_image_path":"p","greeting":"g","sort_order":-3,"quick_questions":["a","b"],"lead_capture":{"form_title":null,"form_subtitle":"s","submit_button_text":"x"}}],"widget":"#;
        let widget =
            serde_json::to_string(&Widget { custom_css: Some("a{}".into()), ..Widget::default() })
                .unwrap();
        let refused = r#"{"type":"u","title":"t","status":404,"code":"c","detail":"d","field":"f","retry_after":9,"request_id":"r"}"#;
        same::<HandshakeResponse>(&[head, &widget, "}}"].concat());
        let extras = [
            ",\"natter\":{\"consent_hash\":\"h\",\"max_message_chars\":90,\"attachments\":{\"max_bytes\":9,\"max_files\":5,\"media_types\":[\"a/b\"]},\"session\":",
            &session,
            ",\"resume_refused\":",
            refused,
            "}}}",
        ]
        .concat();
        same::<HandshakeResponse>(&[head, &widget, &extras].concat());
    }

    #[test]
    fn sessions_and_events_are_read_as_serde_reads_them() {
        let session = r#"{"session_id":"ses_1","slug":"s","status":"open","created_at":"a","expires_at":"b"}"#;
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
            r#"{"type":"source-url","sourceId":"1","url":"u","title":"t"}"#,
            r#"{"type":"source-url","sourceId":"1","url":"u"}"#,
            r#"{"type":"source-document","sourceId":"1","mediaType":"m","title":"t"}"#,
            r#"{"type":"finish","finishReason":"stop"}"#,
            r#"{"type":"error","errorText":"e"}"#,
            r#"{"type":"abort"}"#,
            r#"{"type":"abort","reason":"interrupted"}"#,
            r#"{"type":"data-turn","data":{"turnId":"trn_00000000000000000000000000000002","questionId":"msg_00000000000000000000000000000001"}}"#,
            r#"{"type":"data-snapshot","data":{"text":"x"}}"#,
            r#"{"type":"data-answer","data":{"answered":false,"offerContact":true}}"#,
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
}
