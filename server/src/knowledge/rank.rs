//! Ranks what the full-text index found, by BM25. Document frequencies are counted among the candidates themselves,
//! which are all chunks that hold any term of the query; so both databases rank alike, and the score needs no statistics
//! that would have to be kept up to date.

use memchr::memmem::Finder;

use super::Query;

/// How soon more occurrences of a term stop to matter.
const K1: f64 = 1.2;

/// How much longer chunks are held against them.
const B: f64 = 0.75;

/// A chunk that the full-text index found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Names it to the caller.
    pub key: i64,
    /// Its terms as [`super::Chunk::terms`] holds them.
    pub terms: String,
    /// Its length as [`super::Chunk::length`] holds it.
    pub length: u32,
}

/// The content that was searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corpus {
    /// How many chunks there are.
    pub chunks: u64,
    /// Their average length.
    pub average_length: f64,
}

/// A candidate's rank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// The candidate.
    pub key: i64,
    /// BM25 score; larger is better. Comparable within one query only.
    pub score: f64,
    /// The share of the question that the candidate holds, from 0 to 1, where rare terms count up to twice as much as
    /// common ones. Comparable between queries: a threshold on it tells answers from accidents.
    pub coverage: f64,
    /// How many of the query's terms it holds.
    pub matched_terms: u32,
}

/// Ranks candidates, best first; equal ones by key.
///
/// Candidates must be all chunks that hold any term of the query. When the caller had to cut them, frequent terms look
/// rarer than they are, and the order is still right for the rest.
#[must_use]
pub fn rank(query: &Query, corpus: Corpus, candidates: &[Candidate]) -> Vec<Scored> {
    let matcher = Matcher::new(query);
    // At least one column, so that a query without terms still ranks its candidates.
    let terms = query.terms.len().max(1);
    let mut counts = vec![0_u32; terms * candidates.len()];
    let mut containing = vec![0_u32; terms];
    for (candidate, counts) in candidates.iter().zip(counts.chunks_mut(terms)) {
        matcher.count(&candidate.terms, counts);
        for (containing, &count) in containing.iter_mut().zip(&*counts) {
            *containing += u32::from(count > 0);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "no corpus comes near 2^52 chunks")]
    let chunks =
        (corpus.chunks as f64).max(f64::from(containing.iter().copied().max().unwrap_or(0)));
    let idf = |containing: f64| (1.0 + (chunks - containing + 0.5) / (containing + 0.5)).ln();
    let rarest = idf(0.0);
    let weights: Vec<Weight> = query
        .terms
        .iter()
        .zip(&containing)
        .map(|(term, &containing)| {
            let idf = idf(f64::from(containing));
            let share = if term.asked { 0.5 + 0.5 * idf / rarest } else { 0.0 };
            Weight {
                score: term.weight * idf,
                coverage: term.weight * share,
                loss: term.loss * share,
            }
        })
        .collect();

    let mut scored: Vec<Scored> = candidates
        .iter()
        .zip(counts.chunks(terms))
        .map(|(candidate, counts)| {
            let length = f64::from(candidate.length) / corpus.average_length.max(1.0);
            let norm = K1 * (1.0 - B + B * length);
            let mut result =
                Scored { key: candidate.key, score: 0.0, coverage: 0.0, matched_terms: 0 };
            let mut lost = 0.0;
            for (weight, &count) in weights.iter().zip(counts) {
                if count == 0 {
                    lost += weight.loss;
                    continue;
                }
                let count = f64::from(count);
                result.score += weight.score * count * (K1 + 1.0) / (count + norm);
                result.coverage += weight.coverage;
                result.matched_terms += 1;
            }
            if result.coverage > 0.0 {
                result.coverage /= result.coverage + lost;
            }
            result
        })
        .collect();
    scored.sort_by(|left, right| {
        right.score.total_cmp(&left.score).then_with(|| left.key.cmp(&right.key))
    });
    scored
}

struct Weight {
    score: f64,
    coverage: f64,
    loss: f64,
}

/// Counts the query's terms in a candidate, by a search for each stem: that runs over many letters at a time, while
/// taking the candidate apart word by word would look at each.
struct Matcher<'q>(Vec<(Finder<'q>, usize)>);

impl<'q> Matcher<'q> {
    fn new(query: &'q Query) -> Self {
        let terms = query.terms.iter().enumerate();
        let stems =
            terms.flat_map(|(index, term)| term.stems.iter().map(move |stem| (stem, index)));
        Self(stems.map(|(stem, index)| (Finder::new(stem), index)).collect())
    }

    fn count(&self, terms: &str, counts: &mut [u32]) {
        let bytes = terms.as_bytes();
        for (finder, index) in &self.0 {
            for start in finder.find_iter(bytes) {
                let end = start + finder.needle().len();
                let begins = start == 0 || bytes[start - 1] == b' ';
                if begins && bytes.get(end).is_none_or(|&byte| byte == b' ') {
                    counts[*index] += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Language;
    use super::*;

    fn candidate(key: i64, terms: &str) -> Candidate {
        let length = u32::try_from(terms.split(' ').count()).unwrap();
        Candidate { key, terms: terms.to_owned(), length }
    }

    fn keys(question: &str, candidates: &[Candidate]) -> Vec<i64> {
        let query = Query::new(question, &[Language::English]);
        rank(&query, Corpus { chunks: 100, average_length: 5.0 }, candidates)
            .iter()
            .map(|scored| scored.key)
            .collect()
    }

    #[test]
    fn rare_terms_outweigh_common_ones() {
        let candidates = [
            candidate(1, "ship ship parcel"),
            candidate(2, "norway parcel box"),
            candidate(3, "ship parcel box"),
            candidate(4, "ship parcel bag"),
            candidate(5, "ship gift bag"),
            candidate(6, "ship large bag"),
        ];
        assert_eq!(keys("ship to Norway", &candidates)[0], 2);
    }

    #[test]
    fn shorter_chunks_win_among_equal_matches() {
        let candidates = [candidate(1, "shoe a b c d e f g h"), candidate(2, "shoe a b")];
        assert_eq!(keys("shoes", &candidates), [2, 1]);
    }

    #[test]
    fn ties_are_broken_by_key() {
        let candidates = [candidate(7, "shoe"), candidate(3, "shoe"), candidate(5, "shoe")];
        assert_eq!(keys("shoes", &candidates), [3, 5, 7]);
    }

    #[test]
    fn words_match_whole_and_never_in_part() {
        let query = Query::new("ship", &[Language::English]);
        let candidates = [candidate(1, "shipyard worship sh shi ship"), candidate(2, "shipyard")];
        let scored = rank(&query, Corpus { chunks: 9, average_length: 3.0 }, &candidates);
        assert_eq!(scored[0].matched_terms, 1);
        assert_eq!((scored[1].key, scored[1].matched_terms), (2, 0));
    }

    #[test]
    fn coverage_is_the_share_of_the_question_that_is_held() {
        let query = Query::new("capital of France", &[Language::English]);
        let candidates = [candidate(1, "ship to franc"), candidate(2, "capit franc")];
        let scored = rank(&query, Corpus { chunks: 50, average_length: 3.0 }, &candidates);
        assert_eq!(scored[0].key, 2);
        assert!((scored[0].coverage - 1.0).abs() < 1e-9);
        assert!(scored[1].coverage < 0.5, "{}", scored[1].coverage);
    }

    #[test]
    fn nothing_asked_or_nothing_found_gives_no_panic() {
        let corpus = Corpus { chunks: 0, average_length: 0.0 };
        assert!(rank(&Query::default(), corpus, &[]).is_empty());
        let scored = rank(&Query::default(), corpus, &[candidate(1, "x")]);
        assert_eq!((scored[0].score, scored[0].coverage), (0.0, 0.0));
    }
}
