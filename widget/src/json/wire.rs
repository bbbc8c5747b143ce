//! Wire types from values. What is missing is empty, as the newer side's additions must not break the older one; only
//! an id that cannot be read makes its whole unreadable.

use core::str::FromStr;

use natter_shared::Timestamp;
use natter_shared::appearance::{
    Behaviour, Branding, Header, LeadCapture, Loader, Privacy, ResetModal, Widget,
};
use natter_shared::attachment::{AttachmentRules, AttachmentView};
use natter_shared::contact::{ContactForm, ContactReason};
use natter_shared::event::{EventKind, EventPage, SessionEvent};
use natter_shared::handshake::{ChatbotCard, HandshakeData, HandshakeExtras, HandshakeResponse};
use natter_shared::message::{Author, MessageStatus, MessageView, Rating, SourceView};
use natter_shared::problem::Problem;
use natter_shared::session::{
    Credentials, ExpandToken, Redeemed, SessionCreated, SessionSnapshot, SessionStatus,
};
use natter_shared::stream::{
    AnswerData, FinishReason, SnapshotData, SourceMetadata, StreamPart, SuggestionsData, TurnData,
};

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
                    // A part reads the rest of it.
                    attachments: object(extras, "attachments").map(|_| AttachmentRules::default()),
                    session: SessionSnapshot::from_value(extras.get("session")),
                    resume_refused: object(extras, "resume_refused").map(problem),
                    languages: texts(extras.list("languages")),
                    // A part reads the rest of it.
                    contact_form: (extras.get("contact_form").text("when") == "before_chat")
                        .then(ContactForm::default),
                    csat: extras.flag("csat"),
                    sound: false,
                    palette: None,
                }),
            },
        })
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
    ChatbotCard {
        chatbot_id: value.text("chatbot_id"),
        agent_name: value.text("agent_name"),
        agent_type: String::new(),
        description: value.text("description"),
        avatar_image_path: value.text("avatar_image_path"),
        greeting: value.text("greeting"),
        sort_order: value
            .number("sort_order")
            .and_then(|number| i32::try_from(number).ok())
            .unwrap_or_default(),
        quick_questions: texts(value.list("quick_questions")),
        lead_capture: LeadCapture::default(),
    }
}

/// What the app itself draws. Parts read the rest from the answer as it came, the loader has its own copy of some.
fn widget(value: &Value) -> Widget {
    let (header, branding, behaviour) =
        (value.get("header"), value.get("branding"), value.get("behaviour"));
    let (loader, privacy) = (value.get("loader"), value.get("privacy"));
    Widget {
        header: Header {
            title: header.text("title"),
            subtitle: header.text("subtitle"),
            chat_tab_label: header.text("chat_tab_label"),
            input_placeholder: header.text("input_placeholder"),
            download_transcript_label: String::new(),
            end_session_label: String::new(),
        },
        branding: Branding {
            theme_mode: 0,
            theme_color: String::new(),
            show_powered_by: branding.flag("show_powered_by"),
            widget_position: String::new(),
            widget_bubble_icon: String::new(),
            brand_name: branding.text("brand_name"),
        },
        behaviour: Behaviour {
            open_on_page_load: false,
            show_on_mobile: false,
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
            reset_chat_modal_title: String::new(),
            reset_chat_modal_description: String::new(),
            confirm_reset_chat_button_text: String::new(),
            cancel_reset_chat_button_text: String::new(),
            enable_reset_chat_modal: false,
        },
        privacy: Privacy {
            enable_chat_rating: privacy.flag("enable_chat_rating"),
            capture_ip_address: false,
            chatbot_privacy_term: privacy.maybe("chatbot_privacy_term"),
        },
        custom_css: None,
        custom_js: None,
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
        errors: Vec::new(),
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
            consent_withdrawn: value.flag("consent_withdrawn"),
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
            consent_withdrawn: value.flag("consent_withdrawn"),
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
            parent_id: id(value, "parent_id"),
            client_message_id: value.maybe("client_message_id"),
            sources: value.list("sources").iter().map(source).collect(),
            answered: matches!(value.get("answered"), Value::Bool(_))
                .then(|| value.flag("answered")),
            offer_contact: value.flag("offer_contact"),
            contact_reason: ContactReason::from_word(&value.text("contact_reason")),
            suggestions: texts(value.list("suggestions")),
            error_code: value.maybe("error_code"),
            rating: rating(value),
            attachments: all(value.list("attachments")),
            context: None, // Only the owner's view has it.
        })
    }
}

fn excerpt(value: &Value) -> Option<SourceMetadata> {
    value.get("providerMetadata").get("natter").maybe("excerpt").map(SourceMetadata::of)
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
            "message" => EventKind::Message {
                message: Box::new(MessageView::from_value(value.get("message"))?),
            },
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
                provider_metadata: excerpt(value),
            },
            "source-document" => Self::SourceDocument {
                source_id: value.text("sourceId"),
                media_type: value.text("mediaType"),
                title: value.text("title"),
                provider_metadata: excerpt(value),
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
                    contact_reason: ContactReason::from_word(&data.text("contactReason")),
                },
            },
            "data-suggestions" => Self::DataSuggestions {
                data: SuggestionsData { suggestions: texts(data.list("suggestions")) },
            },
            "data-problem" => Self::DataProblem { data: problem(data) },
            // What only frames the text, and what a later version may bring, changes nothing on the screen.
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests;
