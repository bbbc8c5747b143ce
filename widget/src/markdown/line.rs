//! Recognizing what a line begins with.

use super::text::{byte, count, cut, from, trim, trim_end, trim_start};

/// Whether nothing but spaces is left.
pub(super) fn is_blank(line: &str) -> bool {
    trim_start(line).is_empty()
}

/// Columns of white space at the beginning; a tab goes to the next multiple of four.
pub(super) fn indent(line: &str) -> usize {
    skip(line, 0, usize::MAX).0
}

/// Without up to `width` columns of white space.
pub(super) fn dedent(line: &str, width: usize) -> &str {
    from(line, skip(line, 0, width).1)
}

/// Skips white space that begins at column `start`, up to column `end`: the columns and the bytes skipped.
#[inline(never)]
fn skip(line: &str, start: usize, end: usize) -> (usize, usize) {
    let (mut column, mut bytes) = (start, 0);
    while column < end {
        match byte(line, bytes) {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
        bytes += 1;
    }
    (column - start, bytes)
}

/// What follows the marker of a block quote.
#[inline(never)]
pub(super) fn quote(line: &str) -> Option<&str> {
    let rest = trim_start(line);
    (byte(rest, 0) == b'>')
        .then(|| from(rest, 1 + usize::from(matches!(byte(rest, 1), b' ' | b'\t'))))
}

/// Level and text of an ATX heading.
pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let level = count(line, 0, b'#');
    if level == 0 || level > 6 || !matches!(byte(line, level), 0 | b' ' | b'\t') {
        return None;
    }
    let text = trim(from(line, level));
    let mut end = text.len();
    while end > 0 && byte(text, end - 1) == b'#' {
        end -= 1;
    }
    let open = end == 0 || matches!(byte(text, end - 1), b' ' | b'\t');
    let text = if open { trim_end(cut(text, 0, end)) } else { text };
    Some((u8::try_from(level).unwrap_or(6), text))
}

/// Whether the line is a thematic break.
pub(super) fn is_rule(line: &str) -> bool {
    let first = byte(line, 0);
    let mut marks = 0;
    for mark in line.bytes() {
        if mark == first {
            marks += 1;
        } else if !matches!(mark, b' ' | b'\t') {
            return false;
        }
    }
    marks > 2 && matches!(first, b'*' | b'-' | b'_')
}

/// Character, length and language of an opening code fence.
pub(super) fn fence(line: &str) -> Option<(u8, usize, &str)> {
    let mark = byte(line, 0);
    let length = count(line, 0, mark);
    let info = trim(from(line, length));
    if !matches!(mark, b'`' | b'~') || length < 3 {
        return None;
    }
    let mut language = info.len();
    for (at, other) in info.bytes().enumerate() {
        if other == b'`' && mark == b'`' {
            return None;
        }
        if other <= b' ' {
            language = language.min(at);
        }
    }
    Some((mark, length, cut(info, 0, language)))
}

/// The beginning of a list item.
pub(super) struct Marker<'a> {
    /// What distinguishes a list from its neighbour: the bullet, or what follows the number.
    pub(super) byte: u8,
    /// The number of an ordered item.
    pub(super) number: Option<u32>,
    /// Columns from the marker to the item's content.
    pub(super) width: usize,
    /// The content.
    pub(super) rest: &'a str,
}

/// The list item that begins here.
pub(super) fn marker(line: &str) -> Option<Marker<'_>> {
    let (mut digits, mut number) = (0, 0);
    while digits < 9 && byte(line, digits).is_ascii_digit() {
        number = number * 10 + u32::from(byte(line, digits) - b'0');
        digits += 1;
    }
    let mark = byte(line, digits);
    let number = match mark {
        b'-' | b'+' | b'*' if digits == 0 => None,
        b'.' | b')' if digits > 0 => Some(number),
        _ => return None,
    };
    let width = digits + 1;
    let rest = from(line, width);
    let (space, bytes) = skip(rest, width, usize::MAX);
    let marker = |space, bytes| {
        Some(Marker { byte: mark, number, width: width + space, rest: from(rest, bytes) })
    };
    match space {
        _ if bytes == rest.len() => marker(1, bytes),
        0 => None,
        1..=4 => marker(space, bytes),
        _ => marker(1, 1),
    }
}
