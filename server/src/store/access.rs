//! Secrets that open a session: only their hashes are here.

use chrono::{DateTime, Utc};
use natter_shared::id::SessionId;
use sqlx::types::Uuid;

use super::row::uuid;
use super::{ReadTx, StoreError, WriteTx, on, sql};

/// A secret to be accepted from now on.
#[derive(Debug, Clone)]
pub struct NewAccess {
    /// The session that it opens.
    pub session: SessionId,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// What it was made for, for instance `tab` or `page`.
    pub kind: &'static str,
    /// When it stops working. Use does not extend it.
    pub expires_at: DateTime<Utc>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// What is known of a secret.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AccessRow {
    /// What it was made for.
    pub kind: String,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

/// A one-time token to be accepted.
#[derive(Debug, Clone)]
pub struct NewExpandToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The session that it opens.
    pub session: SessionId,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

impl ReadTx {
    /// Whether an expand token with this hash was ever made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn expand_token_exists(&mut self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let count: i64 = on!(self, |conn| sqlx::query_scalar(sql!("expand_exists"))
            .bind(hash.as_slice())
            .fetch_one(conn)
            .await)?;
        Ok(count > 0)
    }
}

impl WriteTx {
    /// Accepts a secret.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the session does not exist.
    pub async fn insert_access(&mut self, new: &NewAccess) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("access_insert"))
            .bind(uuid(new.session.as_u128()))
            .bind(new.hash.as_slice())
            .bind(new.kind)
            .bind(new.expires_at)
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Accepts an expand token.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the session does not exist.
    pub async fn insert_expand_token(&mut self, new: &NewExpandToken) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("expand_insert"))
            .bind(new.hash.as_slice())
            .bind(uuid(new.session.as_u128()))
            .bind(new.expires_at)
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Redeems an expand token: one statement, so that of two at once only one succeeds.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn redeem_expand_token(
        &mut self,
        hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<SessionId>, StoreError> {
        let session: Option<Uuid> = on!(self, |conn| sqlx::query_scalar(sql!("expand_redeem"))
            .bind(hash.as_slice())
            .bind(now)
            .fetch_optional(conn)
            .await)?;
        Ok(session.map(|id| SessionId::from_u128(id.as_u128())))
    }
}
