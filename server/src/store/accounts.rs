//! Organizations, people's accounts and API keys.

use chrono::{DateTime, Utc};
use natter_shared::id::{AccountId, ApiKeyId, ChatbotId, OrganizationId};
use sqlx::types::Uuid;

use super::row::{text_enum, uuid};
use super::{ReadTx, StoreError, WriteTx, on, sql};

text_enum! {
    /// What an API key may do.
    KeyScope {
        /// Whatever a visitor may do.
        Runtime = "runtime",
        /// Look at conversations.
        Read = "read",
        /// Everything.
        Admin = "admin",
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Id.
    pub id: AccountId,
    /// E-mail address in lower case.
    pub email: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// An API key to be accepted.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Id.
    pub id: ApiKeyId,
    /// Tenant.
    pub organization: OrganizationId,
    /// The only chatbot it opens, or none for all of the tenant's.
    pub chatbot: Option<ChatbotId>,
    /// The owner's name for it.
    pub name: String,
    /// Its first characters, to tell it from others.
    pub prefix: String,
    /// SHA-256 of it.
    pub hash: [u8; 32],
    /// What it may do.
    pub scope: KeyScope,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// An API key.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApiKeyRow {
    id: Uuid,
    organization_id: Uuid,
    chatbot_id: Option<Uuid>,
    /// What it may do.
    pub scope: KeyScope,
}

impl ApiKeyRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ApiKeyId {
        ApiKeyId::from_u128(self.id.as_u128())
    }

    /// Its tenant.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        OrganizationId::from_u128(self.organization_id.as_u128())
    }

    /// The only chatbot it opens, or none for all.
    #[must_use]
    pub fn chatbot(&self) -> Option<ChatbotId> {
        self.chatbot_id.map(|id| ChatbotId::from_u128(id.as_u128()))
    }
}

fn organization_id(id: Uuid) -> OrganizationId {
    OrganizationId::from_u128(id.as_u128())
}

impl ReadTx {
    /// The oldest organization.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn first_organization(&mut self) -> Result<Option<OrganizationId>, StoreError> {
        let id: Option<Uuid> = on!(self, |conn| sqlx::query_scalar(sql!("organization_first"))
            .fetch_optional(conn)
            .await)?;
        Ok(id.map(organization_id))
    }

    /// The organization with this slug.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn organization_by_slug(
        &mut self,
        slug: &str,
    ) -> Result<Option<OrganizationId>, StoreError> {
        let id: Option<Uuid> = on!(self, |conn| sqlx::query_scalar(sql!("organization_by_slug"))
            .bind(slug)
            .fetch_optional(conn)
            .await)?;
        Ok(id.map(organization_id))
    }

    /// The living key with this hash.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn api_key(&mut self, hash: &[u8; 32]) -> Result<Option<ApiKeyRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("api_key_by_hash"))
            .bind(hash.as_slice())
            .fetch_optional(conn)
            .await)?)
    }

    /// The tenant's living key with this name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn api_key_by_name(
        &mut self,
        organization: OrganizationId,
        name: &str,
    ) -> Result<Option<ApiKeyRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("api_key_by_name"))
            .bind(uuid(organization.as_u128()))
            .bind(name)
            .fetch_optional(conn)
            .await)?)
    }
}

impl WriteTx {
    /// Makes an organization.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken.
    pub async fn insert_organization(
        &mut self,
        id: OrganizationId,
        name: &str,
        slug: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("organization_insert"))
            .bind(uuid(id.as_u128()))
            .bind(name)
            .bind(slug)
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Renames an organization.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn rename_organization(
        &mut self,
        id: OrganizationId,
        name: &str,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("organization_rename"))
            .bind(uuid(id.as_u128()))
            .bind(name)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the e-mail address is taken.
    pub async fn insert_account(&mut self, new: &NewAccount) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("account_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(&new.email)
            .bind(&new.password_hash)
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Makes an account the owner of an organization.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is a member already.
    pub async fn insert_owner(
        &mut self,
        organization: OrganizationId,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("member_insert"))
            .bind(uuid(organization.as_u128()))
            .bind(uuid(account.as_u128()))
            .bind(now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Accepts an API key from now on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn insert_api_key(&mut self, new: &NewApiKey) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("api_key_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(new.chatbot.map(|id| uuid(id.as_u128())))
            .bind(&new.name)
            .bind(&new.prefix)
            .bind(new.hash.as_slice())
            .bind(new.scope.as_str())
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
