//! The languages that text analysis knows, and recognising which one a text is in.

use rust_stemmers::Algorithm;

use super::analyze::fold;
use super::stopwords;

/// How much of a text is looked at to recognise its language.
const SAMPLE: usize = 4000;

/// A language, as far as text analysis cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    Arabic,
    Chinese,
    Danish,
    Dutch,
    English,
    Finnish,
    French,
    German,
    Greek,
    Hungarian,
    Italian,
    Japanese,
    Korean,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Tamil,
    Turkish,
    /// Any other: its words are folded but not stemmed.
    Other,
}

const TAGS: &[(&str, Language)] = &[
    ("ar", Language::Arabic),
    ("da", Language::Danish),
    ("de", Language::German),
    ("el", Language::Greek),
    ("en", Language::English),
    ("es", Language::Spanish),
    ("fi", Language::Finnish),
    ("fr", Language::French),
    ("hu", Language::Hungarian),
    ("it", Language::Italian),
    ("ja", Language::Japanese),
    ("ko", Language::Korean),
    ("nb", Language::Norwegian),
    ("nl", Language::Dutch),
    ("nn", Language::Norwegian),
    ("no", Language::Norwegian),
    ("pt", Language::Portuguese),
    ("ro", Language::Romanian),
    ("ru", Language::Russian),
    ("sv", Language::Swedish),
    ("ta", Language::Tamil),
    ("tr", Language::Turkish),
    ("zh", Language::Chinese),
];

impl Language {
    /// The language of a BCP 47 tag such as `de-CH`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        TAGS.iter().find(|(tag, _)| *tag == primary).map_or(Self::Other, |&(_, language)| language)
    }

    /// The tag to store it by; `und` for any other language.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Norwegian => "nb",
            Self::Other => "und",
            _ => TAGS.iter().find(|&&(_, language)| language == self).map_or("und", |(tag, _)| tag),
        }
    }

    /// Recognises the language of a text by its script and its stop words. `hint` is what the page or the browser
    /// says; it decides when the text does not, and loses against clear evidence, because templates and browser
    /// settings are often in another language than the words.
    #[must_use]
    pub fn detect(text: &str, hint: Option<&str>) -> Self {
        let hint = hint.map(Self::from_tag).filter(|&language| language != Self::Other);
        let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(index, _)| index);
        let text = &text[..end];
        Script::of(text).language(hint).unwrap_or_else(|| latin(text, hint))
    }

    pub(super) fn stemmer(self) -> Option<Algorithm> {
        Some(match self {
            Self::Arabic => Algorithm::Arabic,
            Self::Danish => Algorithm::Danish,
            Self::Dutch => Algorithm::Dutch,
            Self::English => Algorithm::English,
            Self::Finnish => Algorithm::Finnish,
            Self::French => Algorithm::French,
            Self::German => Algorithm::German,
            Self::Greek => Algorithm::Greek,
            Self::Hungarian => Algorithm::Hungarian,
            Self::Italian => Algorithm::Italian,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Romanian => Algorithm::Romanian,
            Self::Russian => Algorithm::Russian,
            Self::Spanish => Algorithm::Spanish,
            Self::Swedish => Algorithm::Swedish,
            Self::Tamil => Algorithm::Tamil,
            Self::Turkish => Algorithm::Turkish,
            Self::Chinese | Self::Japanese | Self::Korean | Self::Other => return None,
        })
    }
}

#[derive(Default)]
struct Script {
    latin: usize,
    cyrillic: usize,
    greek: usize,
    arabic: usize,
    tamil: usize,
    kana: usize,
    han: usize,
    hangul: usize,
}

impl Script {
    fn of(text: &str) -> Self {
        let mut script = Self::default();
        for character in text.chars().filter(|c| c.is_alphabetic()) {
            let count = match character {
                '\u{370}'..='\u{3ff}' => &mut script.greek,
                '\u{400}'..='\u{52f}' => &mut script.cyrillic,
                '\u{600}'..='\u{6ff}' => &mut script.arabic,
                '\u{b80}'..='\u{bff}' => &mut script.tamil,
                '\u{3040}'..='\u{30ff}' => &mut script.kana,
                '\u{3400}'..='\u{9fff}' => &mut script.han,
                '\u{ac00}'..='\u{d7af}' => &mut script.hangul,
                _ => &mut script.latin,
            };
            *count += 1;
        }
        script
    }

    /// `None` when the text is in Latin or an unknown script.
    fn language(&self, hint: Option<Language>) -> Option<Language> {
        // An ideograph or syllable carries about as much as three Latin letters.
        let scripts = [
            (self.cyrillic, Language::Russian),
            (self.greek, Language::Greek),
            (self.arabic, Language::Arabic),
            (self.tamil, Language::Tamil),
            (self.hangul * 3, Language::Korean),
            (
                (self.kana + self.han) * 3,
                if self.kana > 0 || hint == Some(Language::Japanese) {
                    Language::Japanese
                } else {
                    Language::Chinese
                },
            ),
        ];
        let (count, language) = scripts.into_iter().max_by_key(|&(count, _)| count)?;
        (count > self.latin).then_some(language)
    }
}

fn latin(text: &str, hint: Option<Language>) -> Language {
    let mut scores = vec![0.0_f64; stopwords::LISTED.len()];
    let mut words = 0.0_f64;
    for word in text.split(|c: char| !c.is_alphanumeric() && !"'’".contains(c)) {
        if word.is_empty() {
            continue;
        }
        words += 1.0;
        let word = fold(&word.to_lowercase().replace('’', "'"));
        let owners: Vec<usize> = (0..stopwords::LISTED.len())
            .filter(|&index| stopwords::is_stop_word(&word, stopwords::LISTED[index]))
            .collect();
        for &index in &owners {
            scores[index] += 1.0 / f64::from(u32::try_from(owners.len()).unwrap_or(u32::MAX));
        }
    }
    for (score, language) in scores.iter_mut().zip(stopwords::LISTED) {
        if hint == Some(*language) {
            *score += 0.9;
        }
    }
    let best = scores
        .iter()
        .zip(stopwords::LISTED)
        .max_by(|left, right| left.0.total_cmp(right.0).then(std::cmp::Ordering::Greater));
    // A hinted language without a list is only overruled by a text that is full of another's stop words.
    let unlisted_hint = hint.filter(|language| !stopwords::LISTED.contains(language));
    let needed = if unlisted_hint.is_some() { (words * 0.25).max(1.0) } else { 0.9 };
    match best {
        Some((&score, &language)) if score >= needed => language,
        _ => unlisted_hint.or(hint).unwrap_or(if text.is_ascii() {
            Language::English
        } else {
            Language::Other
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_recognised_without_a_hint() {
        for (text, expected) in [
            ("How long do I have to return something?", Language::English),
            ("Wie lange kann ich etwas zurückgeben?", Language::German),
            ("Combien de temps ai-je pour retourner un article ?", Language::French),
            ("¿Cuánto tiempo tengo para devolver un artículo?", Language::Spanish),
            ("Quanto tempo tenho para devolver uma compra?", Language::Portuguese),
            ("Quanto tempo ho per restituire un articolo?", Language::Italian),
            ("Hoe lang heb ik om iets terug te sturen?", Language::Dutch),
            ("返品はできますか？", Language::Japanese),
            ("可以退货吗？", Language::Chinese),
            ("반품할 수 있나요?", Language::Korean),
            ("Как вернуть товар?", Language::Russian),
            ("Πώς επιστρέφω ένα προϊόν;", Language::Greek),
        ] {
            assert_eq!(Language::detect(text, None), expected, "{text}");
        }
    }

    #[test]
    fn hint_decides_for_words_that_tell_nothing() {
        assert_eq!(Language::detect("Rückgabe", Some("de-AT")), Language::German);
        assert_eq!(Language::detect("Versand", Some("fi")), Language::Finnish);
        assert_eq!(Language::detect("shipping", None), Language::English);
        assert_eq!(Language::detect("żółw", None), Language::Other);
    }

    #[test]
    fn clear_text_overrules_a_wrong_hint() {
        let german = "Die Rückgabe ist innerhalb von 30 Tagen nach Erhalt der Ware möglich.";
        assert_eq!(Language::detect(german, Some("en")), Language::German);
        assert_eq!(Language::detect(german, Some("fi")), Language::German);
    }

    #[test]
    fn every_tag_reads_back_as_its_language() {
        for &(_, language) in TAGS {
            assert_eq!(Language::from_tag(language.tag()), language);
        }
        assert_eq!(Language::from_tag("pt_BR"), Language::Portuguese);
        assert_eq!(Language::from_tag("xx"), Language::Other);
    }
}
