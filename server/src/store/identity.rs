//! Whose a session is.

use chrono::{DateTime, Utc};
use natter_shared::id::{ChatbotId, OrganizationId, SessionId};
use sqlx::types::{Json, Uuid};

use super::row::uuid;
use super::{Attached, ReadTx, SessionRow, StoreError, WriteTx, on, sql};

/// What is known of whose a session is.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct IdentityRow {
    /// Whether the user was proven.
    pub verified: bool,
    /// The site's own id of the user.
    pub user_id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// An identity to be kept with a session.
#[derive(Clone)]
pub struct NewIdentity {
    /// The session.
    pub session: SessionId,
    /// Its tenant.
    pub organization: OrganizationId,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// Whose it is.
    pub who: IdentityRow,
    /// Now.
    pub now: DateTime<Utc>,
}

/// The user of a chatbot whose conversations are looked for: one who was proven.
#[derive(Clone, Copy)]
pub struct UserOf<'a> {
    /// The tenant.
    pub organization: OrganizationId,
    /// The chatbot.
    pub chatbot: ChatbotId,
    /// The site's own id of the user.
    pub user: &'a str,
}

/// A conversation in a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SummaryRow {
    id: Uuid,
    status: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When something happened in it last.
    pub updated_at: DateTime<Utc>,
    /// Its first question.
    pub question: Option<String>,
    /// What came with that.
    attached: Option<Json<Vec<Attached>>>,
    /// How many messages it has.
    pub messages: i64,
    /// Whether the acceptance of the terms was taken back and not given again.
    pub consent_withdrawn: bool,
}

impl SummaryRow {
    /// The session.
    #[must_use]
    pub const fn id(&self) -> SessionId {
        SessionId::from_u128(self.id.as_u128())
    }

    /// What came with its first question.
    #[must_use]
    pub fn attachments(&self) -> &[Attached] {
        self.attached.as_ref().map_or(&[], |attached| &attached.0)
    }

    /// Whether it takes messages.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == "open"
    }
}

impl ReadTx {
    /// Whose the session is, when the page said so.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn identity(
        &mut self,
        session: SessionId,
    ) -> Result<Option<IdentityRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("identity_get"))
            .bind(uuid(session.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }

    /// The user's conversations, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sessions_of_user(
        &mut self,
        of: UserOf<'_>,
        limit: i64,
    ) -> Result<Vec<SummaryRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("sessions_of_user"))
            .bind(uuid(of.organization.as_u128()))
            .bind(uuid(of.chatbot.as_u128()))
            .bind(of.user)
            .bind(limit)
            .fetch_all(conn)
            .await)?)
    }

    /// One of the user's conversations.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_of_user(
        &mut self,
        of: UserOf<'_>,
        session: SessionId,
    ) -> Result<Option<SessionRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("session_of_user"))
            .bind(uuid(of.organization.as_u128()))
            .bind(uuid(of.chatbot.as_u128()))
            .bind(of.user)
            .bind(uuid(session.as_u128()))
            .fetch_optional(conn)
            .await)?)
    }
}

impl WriteTx {
    /// Keeps whose a session is, in place of what was known before.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the session is gone.
    pub async fn put_identity(&mut self, new: &NewIdentity) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("identity_upsert"))
            .bind(uuid(new.session.as_u128()))
            .bind(uuid(new.organization.as_u128()))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(new.who.verified)
            .bind(&new.who.user_id)
            .bind(&new.who.name)
            .bind(&new.who.email)
            .bind(new.now)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
