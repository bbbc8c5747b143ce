//! Cuts a document into chunks, the pieces that are found and quoted. Cuts follow the document's structure: a chunk
//! never mixes sections, and what belongs together (an item, a row, a code block, a list and the line that leads to
//! it) stays together while it fits.

use unicode_segmentation::UnicodeSegmentation;

use super::{Block, BlockKind, Document, Language, analyze, plain_text};

/// A chunk is closed at the next opportunity once it has this many words.
const TARGET: usize = 220;

/// A chunk never has more words, unless one line alone does.
const MAX: usize = 350;

/// From this size on, a deeper heading closes a chunk, too. Below it the entries of a FAQ share one.
const ENOUGH: usize = 90;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Its place in the document, from 0.
    pub ordinal: u32,
    /// The headings that all of it stands under, outermost first.
    pub headings: Vec<String>,
    /// The nearest anchor above its beginning.
    pub anchor: Option<String>,
    /// Its content as Markdown. Deeper headings within it are part of it.
    pub text: String,
    /// The terms of its headings and text, joined by spaces: what the full-text index holds. Headings stand twice,
    /// because a section about a thing names it there.
    pub terms: String,
    /// Number of terms.
    pub length: u32,
}

/// Cuts a document into chunks, whose terms are made for `language`. The same document always gives the same chunks.
#[must_use]
pub fn chunk(document: &Document, language: Language) -> Vec<Chunk> {
    let title = document.title.as_deref().unwrap_or_default();
    let title_terms = analyze(title, language);
    let mut chunks = Vec::new();
    let mut open = Open::default();
    for piece in pieces(&document.blocks) {
        if open.closes_before(&piece) {
            chunks.extend(open.close(&title_terms, language));
        }
        open.add(piece);
    }
    chunks.extend(open.close(&title_terms, language));
    for (ordinal, chunk) in (0..).zip(&mut chunks) {
        chunk.ordinal = ordinal;
    }
    chunks
}

impl Document {
    /// The language to analyse it in: recognised from its text. Where that does not tell, `hint` decides, or else what
    /// the source says itself.
    #[must_use]
    pub fn analysis_language(&self, hint: Option<&str>) -> Language {
        let mut sample = String::new();
        for block in &self.blocks {
            if sample.len() > 8000 {
                break;
            }
            if block.kind != BlockKind::Code {
                sample.push_str(&plain_text(&block.text));
                sample.push('\n');
            }
        }
        Language::detect(&sample, hint.or(self.language.as_deref()))
    }
}

/// A block, or a part of one that was too long.
struct Piece<'a> {
    block: &'a Block,
    text: String,
    words: usize,
    /// Words from here to the next heading.
    run: usize,
    /// The next piece is what this one leads to.
    leads: bool,
}

#[derive(Default)]
struct Open<'a> {
    pieces: Vec<Piece<'a>>,
    words: usize,
}

impl<'a> Open<'a> {
    fn closes_before(&self, next: &Piece<'_>) -> bool {
        let Some(last) = self.pieces.last() else { return false };
        let whole = self.words + next.words;
        if last.block.section != next.block.section || whole > MAX {
            return true;
        }
        if last.leads {
            return false;
        }
        if last.block.headings == next.block.headings {
            return self.words >= TARGET;
        }
        self.words >= ENOUGH || self.words + next.run > TARGET
    }

    fn add(&mut self, piece: Piece<'a>) {
        self.words += piece.words;
        self.pieces.push(piece);
    }

    fn close(&mut self, title_terms: &[String], language: Language) -> Option<Chunk> {
        let mut pieces = std::mem::take(&mut self.pieces);
        self.words = 0;
        let first = pieces.first()?.block;
        let shared = pieces
            .iter()
            .map(|piece| common(&first.headings, &piece.block.headings))
            .min()
            .unwrap_or_default();
        let headings = first.headings[..shared].to_vec();
        let anchor = first.anchor.clone();
        let mut text = String::new();
        let mut terms = title_terms.to_vec();
        let heading_terms = analyze(&headings.join(" / "), language);
        terms.extend_from_slice(&heading_terms);
        terms.extend(heading_terms);
        let mut above = &first.headings[..shared];
        for piece in &mut pieces {
            let path = piece.block.headings.as_slice();
            for (level, heading) in path.iter().enumerate().skip(common(above, path)) {
                separate(&mut text);
                // A chunk's own headings start below those it stands under.
                text.push_str(&"#".repeat((level + 2).min(6)));
                text.push(' ');
                text.push_str(&super::extract::escape(heading));
                let inner = analyze(heading, language);
                terms.extend_from_slice(&inner);
                terms.extend(inner);
            }
            above = path;
            separate(&mut text);
            text.push_str(&piece.text);
            terms.extend(analyze(&plain_text(&piece.text), language));
        }
        let length = u32::try_from(terms.len()).unwrap_or(u32::MAX);
        Some(Chunk { ordinal: 0, headings, anchor, text, terms: terms.join(" "), length })
    }
}

fn separate(text: &mut String) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
}

fn common(left: &[String], right: &[String]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}

fn count_words(text: &str) -> usize {
    text.unicode_words().count()
}

fn pieces(blocks: &[Block]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for block in blocks {
        let words = count_words(&block.text);
        let parts = if words > MAX { split(block) } else { vec![block.text.clone()] };
        for text in parts {
            let leads =
                block.kind == BlockKind::Paragraph && text.ends_with([':', '：']) && words < TARGET;
            let words = count_words(&text);
            pieces.push(Piece { block, text, words, run: words, leads });
        }
    }
    for index in (1..pieces.len()).rev() {
        if pieces[index - 1].block.headings == pieces[index].block.headings {
            pieces[index - 1].run += pieces[index].run;
        }
    }
    pieces
}

/// Cuts a long block between its sentences, items, rows or lines.
fn split(block: &Block) -> Vec<String> {
    match block.kind {
        BlockKind::Paragraph => {
            let units: Vec<&str> =
                block.units().into_iter().flat_map(|unit| split_words(unit, MAX)).collect();
            pack(&units, " ", "", "")
        }
        BlockKind::List => pack(&block.units(), "\n", "", ""),
        BlockKind::Table => pack(&block.units(), "\n", &format!("{}\n", block.table_header()), ""),
        BlockKind::Code => {
            let (open, rest) = block.text.split_once('\n').unwrap_or_default();
            let (body, fence) = rest.rsplit_once('\n').unwrap_or((rest, "```"));
            let lines: Vec<&str> = body.split('\n').collect();
            pack(&lines, "\n", &format!("{open}\n"), &format!("\n{fence}"))
        }
        BlockKind::Quote => {
            let lines: Vec<&str> = block.text.split('\n').collect();
            pack(&lines, "\n", "", "")
        }
    }
}

/// Joins units until the target is reached, between `head` and `tail` each time.
fn pack(units: &[&str], separator: &str, head: &str, tail: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut words = 0;
    for unit in units {
        let size = count_words(unit);
        if words > 0 && words + size > TARGET {
            parts.push(format!("{head}{part}{tail}"));
            part.clear();
            words = 0;
        }
        if !part.is_empty() {
            part.push_str(separator);
        }
        part.push_str(unit);
        words += size;
    }
    if !part.trim().is_empty() {
        parts.push(format!("{head}{part}{tail}"));
    }
    parts
}

/// A sentence without end, as machines write them, is cut after every `limit` words.
fn split_words(sentence: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (count, (index, _)) in sentence.unicode_word_indices().enumerate() {
        if count > 0 && count % limit == 0 {
            parts.push(sentence[start..index].trim());
            start = index;
        }
    }
    parts.push(sentence[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::super::{Anchors, Source, SourceFormat, extract};
    use super::*;

    fn chunks(markdown: &str) -> Vec<Chunk> {
        let document = extract(&Source {
            text: markdown,
            format: SourceFormat::Markdown,
            title: None,
            url: None,
            anchors: Anchors::Own,
        });
        chunk(&document, Language::English)
    }

    fn prose(words: usize) -> String {
        (0..words).map(|n| if n % 10 == 9 { format!("w{n}. ") } else { format!("W{n} ") }).collect()
    }

    #[test]
    fn sections_are_never_mixed() {
        let found =
            chunks("# Shop\n\nIntro.\n\n## Returns\n\nThirty days.\n\n## Shipping\n\nFast.");
        let texts: Vec<_> = found.iter().map(|chunk| chunk.text.as_str()).collect();
        assert_eq!(texts, ["Intro.", "Thirty days.", "Fast."]);
        assert_eq!(found[1].headings, ["Returns"]);
    }

    #[test]
    fn small_subsections_share_a_chunk_and_keep_their_headings() {
        let found = chunks("## FAQ\n\n### Why?\n\nBecause.\n\n### How?\n\nWell.");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].headings, ["FAQ"]);
        assert_eq!(found[0].text, "### Why?\n\nBecause.\n\n### How?\n\nWell.");
    }

    #[test]
    fn headings_count_twice_and_the_title_once() {
        let found = chunks("# Helmets\n\n## Returns\n\nThirty days.");
        assert_eq!(found[0].terms, "helmet return return thirti day");
        assert_eq!(found[0].length, 5);
    }

    #[test]
    fn long_prose_is_cut_between_sentences_within_the_limit() {
        let found = chunks(&prose(1000));
        assert!(found.len() >= 3);
        for chunk in &found {
            assert!(count_words(&chunk.text) <= MAX, "{}", count_words(&chunk.text));
            assert!(chunk.text.ends_with('.'));
        }
    }

    #[test]
    fn items_and_rows_are_never_cut_and_tables_repeat_their_header() {
        let item = format!("- {}\n  - nested\n", prose(60).trim());
        for chunk in chunks(&item.repeat(12)) {
            assert!(
                chunk.text.starts_with("- W0") && chunk.text.ends_with("  - nested"),
                "{}",
                chunk.text
            );
        }
        let row = format!("| {} | x |\n", prose(60).trim());
        for chunk in chunks(&format!("| a | b |\n| --- | --- |\n{}", row.repeat(12))) {
            assert!(chunk.text.starts_with("| a | b |\n| --- | --- |\n| W0"), "{}", chunk.text);
            assert!(chunk.text.ends_with("| x |"));
        }
    }

    #[test]
    fn long_code_keeps_its_fence_in_every_part() {
        let code = format!("```sh\n{}```", "run one two three\n".repeat(200));
        let found = chunks(&code);
        assert!(found.len() > 1);
        for chunk in found {
            assert!(chunk.text.starts_with("```sh\nrun") && chunk.text.ends_with("three\n```"));
        }
    }

    #[test]
    fn line_that_leads_to_a_list_stays_with_it() {
        let text = format!("{}\n\nBring these:\n\n- passport\n- ticket", prose(230));
        let found = chunks(&text);
        assert!(found[1].text.starts_with("Bring these:\n\n- passport"), "{}", found[1].text);
    }

    #[test]
    fn endless_sentence_is_cut_by_words() {
        let found = chunks(&"word ".repeat(2000));
        assert!(found.iter().all(|chunk| count_words(&chunk.text) <= MAX));
    }

    #[test]
    fn same_document_gives_the_same_chunks() {
        let text = format!("# A\n\n{}\n\n## B\n\n- x\n- y\n\n{}", prose(500), prose(300));
        assert_eq!(chunks(&text), chunks(&text));
        let ordinals: Vec<_> = chunks(&text).iter().map(|chunk| chunk.ordinal).collect();
        assert_eq!(ordinals, (0..u32::try_from(ordinals.len()).unwrap()).collect::<Vec<_>>());
    }
}
