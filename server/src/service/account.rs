//! People's accounts: making the first owner.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher as _;
use natter_shared::id::{AccountId, OrganizationId};
use secrecy::{ExposeSecret as _, SecretString};

use crate::store::{NewAccount, StoreError};

use super::session::invalid;
use super::{Service, ServiceError};

/// Shortest password, in characters.
const MIN_PASSWORD: usize = 10;

impl Service {
    /// Makes an account that owns the oldest organization, which is made when there is none.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when the address or password cannot be used or the address is taken.
    pub async fn create_admin(
        &self,
        email: &str,
        password: &SecretString,
    ) -> Result<AccountId, ServiceError> {
        let email = email.trim().to_lowercase();
        if !email.contains('@') || email.len() > 254 {
            return Err(invalid(
                "email",
                "this is not an e-mail address; write it like name@example.com",
            ));
        }
        if password.expose_secret().chars().count() < MIN_PASSWORD {
            return Err(invalid(
                "password",
                format!("the password is too short; use at least {MIN_PASSWORD} characters"),
            ));
        }
        let password_hash = Argon2::default()
            .hash_password(password.expose_secret().as_bytes())
            .map_err(|error| {
                ServiceError::Internal(anyhow::anyhow!("cannot hash the password: {error}"))
            })?
            .to_string();
        let now = self.clock().now();
        let new = NewAccount { id: self.clock().id(), email, password_hash, created_at: now };
        let mut tx = self.store().write().await?;
        let organization: OrganizationId =
            if let Some(organization) = tx.first_organization().await? {
                organization
            } else {
                let id = self.clock().id();
                tx.insert_organization(id, "My organization", "my-organization", now).await?;
                id
            };
        match tx.insert_account(&new).await {
            Err(StoreError::Conflict(_)) => {
                return Err(invalid(
                    "email",
                    "an account with this e-mail address exists already; use another",
                ));
            }
            other => other?,
        }
        tx.insert_owner(organization, new.id, now).await?;
        tx.commit().await?;
        Ok(new.id)
    }
}
