//! What an answer cites, found while it is written.

use std::collections::HashSet;

use natter_shared::message::SourceView;

use crate::answer::Passage;

/// Longest excerpt of a source, in characters.
const EXCERPT_CHARS: usize = 240;

/// Finds `[n]` in a text that comes in pieces.
#[derive(Default)]
pub(super) struct Citations {
    /// An opening bracket and digits whose closing bracket has not come yet.
    pending: Option<u32>,
    inside: bool,
    cited: Vec<u32>,
    /// What was written since the last citation, which is what the next one vouches for.
    since: String,
}

impl Citations {
    /// The sources that are cited in `delta` for the first time.
    pub(super) fn find(&mut self, delta: &str, passages: &[Passage]) -> Vec<SourceView> {
        let mut found = Vec::new();
        for character in delta.chars() {
            self.since.push(character);
            match (character, character.to_digit(10)) {
                ('[', _) => (self.inside, self.pending) = (true, None),
                (_, Some(digit))
                    if self.inside && self.pending.is_none_or(|number| number < 1_000) =>
                {
                    self.pending = Some(self.pending.unwrap_or(0) * 10 + digit);
                }
                (']', _) if self.inside => {
                    if let Some(number) = self.pending.take() {
                        let words = std::mem::take(&mut self.since);
                        if !self.cited.contains(&number)
                            && let Some(passage) = cited(number, &words, passages)
                        {
                            self.cited.push(number);
                            found.push(source(passage));
                        }
                    }
                    self.inside = false;
                }
                _ => self.inside = false,
            }
        }
        found
    }
}

/// Of the passages of one page, the one that holds most of the words that cite it: it says where on the page they stand.
fn cited<'p>(number: u32, words: &str, passages: &'p [Passage]) -> Option<&'p Passage> {
    let mut best: Option<(usize, &Passage)> = None;
    for passage in passages.iter().filter(|passage| passage.number == number) {
        let known: HashSet<&str> = split(&passage.text).collect();
        let held = split(words).filter(|word| known.contains(word)).count();
        // Of equals the first, which ranks best.
        if best.is_none_or(|(most, _)| held > most) {
            best = Some((held, passage));
        }
    }
    best.map(|(_, passage)| passage)
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn source(passage: &Passage) -> SourceView {
    let plain: String = passage.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt: String = plain.chars().take(EXCERPT_CHARS).collect();
    if excerpt.len() < plain.len() {
        excerpt.push('…');
    }
    SourceView {
        number: passage.number,
        title: passage.title.clone(),
        url: passage.url.clone(),
        excerpt: Some(excerpt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(number: u32) -> Passage {
        Passage {
            number,
            title: format!("Page {number}"),
            url: None,
            headings: Vec::new(),
            text: "Text".into(),
            score: 1.0,
            coverage: 1.0,
        }
    }

    #[test]
    fn a_citation_is_found_once_however_the_text_is_cut() {
        let passages = [passage(1), passage(12)];
        let text = "One [1], twelve [12], again [1], none [7], not a citation [x] or [ 1].";
        for size in 1..text.len() {
            let mut citations = Citations::default();
            let found: Vec<u32> = text
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| citations.find(std::str::from_utf8(piece).unwrap(), &passages))
                .map(|source| source.number)
                .collect();
            assert_eq!(found, [1, 12], "in pieces of {size}");
        }
    }

    #[test]
    fn a_citation_leads_to_the_place_on_the_page_that_is_quoted() {
        let place = |text: &str, anchor: &str| Passage {
            text: text.into(),
            url: Some(format!("https://shop.example/hours#{anchor}")),
            ..passage(1)
        };
        let passages = [
            place("On Sunday we open in summer.", "sunday"),
            place("Tuesday to Saturday, ten to six.", "week"),
            place("On holidays we are closed.", "holidays"),
        ];
        for (text, wanted) in [
            ("We open Tuesday to Saturday, ten to six. [1]", "week"),
            ("On holidays we are closed. [1] On Sunday we open in summer. [1]", "holidays"),
            ("Nobody says so. [1]", "sunday"),
        ] {
            let found = Citations::default().find(text, &passages);
            let [source] = &found[..] else { panic!("{found:?}") };
            assert!(source.url.as_ref().unwrap().ends_with(wanted), "{text}: {source:?}");
        }
    }
}
