//! Requests as JSON. Every wire type is taken apart field by field, so a new field cannot be forgotten here.

use crate::lean::digits;
use natter_shared::context::{JsonText, PageContext};
use natter_shared::handshake::{HandshakeRequest, Resume};
use natter_shared::identity::Identity;
use natter_shared::message::{Feedback, Rating, RetryTurn, SendMessage};
use natter_shared::session::CreateSession;

/// A JSON object in the making.
#[derive(Debug)]
pub struct Object(String);

impl Default for Object {
    fn default() -> Self {
        Self(String::from("{"))
    }
}

impl Object {
    #[inline(never)]
    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, name);
        self.0.push(':');
    }

    /// Adds a text.
    #[inline(never)]
    pub fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote(&mut self.0, value);
    }

    /// Adds a text, if there is one.
    #[inline(never)]
    pub fn maybe(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Adds what is JSON already.
    #[inline(never)]
    pub fn raw(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push_str(value);
    }

    fn flag(&mut self, name: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.raw(name, if value { "true" } else { "false" });
        }
    }

    /// The object's text.
    #[must_use]
    pub fn done(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

#[inline(never)]
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\0'..='\u{1f}' => {
                out.push_str("\\u00");
                for digit in [character as u32 >> 4, character as u32 & 15] {
                    out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// A request that can be written.
pub trait ToJson {
    /// Writes it.
    fn to_json(&self) -> String;
}

impl ToJson for HandshakeRequest {
    fn to_json(&self) -> String {
        let Self { chatbot_id, project_id, version, locale, palette, resume } = self;
        let mut object = Object::default();
        object.text("chatbot_id", chatbot_id);
        object.text("project_id", project_id);
        object.raw("version", &digits(u64::from(*version)));
        object.maybe("locale", locale.as_ref());
        if *palette {
            object.raw("palette", "true");
        }
        if let Some(Resume { session_id, secret }) = resume {
            let mut inner = Object::default();
            inner.text("session_id", session_id);
            inner.text("secret", secret);
            object.raw("resume", &inner.done());
        }
        object.done()
    }
}

impl ToJson for CreateSession {
    fn to_json(&self) -> String {
        let Self {
            visitor_label,
            consent_accepted,
            consent_hash,
            locale,
            client_session_id,
            identity,
        } = self;
        let mut object = Object::default();
        object.maybe("visitor_label", visitor_label.as_ref());
        object.flag("consent_accepted", *consent_accepted);
        object.maybe("consent_hash", consent_hash.as_ref());
        object.maybe("locale", locale.as_ref());
        object.maybe("client_session_id", client_session_id.as_ref());
        if let Some(identity) = identity {
            object.raw("identity", &identity.to_json());
        }
        object.done()
    }
}

impl ToJson for Identity {
    fn to_json(&self) -> String {
        let Self { token, user_id, user_hash, name, email } = self;
        let mut object = Object::default();
        for (field, value) in [
            ("token", token),
            ("user_id", user_id),
            ("user_hash", user_hash),
            ("name", name),
            ("email", email),
        ] {
            object.maybe(field, value.as_ref());
        }
        object.done()
    }
}

impl ToJson for SendMessage {
    fn to_json(&self) -> String {
        let Self {
            message,
            consent_accepted,
            client_message_id,
            locale,
            context,
            attachments,
            replaces,
        } = self;
        let mut object = Object::default();
        object.text("message", message);
        object.flag("consent_accepted", *consent_accepted);
        object.maybe("client_message_id", client_message_id.as_ref());
        object.maybe("locale", locale.as_ref());
        object.maybe("replaces", replaces.map(natter_shared::id::MessageId::text).as_ref());
        if let Some(PageContext { url, title, data }) = context {
            let mut inner = Object::default();
            inner.maybe("url", url.as_ref());
            inner.maybe("title", title.as_ref());
            if let Some(JsonText(data)) = data {
                inner.raw("data", data);
            }
            object.raw("context", &inner.done());
        }
        if !attachments.is_empty() {
            let ids: Vec<String> =
                attachments.iter().map(|id| ["\"", &id.text(), "\""].concat()).collect();
            object.raw("attachments", &["[", &ids.join(","), "]"].concat());
        }
        object.done()
    }
}

impl ToJson for RetryTurn {
    fn to_json(&self) -> String {
        let Self { client_message_id, regenerate } = self;
        let mut object = Object::default();
        object.maybe("client_message_id", client_message_id.as_ref());
        object.flag("regenerate", regenerate.then_some(true));
        object.done()
    }
}

impl ToJson for Feedback {
    fn to_json(&self) -> String {
        let Self { message_id, rating, comment, reason } = self;
        let mut object = Object::default();
        object.text("message_id", &message_id.text());
        object.text("rating", if *rating == Rating::Up { "up" } else { "down" });
        object.maybe("comment", comment.as_ref());
        if let Some(reason) = reason {
            object.text("reason", reason.as_str());
        }
        object.done()
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Debug;

    use natter_shared::id::{AttachmentId, MessageId};
    use natter_shared::message::FeedbackReason;
    use serde::de::DeserializeOwned;

    use super::*;

    /// What is written here is what serde reads there, and says as much as serde writes.
    fn same<T: ToJson + serde::Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
        let text = value.to_json();
        assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value);
        let ours: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(ours, serde_json::to_value(value).unwrap());
    }

    #[test]
    fn requests_are_written_as_serde_writes_them() {
        let some = |text: &str| Some(text.to_owned());
        let message = "a\"\\\n\u{1}\u{1f}ü👋".to_owned();
        same(&SendMessage {
            message,
            consent_accepted: Some(false),
            client_message_id: some("k"),
            locale: some("de"),
            context: Some(PageContext {
                url: some("https://shop.example/?a=\"b\""),
                title: some("T"),
                data: Some(JsonText(r#"{"price":[1.5,null,{"a":"ü"}]}"#.into())),
            }),
            attachments: vec![AttachmentId::from_u128(1), AttachmentId::from_u128(2)],
            replaces: Some(MessageId::from_u128(7)),
        });
        same(&SendMessage::default());
        same(&SendMessage { context: Some(PageContext::default()), ..SendMessage::default() });
        same(&RetryTurn { client_message_id: some("k"), regenerate: false });
        same(&RetryTurn { client_message_id: None, regenerate: true });
        same(&Feedback {
            message_id: MessageId::from_u128(7),
            rating: Rating::Down,
            comment: some("c"),
            reason: Some(FeedbackReason::OffTopic),
        });
        same(&Feedback {
            message_id: MessageId::from_u128(7),
            rating: Rating::Up,
            comment: None,
            reason: None,
        });
        same(&CreateSession {
            visitor_label: some("v"),
            consent_accepted: Some(true),
            consent_hash: some("h"),
            locale: some("en"),
            client_session_id: some("s"),
            identity: Some(Identity::default()),
        });
        same(&Identity {
            token: some("t"),
            user_id: some("u"),
            user_hash: some("h"),
            name: some("n"),
            email: some("e"),
        });
        same(&CreateSession::default());
        let resume = Some(Resume { session_id: "s".into(), secret: "x".into() });
        same(&HandshakeRequest {
            chatbot_id: "c".into(),
            project_id: "1".into(),
            version: 2,
            locale: some("de"),
            palette: true,
            resume,
        });
    }
}
