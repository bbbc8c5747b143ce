//! What the owner taught: reading sources into documents, cutting them into chunks, turning text into search terms,
//! and ranking what the database's full-text index found. Everything here is a pure function; nothing knows the
//! database or the network.

mod analyze;
mod chunk;
mod english;
mod extract;
mod language;
mod query;
mod rank;
mod sentences;
mod stopwords;

pub use self::analyze::analyze;
pub use self::chunk::{Chunk, chunk};
pub use self::extract::{
    Anchors, Block, BlockKind, Document, Slugs, Source, SourceFormat, extract, plain_text,
};
pub use self::language::Language;
pub use self::query::{Query, QueryTerm, contextual_query};
pub use self::rank::{Candidate, Corpus, Scored, rank};
pub use self::sentences::sentences;
