//! Cuts blocks into the smallest pieces that can be quoted alone: sentences that no abbreviation ends and whose links,
//! code spans and emphasis are whole, list items with what is nested in them, rows of a table.

use unicode_segmentation::UnicodeSegmentation;

use super::{Block, BlockKind};

/// Words whose full stop does not end a sentence, folded to lower case.
const ABBREVIATIONS: &[&str] = &[
    "abb.", "approx.", "art.", "bspw.", "bzw.", "ca.", "cf.", "dr.", "di.", "e.g.", "env.", "etc.",
    "evtl.", "ex.", "fig.", "fr.", "i.e.", "incl.", "inkl.", "max.", "min.", "mi.", "mo.", "mr.",
    "mrs.", "ms.", "nr.", "no.", "núm.", "p.ej.", "prof.", "sa.", "sig.", "sr.", "sra.", "st.",
    "str.", "tel.", "u.a.", "vgl.", "vs.", "z.b.",
];

/// The sentences of a paragraph, each without the white space around it. A hard line break ends one, too.
#[must_use]
pub fn sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for piece in paragraph.split_sentence_bounds() {
        end += piece.len();
        let candidate = &paragraph[start..end];
        if ends_sentence(candidate) {
            sentences.push(candidate.trim());
            start = end;
        }
    }
    sentences.push(paragraph[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

impl Block {
    /// The pieces that can be quoted alone, in order: sentences, items, or rows without the table's header. Code and
    /// quotes are one piece.
    #[must_use]
    pub fn units(&self) -> Vec<&str> {
        match self.kind {
            BlockKind::Paragraph => sentences(&self.text),
            BlockKind::List => items(&self.text),
            BlockKind::Table => self.text.lines().skip(2).collect(),
            BlockKind::Code | BlockKind::Quote => vec![&self.text],
        }
    }

    /// The header of a table with the line below it; empty for other blocks.
    #[must_use]
    pub fn table_header(&self) -> &str {
        if self.kind != BlockKind::Table {
            return "";
        }
        let end = self.text.match_indices('\n').nth(1).map_or(self.text.len(), |(index, _)| index);
        &self.text[..end]
    }
}

/// The items of a canonical list: lines that do not start with white space begin one.
fn items(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut position = 0;
    for line in list.split_inclusive('\n') {
        if position > start && !line.starts_with([' ', '\n']) {
            items.push(list[start..position].trim_end());
            start = position;
        }
        position += line.len();
    }
    items.push(list[start..].trim_end());
    items
}

fn ends_sentence(candidate: &str) -> bool {
    let balance = Balance::of(candidate);
    if !balance.is_even() {
        return false;
    }
    let trimmed = candidate.trim_end();
    if candidate.ends_with('\n') {
        return true;
    }
    let last = trimmed.rsplit([' ', '(', '–', '-', '/']).next().unwrap_or_default().to_lowercase();
    let is_initial =
        last.ends_with('.') && last.chars().count() == 2 && last.starts_with(char::is_alphabetic);
    let is_ordinal = last.len() <= 3
        && last.ends_with('.')
        && last.len() > 1
        && last[..last.len() - 1].bytes().all(|byte| byte.is_ascii_digit());
    !ABBREVIATIONS.contains(&last.as_str()) && !is_initial && !is_ordinal
}

/// What is still open at the end of a piece of inline Markdown.
#[derive(Default)]
struct Balance {
    strong: usize,
    code: usize,
    brackets: isize,
    link: bool,
}

impl Balance {
    fn of(text: &str) -> Self {
        let mut balance = Self::default();
        let bytes = text.as_bytes();
        let mut index = 0;
        while index < bytes.len() {
            match bytes[index] {
                b'\\' => index += 1,
                b'`' => balance.code += 1,
                b'*' if bytes.get(index + 1) == Some(&b'*') => {
                    balance.strong += 1;
                    index += 1;
                }
                b'[' => balance.brackets += 1,
                b']' => {
                    balance.brackets -= 1;
                    balance.link = bytes.get(index + 1) == Some(&b'(');
                }
                b')' => balance.link = false,
                _ => {}
            }
            index += 1;
        }
        balance
    }

    fn is_even(&self) -> bool {
        self.strong.is_multiple_of(2)
            && self.code.is_multiple_of(2)
            && self.brackets <= 0
            && !self.link
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for (text, expected) in [
            ("One. Two! Three?", vec!["One.", "Two!", "Three?"]),
            ("It costs 4.50 EUR. Really.", vec!["It costs 4.50 EUR.", "Really."]),
            ("Ask Dr. Berg, e.g. Monday. Then go.", vec!["Ask Dr. Berg, e.g. Monday.", "Then go."]),
            ("Mo.–Fr. 10–18 Uhr  \nSa. 10–14 Uhr", vec!["Mo.–Fr. 10–18 Uhr", "Sa. 10–14 Uhr"]),
            ("返品できます。送料は無料です。", vec!["返品できます。", "送料は無料です。"]),
            ("Am 3. Oktober zu. Sonst offen.", vec!["Am 3. Oktober zu.", "Sonst offen."]),
            ("no end", vec!["no end"]),
            ("", vec![]),
        ] {
            assert_eq!(sentences(text), expected);
        }
    }

    #[test]
    fn markup_is_never_torn() {
        for (text, count) in [
            ("**Note. This is** one. Two.", 2),
            ("See [the page. Really](https://a.example/x). Two.", 2),
            ("Run `a. B` now. Two.", 2),
            ("A \\[1. Not open. Three.", 3),
        ] {
            assert_eq!(sentences(text).len(), count, "{text}");
        }
    }
}
