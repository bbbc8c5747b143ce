//! Contacts: what a visitor leaves to be reached (Robofy's leads, Owari's contact handoffs), and the form that asks for it.

use core::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Timestamp;
use crate::id::{ContactId, SessionId};

/// `POST /v1/public/sessions/{id}/contact-handoffs`. Without a form of the chatbot's own, an e-mail address or a telephone
/// number is needed; with one, what its fields ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContactHandoff {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What was entered into the fields of the chatbot's own form, by their keys. Numbers and `true` or `false` may stand
    /// without quotes.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, String>))]
    pub fields: Fields,
    /// Whether the visitor agreed to be contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_accepted: Option<bool>,
}

/// What was entered into the fields of a form, by their keys, as a JSON object. A list and not a map, which would be code
/// that every visitor downloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Fields;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of the fields by their keys")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, Entered(value))) = map.next_entry::<String, Entered>()? {
                    entries.push((key, value));
                }
                Ok(Fields(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// What was entered into one field. A number or a truth value is read as its text.
struct Entered(String);

impl<'de> Deserialize<'de> for Entered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Entered;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text, a number, true or false")
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Entered, E> {
                Ok(Entered(value.to_string()))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Entered, E> {
                Ok(Entered(value.to_string()))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Entered, E> {
                Ok(Entered(value.to_string()))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Entered, E> {
                Ok(Entered(value.to_string()))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Entered, E> {
                Ok(Entered(value.into()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The contact that was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactCreated {
    /// The contact.
    pub contact_id: ContactId,
    /// The session it came from.
    pub session_id: SessionId,
    /// When.
    pub created_at: Timestamp,
}

/// A contact as the owner and the visitor's own transcript see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactView {
    /// The contact.
    pub contact_id: ContactId,
    /// The session it came from.
    pub session_id: SessionId,
    /// What was entered, in the order of the form.
    pub fields: Vec<ContactField>,
    /// Whether the visitor agreed to be contacted.
    pub consent_accepted: bool,
    /// When.
    pub created_at: Timestamp,
}

/// `GET /v1/chatbots/{chatbot}/contacts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contacts {
    /// The newest first.
    pub contacts: Vec<ContactView>,
}

/// One field that was filled in, with the label that it had then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactField {
    /// Its key.
    pub key: String,
    /// What the visitor read beside it.
    pub label: String,
    /// What was entered.
    pub value: String,
}

/// Why the contact form is offered below an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactReason {
    /// The owner's content did not answer.
    Unanswered,
    /// The visitor asked for a person.
    Asked,
    /// The owner's rule says so.
    Rule,
}

impl ContactReason {
    /// The wire's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Asked => "asked",
            Self::Rule => "rule",
        }
    }

    /// Reads the wire's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Unanswered, Self::Asked, Self::Rule]
            .into_iter()
            .find(|reason| reason.as_str() == word)
    }
}

/// When the contact form is shown without being called for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferContact {
    /// When the content does not answer, and when a person is asked for.
    #[default]
    Unanswered,
    /// Only when a person is asked for.
    AskedForPerson,
    /// As `unanswered`, and with the answer to the visitor's message number `after_messages`.
    AfterMessages,
    /// As `unanswered`, and before the first message.
    BeforeChat,
    /// Never by itself.
    Never,
}

/// The form that asks for contact details. Its texts are those of `lead_capture`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ContactForm {
    /// When it is shown.
    pub when: OfferContact,
    /// The number of the message that `after_messages` waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_messages: Option<u32>,
    /// What it asks for, in order; empty for the built-in name, e-mail, telephone and message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FormField>,
}

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// What it is called in the request and for the owner.
    pub key: String,
    /// What stands beside it.
    pub label: String,
    /// What may be entered.
    #[serde(rename = "type", default)]
    pub kind: FieldKind,
    /// Whether it must be filled in; a checkbox, ticked.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub required: bool,
    /// What a `select` offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Longest text, in characters, when it is less than usual for its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}

/// What may be entered into a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Several lines.
    Textarea,
    /// One of its options.
    Select,
    /// A tick.
    Checkbox,
    /// A number.
    Number,
    /// A day as `YYYY-MM-DD`.
    Date,
    /// A web address.
    Url,
}
