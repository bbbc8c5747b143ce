//! Retrieval: from a question to the passages that may answer it.

use std::collections::HashMap;

use natter_shared::id::ChatbotId;

use crate::answer::{Line, Passage, Speaker};
use crate::knowledge::{self, Candidate, Corpus, Language};
use crate::store::{ChunkRow, ReadTx};

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
        let taught = chatbot.taught.get_or_try_init(|| taught(&mut tx, chatbot.id)).await?;
        let query = knowledge::contextual_query(question, &earlier, &taught.languages);
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
        let ranked = knowledge::rank(&query, taught.corpus, &candidates);
        if ranked.is_empty() {
            return Ok(Vec::new());
        }
        let best = std::array::from_fn::<_, PASSAGES, _>(|at| ranked.get(at).map(|best| best.key));
        let chunks = tx.chunks(chatbot.id, &best).await?;
        let mut chunks: HashMap<i64, ChunkRow> =
            chunks.into_iter().map(|chunk| (chunk.number, chunk)).collect();
        let mut passages: Vec<Passage> = Vec::new();
        let mut sources = Vec::new();
        for scored in ranked.into_iter().take(PASSAGES) {
            let Some(chunk) = chunks.remove(&scored.key) else { continue };
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

/// What retrieval must know about all that a chatbot was taught. Counting it reads every chunk, so it is kept with the
/// published configuration: teaching is a change of configuration.
pub(super) struct Taught {
    languages: Vec<Language>,
    corpus: Corpus,
}

async fn taught(tx: &mut ReadTx, chatbot: ChatbotId) -> Result<Taught, ServiceError> {
    let languages = tx.languages(chatbot).await?;
    let size = tx.corpus(chatbot).await?;
    #[expect(clippy::cast_precision_loss, reason = "an average needs no more than 52 bits")]
    let average_length =
        if size.chunks == 0 { 1.0 } else { size.terms as f64 / size.chunks as f64 };
    Ok(Taught {
        languages: languages.iter().map(|tag| Language::from_tag(tag)).collect(),
        corpus: Corpus { chunks: size.chunks.unsigned_abs(), average_length },
    })
}

/// Where a reader finds the chunk: its page, at its heading when that has an anchor.
fn address(chunk: &ChunkRow) -> Option<String> {
    let url = chunk.url.as_ref()?;
    match &chunk.anchor {
        Some(anchor) if !url.contains('#') => Some(format!("{url}#{anchor}")),
        _ => Some(url.clone()),
    }
}
