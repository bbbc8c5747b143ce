//! Contacts: what visitors left to be reached.

use chrono::{DateTime, Utc};
use natter_shared::contact::ContactField;
use natter_shared::id::{ChatbotId, ContactId, OrganizationId, SessionId};
use sqlx::types::{Json, Uuid};

use super::row::uuid;
use super::{ReadTx, StoreError, WriteTx, on, sql};

/// A contact to be stored.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// Id.
    pub id: ContactId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Chatbot.
    pub chatbot: ChatbotId,
    /// The session it came from.
    pub session: SessionId,
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// What it is about.
    pub message: Option<String>,
    /// Everything that was entered into the owner's own form.
    pub fields: Vec<ContactField>,
    /// Whether the visitor agreed to be contacted.
    pub consented: bool,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A contact.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ContactRow {
    id: Uuid,
    session_id: Uuid,
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// What it is about.
    pub message: Option<String>,
    fields: Json<Vec<ContactField>>,
    /// When the visitor agreed to be contacted.
    pub consent_at: Option<DateTime<Utc>>,
    /// When it was left.
    pub created_at: DateTime<Utc>,
    /// The site's own id of the user whose session it came from.
    pub user_id: Option<String>,
    verified: Option<bool>,
}

impl ContactRow {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ContactId {
        ContactId::from_u128(self.id.as_u128())
    }

    /// The session it came from.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        SessionId::from_u128(self.session_id.as_u128())
    }

    /// Everything that was entered into the owner's own form; empty for the built-in one.
    #[must_use]
    pub fn fields(&self) -> &[ContactField] {
        &self.fields
    }

    /// Whether that user was proven.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified == Some(true)
    }
}

impl ReadTx {
    /// A chatbot's newest contacts.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn contacts(
        &mut self,
        organization: OrganizationId,
        chatbot: ChatbotId,
        limit: i64,
    ) -> Result<Vec<ContactRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("contacts_by_chatbot"))
            .bind(uuid(organization.as_u128()))
            .bind(uuid(chatbot.as_u128()))
            .bind(limit)
            .fetch_all(conn)
            .await)?)
    }

    /// What a visitor left in a session, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn contacts_of_session(
        &mut self,
        session: SessionId,
    ) -> Result<Vec<ContactRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("contacts_by_session"))
            .bind(uuid(session.as_u128()))
            .fetch_all(conn)
            .await)?)
    }

    /// When a visitor last left a contact in a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn newest_contact(
        &mut self,
        session: SessionId,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_scalar(sql!("contact_newest"))
            .bind(uuid(session.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }
}

impl WriteTx {
    /// Stores a contact.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when its session is gone.
    pub async fn insert_contact(&mut self, new: &NewContact) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("contact_insert"))
            .bind(uuid(new.id.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(uuid(new.session.as_u128()))
            .bind(&new.name)
            .bind(&new.email)
            .bind(&new.phone)
            .bind(&new.message)
            .bind(Json(&new.fields))
            .bind(new.consented.then_some(new.created_at))
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
