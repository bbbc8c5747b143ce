//! Typed ids. On our own routes an id carries a prefix that tells its kind (`ses_…`, `msg_…`), so that one kind cannot
//! be passed as another, in Rust or in a URL.

use core::fmt;
use core::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not an id of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "expected an id that begins with {}_", self.prefix)
    }
}

impl core::error::Error for InvalidId {}

/// Reads 32 hexadecimal digits, with or without the hyphens of a UUID.
fn parse_hex(text: &str) -> Option<u128> {
    let mut value: u128 = 0;
    let mut digits = 0;
    for byte in text.bytes() {
        if byte == b'-' {
            continue;
        }
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => return None,
        };
        digits += 1;
        if digits > 32 {
            return None;
        }
        value = (value << 4) | u128::from(digit);
    }
    (digits == 32).then_some(value)
}

/// A prefix, an underscore and 32 hexadecimal digits. By hand: the standard library's formatting is two kilobytes of what
/// every visitor would download.
fn text(prefix: &str, value: u128) -> String {
    let mut text = String::with_capacity(prefix.len() + 33);
    text.push_str(prefix);
    text.push('_');
    for place in (0..32).rev() {
        let digit = usize::try_from((value >> (place * 4)) & 15).unwrap_or(0);
        text.push(char::from(b"0123456789abcdef"[digit]));
    }
    text
}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
        pub struct $name(u128);

        impl $name {
            /// What its text begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps the 128 bits of a UUID.
            #[must_use]
            pub const fn from_u128(value: u128) -> Self {
                Self(value)
            }

            /// The 128 bits of the UUID.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0
            }

            /// Its text, as [`Display`](fmt::Display) writes it.
            #[must_use]
            pub fn text(self) -> String {
                text($prefix, self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.text())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(parse_hex)
                    .map(Self)
                    .ok_or(InvalidId { prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str(concat!("an id that begins with ", $prefix, "_"))
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

typed_id!(
    /// An organization, the tenant.
    OrganizationId, "org");
typed_id!(
    /// A project of an organization.
    ProjectId, "prj");
typed_id!(
    /// A chatbot.
    ChatbotId, "bot");
typed_id!(
    /// A person's account.
    AccountId, "acc");
typed_id!(
    /// An API key; the key itself is another thing.
    ApiKeyId, "key");
typed_id!(
    /// A page, text or file that an owner taught.
    SourceId, "src");
typed_id!(
    /// One conversation. An identifier, never a credential.
    SessionId, "ses");
typed_id!(
    /// One message of a conversation.
    MessageId, "msg");
typed_id!(
    /// A visitor's message and the answer to it.
    TurnId, "trn");
typed_id!(
    /// What a visitor left to be reached.
    ContactId, "con");
typed_id!(
    /// A file that a visitor uploaded.
    AttachmentId, "att");

#[cfg(test)]
mod tests {
    use super::{MessageId, SessionId};

    #[test]
    fn an_id_survives_its_own_text() {
        let id = SessionId::from_u128(0x0192_3456_789a_bcde_f012_3456_789a_bcde);
        assert_eq!(id.to_string(), "ses_01923456789abcdef0123456789abcde");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let id = MessageId::from_u128(7);
        assert!(id.to_string().parse::<SessionId>().is_err());
    }

    #[test]
    fn a_hyphenated_uuid_after_the_prefix_is_read() {
        let id: SessionId = "ses_01923456-789a-bcde-f012-3456789abcde".parse().unwrap();
        assert_eq!(id.as_u128(), 0x0192_3456_789a_bcde_f012_3456_789a_bcde);
    }

    #[test]
    fn text_of_the_wrong_length_or_alphabet_is_refused() {
        for text in [
            "",
            "ses_",
            "ses_1",
            "ses_zz923456789abcdef0123456789abcde",
            "ses_00192345678901234567890123456789012",
        ] {
            assert!(text.parse::<SessionId>().is_err(), "{text}");
        }
    }
}
