//! Chooses the few pieces of the passages that answer, and decides whether they do.

use crate::knowledge::BlockKind;

use super::cues::leans;
use super::reading::{Mask, ReadBlock, ReadPassage, Reading, Unit};

/// The share of a question that a piece must hold to count as its answer.
const ANSWERS: f64 = 0.52;

/// The share that two pieces must hold to answer two questions at once.
const TOGETHER: f64 = 0.9;

/// How much the rank of its passage counts for a piece, beside the words that the piece holds itself.
const PRIOR: f64 = 1.2;

/// What it counts for a piece that its heading names all that is asked for: "Opening hours" over a table of them says
/// more than a sentence elsewhere with both words in it.
const NAMED: f64 = 0.6;

/// Paragraphs up to this length are quoted whole.
const WHOLE_PARAGRAPH: usize = 80;

/// Of longer ones at least this much is quoted, because a sentence alone says little.
const ENOUGH: usize = 30;

/// Lists and tables up to this many units are quoted whole, longer ones only when no unit stands out.
const SHORT_LIST: usize = 4;

/// Lists and tables up to this many units are quoted whole.
const WHOLE_LIST: usize = 12;

/// Most items or rows that are picked out of longer ones.
const PICKED: usize = 6;

/// An answer of fewer words may be followed by another page's.
const SHORT_ANSWER: usize = 60;

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
pub(super) fn select(reading: &Reading) -> Vec<Piece> {
    let mut pieces = candidates(reading);
    pieces.sort_by(|left, right| {
        right.score.total_cmp(&left.score).then_with(|| left.passage.cmp(&right.passage))
    });
    let mut chosen = match pieces.iter().position(|piece| answers(reading, piece)) {
        Some(position) => vec![pieces.remove(position)],
        None => together(reading, &mut pieces),
    };
    if chosen.is_empty() {
        return chosen;
    }
    for piece in pieces {
        if chosen.len() < 3 && adds(reading, &chosen, &piece) {
            chosen.push(piece);
        }
    }
    chosen
}

/// Two pieces that answer two questions at once, though neither holds most of the words of both.
fn together(reading: &Reading, pieces: &mut Vec<Piece>) -> Vec<Piece> {
    if !reading.asks_several || pieces.is_empty() {
        return Vec::new();
    }
    let first = pieces.remove(0);
    let second = pieces.iter().position(|piece| {
        reading.has_topic(piece.body & !first.mask)
            && reading.share(first.mask | piece.mask) >= TOGETHER
    });
    second.map(|second| vec![first, pieces.remove(second)]).unwrap_or_default()
}

fn candidates(reading: &Reading) -> Vec<Piece> {
    let best =
        reading.passages.iter().map(|passage| passage.score).fold(f64::MIN_POSITIVE, f64::max);
    let mut pieces = Vec::new();
    for (index, passage) in reading.passages.iter().enumerate() {
        let prior = (passage.score / best).clamp(0.0, 1.0);
        for (number, block) in passage.blocks.iter().enumerate() {
            let Some((unit, score)) = best_unit(reading, block) else { continue };
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
                score: score + PRIOR * prior + early,
            });
        }
    }
    pieces
}

/// The unit of a block that fits best. A block may fit by its heading alone.
fn best_unit(reading: &Reading, block: &ReadBlock) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    let about = block.heading_mask != 0 && is_about(block);
    let heading = if about { 1.0 } else { 0.6 };
    let named = names_everything(reading, block);
    for (index, unit) in block.units.iter().enumerate() {
        if unit.mask | block.above == 0 {
            continue;
        }
        let mut score =
            reading.worth(unit.mask) + heading * reading.worth(block.above & !unit.mask);
        if about {
            score += 0.25;
        }
        if block.repeats_question {
            score += 1.0;
        }
        if named {
            score += NAMED;
        }
        let fits = reading.wants.quantity && unit.tells_quantity
            || reading.wants.time && unit.tells_time
            || reading.wants.steps && block.is_steps();
        if fits {
            score += 0.3;
        }
        score += 0.4 * unit.closeness;
        score -= 0.01 * f64::from(u32::try_from(index.min(20)).unwrap_or(20));
        if best.is_none_or(|(_, known)| score > known) {
            best = Some((index, score));
        }
    }
    best
}

/// Whether the heading names all that is asked for. One word is too little to tell.
fn names_everything(reading: &Reading, block: &ReadBlock) -> bool {
    let topics = reading.topics();
    topics.count_ones() > 1 && block.heading_mask & topics == topics
}

/// Whether every word of the heading is asked for.
fn is_about(block: &ReadBlock) -> bool {
    usize::try_from(block.heading_mask.count_ones()).is_ok_and(|asked| asked >= block.heading_terms)
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

/// Whether a further piece belongs into the answer: it answers what else was asked, or says as much as the first one on
/// another page while that was short.
fn adds(reading: &Reading, chosen: &[Piece], piece: &Piece) -> bool {
    let first = &chosen[0];
    let repeats = chosen.iter().any(|known| repeats(reading, known, piece));
    if repeats || !reading.has_topic(piece.body) {
        return false;
    }
    let covered = chosen.iter().fold(0, |mask, piece| mask | piece.mask);
    if reading.asks_several && reading.has_topic(piece.body & !covered) {
        return reading.share(piece.mask) >= 0.25;
    }
    reading.share(piece.body) >= reading.share(first.body) * 0.99
        && reading.share(piece.mask) >= reading.share(first.mask) * 0.99
        && piece.score >= first.score * 0.92
        && piece.passage != first.passage
        && words(reading, first) < SHORT_ANSWER
        && chosen.len() < 2
}

/// Whether two pieces share a block, or pages repeat each other.
fn repeats(reading: &Reading, known: &Piece, piece: &Piece) -> bool {
    let main = |piece: &Piece| piece.parts[0].0;
    let text = |piece: &Piece| &reading.passages[piece.passage].blocks[main(piece)].block.text;
    let shares = || {
        let blocks =
            |piece: &Piece| piece.parts.iter().map(|(block, _)| *block).collect::<Vec<_>>();
        blocks(known).iter().any(|block| blocks(piece).contains(block))
    };
    text(known) == text(piece) || known.passage == piece.passage && shares()
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
        BlockKind::List | BlockKind::Table
            if block.is_steps() && block.units.len() <= WHOLE_LIST =>
        {
            all()
        }
        BlockKind::List | BlockKind::Table => picked(reading, block, unit, leader.is_some()),
        BlockKind::Code | BlockKind::Quote => all(),
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
            BlockKind::List | BlockKind::Table => picked(reading, next, 0, true),
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
    let units = &block.units;
    let mut held = units[first..=unit].iter().fold(0, |mask, unit| mask | unit.mask);
    while let Some(next) = units.get(last + 1) {
        let quoted: usize = units[first..=last].iter().map(|unit| unit.words).sum();
        let asks = text(&units[last]).ends_with(['?', '？']);
        let adds = reading.has_topic(next.mask & !held);
        let fits = quoted + next.words <= WHOLE_PARAGRAPH;
        if !(asks || fits && (adds || quoted < ENOUGH || leans(text(next)) && next.words <= 25)) {
            break;
        }
        held |= next.mask;
        last += 1;
    }
    (first..=last).collect()
}

/// The units of a list or table that fit, or all of them when none stands out. What a line leads to stays whole while it
/// is short, since its items may be read as one sentence with that line.
fn picked(reading: &Reading, block: &ReadBlock, best: usize, is_led: bool) -> Vec<usize> {
    let count = block.units.len();
    let whole = if is_led && block.is(BlockKind::List) { WHOLE_LIST } else { SHORT_LIST };
    let goal = block.units[best].own;
    let stands_out = reading.has_topic(goal);
    if count <= whole || count <= WHOLE_LIST && !stands_out {
        return (0..count).collect();
    }
    let mut units: Vec<usize> = (0..count)
        .filter(|&unit| unit == best || stands_out && block.units[unit].own & goal == goal)
        .collect();
    if units.len() > PICKED {
        let best = units.iter().position(|&unit| unit == best).unwrap_or(0);
        let start = best.min(units.len() - PICKED);
        units = units[start..start + PICKED].to_vec();
    }
    units
}
