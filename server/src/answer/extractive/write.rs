//! Writes the chosen pieces out as one answer, each with its citation. The pages behind the citations are named by whoever
//! shows the answer, which gets them apart from the text.

use std::fmt::Write as _;

use crate::knowledge::BlockKind;

use super::reading::{ReadBlock, ReadPassage, Reading};
use super::select::Piece;

/// The answer as Markdown.
pub(super) fn write(reading: &Reading, pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&quote(reading, &reading.passages[piece.passage], piece));
    }
    out
}

fn quote(reading: &Reading, passage: &ReadPassage, piece: &Piece) -> String {
    let mut out = String::new();
    let citation = format!("[{}]", passage.number);
    let main = &passage.blocks[piece.parts[0].0];
    if let Some(heading) = needed_heading(reading, main, piece) {
        let _ = write!(out, "**{heading}**\n\n");
    }
    let mut is_cited = false;
    let parts = piece.parts.len();
    for (index, (number, units)) in piece.parts.iter().enumerate() {
        let block = &passage.blocks[*number];
        if index > 0 {
            out.push_str("\n\n");
        }
        out.push_str(&text(block, units));
        let takes_citation = match block.block.kind {
            BlockKind::Paragraph | BlockKind::List | BlockKind::Quote => true,
            BlockKind::Table | BlockKind::Code => false,
        };
        // Before a table or code the line that leads to it is cited, since nothing can be written into those.
        let next = piece.parts.get(index + 1).map(|(next, _)| &passage.blocks[*next]);
        let is_last_place =
            next.is_none_or(|next| next.is(BlockKind::Table) || next.is(BlockKind::Code));
        if takes_citation && is_last_place && !is_cited {
            out.push(' ');
            out.push_str(&citation);
            is_cited = true;
        }
        if index + 1 == parts && !is_cited {
            out.push_str("\n\n");
            out.push_str(&citation);
        }
    }
    out
}

/// The heading, when only it says what the quoted words are about.
fn needed_heading(reading: &Reading, block: &ReadBlock, piece: &Piece) -> Option<String> {
    let heading = block.heading.as_ref()?;
    let only_there = block.heading_mask & !piece.body;
    (reading.has_topic(only_there) && !heading.ends_with(['?', '？'])).then(|| escape(heading))
}

fn text(block: &ReadBlock, units: &[usize]) -> String {
    let text = &block.block.text;
    if units.len() == block.units.len() {
        return text.clone();
    }
    let chosen: Vec<&str> =
        units.iter().map(|&unit| &text[block.units[unit].start..block.units[unit].end]).collect();
    match block.block.kind {
        BlockKind::Paragraph => match (units.first(), units.last()) {
            (Some(&first), Some(&last)) => {
                text[block.units[first].start..block.units[last].end].to_owned()
            }
            _ => String::new(),
        },
        BlockKind::Table => format!("{}\n{}", block.block.table_header(), chosen.join("\n")),
        BlockKind::List | BlockKind::Code | BlockKind::Quote => chosen.join("\n"),
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '[' | ']' | '*' | '_' | '`' | '<') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
