//! The few operations on text that everything here is made of. They are kept out of line: the same work done in each
//! place by `str`'s generic methods is several times as much WebAssembly.

/// The text between two places; empty where there is none.
#[inline(never)]
pub(super) fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// The text from a place on.
#[inline(never)]
pub(super) fn from(text: &str, at: usize) -> &str {
    cut(text, at, text.len())
}

/// The byte at a place; zero past the end.
#[inline(never)]
pub(super) fn byte(text: &str, at: usize) -> u8 {
    match text.as_bytes().get(at) {
        Some(byte) => *byte,
        None => 0,
    }
}

/// How many of `byte` stand from a place on.
#[inline(never)]
pub(super) fn count(text: &str, at: usize, byte: u8) -> usize {
    let mut end = at;
    while text.as_bytes().get(end) == Some(&byte) {
        end += 1;
    }
    end - at
}

/// Whether `start`, in ASCII lower case, stands at a place, in whichever case.
#[inline(never)]
pub(super) fn starts_with(text: &str, at: usize, start: &str) -> bool {
    let mut length = 0;
    while length < start.len()
        && byte(text, at + length).to_ascii_lowercase() == byte(start, length)
    {
        length += 1;
    }
    length == start.len()
}

/// Whether a byte is white space within or between lines.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Past white space.
#[inline(never)]
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    let mut at = at;
    while is_space(byte(text, at)) {
        at += 1;
    }
    at
}

/// Without white space at the beginning.
#[inline(never)]
pub(super) fn trim_start(text: &str) -> &str {
    from(text, skip_space(text, 0))
}

/// Without white space at the end.
#[inline(never)]
pub(super) fn trim_end(text: &str) -> &str {
    let mut end = text.len();
    while end > 0 && is_space(byte(text, end - 1)) {
        end -= 1;
    }
    cut(text, 0, end)
}

/// Without white space at either end.
pub(super) fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}
