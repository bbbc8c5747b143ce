//! A made-up shop for the tests, and retrieval over it as the service does it, without a database.

use crate::answer::{Line, Passage, Persona, Question, Speaker};
use crate::knowledge::{
    Anchors, Candidate, Chunk, Corpus, Language, Source, SourceFormat, chunk, contextual_query,
    extract, rank,
};

/// How many passages the service hands to an answerer.
const PASSAGES: usize = 8;

/// Pages by the last part of their address.
pub(super) const TEA_SHOP: &[(&str, SourceFormat, &str)] = &[
    ("returns", SourceFormat::Html, include_str!("pages/returns.html")),
    ("shipping", SourceFormat::Html, include_str!("pages/shipping.html")),
    ("payment", SourceFormat::Markdown, include_str!("pages/payment.md")),
    ("visit", SourceFormat::Html, include_str!("pages/visit.html")),
    ("brewing", SourceFormat::Markdown, include_str!("pages/brewing.md")),
    ("subscription", SourceFormat::Markdown, include_str!("pages/subscription.md")),
    ("gift-cards", SourceFormat::Markdown, include_str!("pages/gift-cards.md")),
    ("teapots", SourceFormat::Html, include_str!("pages/teapots.html")),
    ("allergens", SourceFormat::Markdown, include_str!("pages/allergens.md")),
    ("about", SourceFormat::Markdown, include_str!("pages/about.md")),
    ("workshops", SourceFormat::Markdown, include_str!("pages/workshops.md")),
    ("wholesale", SourceFormat::Text, include_str!("pages/wholesale.txt")),
    ("account", SourceFormat::Markdown, include_str!("pages/account.md")),
];

pub(super) const GERMAN_BAKERY: &[(&str, SourceFormat, &str)] = &[
    (
        "oeffnungszeiten",
        SourceFormat::Markdown,
        "# Öffnungszeiten\n\nMontag bis Freitag ist der Laden von 6:30 bis 18:00 Uhr geöffnet, am Samstag von 7:00 bis 13:00 \
         Uhr. Am Sonntag bleibt er geschlossen.\n\n## Urlaub\n\nVom 1. bis 15. August machen wir Urlaub.",
    ),
    (
        "bestellen",
        SourceFormat::Markdown,
        "# Bestellen\n\n## Torten\n\nTorten bestellen Sie bitte mindestens drei Tage im Voraus. Eine Anzahlung ist nicht \
         nötig.\n\n## Bezahlung\n\nSie können bar oder mit Karte bezahlen, ab 5 Euro auch kontaktlos.",
    ),
    (
        "zutaten",
        SourceFormat::Markdown,
        "# Zutaten und Allergene\n\nUnsere Brötchen sind vegan und enthalten Weizen.\n\n- **Walnussbrot**: enthält Nüsse\n- \
         **Käsestange**: enthält Milch\n- **Roggenbrot**: ohne Weizen",
    ),
];

pub(super) const JAPANESE_INN: &[(&str, SourceFormat, &str)] = &[
    (
        "stay",
        SourceFormat::Markdown,
        "# ご宿泊について\n\nチェックインは15時から、チェックアウトは11時までです。朝食は7時から9時までご用意します。",
    ),
    (
        "cancel",
        SourceFormat::Markdown,
        "# キャンセルについて\n\nキャンセル料は、前日は宿泊料金の50%、当日は100%です。二日前までは無料です。",
    ),
    (
        "access",
        SourceFormat::Markdown,
        "# 交通のご案内\n\n駅から徒歩で五分です。無料の駐車場が十台分あります。",
    ),
];

pub(super) struct Site {
    chunks: Vec<(String, String, Chunk)>,
    languages: Vec<Language>,
}

impl Site {
    pub(super) fn new(pages: &[(&str, SourceFormat, &str)]) -> Self {
        let mut chunks = Vec::new();
        let mut languages = Vec::new();
        for &(path, format, text) in pages {
            let url = format!("https://leaf.example/{path}");
            let document = extract(&Source {
                text,
                format,
                title: None,
                url: Some(&url),
                anchors: Anchors::Own,
            });
            let language = document.analysis_language(None);
            if !languages.contains(&language) {
                languages.push(language);
            }
            let title = document.title.clone().unwrap_or_else(|| path.to_owned());
            chunks.extend(
                chunk(&document, language).into_iter().map(|c| (url.clone(), title.clone(), c)),
            );
        }
        Self { chunks, languages }
    }

    pub(super) fn question(&self, text: &str, earlier: &[&str]) -> Question {
        let query = contextual_query(text, earlier, &self.languages);
        let candidates: Vec<Candidate> = (0..)
            .zip(&self.chunks)
            .filter(|(_, (_, _, chunk))| {
                query.words().any(|word| chunk.terms.split(' ').any(|term| term == word))
            })
            .map(|(key, (_, _, chunk))| Candidate {
                key,
                terms: chunk.terms.clone(),
                length: chunk.length,
            })
            .collect();
        let total: u32 = self.chunks.iter().map(|(_, _, chunk)| chunk.length).sum();
        let chunks = u32::try_from(self.chunks.len()).unwrap();
        let corpus =
            Corpus { chunks: chunks.into(), average_length: f64::from(total) / f64::from(chunks) };
        let mut pages: Vec<&str> = Vec::new();
        let passages = rank(&query, corpus, &candidates)
            .into_iter()
            .take(PASSAGES)
            .map(|scored| {
                let (url, title, chunk) = &self.chunks[usize::try_from(scored.key).unwrap()];
                let page = pages.iter().position(|known| known == url).unwrap_or_else(|| {
                    pages.push(url);
                    pages.len() - 1
                });
                Passage {
                    number: u32::try_from(page + 1).unwrap(),
                    title: title.clone(),
                    url: Some(match &chunk.anchor {
                        Some(anchor) => format!("{url}#{anchor}"),
                        None => url.clone(),
                    }),
                    headings: chunk.headings.clone(),
                    text: chunk.text.clone(),
                    score: scored.score,
                    coverage: scored.coverage,
                }
            })
            .collect();
        Question {
            text: text.to_owned(),
            history: earlier
                .iter()
                .map(|line| Line { speaker: Speaker::Visitor, text: (*line).to_owned() })
                .collect(),
            passages,
            page: None,
            files: Vec::new(),
            persona: Persona::default(),
            locale: None,
        }
    }
}
