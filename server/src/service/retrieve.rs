//! Retrieval: from a question to the passages that may answer it.

use std::collections::HashMap;

use natter_shared::id::ChatbotId;
use url::Url;

use crate::answer::{Line, Passage, Speaker};
use crate::knowledge::{self, Candidate, Corpus, Language, Scored};
use crate::store::{ChunkRow, ReadTx};

use super::{Published, Service, ServiceError};

/// Most chunks that the index may propose.
const CANDIDATES: i64 = 2_000;
/// Most passages that an answerer gets.
const PASSAGES: usize = 8;
/// How much more a passage is worth when it stands on the page that the visitor is on: enough to decide between two
/// that are about equal, and no more.
const PAGE_BONUS: f64 = 1.05;

impl Service {
    /// The passages of what the chatbot was taught that fit the question best, best first.
    pub(super) async fn retrieve(
        &self,
        chatbot: &Published,
        question: &str,
        history: &[Line],
        page: Option<&str>,
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
        let mut best: Vec<(Scored, ChunkRow)> = ranked
            .into_iter()
            .take(PASSAGES)
            .filter_map(|scored| chunks.remove(&scored.key).map(|chunk| (scored, chunk)))
            .collect();
        prefer_page(&mut best, page);
        let mut passages: Vec<Passage> = Vec::new();
        let mut sources = Vec::new();
        for (scored, chunk) in best {
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

/// Of passages that fit about equally well, those of the page that the visitor is on come first.
fn prefer_page(best: &mut [(Scored, ChunkRow)], page: Option<&str>) {
    let Some(page) = page.and_then(|page| Url::parse(page).ok()) else { return };
    for (scored, chunk) in best.iter_mut() {
        if chunk.url.as_deref().is_some_and(|url| is_page(&page, url)) {
            scored.score *= PAGE_BONUS;
        }
    }
    best.sort_by(|(one, _), (other, _)| other.score.total_cmp(&one.score));
}

/// Whether a source is the page: its address as it is, or without what follows the path, where campaigns leave marks.
fn is_page(page: &Url, source: &str) -> bool {
    let Ok(mut source) = Url::parse(source) else { return false };
    let mut page = page.clone();
    page.set_fragment(None);
    source.set_fragment(None);
    if page == source {
        return true;
    }
    page.set_query(None);
    page == source
}

/// Where a reader finds the chunk: its page, at its heading when that has an anchor.
fn address(chunk: &ChunkRow) -> Option<String> {
    let url = chunk.url.as_ref()?;
    match &chunk.anchor {
        Some(anchor) if !url.contains('#') => Some(format!("{url}#{anchor}")),
        _ => Some(url.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_the_page_by_its_address_whatever_a_campaign_added() {
        for (page, source, same) in [
            ("https://shop.example/a", "https://shop.example/a", true),
            ("https://shop.example/a#b", "https://SHOP.example/a#c", true),
            ("https://shop.example/a?utm=1", "https://shop.example/a", true),
            ("https://shop.example/a?p=1", "https://shop.example/a?p=2", false),
            ("https://shop.example/a", "https://shop.example/a?p=2", false),
            ("https://shop.example/a", "http://shop.example/a", false),
            ("https://shop.example/a", "no address", false),
        ] {
            assert_eq!(is_page(&page.parse().unwrap(), source), same, "{page} {source}");
        }
    }
}
