//! Turns a question into what is searched for. A question of few words is read in the light of the one before it.

use super::analyze::{Token, fold, is_unspaced, tokens};
use super::stopwords::is_light_word;
use super::{Language, analyze};

/// No more words are searched for: each costs a lookup, and a longer question has repeated itself by then.
const MAX_WORDS: usize = 24;

/// Weight of words that frame a question rather than name its topic.
const LIGHT: f64 = 0.35;

/// How much more a name is missed than another word. A page that says nothing of the place, brand or product that is
/// asked about answers another question; one that does may still say anything about it.
const NAME: f64 = 1.6;

/// Weight of an earlier question's words beside the present one's.
const CONTEXT: f64 = 0.4;

/// How many earlier questions are looked at for the topic.
const MAX_LOOK_BACK: usize = 3;

/// Something that is searched for.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The terms that count as a match: one for each language of the content that stems the word differently.
    pub stems: Vec<String>,
    /// How much a match counts.
    pub weight: f64,
    /// How much it counts against a chunk that the term is missing there. Names are missed more than other words.
    pub loss: f64,
    /// Whether the question itself asks for it, rather than the conversation before. Only asked terms count towards
    /// [`super::Scored::coverage`].
    pub asked: bool,
}

/// A question, ready to be searched for. Its stems hold letters and digits only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// What is searched for, without repetitions, the question's own terms first.
    pub terms: Vec<QueryTerm>,
}

impl Query {
    /// Reads a question that stands alone.
    ///
    /// `languages` are those of the content, the most likely first; a word is searched for in the form that each of
    /// them gives it. When there are none, the question's own language is used.
    #[must_use]
    pub fn new(question: &str, languages: &[Language]) -> Self {
        let hint = languages.first().map(|language| language.tag());
        let own = Language::detect(question, hint);
        let mut terms: Vec<QueryTerm> = Vec::new();
        for sentence in questions_first(question) {
            let words = tokens(sentence, own);
            let has_ideographs = words.iter().any(|token| is_ideographic(&token.word));
            let tells_names = tells_names(&words, own);
            for token in words {
                let weight = weight(&token, own, has_ideographs);
                let missed = if tells_names && token.is_name { NAME } else { 1.0 };
                if weight > 0.0 {
                    add(&mut terms, stems(&token, own, languages), weight, missed);
                }
            }
        }
        let mut words = 0;
        terms.retain(|term| {
            words += term.stems.len();
            words <= MAX_WORDS
        });
        Self { terms }
    }

    /// Whether there is nothing to search for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// All stems, for the full-text index: a chunk with any of them is a candidate.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flat_map(|term| &term.stems).map(String::as_str)
    }

    fn weight(&self) -> f64 {
        self.terms.iter().filter(|term| term.asked).map(|term| term.weight).sum()
    }
}

/// Reads a question within its conversation. `history` holds the visitor's earlier lines, oldest first.
///
/// A question that names no topic ("how much is it?") is searched for by the topic of the one before; one that names
/// little ("and for shoes?") keeps its own words and lets the earlier ones decide between the pages that match.
#[must_use]
pub fn contextual_query<S: AsRef<str>>(
    question: &str,
    history: &[S],
    languages: &[Language],
) -> Query {
    let mut query = Query::new(question, languages);
    let weight = query.weight();
    let reference = Reference::of(question);
    let needs_context = weight < 1.5
        || reference == Reference::Continues && weight < 3.5
        || reference == Reference::Pronoun && weight < 2.5;
    if !needs_context {
        return query;
    }
    let names_nothing = weight < 0.9;
    let earlier = history
        .iter()
        .rev()
        .take(MAX_LOOK_BACK)
        .map(|line| Query::new(line.as_ref(), languages))
        .find(|earlier| earlier.weight() >= 0.9);
    for term in earlier.into_iter().flat_map(|earlier| earlier.terms) {
        let room = query.words().count() + term.stems.len() <= MAX_WORDS;
        if room
            && !query.terms.iter().any(|known| known.stems.iter().any(|s| term.stems.contains(s)))
        {
            let factor = if names_nothing { 1.0 } else { CONTEXT };
            query.terms.push(QueryTerm {
                weight: term.weight * factor,
                loss: term.loss * factor,
                asked: names_nothing,
                ..term
            });
        }
    }
    query
}

/// Sentences that ask come first, so that they are not lost when a long message is cut.
fn questions_first(text: &str) -> Vec<&str> {
    let sentences = super::sentences(text);
    let (asking, telling): (Vec<_>, Vec<_>) =
        sentences.into_iter().partition(|sentence| sentence.ends_with(['?', '？']));
    asking.into_iter().chain(telling).collect()
}

/// For each term of a word, the forms it has in the languages of the content.
fn stems(token: &Token, own: Language, languages: &[Language]) -> Vec<Vec<String>> {
    if languages.is_empty() || languages == [own] {
        return token.terms.iter().map(|term| vec![term.clone()]).collect();
    }
    let mut stems: Vec<Vec<String>> = Vec::new();
    for &language in languages {
        for (index, term) in analyze(&token.surface, language).into_iter().enumerate() {
            match stems.get_mut(index) {
                Some(forms) if forms.contains(&term) => {}
                Some(forms) => forms.push(term),
                None => stems.push(vec![term]),
            }
        }
    }
    stems
}

fn add(terms: &mut Vec<QueryTerm>, stems: Vec<Vec<String>>, weight: f64, missed: f64) {
    let parts = f64::from(u32::try_from(stems.len()).unwrap_or(u32::MAX));
    for forms in stems {
        let weight = weight / parts;
        let known =
            terms.iter_mut().find(|term| term.stems.iter().any(|stem| forms.contains(stem)));
        if let Some(term) = known {
            term.weight = term.weight.max(weight);
        } else {
            terms.push(QueryTerm { stems: forms, weight, loss: weight * missed, asked: true });
        }
    }
}

/// Whether capital letters tell names from other words: not in German, and not in a title or a shout.
fn tells_names(words: &[Token], language: Language) -> bool {
    let names = words.iter().filter(|token| token.is_name).count();
    language != Language::German && names * 2 <= words.len().max(2)
}

/// Zero for bigrams that are grammar only.
fn weight(token: &Token, language: Language, has_ideographs: bool) -> f64 {
    /// Characters of Chinese question and function words.
    const FUNCTION: &str = "吗呢吧的了是在有你我们您请问什么怎样多少哪能会要想可以和与就都也";
    if token.word.starts_with(is_unspaced) {
        let kana = token.word.chars().filter(|c| matches!(c, '\u{3040}'..='\u{309f}')).count();
        let is_function =
            language == Language::Chinese && token.word.chars().any(|c| FUNCTION.contains(c));
        return match kana {
            _ if is_function => 0.0,
            0 => 1.0,
            1 => LIGHT,
            _ if has_ideographs => 0.0,
            _ => 1.0,
        };
    }
    if is_light_word(&token.word, language) { LIGHT } else { 1.0 }
}

fn is_ideographic(word: &str) -> bool {
    word.starts_with(is_unspaced) && word.chars().any(|c| !matches!(c, '\u{3040}'..='\u{309f}'))
}

/// How a question leans on what was said before.
#[derive(Debug, PartialEq, Eq)]
enum Reference {
    /// It opens like a continuation.
    Continues,
    /// It has a pronoun for its topic.
    Pronoun,
    None,
}

impl Reference {
    fn of(question: &str) -> Self {
        const OPENINGS: &[&str] = &[
            "and ",
            "or ",
            "also ",
            "but ",
            "what about ",
            "how about ",
            "und ",
            "oder ",
            "aber ",
            "wie ist es mit ",
            "was ist mit ",
            "et ",
            "ou ",
            "mais ",
            "y ",
            "o ",
            "pero ",
            "e ",
            "mas ",
            "ma ",
            "en ",
            "och ",
        ];
        const PRONOUNS: &[&str] = &[
            "it", "its", "they", "them", "their", "that", "those", "these", "this", "one", "ones",
            "es", "ihn", "ihm", "davon", "dafur", "damit", "dazu", "diese", "dieser", "dieses",
            "elle", "elles", "ils", "eux", "celui", "celle", "ceux", "cela", "ca", "ello", "eso",
            "esa", "ese", "esos", "esas", "ele", "ela", "eles", "elas", "isso", "disso", "esso",
            "essa", "essi", "questo", "questa", "quello", "quella",
        ];
        let folded = fold(&question.to_lowercase());
        let folded = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
        if OPENINGS.iter().any(|opening| folded.starts_with(opening)) {
            Self::Continues
        } else if folded.split(|c: char| !c.is_alphanumeric()).any(|word| PRONOUNS.contains(&word))
        {
            Self::Pronoun
        } else {
            Self::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &[Language] = &[Language::English];

    fn written(query: &Query) -> String {
        query.words().collect::<Vec<_>>().join(" ")
    }

    fn alone(question: &str) -> String {
        written(&Query::new(question, ENGLISH))
    }

    #[test]
    fn questions_keep_their_topic_only() {
        assert_eq!(alone("What is your return policy for shoes?"), "return polici shoe");
        assert_eq!(alone("Who are you?"), "");
        assert_eq!(alone("shoes, Shoes and a shoe"), "shoe");
    }

    #[test]
    fn framing_words_weigh_less_than_topics() {
        let query = Query::new("Do you sell bicycles?", ENGLISH);
        assert!(query.terms[0].weight < query.terms[1].weight);
    }

    #[test]
    fn parts_of_a_compound_share_the_weight_of_one_word() {
        let query = Query::new("M-65", ENGLISH);
        assert_eq!(written(&query), "m65 65");
        assert!((query.weight() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn each_language_of_the_content_adds_its_form() {
        let query = Query::new("Rücksendung", &[Language::English, Language::German]);
        assert_eq!(query.terms.len(), 1);
        assert_eq!(query.terms[0].stems, ["rucksendung", "rucksend"]);
    }

    #[test]
    fn long_messages_are_cut_but_keep_their_question() {
        let words: Vec<String> = (0..100).map(|n| format!("word{n}")).collect();
        let query = Query::new(&format!("{}. Where is the invoice?", words.join(" ")), ENGLISH);
        assert_eq!(query.words().count(), MAX_WORDS);
        assert!(query.words().any(|word| word == "invoic"));
    }

    #[test]
    fn question_without_a_topic_takes_the_one_before() {
        let query = contextual_query("How much is it?", &["Do you have the alpine tent?"], ENGLISH);
        assert_eq!(written(&query), "alpin tent");
        assert!(query.terms.iter().all(|term| term.asked));
    }

    #[test]
    fn short_continuation_keeps_its_own_topic_first() {
        let history = ["hello", "Can I return a jacket?", "thanks"];
        let query = contextual_query("And for shoes?", &history, ENGLISH);
        assert_eq!(written(&query), "shoe return jacket");
        let asked: Vec<bool> = query.terms.iter().map(|term| term.asked).collect();
        assert_eq!(asked, [true, false, false]);
        assert!(query.terms[1].weight < query.terms[0].weight);
    }

    #[test]
    fn question_with_its_own_topic_stands_alone() {
        let history = ["How long can I return a jacket?"];
        let query = contextual_query("Do you ship parcels to Norway?", &history, ENGLISH);
        assert_eq!(written(&query), "ship parcel norway");
    }

    #[test]
    fn japanese_grammar_is_not_searched_for() {
        let query = Query::new("返品はできますか？", &[Language::Japanese]);
        assert_eq!(query.terms[0].stems, ["返品"]);
        assert!(query.terms[1..].iter().all(|term| term.weight < 0.5));
    }

    #[test]
    fn chinese_question_words_are_not_searched_for() {
        assert_eq!(written(&Query::new("可以退货吗？", &[Language::Chinese])), "退货");
    }
}
