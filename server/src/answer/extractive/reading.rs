//! Reads the retrieved passages with the question in mind: which of its words stand in which sentence, item or row, and
//! under which headings.

use std::collections::HashMap;

use crate::answer::{Passage, Question, Speaker};
use crate::knowledge::{
    Anchors, Block, BlockKind, Language, Query, Source, SourceFormat, analyze, contextual_query,
    extract, plain_text,
};

use super::cues::{self, Wants, padded};

/// The query's terms that a text holds, one bit each.
pub(super) type Mask = u32;

/// A question and the passages that may answer it, taken apart.
pub(super) struct Reading {
    pub(super) passages: Vec<ReadPassage>,
    /// The kind of answer that is wanted.
    pub(super) wants: Wants,
    /// Several questions are asked at once.
    pub(super) asks_several: bool,
    weights: Vec<Weight>,
}

#[derive(Clone, Copy)]
struct Weight {
    value: f64,
    loss: f64,
    asked: bool,
    is_topic: bool,
}

/// A passage, taken apart.
pub(super) struct ReadPassage {
    pub(super) number: u32,
    pub(super) score: f64,
    pub(super) coverage: f64,
    pub(super) blocks: Vec<ReadBlock>,
    /// What all of it holds, title and headings included.
    pub(super) all: Mask,
}

/// A block, taken apart.
pub(super) struct ReadBlock {
    pub(super) block: Block,
    /// The heading right above it, if it has any below the title.
    pub(super) heading: Option<String>,
    /// What that heading, or else the title, holds.
    pub(super) heading_mask: Mask,
    /// Number of terms in that heading, whether asked for or not.
    pub(super) heading_terms: usize,
    /// The heading is the question, or a part of it word by word.
    pub(super) repeats_question: bool,
    /// What the title and all headings above it hold.
    pub(super) above: Mask,
    pub(super) units: Vec<Unit>,
}

/// The smallest piece that can be quoted alone, as a range of its block's text.
pub(super) struct Unit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What it holds itself.
    pub(super) own: Mask,
    /// What it holds when read with its column names and the line that leads to its block.
    pub(super) mask: Mask,
    pub(super) words: usize,
    /// It may answer how much or how long.
    pub(super) tells_quantity: bool,
    /// It may answer when.
    pub(super) tells_time: bool,
    /// How close together it holds the query's terms: 1 when they are neighbours, 0 when there is only one.
    pub(super) closeness: f64,
}

impl ReadBlock {
    pub(super) fn is(&self, kind: BlockKind) -> bool {
        self.block.kind == kind
    }

    pub(super) fn mask(&self) -> Mask {
        self.units.iter().fold(0, |mask, unit| mask | unit.mask)
    }

    pub(super) fn words(&self) -> usize {
        self.units.iter().map(|unit| unit.words).sum()
    }

    /// Whether it is a list that counts what to do.
    pub(super) fn is_steps(&self) -> bool {
        self.is(BlockKind::List) && self.block.text.starts_with(|c: char| c.is_ascii_digit())
    }

    pub(super) fn leads(&self) -> bool {
        self.is(BlockKind::Paragraph) && self.block.text.ends_with([':', '：'])
    }
}

impl Reading {
    pub(super) fn new(question: &Question) -> Self {
        let languages: Vec<Language> = question.passages.iter().map(language).collect();
        let mut distinct: Vec<Language> = Vec::new();
        for language in &languages {
            if !distinct.contains(language) {
                distinct.push(*language);
            }
        }
        let earlier: Vec<&str> = question
            .history
            .iter()
            .filter(|line| line.speaker == Speaker::Visitor)
            .map(|line| line.text.as_str())
            .collect();
        let query = contextual_query(&question.text, &earlier, &distinct);
        let mut wants = Wants::of(&question.text);
        if let Some(earlier) = earlier.last()
            && query != Query::new(&question.text, &distinct)
        {
            wants = wants.after(Wants::of(earlier));
        }
        let index = Index::new(&query);
        let words = padded(&question.text);
        let passages: Vec<ReadPassage> = question
            .passages
            .iter()
            .zip(languages)
            .map(|(passage, language)| read(passage, &words, language, &index))
            .collect();
        let weights = weights(&query, &passages);
        Self { passages, wants, asks_several: cues::asks_several(&question.text), weights }
    }

    /// The share of the question that a mask stands for, from 0 to 1.
    pub(super) fn share(&self, mask: Mask) -> f64 {
        let asked = |mask| self.bits(mask).filter(|weight| weight.asked);
        let held: f64 = asked(mask).map(|weight| weight.value).sum();
        let lost: f64 = asked(!mask).map(|weight| weight.loss).sum();
        if held > 0.0 { held / (held + lost) } else { 0.0 }
    }

    /// What a mask is worth, where the words of the conversation before count, too.
    pub(super) fn worth(&self, mask: Mask) -> f64 {
        self.bits(mask).map(|weight| weight.value).sum()
    }

    /// Whether a mask holds a word that names a topic of the question itself.
    pub(super) fn has_topic(&self, mask: Mask) -> bool {
        self.bits(mask).any(|weight| weight.asked && weight.is_topic)
    }

    /// The terms that name the topics of the question itself.
    pub(super) fn topics(&self) -> Mask {
        self.mask(|weight| weight.asked && weight.is_topic)
    }

    /// All terms that the question itself asks for.
    pub(super) fn asked(&self) -> Mask {
        self.mask(|weight| weight.asked)
    }

    fn mask(&self, holds: impl Fn(&Weight) -> bool) -> Mask {
        (0..).zip(&self.weights).filter(|(_, w)| holds(w)).fold(0, |mask, (bit, _)| mask | 1 << bit)
    }

    fn bits(&self, mask: Mask) -> impl Iterator<Item = &Weight> {
        (0..).zip(&self.weights).filter(move |(bit, _)| mask >> bit & 1 == 1).map(|(_, w)| w)
    }
}

/// A term that few of the passages hold tells more. One that none holds weighs most: it is what is missing.
fn weights(query: &Query, passages: &[ReadPassage]) -> Vec<Weight> {
    let count = |found: usize| f64::from(u32::try_from(found).unwrap_or(u32::MAX));
    let whole = count(passages.len()).max(1.0);
    query
        .terms
        .iter()
        .take(32)
        .enumerate()
        .map(|(bit, term)| {
            let holding = passages.iter().filter(|passage| passage.all >> bit & 1 == 1).count();
            let rarity = 1.0 - 0.5 * count(holding) / whole;
            Weight {
                value: term.weight * rarity,
                loss: term.loss * rarity,
                asked: term.asked,
                is_topic: term.weight >= 0.5,
            }
        })
        .collect()
}

fn language(passage: &Passage) -> Language {
    let text = format!(
        "{}\n{}\n{}",
        passage.title,
        passage.headings.join("\n"),
        plain_text(&passage.text)
    );
    Language::detect(&text, None)
}

/// Finds the query's terms in analysed text.
struct Index<'q>(HashMap<&'q str, usize>);

impl<'q> Index<'q> {
    fn new(query: &'q Query) -> Self {
        let stems = query.terms.iter().take(32).enumerate();
        Self(stems.flat_map(|(bit, t)| t.stems.iter().map(move |s| (s.as_str(), bit))).collect())
    }

    fn mask(&self, terms: &[String]) -> Mask {
        terms
            .iter()
            .filter_map(|term| self.0.get(term.as_str()))
            .fold(0, |mask, bit| mask | 1 << bit)
    }

    fn closeness(&self, terms: &[String]) -> f64 {
        let places: Vec<(usize, usize)> = terms
            .iter()
            .enumerate()
            .filter_map(|(place, term)| Some((place, *self.0.get(term.as_str())?)))
            .collect();
        let distinct = self.mask(terms).count_ones();
        if distinct < 2 {
            return 0.0;
        }
        // The shortest stretch that holds every term which the text holds at all.
        let mut shortest = usize::MAX;
        for (start, &(first, _)) in places.iter().enumerate() {
            let mut held: Mask = 0;
            for &(place, bit) in &places[start..] {
                held |= 1 << bit;
                if held.count_ones() == distinct {
                    shortest = shortest.min(place - first + 1);
                    break;
                }
            }
        }
        f64::from(distinct) / f64::from(u32::try_from(shortest).unwrap_or(u32::MAX))
    }
}

fn read(passage: &Passage, question: &str, language: Language, index: &Index<'_>) -> ReadPassage {
    let terms = |text: &str| analyze(text, language);
    let title = index.mask(&terms(&passage.title));
    let document = extract(&Source {
        text: &passage.text,
        format: SourceFormat::Markdown,
        title: None,
        url: passage.url.as_deref(),
        anchors: Anchors::Own,
    });
    let mut blocks: Vec<ReadBlock> = document
        .blocks
        .into_iter()
        .map(|block| {
            let heading = block.headings.last().or(passage.headings.last());
            let named = heading.unwrap_or(&passage.title);
            let heading_terms = terms(named);
            let above = passage.headings.iter().chain(&block.headings);
            let above = above.fold(title, |mask, heading| mask | index.mask(&terms(heading)));
            let units = units(&block, index, language);
            ReadBlock {
                repeats_question: repeats(question, named),
                heading_mask: index.mask(&heading_terms),
                heading_terms: heading_terms.len(),
                heading: heading.cloned(),
                above,
                units,
                block,
            }
        })
        .collect();
    for index in 1..blocks.len() {
        if blocks[index - 1].leads() && !blocks[index].is(BlockKind::Paragraph) {
            let lead = blocks[index - 1].mask();
            blocks[index].units.iter_mut().for_each(|unit| unit.mask |= lead);
        }
    }
    let all = blocks.iter().fold(title, |mask, block| mask | block.above | block.mask());
    ReadPassage {
        number: passage.number,
        score: passage.score,
        coverage: passage.coverage,
        blocks,
        all,
    }
}

/// Whether one of question and heading holds the other, word by word. Fewer than three words happen by accident.
fn repeats(question: &str, heading: &str) -> bool {
    let heading = padded(heading);
    let is_long = |text: &str| text.split_whitespace().count() >= 3;
    is_long(question) && heading.contains(question)
        || is_long(&heading) && question.contains(&heading)
}

fn units(block: &Block, index: &Index<'_>, language: Language) -> Vec<Unit> {
    let mut position = 0;
    let header = analyze(&plain_text(block.table_header()), language);
    let columns = index.mask(&header);
    block
        .units()
        .into_iter()
        .map(|unit| {
            let start =
                block.text[position..].find(unit).map_or(position, |found| position + found);
            position = start + unit.len();
            let plain = if block.kind == BlockKind::Table {
                unit.replace('|', " ")
            } else {
                plain_text(unit)
            };
            let terms = analyze(&plain, language);
            Unit {
                start,
                end: position,
                own: index.mask(&terms),
                mask: index.mask(&terms) | columns,
                words: plain.split_whitespace().count(),
                tells_quantity: cues::tells_quantity(&plain),
                tells_time: cues::tells_time(&plain),
                closeness: index.closeness(&terms),
            }
        })
        .collect()
}
