//! A JSON text as a tree.

/// How deeply values may be nested.
const MAX_DEPTH: u32 = 64;

/// A JSON value. Of a number only its whole part is kept: no wire type has more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`, and whatever is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(i64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the text's order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Reads a text; nothing when it is not JSON.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        (reader.peek() == 0 && reader.at >= text.len()).then_some(value)
    }

    /// A field of an object.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, name: &str) -> &Self {
        match self {
            Self::Object(fields) => fields
                .iter()
                .find(|(field, _)| field == name)
                .map_or(&Self::Null, |(_, value)| value),
            _ => &Self::Null,
        }
    }

    /// A field's text, when it is one.
    #[must_use]
    #[inline(never)]
    pub fn maybe(&self, name: &str) -> Option<String> {
        match self.get(name) {
            Self::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// A field's text; empty when it is none.
    #[must_use]
    #[inline(never)]
    pub fn text(&self, name: &str) -> String {
        self.maybe(name).unwrap_or_default()
    }

    /// Whether a field is `true`.
    #[must_use]
    #[inline(never)]
    pub fn flag(&self, name: &str) -> bool {
        *self.get(name) == Self::Bool(true)
    }

    /// A field's number, when it is one.
    #[must_use]
    #[inline(never)]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The items of a field; none when it is no list.
    #[must_use]
    #[inline(never)]
    pub fn list(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

/// A place within a text.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The next byte that is not white space; 0 at the end.
    #[inline(never)]
    fn peek(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        self.byte()
    }

    #[inline(never)]
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == byte;
        self.at += usize::from(there);
        there
    }

    #[inline(never)]
    fn word(&mut self, word: &[u8]) -> bool {
        let there = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if there {
            self.at += word.len();
        }
        there
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match self.peek() {
            b'{' => {
                self.at += 1;
                let mut fields = Vec::new();
                while self.item(fields.is_empty(), b'}')? {
                    self.peek();
                    let name = self.string()?;
                    if !self.take(b':') {
                        return None;
                    }
                    fields.push((name, self.value(depth + 1)?));
                }
                Value::Object(fields)
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while self.item(items.is_empty(), b']')? {
                    items.push(self.value(depth + 1)?);
                }
                Value::List(items)
            }
            b'"' => Value::Text(self.string()?),
            b't' if self.word(b"true") => Value::Bool(true),
            b'f' if self.word(b"false") => Value::Bool(false),
            b'n' if self.word(b"null") => Value::Null,
            _ => Value::Number(self.number()?),
        })
    }

    /// Steps to the next item of a list or object; false at its end.
    fn item(&mut self, first: bool, close: u8) -> Option<bool> {
        if self.take(close) {
            return Some(false);
        }
        (first || self.take(b',')).then_some(true)
    }

    fn number(&mut self) -> Option<i64> {
        let negative = self.take(b'-');
        let start = self.at;
        let (mut value, mut whole) = (0_i64, true);
        loop {
            match self.byte() {
                digit @ b'0'..=b'9' if whole => {
                    value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
                }
                b'0'..=b'9' | b'+' | b'-' => {}
                b'.' | b'e' | b'E' => whole = false,
                _ => break,
            }
            self.at += 1;
        }
        (self.at > start).then_some(if negative { -value } else { value })
    }

    #[inline(never)]
    fn string(&mut self) -> Option<String> {
        if !self.take(b'"') {
            return None;
        }
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.byte(), b'"' | b'\\' | 0) {
                self.at += 1;
            }
            out.push_str(self.text.get(start..self.at)?);
            let stop = self.byte();
            self.at += 1;
            match stop {
                b'"' => return Some(out),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.byte();
        self.at += 1;
        Some(match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => char::from(byte),
            b'u' => {
                let mut code = self.hex()?;
                if (0xd800..0xdc00).contains(&code) && self.word(b"\\u") {
                    let low = self.hex()?;
                    code = 0x1_0000 + ((code - 0xd800) << 10) + (low & 0x3ff);
                }
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.byte()).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_serde_json_reads_them() {
        for text in [r#""Gr\u00fc\u00dfe \ud83d\udc4b\n\"x\"\\\/\t""#, "\"\"", "\"ü👋\""] {
            assert_eq!(
                Value::parse(text),
                Some(Value::Text(serde_json::from_str(text).unwrap())),
                "{text}"
            );
        }
    }

    #[test]
    fn broken_text_is_nothing_and_never_a_panic() {
        let whole =
            r#" {"events":[{"seq":1.5e3,"a":"t\u0041","b":null}],"last_seq":-2,"has_more":true} "#;
        assert_eq!(Value::parse(whole).map(|value| value.number("last_seq")), Some(Some(-2)));
        for end in 0..whole.len() - 1 {
            assert_eq!(Value::parse(&whole[..end]), None, "{end}");
        }
        for text in [
            "{\"a\":\"\\u12\"}",
            "\"\\ud800\"",
            "\"\\x\"",
            "{\"a\" 1}",
            "nul",
            "{} x",
            "[1 2]",
            "-",
            "\0",
        ] {
            assert_eq!(Value::parse(text), None, "{text}");
        }
        assert_eq!(Value::parse(&"[".repeat(100_000)), None);
    }
}
