//! What the visitor may ask next: questions that the owner's pages answer, or that the owner offers anyway. Made of words
//! that stand there, so the same answer always comes with the same suggestions.

use std::collections::HashSet;

use natter_shared::message::SourceView;

use crate::answer::{Line, Passage, Speaker};

use super::Published;

/// Most suggestions.
const MOST: usize = 3;
/// A passage is about the question when it holds this share of it.
const RELATED: f64 = 0.25;
/// Longest suggestion, in characters: it stands on a button.
const LONGEST: usize = 80;

/// What may be offered in a conversation, before the answer is known.
pub(super) struct Offered {
    /// Whether the owner wants it.
    wanted: bool,
    quick_questions: Vec<String>,
    /// What was asked already, folded.
    asked: HashSet<String>,
}

impl Offered {
    pub(super) fn new(chatbot: &Published, question: &str, history: &[Line]) -> Self {
        let config = &chatbot.config;
        let said = history.iter().filter(|line| line.speaker == Speaker::Visitor);
        Self {
            wanted: config.widget.behaviour.enable_suggested_questions,
            quick_questions: config.quick_questions.clone(),
            asked: said.map(|line| fold(&line.text)).chain([fold(question)]).collect(),
        }
    }

    /// Headings that are questions, of passages that the answer does not cite; then the owner's questions that were not
    /// asked; then other headings. After an answer that is none, only the owner's.
    pub(super) fn suggestions(
        &self,
        passages: &[Passage],
        cited: &[SourceView],
        answered: bool,
    ) -> Vec<String> {
        if !self.wanted {
            return Vec::new();
        }
        let used: HashSet<String> = passages
            .iter()
            .filter(|passage| cited.iter().any(|source| cites(source, passage)))
            .map(|passage| fold(heading(passage)))
            .collect();
        let headings: Vec<&str> = passages
            .iter()
            // A text without a page is the owner's note, whose title is not meant for visitors.
            .filter(|passage| answered && passage.url.is_some() && passage.coverage >= RELATED)
            .map(heading)
            .filter(|heading| !used.contains(&fold(heading)))
            .collect();
        let questions = headings.iter().copied().filter(|heading| is_question(heading));
        let own = self.quick_questions.iter().map(String::as_str);
        let topics = headings.iter().copied().filter(|heading| is_topic(heading));
        let mut seen = self.asked.clone();
        let mut found = Vec::new();
        for candidate in questions.chain(own).chain(topics) {
            let candidate = candidate.trim();
            let fits = (1..=LONGEST).contains(&candidate.chars().count());
            if fits && seen.insert(fold(candidate)) {
                found.push(candidate.to_owned());
            }
            if found.len() == MOST {
                break;
            }
        }
        found
    }
}

fn cites(source: &SourceView, passage: &Passage) -> bool {
    source.number == passage.number && source.url == passage.url
}

/// The heading right above the passage, or else the page's title.
fn heading(passage: &Passage) -> &str {
    passage.headings.last().map_or(passage.title.as_str(), String::as_str)
}

fn is_question(text: &str) -> bool {
    text.trim_end().ends_with(['?', '\u{ff1f}', '\u{61f}'])
}

/// One word says too little to be a question, but for scripts that put no spaces between words.
fn is_topic(text: &str) -> bool {
    !is_question(text)
        && (text.split_whitespace().count() > 1
            || text.chars().filter(|character| *character >= '\u{e00}').count() > 3)
}

/// Without case, punctuation and spaces.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(number: u32, heading: &str) -> Passage {
        Passage {
            number,
            title: format!("Page {number}"),
            url: Some(format!("https://shop.example/{number}#{}", fold(heading))),
            headings: vec![heading.into()],
            text: "Text".into(),
            score: 1.0,
            coverage: 0.5,
        }
    }

    fn cited(passage: &Passage) -> SourceView {
        let (number, url) = (passage.number, passage.url.clone());
        SourceView { number, title: passage.title.clone(), url, excerpt: None }
    }

    fn offered(quick: &[&str], asked: &[&str]) -> Offered {
        Offered {
            wanted: true,
            quick_questions: quick.iter().map(|text| (*text).into()).collect(),
            asked: asked.iter().map(|text| fold(text)).collect(),
        }
    }

    #[test]
    fn questions_come_before_the_owners_and_these_before_topics() {
        let passages = [
            passage(1, "Shipping to Germany"),
            passage(1, "Shipping to Norway"),
            passage(2, "Who pays the customs?"),
            passage(3, "Parcels"),
        ];
        let cited = [cited(&passages[0])];
        let found = offered(&["Are you open?"], &[]).suggestions(&passages, &cited, true);
        assert_eq!(found, ["Who pays the customs?", "Are you open?", "Shipping to Norway"]);
    }

    #[test]
    fn what_was_asked_or_cited_or_said_twice_is_not_suggested() {
        let passages = [passage(1, "Who pays?"), passage(2, "who pays"), passage(3, "Who pays?")];
        let cited = [cited(&passages[0])];
        assert!(offered(&[], &[]).suggestions(&passages, &cited, true).is_empty());
        let quick = ["Are you open?", "ARE YOU OPEN", "Where are you?"];
        let found = offered(&quick, &["where are you"]).suggestions(&[], &[], true);
        assert_eq!(found, ["Are you open?"]);
    }

    #[test]
    fn what_is_far_from_the_question_or_no_page_is_not_suggested() {
        let far = Passage { coverage: 0.2, ..passage(1, "Who pays the customs?") };
        let note = Passage { url: None, ..passage(2, "Internal notes on customs") };
        let long = passage(3, &"word ".repeat(17));
        assert!(offered(&[], &[]).suggestions(&[far, note, long], &[], true).is_empty());
        let japanese = passage(4, "\u{9001}\u{6599}\u{306b}\u{3064}\u{3044}\u{3066}");
        assert_eq!(offered(&[], &[]).suggestions(&[japanese], &[], true).len(), 1);
    }

    #[test]
    fn an_answer_that_is_none_comes_with_the_owners_questions_alone() {
        let passages = [passage(1, "Who pays the customs?")];
        let found = offered(&["1", "2", "3", "4"], &[]).suggestions(&passages, &[], false);
        assert_eq!(found, ["1", "2", "3"]);
        let unwanted = Offered { wanted: false, ..offered(&["Are you open?"], &[]) };
        assert!(unwanted.suggestions(&passages, &[], true).is_empty());
    }
}
