//! What a visitor sees of a model's text. It takes out the mark of an answer that the sources do not give, citations of
//! sources that do not exist, and thinking that a server left in the text, however a stream cuts them. It holds back
//! only what may still become one of these.

use std::mem;

/// The mark with which a model begins an answer that the sources do not give.
pub(super) const NO_ANSWER: &str = "[[no-answer]]";

const THINK: &str = "<think>";
const END_OF_THINKING: &str = "</think>";

/// A longer bracket is no citation: a dozen numbers at most.
const LONGEST_CITATION: usize = 40;

/// A year in brackets is no citation either.
const MOST_DIGITS: usize = 3;

/// Filters one answer.
#[derive(Debug, Default)]
pub(super) struct AnswerFilter {
    known: Vec<u32>,
    /// Undecided text: at most a space and the start of a mark or citation.
    held: String,
    stage: Stage,
    code: Code,
    no_answer: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was shown yet, so spaces are dropped and thinking may begin.
    #[default]
    Start,
    /// Within `<think>`.
    Thinking,
    /// Something was shown.
    Shown,
}

/// What the undecided text is.
enum Held {
    /// Still undecided.
    Open,
    /// Thinking begins or ends.
    Think,
    /// The mark.
    NoAnswer,
    /// A citation of these numbers.
    Citation(Vec<u32>),
    /// Ordinary text.
    Text,
}

impl AnswerFilter {
    /// Lets through citations of `known` sources.
    pub(super) fn new(known: impl IntoIterator<Item = u32>) -> Self {
        Self { known: known.into_iter().collect(), ..Self::default() }
    }

    /// A whole answer without its citations.
    pub(super) fn without_citations(text: &str) -> String {
        let mut filter = Self::default();
        let mut shown = filter.push(text);
        shown.push_str(&filter.finish());
        shown
    }

    /// Takes more text and gives what can be shown.
    pub(super) fn push(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len() + self.held.len());
        for char in text.chars() {
            self.take(char, &mut shown);
        }
        shown
    }

    /// Gives what was held back when the answer ends. Half a mark and a last space are dropped.
    pub(super) fn finish(&mut self) -> String {
        let held = mem::take(&mut self.held);
        let begun = held.trim_start();
        let useless = self.stage == Stage::Thinking || begun.is_empty() || begun.starts_with("[[");
        if useless { String::new() } else { held }
    }

    /// Whether the mark was there.
    pub(super) fn found_no_answer(&self) -> bool {
        self.no_answer
    }

    /// Whether anything was shown.
    pub(super) fn has_shown(&self) -> bool {
        self.stage == Stage::Shown
    }

    fn take(&mut self, char: char, shown: &mut String) {
        if char != '`' {
            self.code.end_run();
        }
        if self.held.is_empty() && !self.may_begin(char) {
            if self.stage != Stage::Thinking {
                self.show(char.encode_utf8(&mut [0; 4]), shown);
            }
            return;
        }
        self.held.push(char);
        match self.held() {
            Held::Open => {}
            Held::Text => self.release(shown),
            Held::Think => {
                self.held.clear();
                self.stage =
                    if self.stage == Stage::Start { Stage::Thinking } else { Stage::Start };
            }
            Held::NoAnswer => {
                self.held.clear();
                self.no_answer = true;
            }
            Held::Citation(numbers) => {
                let held = mem::take(&mut self.held);
                let mut citations = String::new();
                for number in numbers.into_iter().filter(|number| self.known.contains(number)) {
                    let citation = format!("[{number}]");
                    if !citations.contains(&citation) {
                        citations.push_str(&citation);
                    }
                }
                if !citations.is_empty() {
                    let space = if held.starts_with(' ') { " " } else { "" };
                    self.show(space, shown);
                    self.show(&citations, shown);
                }
            }
        }
    }

    /// Whether something that must be held back can begin with `char`.
    fn may_begin(&self, char: char) -> bool {
        match self.stage {
            Stage::Thinking => char == '<',
            Stage::Start if char == '<' => true,
            Stage::Start | Stage::Shown => matches!(char, ' ' | '[' | '【' | '［'),
        }
    }

    /// The first held character turned out to be ordinary; those behind it are looked at anew.
    fn release(&mut self, shown: &mut String) {
        let held = mem::take(&mut self.held);
        let mut chars = held.chars();
        if let Some(first) = chars.next() {
            if self.stage != Stage::Thinking {
                self.show(first.encode_utf8(&mut [0; 4]), shown);
            }
            chars.for_each(|char| self.take(char, shown));
        }
    }

    fn show(&mut self, text: &str, shown: &mut String) {
        let text = if self.stage == Stage::Start { text.trim_start() } else { text };
        if !text.is_empty() {
            self.stage = Stage::Shown;
            text.chars().for_each(|char| self.code.see(char));
            shown.push_str(text);
        }
    }

    fn held(&self) -> Held {
        match self.stage {
            Stage::Thinking => return part(&self.held, END_OF_THINKING, Held::Think),
            Stage::Start if self.held.starts_with('<') => {
                return part(&self.held, THINK, Held::Think);
            }
            Stage::Start | Stage::Shown => {}
        }
        let begun = self.held.strip_prefix(' ').unwrap_or(&self.held);
        match begun.chars().next() {
            None => Held::Open,
            Some('[') if begun.starts_with("[[") => part(begun, NO_ANSWER, Held::NoAnswer),
            Some(open @ ('[' | '【' | '［')) if !self.code.inside() => citation(begun, open),
            // In code only the mark is looked for.
            Some('[') if begun.len() == 1 => Held::Open,
            Some(_) => Held::Text,
        }
    }
}

/// Whether `held` is, or may become, `whole`.
fn part(held: &str, whole: &str, then: Held) -> Held {
    match whole.get(..held.len()) {
        Some(begun) if begun.eq_ignore_ascii_case(held) => {
            if held.len() == whole.len() {
                then
            } else {
                Held::Open
            }
        }
        _ => Held::Text,
    }
}

/// Whether `held` is, or may become, `[1]`, `[1, 2]` or the same in the brackets of East Asian text.
fn citation(held: &str, open: char) -> Held {
    let close = match open {
        '【' => '】',
        '［' => '］',
        _ => ']',
    };
    let inside = &held[open.len_utf8()..];
    let (inside, closed) =
        inside.strip_suffix(close).map_or((inside, false), |inside| (inside, true));
    let numbers = || inside.split([',', '、', ' ']).filter(|number| !number.is_empty());
    let plausible = held.len() <= LONGEST_CITATION
        && inside.chars().all(|char| char.is_ascii_digit() || matches!(char, ',' | '、' | ' '))
        && inside.chars().next().is_none_or(|first| first.is_ascii_digit())
        && numbers().all(|number| number.len() <= MOST_DIGITS);
    match (plausible, closed) {
        (true, false) => Held::Open,
        (true, true) if !inside.is_empty() => {
            Held::Citation(numbers().filter_map(|n| n.parse().ok()).collect())
        }
        _ => Held::Text,
    }
}

/// Follows code spans and fences, in which brackets are code. A simple view of them: a run of backticks is closed by as
/// many, and a span also by an empty line.
#[derive(Debug, Default)]
struct Code {
    /// Length of the run that opened the code; 0 outside.
    open: usize,
    /// Length of the run that is being read.
    run: usize,
    newline: bool,
}

impl Code {
    fn inside(&self) -> bool {
        self.open > 0
    }

    fn see(&mut self, char: char) {
        if char == '`' {
            self.run += 1;
        } else {
            self.end_run();
            if char == '\n' && self.newline && self.open < 3 {
                self.open = 0;
            }
        }
        self.newline = char == '\n';
    }

    fn end_run(&mut self) {
        match (mem::take(&mut self.run), self.open) {
            (0, _) => {}
            (run, 0) => self.open = run,
            (run, open) if run == open || (open >= 3 && run > open) => self.open = 0,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of `text` with sources 1 to 3, cut into deltas of `size` characters.
    fn shown(text: &str, size: usize) -> (String, AnswerFilter) {
        let mut filter = AnswerFilter::new(1..=3);
        let chars: Vec<char> = text.chars().collect();
        let mut shown: String = chars
            .chunks(size)
            .map(|delta| filter.push(&delta.iter().collect::<String>()))
            .collect();
        shown.push_str(&filter.finish());
        (shown, filter)
    }

    fn assert_shown(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            for size in 1..=text.chars().count().max(1) {
                assert_eq!(shown(text, size).0, *expected, "{text:?} in deltas of {size}");
            }
        }
    }

    #[test]
    fn only_citations_of_given_sources_are_shown_however_they_are_cut() {
        assert_shown(&[
            ("Yes [1].", "Yes [1]."),
            ("Yes [9].", "Yes."),
            ("Yes[0], no [2] or [12][3].", "Yes, no [2] or[3]."),
            ("Both [1, 2, 9] and [7,8].", "Both [1][2] and."),
            ("返品は30日【1】です［9］。", "返品は30日[1]です。"),
            ("[9]", ""),
            ("[2] first", "[2] first"),
        ]);
    }

    #[test]
    fn other_brackets_stay_as_they_are() {
        assert_shown(&[
            (
                "[link](https://x.example) [ ] [x] [2024] [1a] [] [-1]",
                "[link](https://x.example) [ ] [x] [2024] [1a] [] [-1]",
            ),
            ("a  b [[wiki]] [[no-answers]] [", "a  b [[wiki]] [[no-answers]] ["),
            ("open [1", "open [1"),
            ("【注意】と［例］", "【注意】と［例］"),
        ]);
    }

    #[test]
    fn brackets_in_code_are_code() {
        assert_shown(&[
            ("`list[9]` but [9] [1]", "`list[9]` but [1]"),
            ("```rust\na[9] = `b`[8];\n```\nso [9]", "```rust\na[9] = `b`[8];\n```\nso"),
            ("a stray ` here\n\nand [9] there", "a stray ` here\n\nand there"),
            ("``x[9]`y[9]``[9]", "``x[9]`y[9]``"),
        ]);
    }

    #[test]
    fn the_mark_is_taken_out_and_remembered() {
        for text in [
            "[[no-answer]] Sorry.",
            "\n [[NO-ANSWER]]\n\nSorry.",
            "<think>[1]</think> [[no-answer]]Sorry.",
        ] {
            for size in 1..text.len() {
                let (shown, filter) = shown(text, size);
                assert_eq!(
                    (shown.as_str(), filter.found_no_answer()),
                    ("Sorry.", true),
                    "{text:?} in deltas of {size}"
                );
            }
        }
        let (text, filter) = shown("Partly [1]. [[no-answer]]", 3);
        assert_eq!((text.as_str(), filter.found_no_answer()), ("Partly [1].", true));
        assert!(!shown("Sorry.", 2).1.found_no_answer());
    }

    #[test]
    fn thinking_at_the_start_is_not_shown() {
        assert_shown(&[
            ("<think>a < b </thin </think>\n\nYes [1].", "Yes [1]."),
            ("\n<think></think>Yes", "Yes"),
            ("<think>never ends", ""),
            ("<thinking> aloud", "<thinking> aloud"),
            ("To <think> is", "To <think> is"),
        ]);
    }

    #[test]
    fn nothing_is_held_back_that_cannot_become_a_mark() {
        let mut filter = AnswerFilter::new([1]);
        assert_eq!(filter.push("Hello,"), "Hello,");
        assert_eq!(filter.push(" world"), " world");
        assert_eq!(filter.push(" [1"), "");
        assert_eq!(filter.push("x"), " [1x");
    }

    #[test]
    fn half_a_mark_is_not_shown_at_the_end() {
        assert_shown(&[("[[no-ans", ""), ("Yes. [[no-", "Yes."), ("Yes. ", "Yes.")]);
    }
}
