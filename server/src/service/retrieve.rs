//! Retrieval: from a question to the passages that may answer it.

use crate::answer::{Line, Passage, Speaker};
use crate::knowledge::{self, Candidate, Corpus, Language};
use crate::store::ChunkRow;

use super::{Published, Service, ServiceError};

/// Most chunks that the index may propose.
const CANDIDATES: i64 = 2_000;
/// Most passages that an answerer gets.
const PASSAGES: usize = 8;

impl Service {
    /// The passages of what the chatbot was taught that fit the question best, best first.
    pub(super) async fn retrieve(
        &self,
        chatbot: &Published,
        question: &str,
        history: &[Line],
    ) -> Result<Vec<Passage>, ServiceError> {
        let earlier = history.iter().filter(|line| line.speaker == Speaker::Visitor);
        let earlier: Vec<&str> = earlier.map(|line| line.text.as_str()).collect();
        let mut tx = self.store().read().await?;
        let languages: Vec<Language> =
            tx.languages(chatbot.id).await?.iter().map(|tag| Language::from_tag(tag)).collect();
        let query = knowledge::contextual_query(question, &earlier, &languages);
        let corpus = tx.corpus(chatbot.id).await?;
        let words: Vec<&str> = query.words().collect();
        let rows = tx.candidates(chatbot.id, &words, CANDIDATES).await?;
        let candidates: Vec<Candidate> = rows
            .into_iter()
            .map(|row| Candidate {
                key: row.number,
                terms: row.terms,
                length: u32::try_from(row.length).unwrap_or(u32::MAX),
            })
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "an average needs no more than 52 bits")]
        let corpus = Corpus {
            chunks: corpus.chunks.unsigned_abs(),
            average_length: if corpus.chunks == 0 {
                1.0
            } else {
                corpus.terms as f64 / corpus.chunks as f64
            },
        };
        let ranked = knowledge::rank(&query, corpus, &candidates);
        let mut passages: Vec<Passage> = Vec::new();
        let mut sources = Vec::new();
        for scored in ranked.into_iter().take(PASSAGES) {
            let Some(chunk) = tx.chunk(chatbot.id, scored.key).await? else { continue };
            // Passages of one page share a number, so that the page is cited once.
            let position =
                sources.iter().position(|id| *id == chunk.source()).unwrap_or_else(|| {
                    sources.push(chunk.source());
                    sources.len() - 1
                });
            passages.push(Passage {
                number: u32::try_from(position + 1).unwrap_or(u32::MAX),
                url: address(&chunk),
                title: chunk.title.clone(),
                headings: chunk.headings().to_vec(),
                text: chunk.body,
                score: scored.score,
                coverage: scored.coverage,
            });
        }
        Ok(passages)
    }
}

/// Where a reader finds the chunk: its page, at its heading when that has an anchor.
fn address(chunk: &ChunkRow) -> Option<String> {
    let url = chunk.url.as_ref()?;
    match &chunk.anchor {
        Some(anchor) if !url.contains('#') => Some(format!("{url}#{anchor}")),
        _ => Some(url.clone()),
    }
}
