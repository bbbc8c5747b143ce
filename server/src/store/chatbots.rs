//! Projects and chatbots: their drafts and published versions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use natter_shared::appearance::{LeadCapture, Widget};
use natter_shared::id::{ChatbotId, OrganizationId, ProjectId};
use serde::{Deserialize, Serialize};
use sqlx::types::{Json, Uuid};

use super::row::uuid;
use super::visitor_config::{AttachmentsConfig, IdentityConfig};
use super::{EngageConfig, OwnTexts, ReadTx, StoreError, WriteTx, on, sql};

/// Everything that an owner decides about a chatbot, but for the provider's key. Kept as one JSON value for the draft
/// and for each published version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatbotConfig {
    /// Display name.
    pub name: String,
    /// Visibility, `Public`.
    pub agent_type: String,
    /// What it is for.
    pub description: String,
    /// Address of its picture; empty for the built-in one.
    pub avatar_image_path: String,
    /// What it says first.
    pub greeting: String,
    /// Its place among the chatbots of its project.
    pub sort_order: i32,
    /// Default language.
    pub locale: String,
    /// Whether visitors get that language whatever their browser asks for.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub locale_fixed: bool,
    /// Origin rules. Empty allows nothing.
    pub origins: Vec<String>,
    /// Questions to offer.
    pub quick_questions: Vec<String>,
    /// Days after which an idle conversation is deleted; 0 never.
    pub retention_days: u32,
    /// Texts of the contact form.
    pub lead_capture: LeadCapture,
    /// How it answers.
    pub persona: PersonaConfig,
    /// What answers.
    pub answerer: AnswererConfig,
    /// Limits.
    pub limits: LimitsConfig,
    /// Appearance and behaviour.
    pub widget: Widget,
    /// Other chatbots of the project are offered beside it.
    pub offer_project: bool,
    /// Proofs of who a visitor is.
    #[serde(default)]
    pub identity: IdentityConfig,
    /// Files that visitors may send.
    #[serde(default)]
    pub attachments: AttachmentsConfig,
    /// How visitors are met.
    #[serde(default)]
    pub engage: EngageConfig,
    /// The texts of it in other languages, by their tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, OwnTexts>,
}

/// How a chatbot answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonaConfig {
    /// Instructions to a model.
    pub instructions: String,
    /// What is said when the content does not answer.
    pub not_found_answer: Option<String>,
    /// Whether a visitor may leave contact details.
    pub offers_contact: bool,
}

/// What kind of answerer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswererKind {
    /// Quotes the owner's content; no key and no network.
    #[default]
    Extractive,
    /// A model behind an OpenAI-compatible address.
    Openai,
}

/// What answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswererConfig {
    /// Kind.
    pub kind: AnswererKind,
    /// Base address of the provider, up to and with `/v1`.
    pub base_url: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Name of the environment variable that holds the provider's key while `natter apply` runs.
    pub api_key_env: Option<String>,
    /// Sampling temperature.
    pub temperature: Option<f32>,
    /// Longest answer in tokens.
    pub max_output_tokens: Option<u32>,
    /// Whether the model is sent the pictures that visitors attach.
    pub vision: bool,
}

/// Limits of a chatbot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Longest question, in characters.
    pub max_message_chars: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self { max_message_chars: 8_000 }
    }
}

/// A chatbot to be made.
#[derive(Debug, Clone)]
pub struct NewChatbot {
    /// Id.
    pub id: ChatbotId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Project.
    pub project: ProjectId,
    /// Public id.
    pub public_id: String,
    /// Slug.
    pub slug: String,
    /// Draft.
    pub draft: ChatbotConfig,
    /// The provider's key, sealed.
    pub provider_key: Option<Vec<u8>>,
    /// The secret of identities, sealed.
    pub identity_secret: Option<Vec<u8>>,
    /// The one before it, sealed.
    pub identity_previous: Option<Vec<u8>>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A chatbot with its draft.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ChatbotRow {
    id: Uuid,
    organization_id: Uuid,
    project_id: Uuid,
    /// Public id.
    pub public_id: String,
    /// Slug.
    pub slug: String,
    /// Number of the published version.
    pub published_version: Option<i64>,
    draft: Json<ChatbotConfig>,
    /// The provider's key, sealed.
    pub provider_key: Option<Vec<u8>>,
    /// The secret of identities, sealed.
    pub identity_secret: Option<Vec<u8>>,
    /// The one before it, sealed.
    pub identity_previous: Option<Vec<u8>>,
}

impl ChatbotRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ChatbotId {
        ChatbotId::from_u128(self.id.as_u128())
    }

    /// Its tenant.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        OrganizationId::from_u128(self.organization_id.as_u128())
    }

    /// Its project.
    #[must_use]
    pub const fn project(&self) -> ProjectId {
        ProjectId::from_u128(self.project_id.as_u128())
    }

    /// Its draft.
    #[must_use]
    pub const fn draft(&self) -> &ChatbotConfig {
        &self.draft.0
    }
}

/// A chatbot as it is published.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PublishedRow {
    id: Uuid,
    organization_id: Uuid,
    project_id: Uuid,
    /// Number of its project.
    pub project_number: i64,
    /// Public id.
    pub public_id: String,
    /// Slug.
    pub slug: String,
    /// Number of the version.
    pub version: i64,
    config: Json<ChatbotConfig>,
    /// The provider's key, sealed.
    pub provider_key: Option<Vec<u8>>,
    /// The secret of identities, sealed.
    pub identity_secret: Option<Vec<u8>>,
    /// The one before it, sealed.
    pub identity_previous: Option<Vec<u8>>,
}

impl PublishedRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ChatbotId {
        ChatbotId::from_u128(self.id.as_u128())
    }

    /// Its tenant.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        OrganizationId::from_u128(self.organization_id.as_u128())
    }

    /// Its project.
    #[must_use]
    pub const fn project(&self) -> ProjectId {
        ProjectId::from_u128(self.project_id.as_u128())
    }

    /// What the owner decided.
    #[must_use]
    pub fn into_config(self) -> ChatbotConfig {
        self.config.0
    }
}

impl ReadTx {
    /// The project with this number and its tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn project_by_number(
        &mut self,
        number: i64,
    ) -> Result<Option<(ProjectId, OrganizationId)>, StoreError> {
        let row: Option<(Uuid, Uuid)> =
            on!(self, |conn| sqlx::query_as(sql!("project_by_number"))
                .bind(number)
                .fetch_optional(conn)
                .await)?;
        Ok(row.map(|(id, organization)| {
            (ProjectId::from_u128(id.as_u128()), OrganizationId::from_u128(organization.as_u128()))
        }))
    }

    /// The chatbot with this public id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn chatbot_by_public_id(
        &mut self,
        public_id: &str,
    ) -> Result<Option<ChatbotRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("chatbot_by_public_id"))
            .bind(public_id)
            .fetch_optional(conn)
            .await)?)
    }

    /// The chatbot with this slug.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn chatbot_by_slug(&mut self, slug: &str) -> Result<Option<ChatbotRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("chatbot_by_slug"))
            .bind(slug)
            .fetch_optional(conn)
            .await)?)
    }

    /// Every chatbot that is published.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn published_chatbots(&mut self) -> Result<Vec<PublishedRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("published_all")).fetch_all(conn).await)?)
    }

    /// A number that grows with every change of configuration.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn config_epoch(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self, |conn| sqlx::query_scalar(sql!("config_epoch_get")).fetch_one(conn).await)?)
    }
}

impl WriteTx {
    /// Makes a project.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the number is taken.
    pub async fn insert_project(
        &mut self,
        id: ProjectId,
        organization: OrganizationId,
        number: i64,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("project_insert"))
            .bind(uuid(id.as_u128()))
            .bind(uuid(organization.as_u128()))
            .bind(number)
            .bind(name)
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Renames a project.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn rename_project(&mut self, id: ProjectId, name: &str) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("project_rename"))
            .bind(uuid(id.as_u128()))
            .bind(name)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Makes a chatbot, not yet published.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the public id or the slug is taken.
    pub async fn insert_chatbot(&mut self, new: &NewChatbot) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("chatbot_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.project.as_u128()))
            .bind(&new.public_id)
            .bind(&new.slug)
            .bind(Json(&new.draft))
            .bind(&new.provider_key)
            .bind(new.created_at)
            .bind(&new.identity_secret)
            .bind(&new.identity_previous)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Changes a chatbot's draft, slug, project and key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken.
    pub async fn update_chatbot(&mut self, row: &NewChatbot) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("chatbot_update"))
            .bind(uuid(row.id.as_u128()))
            .bind(uuid(row.project.as_u128()))
            .bind(&row.slug)
            .bind(Json(&row.draft))
            .bind(&row.provider_key)
            .bind(row.created_at)
            .bind(&row.identity_secret)
            .bind(&row.identity_previous)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Publishes `config` as version `number`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the version exists.
    pub async fn publish_chatbot(
        &mut self,
        id: ChatbotId,
        number: i64,
        config: &ChatbotConfig,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("chatbot_version_insert"))
            .bind(uuid(id.as_u128()))
            .bind(number)
            .bind(Json(config))
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        on!(self, |conn| sqlx::query(sql!("chatbot_publish"))
            .bind(uuid(id.as_u128()))
            .bind(number)
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Tells every process that configuration has changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn bump_config_epoch(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("config_epoch_bump")).execute(conn).await.map(drop))?;
        Ok(())
    }
}
