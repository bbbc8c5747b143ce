//! Answers without a model: quotes the few sentences, items, rows or code blocks of the retrieved passages that fit
//! the question best, and says plainly when none does. Everything it says about the world is the owner's own words.

mod cues;
mod pace;
mod phrases;
mod reading;
mod select;
mod small_talk;
mod write;

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{AnswerStream, Answerer, Question};
use crate::knowledge::Language;

use self::phrases::Phrases;
use self::reading::Reading;

/// Slow enough to be seen arriving, fast enough that nobody waits.
const PACE: Duration = Duration::from_millis(8);

/// The built-in answerer. It needs no key and no network.
#[derive(Debug, Clone, Copy)]
pub struct Extractive {
    pace: Duration,
}

impl Extractive {
    /// `pace` is the pause between words; zero gives the answer out as fast as it is read.
    #[must_use]
    pub fn new(pace: Duration) -> Self {
        Self { pace }
    }
}

impl Default for Extractive {
    fn default() -> Self {
        Self::new(PACE)
    }
}

impl Answerer for Extractive {
    fn answer(&self, question: Question) -> AnswerStream {
        let (text, answered) = compose(&question);
        pace::stream(&text, answered, self.pace)
    }
}

/// The whole answer, and whether the content gave it.
fn compose(question: &Question) -> (String, bool) {
    if let Some(reply) = small_talk::reply(&question.text, &question.persona) {
        return (reply, true);
    }
    let reading = Reading::new(question);
    let pieces = select::select(&reading);
    if pieces.is_empty() {
        let language = Language::detect(&question.text, question.locale.as_deref());
        return (not_found(question, Phrases::of(language)), false);
    }
    (write::write(&reading, &pieces), true)
}

/// The owner's words for it stand alone; whether they invite contact is the owner's business.
fn not_found(question: &Question, phrases: &Phrases) -> String {
    match question.persona.not_found_answer.as_deref().map(str::trim) {
        Some(own) if !own.is_empty() => own.to_owned(),
        _ if question.persona.offers_contact => {
            format!("{} {}", phrases.not_found, phrases.offer)
        }
        _ => phrases.not_found.to_owned(),
    }
}
