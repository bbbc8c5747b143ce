//! Writing.

use core::fmt::{self, Display};

use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};

/// The value has a shape that wire types do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bad;

impl Display for Bad {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no wire type")
    }
}

impl core::error::Error for Bad {}

impl serde::ser::Error for Bad {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// JSON from a wire type.
///
/// # Errors
/// [`Bad`] when the type has a shape that wire types do not have: floating point, tuples, maps.
pub fn to_json<T: Serialize>(value: &T) -> Result<String, Bad> {
    let mut writer = Writer { out: String::new() };
    value.serialize(&mut writer)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
}

impl Writer {
    #[inline(never)]
    fn string(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => {
                    self.out.push('\\');
                    self.out.push(character);
                }
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\r"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '\0'..='\u{1f}' => {
                    self.out.push_str("\\u00");
                    for digit in [character as u32 >> 4, character as u32 & 15] {
                        self.out.push(char::from_digit(digit, 16).unwrap_or('0'));
                    }
                }
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }

    fn comma(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.comma();
        self.string(name);
        self.out.push(':');
    }
}

impl SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = Bad;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Bad> {
        self.name(name);
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Bad> {
        self.out.push('}');
        Ok(())
    }
}

impl SerializeSeq for &mut Writer {
    type Ok = ();
    type Error = Bad;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Bad> {
        self.comma();
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Bad> {
        self.out.push(']');
        Ok(())
    }
}

macro_rules! whole {
    ($($method:ident $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<(), Bad> {
            self.out.push_str(&value.to_string());
            Ok(())
        })*
    };
}

macro_rules! refused {
    ($($method:ident ( $($type:ty),* ) -> $out:ty,)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<$out, Bad> { Err(Bad) })*
    };
}

type Never = Impossible<(), Bad>;

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = Bad;
    type SerializeSeq = Self;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Self;
    type SerializeStructVariant = Never;

    whole! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
    }

    refused! {
        serialize_f32(f32) -> (),
        serialize_f64(f64) -> (),
        serialize_char(char) -> (),
        serialize_bytes(&[u8]) -> (),
        serialize_tuple(usize) -> Never,
        serialize_tuple_struct(&'static str, usize) -> Never,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never,
        serialize_map(Option<usize>) -> Never,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never,
    }

    fn serialize_bool(self, value: bool) -> Result<(), Bad> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Bad> {
        self.string(value);
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Bad> {
        self.string(&value.to_string());
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Bad> {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Bad> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Bad> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Bad> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<(), Bad> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Bad> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Bad> {
        Err(Bad)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Bad> {
        self.out.push('[');
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Bad> {
        self.out.push('{');
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use natter_shared::id::MessageId;
    use natter_shared::message::{Feedback, Rating, SendMessage};
    use natter_shared::session::CreateSession;

    use super::*;

    fn same<T: Serialize>(value: &T) {
        assert_eq!(to_json(value), Ok(serde_json::to_string(value).unwrap()));
    }

    #[test]
    fn requests_are_written_as_serde_json_writes_them() {
        let message = "a\"\\\n\u{1}\u{1f}ü👋".to_owned();
        same(&SendMessage {
            message,
            client_message_id: Some("k".into()),
            ..SendMessage::default()
        });
        same(&Feedback {
            message_id: MessageId::from_u128(7),
            rating: Rating::Down,
            comment: None,
        });
        same(&CreateSession { consent_accepted: Some(true), ..CreateSession::default() });
        same(&CreateSession::default());
    }
}
