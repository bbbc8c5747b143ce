//! Turns text into the terms by which it is found. The same analysis runs over content and questions, so whatever it
//! decides, it decides for both. Terms hold nothing but letters and digits: they pass unchanged through SQLite's
//! `unicode61` and Postgres' `simple` text search.

use std::borrow::Cow;

use rust_stemmers::Stemmer;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::Language;
use super::english::regular;
use super::stopwords::is_stop_word;

/// Longer terms are cut; nobody asks for them.
const MAX_TERM: usize = 64;

/// Compounds of more parts, such as a path, are only found by their parts.
const MAX_PARTS: usize = 4;

/// A word of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As it was written, for analysis in another language.
    pub(super) surface: String,
    /// Lower-cased and folded, but not stemmed.
    pub(super) word: String,
    /// It was written like a name: with a capital letter, though it does not begin the text.
    pub(super) is_name: bool,
    /// One term for most words. A compound such as `M-65` has one for the whole and one for each part.
    pub(super) terms: Vec<String>,
}

/// The terms of a text in order, without stop words.
#[must_use]
pub fn analyze(text: &str, language: Language) -> Vec<String> {
    tokens(text, language).into_iter().flat_map(|token| token.terms).collect()
}

/// The words of a text in order. Stop words are left out, runs of a script without spaces are cut into bigrams.
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut analysis = Analysis::new(language);
    for segment in text.split_word_bounds() {
        analysis.segment(segment);
    }
    analysis.end_word();
    analysis.end_run();
    analysis.tokens
}

/// Takes accents off letters whose readers may leave them out. Scripts where a mark makes another letter keep theirs.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut base_loses_marks = true;
    for character in word.nfd() {
        if is_combining_mark(character) {
            if !base_loses_marks {
                out.push(character);
            }
            continue;
        }
        base_loses_marks =
            !matches!(character, '\u{900}'..='\u{1cff}' | '\u{3040}'..='\u{30ff}' | 'И' | 'и');
        match character {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            other => out.push(other),
        }
    }
    out.nfc().collect()
}

/// Scripts that are written without spaces between words, and Korean, whose particles stick to its words.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{e00}'..='\u{eff}' // Thai, Lao
            | '\u{1000}'..='\u{109f}' // Burmese
            | '\u{1780}'..='\u{17ff}' // Khmer
            | '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' // kana
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}' // Han
            | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' // Hangul
    )
}

struct Analysis {
    language: Language,
    stemmer: Option<Stemmer>,
    tokens: Vec<Token>,
    /// The parts of the word being read; more than one once a hyphen joined them.
    parts: Vec<String>,
    /// A hyphen was just read, so that the next word belongs to this one.
    joined: bool,
    /// Some word was read before the present one.
    began: bool,
    run: String,
}

impl Analysis {
    fn new(language: Language) -> Self {
        Self {
            language,
            stemmer: language.stemmer().map(Stemmer::create),
            tokens: Vec::new(),
            parts: Vec::new(),
            joined: false,
            began: false,
            run: String::new(),
        }
    }

    fn segment(&mut self, segment: &str) {
        let Some(first) = segment.chars().next() else { return };
        if is_unspaced(first) {
            self.end_word();
            self.run.push_str(segment);
            return;
        }
        self.end_run();
        if segment.chars().any(char::is_alphanumeric) {
            if !self.joined {
                self.end_word();
            }
            self.joined = false;
            self.parts
                .extend(segment.split('_').filter(|part| !part.is_empty()).map(str::to_owned));
        } else if matches!(segment, "-" | "\u{2010}" | "\u{2011}" | "&") && !self.parts.is_empty() {
            self.joined = true;
        } else {
            self.end_word();
        }
    }

    fn end_word(&mut self) {
        self.joined = false;
        let parts = std::mem::take(&mut self.parts);
        let Some(first) = parts.first() else { return };
        let is_name =
            std::mem::replace(&mut self.began, true) && first.starts_with(char::is_uppercase);
        let known = self.tokens.len();
        if parts.len() == 1 {
            for piece in self.pieces(first) {
                self.tokens.extend(self.token(&piece));
            }
        } else {
            self.compound(&parts);
        }
        self.tokens[known..].iter_mut().for_each(|token| token.is_name = is_name);
    }

    fn compound(&mut self, parts: &[String]) {
        let pieces: Vec<String> = parts.iter().flat_map(|part| self.pieces(part)).collect();
        let mut terms = Vec::new();
        if pieces.len() <= MAX_PARTS {
            terms.extend(self.term(&pieces.concat()));
        }
        // A single letter of a compound means nothing alone, unlike the number beside it.
        for piece in
            pieces.iter().filter(|piece| piece.chars().nth(1).is_some() || is_number(piece))
        {
            if let Some(token) = self.token(piece) {
                terms.extend(
                    token
                        .terms
                        .into_iter()
                        .filter(|term| !terms.contains(term))
                        .collect::<Vec<_>>(),
                );
            }
        }
        if !terms.is_empty() {
            let (surface, word) = (parts.join("-"), fold(&pieces.concat()));
            self.tokens.push(Token { surface, word, is_name: false, terms });
        }
    }

    /// Cuts what Unicode takes for one word, but readers for several, or for a word and its ending.
    fn pieces(&self, word: &str) -> Vec<String> {
        let word: String = if word.is_ascii() {
            word.to_ascii_lowercase()
        } else {
            word.nfkc().collect::<String>().to_lowercase().replace('’', "'")
        };
        if word.chars().all(char::is_alphanumeric) {
            return vec![word];
        }
        let word = self.without_apostrophe(&word);
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            // Separators of thousands and decimals differ by country: 1,299.00 and 1.299,00 are one number.
            return vec![word.chars().filter(|c| c.is_alphanumeric()).collect()];
        }
        word.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c) && c != '\'')
            .filter(|piece| !piece.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn without_apostrophe<'w>(&self, word: &'w str) -> Cow<'w, str> {
        let Some((before, after)) = word.split_once('\'') else { return Cow::Borrowed(word) };
        match self.language {
            Language::French | Language::Italian => Cow::Borrowed(after),
            _ if after == "s" => Cow::Borrowed(before),
            _ => Cow::Borrowed(word),
        }
    }

    fn token(&self, piece: &str) -> Option<Token> {
        let word = fold(piece);
        if is_stop_word(&word, self.language) {
            return None;
        }
        let term = self.term(piece)?;
        Some(Token { surface: piece.to_owned(), word, is_name: false, terms: vec![term] })
    }

    fn term(&self, piece: &str) -> Option<String> {
        let plain: Cow<'_, str> = if piece.contains('\'') {
            Cow::Owned(piece.replace('\'', ""))
        } else {
            Cow::Borrowed(piece)
        };
        let plain = match self.language {
            // The stemmer knows no ё, and few writers use it.
            Language::Russian => Cow::Owned(plain.replace('ё', "е")),
            _ => plain,
        };
        let regular = if self.language == Language::English { regular(&plain) } else { &plain };
        let stem = match &self.stemmer {
            Some(stemmer) if !regular.contains(|c: char| c.is_numeric()) => stemmer.stem(regular),
            _ => Cow::Borrowed(regular),
        };
        let folded = fold(&stem);
        let term: String = folded.chars().filter(|c| c.is_alphanumeric()).take(MAX_TERM).collect();
        (!term.is_empty()).then_some(term)
    }

    fn end_run(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run: String = std::mem::take(&mut self.run).nfkc().collect();
        let characters: Vec<char> = run.chars().filter(|c| c.is_alphanumeric()).collect();
        let size = characters.len().min(2);
        if size == 0 {
            return;
        }
        for pair in characters.windows(size) {
            let term: String = pair.iter().collect();
            let (surface, word) = (term.clone(), term.clone());
            self.tokens.push(Token { surface, word, is_name: false, terms: vec![term] });
        }
    }
}

fn is_number(piece: &str) -> bool {
    piece.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str, language: Language) -> String {
        analyze(text, language).join(" ")
    }

    #[test]
    fn words_are_lowered_folded_and_stemmed_by_language() {
        for (text, language, expected) in [
            ("The Returned Shoes", Language::English, "return shoe"),
            ("Rücksendungen der Schuhe", Language::German, "rucksend schuh"),
            ("Straße", Language::German, "strass"),
            ("les retours gratuits", Language::French, "retour gratuit"),
            ("devoluciones gratuitas", Language::Spanish, "devolu gratuit"),
            ("żółwie", Language::Other, "zolwie"),
            ("Ёлки", Language::Russian, "елк"),
            ("μία επιστροφή", Language::Other, "μια επιστροφη"),
        ] {
            assert_eq!(terms(text, language), expected, "{text}");
        }
    }

    #[test]
    fn numbers_and_sizes_are_kept() {
        for (text, expected) in [
            ("within 30 days", "30 day"),
            ("size XL or M", "size xl m"),
            ("1,299.00 and 1.299,00", "129900 129900"),
            ("the M-65 jacket", "m65 65 jacket"),
            ("an M65", "m65"),
            ("T-shirt and tshirt", "tshirt shirt tshirt"),
            ("e-mail", "email mail"),
            ("max_connections", "maxconnect max connect"),
            ("support@shop.example", "support shop exampl"),
            ("9am, 10:00", "9am 10 00"),
        ] {
            assert_eq!(terms(text, Language::English), expected, "{text}");
        }
    }

    #[test]
    fn apostrophes_end_words_in_english_and_begin_them_in_french() {
        assert_eq!(terms("Men's coats, don’t", Language::English), "man coat");
        assert_eq!(terms("l’expédition d'aujourd", Language::French), "expedit aujourd");
        assert_eq!(terms("O'Neill", Language::English), "oneil");
    }

    #[test]
    fn irregular_english_forms_meet_their_verb() {
        for (left, right) in [
            ("delivery", "delivered"),
            ("worn", "wearing"),
            ("payment", "pay"),
            ("colour", "colors"),
        ] {
            assert_eq!(terms(left, Language::English), terms(right, Language::English));
        }
    }

    #[test]
    fn scripts_without_spaces_become_bigrams() {
        assert_eq!(terms("返品の送料", Language::Japanese), "返品 品の の送 送料");
        assert_eq!(terms("ｶﾞｲﾄﾞ", Language::Japanese), "ガイ イド");
        assert_eq!(terms("サイズM", Language::Japanese), "サイ イズ m");
        assert_eq!(terms("배송비", Language::Korean), "배송 송비");
        assert_eq!(terms("税", Language::Chinese), "税");
    }

    #[test]
    fn terms_are_alphanumeric_whatever_the_text() {
        let text =
            "a\"b' OR 1=1 -- *:& NEAR(x) \u{0} ' ''s '' नमस्ते क्या 👍🏽 x\u{301}\u{301} ﷽ İstanbul ﬁne";
        for language in [Language::English, Language::French, Language::Turkish, Language::Other] {
            for term in analyze(text, language) {
                assert!(!term.is_empty() && term.chars().all(char::is_alphanumeric), "{term}");
            }
        }
    }

    #[test]
    fn endless_words_are_cut() {
        assert_eq!(terms(&"x".repeat(10_000), Language::Other).len(), MAX_TERM);
    }
}
