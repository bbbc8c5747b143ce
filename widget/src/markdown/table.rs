//! Rows of GFM tables.

use super::text::{byte, trim};
use super::{Align, Inline, inline};

/// The cells of a row, at most `limit`.
pub(super) fn cells(line: &str, limit: usize) -> Vec<Vec<Inline>> {
    let mut cells = Vec::new();
    for cell in split(line) {
        if cells.len() < limit {
            cells.push(inline::parse(trim(&cell), false));
        }
    }
    cells
}

/// The columns that a delimiter row below `head` sets, if the two fit.
pub(super) fn columns(head: &str, line: &str) -> Option<Vec<Align>> {
    let mut pipes = false;
    for byte in line.bytes() {
        pipes |= byte == b'|';
        if !matches!(byte, b'|' | b':' | b'-' | b' ' | b'\t') {
            return None;
        }
    }
    if !pipes {
        return None;
    }
    let mut columns = Vec::new();
    for cell in split(line) {
        let cell = trim(&cell);
        let (left, right) =
            (byte(cell, 0) == b':', cell.len() > 1 && byte(cell, cell.len() - 1) == b':');
        let dashes = cell.bytes().filter(|byte| *byte == b'-').count();
        if dashes == 0 || dashes + usize::from(left) + usize::from(right) != cell.len() {
            return None;
        }
        columns.push(match (left, right) {
            (true, true) => Align::Center,
            (true, false) => Align::Left,
            (false, true) => Align::Right,
            (false, false) => Align::None,
        });
    }
    (split(head).len() == columns.len()).then_some(columns)
}

/// The raw cells of a row. A pipe after a backslash is text.
#[inline(never)]
fn split(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let (mut escaped, mut first) = (false, true);
    for char in trim(line).chars() {
        if char == '|' && !escaped {
            if !first {
                cells.push(core::mem::take(&mut cell));
            }
        } else {
            if char == '|' {
                cell.pop();
            }
            cell.push(char);
        }
        escaped = char == '\\' && !escaped;
        first = false;
    }
    if !cell.is_empty() || cells.is_empty() {
        cells.push(cell);
    }
    cells
}
