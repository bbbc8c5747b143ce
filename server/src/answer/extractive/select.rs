//! Chooses the few pieces of the passages that answer, and decides whether they do.

use crate::knowledge::BlockKind;

use super::reading::{Mask, ReadBlock, ReadPassage, Reading, Unit, Wants};

/// The share of a question that a piece must hold to count as its answer.
const ANSWERS: f64 = 0.5;

/// Paragraphs up to this length are quoted whole.
const WHOLE_PARAGRAPH: usize = 70;

/// Lists and tables up to this many units are quoted whole.
const WHOLE_LIST: usize = 12;

/// Most items or rows that are picked out of longer ones.
const PICKED: usize = 6;

/// An answer of fewer words may be followed by another page's.
const SHORT_ANSWER: usize = 60;

/// Words that lean on the sentence before them, at the start of one.
const LEANING: &[&str] = &[
    "this",
    "that",
    "these",
    "those",
    "it",
    "they",
    "he",
    "she",
    "then",
    "however",
    "otherwise",
    "also",
    "but",
    "so",
    "therefore",
    "instead",
    "in that case",
    "das",
    "dies",
    "diese",
    "dieser",
    "dieses",
    "es",
    "sie",
    "dann",
    "allerdings",
    "jedoch",
    "sonst",
    "andernfalls",
    "außerdem",
    "dabei",
    "dafür",
    "cela",
    "ce",
    "ces",
    "il",
    "elle",
    "ils",
    "elles",
    "toutefois",
    "sinon",
    "ensuite",
    "esto",
    "este",
    "esta",
    "estos",
    "sin embargo",
    "entonces",
    "también",
    "isto",
    "isso",
    "ele",
    "ela",
    "eles",
    "no entanto",
    "questo",
    "questa",
    "questi",
    "tuttavia",
    "inoltre",
];

/// Something to quote: units of one block, and perhaps the block that leads to it or that it leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Index of the passage.
    pub(super) passage: usize,
    /// Blocks in order, each with the units that are quoted.
    pub(super) parts: Vec<(usize, Vec<usize>)>,
    /// What it holds, headings above it included.
    pub(super) mask: Mask,
    /// What its own words hold.
    pub(super) body: Mask,
    score: f64,
}

/// The pieces that answer the question, best first. None when the content does not answer it.
pub(super) fn select(reading: &Reading, wants: Wants) -> Vec<Piece> {
    let mut pieces = candidates(reading, wants);
    pieces.sort_by(|left, right| {
        right.score.total_cmp(&left.score).then_with(|| left.passage.cmp(&right.passage))
    });
    let Some(position) = pieces.iter().position(|piece| answers(reading, piece)) else {
        return Vec::new();
    };
    let first = pieces.remove(position);
    let mut chosen = vec![first];
    for piece in pieces {
        if chosen.len() < 3 && adds(reading, &chosen, &piece) {
            chosen.push(piece);
        }
    }
    chosen
}

fn candidates(reading: &Reading, wants: Wants) -> Vec<Piece> {
    let best =
        reading.passages.iter().map(|passage| passage.score).fold(f64::MIN_POSITIVE, f64::max);
    let mut pieces = Vec::new();
    for (index, passage) in reading.passages.iter().enumerate() {
        let prior = (passage.score / best).clamp(0.0, 1.0);
        for (number, block) in passage.blocks.iter().enumerate() {
            let Some((unit, score)) = best_unit(reading, block, wants) else { continue };
            let parts = expand(reading, passage, number, unit);
            let body = parts.iter().fold(0, |mask, (block, units)| {
                let block = &passage.blocks[*block];
                units.iter().fold(mask, |mask, &unit| mask | block.units[unit].mask)
            });
            let early =
                0.05 / f64::from(u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1));
            pieces.push(Piece {
                passage: index,
                parts,
                mask: body | block.above,
                body,
                score: score + prior_weight() * prior + early,
            });
        }
    }
    pieces
}

/// The unit of a block that fits best. A block may fit by its heading alone.
fn best_unit(reading: &Reading, block: &ReadBlock, wants: Wants) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (index, unit) in block.units.iter().enumerate() {
        if unit.mask | block.above == 0 {
            continue;
        }
        let about = block.heading_mask != 0 && is_about(block);
        let heading = if about { 1.0 } else { 0.6 };
        let mut score =
            reading.worth(unit.mask) + heading * reading.worth(block.above & !unit.mask);
        if about {
            score += 0.25;
        }
        if wants.quantity && unit.tells_quantity || wants.steps && block.is_steps() {
            score += 0.3;
        }
        score -= 0.01 * f64::from(u32::try_from(index.min(20)).unwrap_or(20));
        if best.is_none_or(|(_, known)| score > known) {
            best = Some((index, score));
        }
    }
    best
}

/// Whether every word of the heading is asked for.
fn is_about(block: &ReadBlock) -> bool {
    usize::try_from(block.heading_mask.count_ones()).is_ok_and(|asked| asked >= block.heading_terms)
}

fn prior_weight() -> f64 {
    std::env::var("PRIOR").ok().and_then(|v| v.parse().ok()).unwrap_or(0.6)
}

fn answers(reading: &Reading, piece: &Piece) -> bool {
    let passage = &reading.passages[piece.passage];
    let asks_for_topic = reading.has_topic(reading.asked());
    (reading.has_topic(piece.mask) || !asks_for_topic)
        && evidence(reading, passage, piece.mask) >= ANSWERS
}

/// How much of the question a piece holds. The passage's coverage was measured against all content, the share of a
/// piece in it only against the other passages; together they tell more than either.
fn evidence(reading: &Reading, passage: &ReadPassage, mask: Mask) -> f64 {
    let share = reading.share(mask);
    let whole = reading.share(passage.all);
    if passage.coverage > 0.0 && whole > 0.0 { passage.coverage * share / whole } else { share }
}

/// Whether a further piece belongs into the answer: it speaks to a part of the question that is still open, or says as
/// much as the first in other words while that was short.
fn adds(reading: &Reading, chosen: &[Piece], piece: &Piece) -> bool {
    let first = &chosen[0];
    let repeats = chosen.iter().any(|known| {
        known.passage == piece.passage
            && known
                .parts
                .iter()
                .any(|(block, _)| piece.parts.iter().any(|(other, _)| block == other))
    });
    if repeats || !reading.has_topic(piece.body) {
        return false;
    }
    let covered = chosen.iter().fold(0, |mask, piece| mask | piece.mask);
    let new = piece.body & !covered;
    let speaks_to_rest = reading.has_topic(new) && reading.share(piece.mask) >= 0.4;
    let says_as_much = reading.share(piece.mask) >= reading.share(first.mask) * 0.99
        && piece.score >= first.score * 0.9
        && piece.passage != first.passage
        && words(reading, first) < SHORT_ANSWER
        && chosen.len() < 2;
    speaks_to_rest || says_as_much
}

fn words(reading: &Reading, piece: &Piece) -> usize {
    let blocks = &reading.passages[piece.passage].blocks;
    piece
        .parts
        .iter()
        .flat_map(|(block, units)| units.iter().map(|&unit| blocks[*block].units[unit].words))
        .sum()
}

/// Adds to the unit that fits best what a reader needs to understand it.
fn expand(
    reading: &Reading,
    passage: &ReadPassage,
    number: usize,
    unit: usize,
) -> Vec<(usize, Vec<usize>)> {
    let block = &passage.blocks[number];
    let all = || (0..block.units.len()).collect::<Vec<_>>();
    let same_heading = |other: usize| passage.blocks[other].block.headings == block.block.headings;
    let leader = number
        .checked_sub(1)
        .filter(|&before| passage.blocks[before].leads() && same_heading(before));
    let follower = (block.leads() && number + 1 < passage.blocks.len() && same_heading(number + 1))
        .then_some(number + 1);
    let units = match block.block.kind {
        BlockKind::Paragraph => sentences(reading, block, unit),
        BlockKind::List | BlockKind::Table if block.units.len() > WHOLE_LIST => picked(block, unit),
        _ => all(),
    };
    let mut parts = Vec::new();
    if let Some(leader) = leader.filter(|_| !block.is(BlockKind::Paragraph)) {
        parts.push((leader, last_units(&passage.blocks[leader])));
    }
    let reaches_end = units.last() == block.units.len().checked_sub(1).as_ref();
    parts.push((number, units));
    if let Some(follower) = follower.filter(|_| reaches_end) {
        let next = &passage.blocks[follower];
        let units = match next.block.kind {
            BlockKind::List | BlockKind::Table if next.units.len() > WHOLE_LIST => picked(next, 0),
            _ => (0..next.units.len()).collect(),
        };
        parts.push((follower, units));
    }
    parts
}

/// The sentence that leads to a list, without those before it.
fn last_units(block: &ReadBlock) -> Vec<usize> {
    let last = block.units.len().saturating_sub(1);
    if block.words() <= WHOLE_PARAGRAPH / 2 { (0..=last).collect() } else { vec![last] }
}

fn sentences(reading: &Reading, block: &ReadBlock, unit: usize) -> Vec<usize> {
    if block.words() <= WHOLE_PARAGRAPH {
        return (0..block.units.len()).collect();
    }
    let text = |unit: &Unit| &block.block.text[unit.start..unit.end];
    let mut first = unit;
    while first > 0 && unit - first < 2 && leans(text(&block.units[first])) {
        first -= 1;
    }
    let mut last = unit;
    let mut held = block.units[first..=unit].iter().fold(0, |mask, unit| mask | unit.mask);
    while let Some(next) = block.units.get(last + 1) {
        let adds = reading.has_topic(next.mask & !held) || leans(text(next)) && next.words <= 25;
        if !adds || last + 1 - first >= 4 {
            break;
        }
        held |= next.mask;
        last += 1;
    }
    (first..=last).collect()
}

fn leans(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    LEANING.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ',', '\'', '’']))
    })
}

/// Of a long list or table, what fits; at least the best unit.
fn picked(block: &ReadBlock, best: usize) -> Vec<usize> {
    let goal = block.units[best].mask;
    let mut units: Vec<usize> = (0..block.units.len())
        .filter(|&unit| unit == best || goal != 0 && block.units[unit].mask & goal == goal)
        .collect();
    if units.len() > PICKED {
        let start =
            units.iter().position(|&unit| unit == best).unwrap_or(0).min(units.len() - PICKED);
        units = units[start..start + PICKED].to_vec();
    }
    units
}
