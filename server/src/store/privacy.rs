//! What is stored about one visitor, and the acceptances of terms that were taken back.

use chrono::{DateTime, Utc};
use natter_shared::id::{ChatbotId, SessionId};
use sqlx::types::Json;

use super::row::uuid;
use super::{ChatbotConfig, ReadTx, StoreError, WriteTx, on, sql};

/// What a session holds.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PrivacyRow {
    /// The client's label.
    pub visitor_label: Option<String>,
    /// Origin of the page.
    pub origin: Option<String>,
    /// The visitor's language.
    pub locale: Option<String>,
    /// Whether the visitor's address is kept.
    pub keeps_address: bool,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When something was last added to it.
    pub updated_at: DateTime<Utc>,
    /// Hash of the accepted terms.
    pub consent_hash: Option<String>,
    /// The visitor's language then.
    pub consent_locale: Option<String>,
    /// When they were accepted.
    pub consent_at: Option<DateTime<Utc>>,
    /// Whether a server vouched for it.
    pub consent_vouched: bool,
    /// How many messages it has.
    pub messages: i64,
    /// How many contacts were left.
    pub contacts: i64,
    /// How many answers were rated.
    pub ratings: i64,
    /// How many files are kept, those that are yet to be sent included.
    pub attachments: i64,
}

/// An acceptance that was taken back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WithdrawnRow {
    /// When the terms had been accepted.
    pub accepted_at: DateTime<Utc>,
    /// Their hash.
    pub hash: Option<String>,
    /// The visitor's language then.
    pub locale: Option<String>,
    /// Whether a server had vouched for it.
    pub vouched: bool,
    /// When that was taken back.
    pub withdrawn_at: DateTime<Utc>,
}

impl ReadTx {
    /// What a session holds. None when it is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_privacy(
        &mut self,
        session: SessionId,
    ) -> Result<Option<PrivacyRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_privacy"))
            .bind(uuid(session.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// The acceptance that was taken back last.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn withdrawn_consent(
        &mut self,
        session: SessionId,
    ) -> Result<Option<WithdrawnRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("consent_withdrawn"))
            .bind(uuid(session.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// Every configuration that was ever published, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn published_configs(
        &mut self,
        chatbot: ChatbotId,
    ) -> Result<Vec<ChatbotConfig>, StoreError> {
        let configs: Vec<Json<ChatbotConfig>> =
            on!(self, |conn| sqlx::query_scalar(sql!("chatbot_configs"))
                .bind(uuid(chatbot.as_u128()))
                .fetch_all(conn)
                .await)?;
        Ok(configs.into_iter().map(|config| config.0).collect())
    }
}

impl WriteTx {
    /// Takes the acceptance of the terms back, and keeps that there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn withdraw_consent(
        &mut self,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("consent_withdraw"))
            .bind(uuid(session.as_u128()))
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        on!(self, |conn| sqlx::query(sql!("consent_clear"))
            .bind(uuid(session.as_u128()))
            .bind(false)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
