//! Reads plain text. Paragraphs are parted by blank lines; headings and lists are recognised where the lines leave
//! little doubt, because every other line must be quotable as it stands.

use super::inline::Inline;
use super::tree::Node;
use super::{Raw, tidy};

/// Shorter lines than this were broken on purpose, as in an address; longer ones by an editor.
const WRAPPED_AT: usize = 60;

/// Longer lines are not headings.
const MAX_HEADING_WORDS: usize = 9;

pub(super) fn read(text: &str) -> Raw {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut groups: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.split('\n') {
        match groups.last_mut() {
            Some(group) if !line.trim().is_empty() => group.push(line),
            _ => groups.push(Vec::new()),
        }
    }
    groups.retain(|group| !group.is_empty());

    let mut raw = Raw::default();
    for (index, group) in groups.iter().enumerate() {
        let has_more = index + 1 < groups.len();
        let (heading, rest) = split_heading(group, has_more);
        if let Some(text) = heading {
            let is_first = raw.nodes.is_empty();
            if is_first {
                raw.title = Some(text.clone());
            }
            let level = if is_first { 1 } else { 2 };
            raw.nodes.push(Node::Heading { level, text, anchor: None });
        }
        read_lines(rest, &mut raw.nodes);
    }
    raw
}

/// An underlined first line, or a short line without the mark that ends a sentence, alone or above prose.
fn split_heading<'a>(group: &'a [&'a str], has_more: bool) -> (Option<String>, &'a [&'a str]) {
    let first = group[0].trim();
    let underlined = group.get(1).is_some_and(|line| {
        let line = line.trim();
        line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
    });
    if underlined {
        return (tidy(first), &group[2..]);
    }
    // A line of its own, or one that stands above prose.
    let stands_out = match group {
        [_] => has_more,
        [_, next, ..] => next.trim().chars().count() >= WRAPPED_AT && marker(next.trim()).is_none(),
        [] => false,
    };
    let is_heading = stands_out
        && marker(first).is_none()
        && first.split_whitespace().count() <= MAX_HEADING_WORDS
        && !first.ends_with(['.', '!', ':', ';', ',', '。'])
        && first.chars().any(char::is_alphabetic)
        && first.chars().next().is_some_and(|c| !c.is_lowercase());
    if is_heading { (tidy(first), &group[1..]) } else { (None, group) }
}

fn read_lines(lines: &[&str], nodes: &mut Vec<Node>) {
    let mut paragraph: Vec<&str> = Vec::new();
    let mut items: Vec<Vec<Node>> = Vec::new();
    let mut start = None;
    for line in lines {
        if let Some((number, text)) = marker(line.trim_start()) {
            flush_paragraph(&mut paragraph, nodes);
            if items.is_empty() {
                start = number;
            }
            items.push(vec![Node::Paragraph(written(text))]);
        } else if !items.is_empty() && line.starts_with([' ', '\t']) {
            if let Some(Node::Paragraph(text)) = items.last_mut().and_then(|item| item.last_mut()) {
                text.push(' ');
                text.push_str(&written(line));
            }
        } else {
            flush_items(&mut items, start, nodes);
            paragraph.push(line);
        }
    }
    flush_paragraph(&mut paragraph, nodes);
    flush_items(&mut items, start, nodes);
}

/// A list marker at the start of a line: its number if it has one, and the text after it.
fn marker(line: &str) -> Option<(Option<u64>, &str)> {
    for bullet in ["- ", "* ", "• ", "– ", "· "] {
        if let Some(text) = line.strip_prefix(bullet) {
            return Some((None, text));
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let number = line[..digits].parse().ok().filter(|_| (1..=3).contains(&digits))?;
    let text = line[digits..].strip_prefix(". ").or_else(|| line[digits..].strip_prefix(") "))?;
    Some((Some(number), text))
}

fn flush_items(items: &mut Vec<Vec<Node>>, start: Option<u64>, nodes: &mut Vec<Node>) {
    if !items.is_empty() {
        nodes.push(Node::List { start, items: std::mem::take(items) });
    }
}

fn flush_paragraph(lines: &mut Vec<&str>, nodes: &mut Vec<Node>) {
    if lines.is_empty() {
        return;
    }
    let keeps_breaks = lines.iter().all(|line| line.trim().chars().count() < WRAPPED_AT);
    let mut paragraph = Inline::default();
    for (index, line) in std::mem::take(lines).into_iter().enumerate() {
        if index > 0 {
            if keeps_breaks {
                paragraph.line_break();
            } else {
                paragraph.pause();
            }
        }
        paragraph.text(line);
    }
    if !paragraph.is_empty() {
        nodes.push(Node::Paragraph(paragraph.finish()));
    }
}

fn written(text: &str) -> String {
    let mut line = Inline::default();
    line.text(text);
    line.finish()
}
