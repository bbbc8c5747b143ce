//! Reads the retrieved passages with the question in mind: which of its words stand in which sentence, item or row, and
//! under which headings.

use std::collections::HashMap;

use crate::answer::{Passage, Question, Speaker};
use crate::knowledge::{
    Anchors, Block, BlockKind, Language, Query, Source, SourceFormat, analyze, contextual_query,
    extract, plain_text,
};

/// The query's terms that a text holds, one bit each.
pub(super) type Mask = u32;

/// A question and the passages that may answer it, taken apart.
pub(super) struct Reading {
    pub(super) passages: Vec<ReadPassage>,
    weights: Vec<Weight>,
}

#[derive(Clone, Copy)]
struct Weight {
    value: f64,
    asked: bool,
    is_topic: bool,
}

/// A passage, taken apart.
pub(super) struct ReadPassage {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) url: Option<String>,
    pub(super) score: f64,
    pub(super) coverage: f64,
    pub(super) blocks: Vec<ReadBlock>,
    /// What all of it holds, title and headings included.
    pub(super) all: Mask,
}

/// A block, taken apart.
pub(super) struct ReadBlock {
    pub(super) block: Block,
    /// The heading right above it.
    pub(super) heading: Option<String>,
    /// What that heading holds.
    pub(super) heading_mask: Mask,
    /// Number of terms in that heading, whether asked for or not.
    pub(super) heading_terms: usize,
    /// What the title and all headings above it hold.
    pub(super) above: Mask,
    pub(super) units: Vec<Unit>,
}

/// The smallest piece that can be quoted alone, as a range of its block's text.
pub(super) struct Unit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) mask: Mask,
    pub(super) words: usize,
    pub(super) tells_quantity: bool,
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
        let languages: Vec<Language> =
            question.passages.iter().map(|passage| language(passage)).collect();
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
        let index = Index::new(&query);
        let passages: Vec<ReadPassage> = question
            .passages
            .iter()
            .zip(languages)
            .map(|(passage, language)| read(passage, language, &index))
            .collect();
        let weights = weights(&query, &passages);
        Self { passages, weights }
    }

    /// The share of the question that a mask stands for, from 0 to 1.
    pub(super) fn share(&self, mask: Mask) -> f64 {
        let whole: f64 = self.weights.iter().filter(|w| w.asked).map(|w| w.value).sum();
        let held: f64 = self.bits(mask).filter(|w| w.asked).map(|w| w.value).sum();
        if whole > 0.0 { held / whole } else { 0.0 }
    }

    /// What a mask is worth, where the words of the conversation before count, too.
    pub(super) fn worth(&self, mask: Mask) -> f64 {
        self.bits(mask).map(|weight| weight.value).sum()
    }

    /// Whether a mask holds a word that names a topic of the question itself.
    pub(super) fn has_topic(&self, mask: Mask) -> bool {
        self.bits(mask).any(|weight| weight.asked && weight.is_topic)
    }

    /// All terms that the question itself asks for.
    pub(super) fn asked(&self) -> Mask {
        (0..).zip(&self.weights).filter(|(_, w)| w.asked).fold(0, |mask, (bit, _)| mask | 1 << bit)
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
            Weight { value: term.weight * rarity, asked: term.asked, is_topic: term.weight >= 0.5 }
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
}

fn read(passage: &Passage, language: Language, index: &Index<'_>) -> ReadPassage {
    let terms = |text: &str| analyze(text, language);
    let title = index.mask(&terms(&passage.title));
    let document = extract(&Source {
        text: &passage.text,
        format: SourceFormat::Markdown,
        url: passage.url.as_deref(),
        anchors: Anchors::Own,
    });
    let blocks: Vec<ReadBlock> = document
        .blocks
        .into_iter()
        .map(|block| {
            let heading = block.headings.last().or(passage.headings.last()).cloned();
            let heading_terms = heading.as_deref().map(terms).unwrap_or_default();
            let above = passage.headings.iter().chain(&block.headings);
            let above = above.fold(title, |mask, heading| mask | index.mask(&terms(heading)));
            let units = units(&block, index, language);
            ReadBlock {
                heading,
                heading_mask: index.mask(&heading_terms),
                heading_terms: heading_terms.len(),
                above,
                units,
                block,
            }
        })
        .collect();
    let all = blocks.iter().fold(title, |mask, block| mask | block.above | block.mask());
    ReadPassage {
        number: passage.number,
        title: passage.title.clone(),
        url: passage.url.clone(),
        score: passage.score,
        coverage: passage.coverage,
        blocks,
        all,
    }
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
            Unit {
                start,
                end: position,
                // A cell is read together with the name of its column.
                mask: index.mask(&analyze(&plain, language)) | columns,
                words: plain.split_whitespace().count(),
                tells_quantity: tells_quantity(&plain),
            }
        })
        .collect()
}

/// Whether a text may answer how much, how long or when.
fn tells_quantity(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "free",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "daily",
        "kostenlos",
        "kostenfrei",
        "gratis",
        "montag",
        "sonntag",
        "täglich",
        "gratuit",
        "gratuite",
        "gratuits",
        "lundi",
        "dimanche",
        "gratuito",
        "gratuita",
        "lunes",
        "domingo",
        "lunedì",
        "domenica",
        "segunda",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "ten",
        "無料",
    ];
    text.contains(char::is_numeric)
        || text
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| WORDS.contains(&word))
        || text.contains("無料")
}

/// The kind of answer that a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wants {
    /// A number, a price or a time.
    pub(super) quantity: bool,
    /// What to do, one step after the other.
    pub(super) steps: bool,
}

impl Wants {
    pub(super) fn of(question: &str) -> Self {
        const QUANTITY: &[&str] = &[
            " how much ",
            " how many ",
            " how long ",
            " how far ",
            " how old ",
            " how big ",
            " how tall ",
            " how heavy ",
            " how hot ",
            " how often ",
            " how fast ",
            " how soon ",
            " when ",
            " what time ",
            " temperature ",
            " price ",
            " prices ",
            " cost ",
            " costs ",
            " hours ",
            " number ",
            " wie viel ",
            " wieviel ",
            " wie viele ",
            " wie lange ",
            " wie teuer ",
            " wie hoch ",
            " wie schnell ",
            " wann ",
            " kostet ",
            " kosten ",
            " öffnungszeiten ",
            " combien ",
            " quand ",
            " quelle heure ",
            " horaires ",
            " cuánto ",
            " cuanto ",
            " cuánta ",
            " cuántos ",
            " cuántas ",
            " cuándo ",
            " cuando ",
            " qué hora ",
            " horario ",
            " horarios ",
            " quanto ",
            " quanta ",
            " quantos ",
            " quanti ",
            " quando ",
            " che ora ",
            " orari ",
        ];
        const STEPS: &[&str] = &[
            " how do i ",
            " how can i ",
            " how to ",
            " how do we ",
            " how should i ",
            " wie kann ich ",
            " wie geht ",
            " wie mache ich ",
            " comment ",
            " cómo ",
            " como ",
            " come posso ",
            " come si ",
        ];
        let words: Vec<String> = question
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let padded = format!(" {} ", words.join(" "));
        let holds = |cues: &[&str]| cues.iter().any(|cue| padded.contains(cue));
        Self {
            quantity: holds(QUANTITY)
                || ["いつ", "いくら", "何"].iter().any(|c| question.contains(c)),
            steps: holds(STEPS),
        }
    }
}
