//! Addresses: what follows `](`, what stands in `<…>`, what stands bare in the text, and which may be followed.

use super::class::is_wide_mark;
use super::text::{byte, cut, from, skip_space, starts_with};

/// Longest address that is looked for, so that a search never takes long.
const LONGEST: usize = 4096;

/// Characters and their names in HTML.
const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&nbsp;", '\u{a0}'),
];

/// The character that a named reference stands for, and the length of its name.
#[inline(never)]
pub(super) fn entity(text: &str, at: usize) -> Option<(char, usize)> {
    for (name, char) in ENTITIES {
        if starts_with(text, at, name) {
            return Some((char, name.len()));
        }
    }
    None
}

/// The length of `http://` or `https://` at a place, else zero.
#[inline(never)]
fn scheme(text: &str, at: usize) -> usize {
    let length = 7 + usize::from(starts_with(text, at, "https"));
    if starts_with(text, at, "http") && starts_with(text, at + length - 3, "://") {
        length
    } else {
        0
    }
}

/// The address if it may be followed: `http`, `https` or, unless it is an image's, `mailto`. Control characters and
/// white space, which browsers skip, are taken out first.
pub(super) fn safe(address: &str, image: bool) -> Option<String> {
    let mut clean = String::new();
    for char in address.chars() {
        if char > ' ' && !('\u{7f}'..='\u{a0}').contains(&char) {
            clean.push(char);
        }
    }
    (scheme(&clean, 0) > 0 || (!image && starts_with(&clean, 0, "mailto:"))).then_some(clean)
}

/// Resolves backslash escapes and named references.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut skip = 0;
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        if at < skip {
            continue;
        }
        if char == '\\' && !escaped && byte(text, at + 1).is_ascii_punctuation() {
            escaped = true;
            continue;
        }
        let (char, length) =
            if char == '&' && !escaped { entity(text, at).unwrap_or((char, 1)) } else { (char, 1) };
        skip = at + length;
        escaped = false;
        plain.push(char);
    }
    plain
}

/// `(address "title")`: the address, and where the text goes on after it.
pub(super) fn target(text: &str, at: usize) -> Option<(String, usize)> {
    if byte(text, at) != b'(' {
        return None;
    }
    let start = skip_space(text, at + 1);
    let (address, end) = if byte(text, start) == b'<' {
        let end = until(text, start + 1, b'>', b'<')?;
        (cut(text, start + 1, end), end + 1)
    } else {
        let end = bare_end(text, start)?;
        (cut(text, start, end), end)
    };
    let mut next = skip_space(text, end);
    let close = match byte(text, next) {
        quote @ (b'"' | b'\'') => quote,
        b'(' => b')',
        _ => 0,
    };
    if close > 0 && next > end {
        next = skip_space(text, until(text, next + 1, close, b'(')? + 1);
    }
    (byte(text, next) == b')').then(|| (unescape(address), next + 1))
}

/// Where an address without angle brackets ends: at white space or a parenthesis that it did not open.
fn bare_end(text: &str, start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0);
    while at < start + LONGEST {
        match byte(text, at) {
            b'\\' if byte(text, at + 1).is_ascii_punctuation() => at += 1,
            b'(' if depth == 32 => return None,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            0..=b' ' | 0x7f => return (depth == 0).then_some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where `end` stands, unescaped. A `stop` ends the search where it could not stand within.
fn until(text: &str, start: usize, end: u8, stop: u8) -> Option<usize> {
    let quoted = matches!(end, b'"' | b'\'');
    let mut at = start;
    while at < start + LONGEST && at < text.len() {
        match byte(text, at) {
            byte if byte == end => return Some(at),
            byte if byte == stop && !quoted => return None,
            b'\n' if end == b'>' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// `<https://…>` or `<name@host>`: address, text and length.
pub(super) fn bracketed(text: &str, at: usize) -> Option<(String, &str, usize)> {
    let (mut end, mut named, mut signs) = (at + 1, true, 0);
    loop {
        match byte(text, end) {
            b'>' => break,
            0..=b' ' | b'<' => return None,
            b'@' => signs += 1,
            byte => {
                named &= byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
            }
        }
        end += 1;
    }
    let inner = cut(text, at + 1, end);
    let named = named && signs == 1 && byte(inner, 0) != b'@' && byte(text, end - 1) != b'@';
    let href = if named { ["mailto:", inner].concat() } else { safe(inner, false)? };
    Some((href, inner, end + 1 - at))
}

/// The bare address at a place: up to white space or a bracket, without punctuation at its end.
pub(super) fn bare(text: &str, at: usize) -> Option<&str> {
    let scheme = scheme(text, at);
    if scheme == 0 {
        return None;
    }
    let address = from(text, at);
    let (mut end, mut open) = (0, 0_i32);
    for char in address.chars() {
        match char {
            '\0'..=' ' | '<' | '>' | '[' | ']' | '`' | '"' | '|' | '\u{7f}'..='\u{a0}' => break,
            '(' => open += 1,
            ')' => open -= 1,
            _ if is_wide_mark(char) => break,
            _ => {}
        }
        end += char.len_utf8();
    }
    while end > scheme {
        match byte(address, end - 1) {
            b'?' | b'!' | b'.' | b',' | b':' | b';' | b'*' | b'_' | b'~' | b'\'' => {}
            b')' if open < 0 => open += 1,
            _ => return Some(cut(address, 0, end)),
        }
        end -= 1;
    }
    None
}
