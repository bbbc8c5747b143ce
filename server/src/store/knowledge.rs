//! What owners taught: sources, their chunks, and the full-text index that proposes candidates.

use chrono::{DateTime, Utc};
use natter_shared::id::{ChatbotId, OrganizationId, ProjectId, SourceId};
use sqlx::types::{Json, Uuid};

use super::row::uuid;
use super::{Conn, ReadTx, StoreError, WriteTx, on, sql};

/// A source to be stored.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Id.
    pub id: SourceId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Project.
    pub project: ProjectId,
    /// The chatbot that is taught.
    pub chatbot: ChatbotId,
    /// `text`, `file` or `website`.
    pub kind: &'static str,
    /// Title.
    pub title: String,
    /// Address.
    pub url: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// SHA-256 of everything that the chunks depend on.
    pub content_hash: [u8; 32],
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A chunk to be stored.
#[derive(Debug, Clone)]
pub struct NewChunk {
    /// Its place in the source.
    pub ordinal: i64,
    /// The headings above it.
    pub headings: Vec<String>,
    /// Anchor of its heading.
    pub anchor: Option<String>,
    /// Markdown.
    pub body: String,
    /// Analysed terms, separated by spaces.
    pub terms: String,
    /// Number of terms.
    pub length: i64,
}

/// A source as far as re-teaching needs it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SourceRow {
    id: Uuid,
    /// SHA-256 of everything that the chunks depend on.
    pub content_hash: Vec<u8>,
}

impl SourceRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> SourceId {
        SourceId::from_u128(self.id.as_u128())
    }
}

/// The size of what a chatbot knows.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct CorpusRow {
    /// Number of chunks.
    pub chunks: i64,
    /// Number of terms in all of them.
    pub terms: i64,
}

/// A chunk that the index proposes.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CandidateRow {
    /// Its number.
    pub number: i64,
    /// Analysed terms.
    pub terms: String,
    /// Number of terms.
    pub length: i64,
}

/// A chunk with its source.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChunkRow {
    /// Its number.
    pub number: i64,
    headings: Json<Vec<String>>,
    /// Anchor of its heading.
    pub anchor: Option<String>,
    /// Markdown.
    pub body: String,
    source_id: Uuid,
    /// Title of its source.
    pub title: String,
    /// Address of its source.
    pub url: Option<String>,
}

impl ChunkRow {
    /// Its source.
    #[must_use]
    pub const fn source(&self) -> SourceId {
        SourceId::from_u128(self.source_id.as_u128())
    }

    /// The headings above it.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }
}

impl ReadTx {
    /// The sources that a chatbot is taught.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sources(&mut self, chatbot: ChatbotId) -> Result<Vec<SourceRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("sources_of_chatbot"))
            .bind(uuid(chatbot.as_u128()))
            .fetch_all(conn)
            .await)?)
    }

    /// How much a chatbot knows.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn corpus(&mut self, chatbot: ChatbotId) -> Result<CorpusRow, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("corpus"))
            .bind(uuid(chatbot.as_u128()))
            .fetch_one(conn)
            .await)?)
    }

    /// The languages of what a chatbot is taught, the commonest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn languages(&mut self, chatbot: ChatbotId) -> Result<Vec<String>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_scalar(sql!("languages"))
            .bind(uuid(chatbot.as_u128()))
            .fetch_all(conn)
            .await)?)
    }

    /// Up to `limit` of the chatbot's chunks that hold any of the terms, those that were taught first. The terms must be
    /// letters and digits only.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn candidates(
        &mut self,
        chatbot: ChatbotId,
        terms: &[&str],
        limit: i64,
    ) -> Result<Vec<CandidateRow>, StoreError> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let (statement, query) = match &self.conn {
            Conn::SqliteRead(_) | Conn::SqliteWrite(_) => {
                let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
                (sql!("candidates.sqlite"), quoted.join(" OR "))
            }
            Conn::PostgresRead(_) | Conn::PostgresWrite(_) => {
                (sql!("candidates.postgres"), terms.join(" | "))
            }
        };
        Ok(on!(self, |conn| sqlx::query_as(statement)
            .bind(&query)
            .bind(uuid(chatbot.as_u128()))
            .bind(limit)
            .fetch_all(conn)
            .await)?)
    }

    /// Those of the numbered chunks that the chatbot is taught, in no particular order. A number may be missing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn chunks(
        &mut self,
        chatbot: ChatbotId,
        numbers: &[Option<i64>; 8],
    ) -> Result<Vec<ChunkRow>, StoreError> {
        Ok(on!(self, |conn| {
            let query = sqlx::query_as(sql!("chunks_get")).bind(uuid(chatbot.as_u128()));
            numbers.iter().fold(query, |query, number| query.bind(*number)).fetch_all(conn).await
        })?)
    }
}

impl WriteTx {
    /// Stores a source with its chunks and teaches it to its chatbot.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn insert_source(
        &mut self,
        new: &NewSource,
        chunks: &[NewChunk],
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("source_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.project.as_u128()))
            .bind(new.kind)
            .bind(&new.title)
            .bind(&new.url)
            .bind(&new.language)
            .bind(new.content_hash.as_slice())
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        on!(self, |conn| sqlx::query(sql!("source_link"))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(uuid(new.id.as_u128()))
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        for chunk in chunks {
            on!(self, |conn| sqlx::query(sql!("chunk_insert"))
                .bind(uuid(new.organization.as_u128()))
                .bind(uuid(new.id.as_u128()))
                .bind(chunk.ordinal)
                .bind(Json(&chunk.headings))
                .bind(&chunk.anchor)
                .bind(&chunk.body)
                .bind(&chunk.terms)
                .bind(chunk.length)
                .bind(new.created_at)
                .execute(conn)
                .await
                .map(drop))?;
        }
        Ok(())
    }

    /// Deletes a source with its chunks.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn delete_source(&mut self, id: SourceId) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("source_delete"))
            .bind(uuid(id.as_u128()))
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
