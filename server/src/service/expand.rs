//! Expanding: a one-time token carries a conversation from the widget into the full chat page.

use natter_shared::session::{ExpandToken, Redeemed};

use crate::clock::{later, timestamp};
use crate::secret;
use crate::store::{NewExpandToken, SessionRow, WriteTx};

use super::{Access, EXPAND_LIFETIME, OriginProof, Published, Service, ServiceError, view};

impl Service {
    /// Makes a token that opens the session once, within two minutes.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn make_expand_token(&self, access: &Access) -> Result<ExpandToken, ServiceError> {
        let (token, now) = (self.clock().secret(), self.clock().now());
        let expires_at = later(now, EXPAND_LIFETIME);
        let session = access.session.id();
        let new =
            NewExpandToken { hash: secret::hash(&token), session, expires_at, created_at: now };
        let mut tx = self.store().write().await?;
        tx.insert_expand_token(&new).await?;
        tx.commit().await?;
        // After the number sign the token reaches no server, no log and no Referer.
        let url = format!("{}/c/{}#expand={token}", self.public_url(), access.session.slug);
        Ok(ExpandToken { token, expires_at: timestamp(expires_at), url })
    }

    /// Redeems a token: once, and in time. A page of ours gets credentials; another client gets `ID.SECRET`.
    ///
    /// # Errors
    /// [`ServiceError::TokenSpent`] when it was used or is too old, [`ServiceError::NotFound`] when it never was.
    pub async fn redeem(&self, token: &str, proof: &OriginProof) -> Result<Redeemed, ServiceError> {
        let (hash, now) = (secret::hash(token), self.clock().now());
        let mut tx = self.store().write().await?;
        let Some(id) = tx.redeem_expand_token(&hash, now).await? else {
            return Err(if tx.expand_token_exists(&hash).await? {
                ServiceError::TokenSpent
            } else {
                ServiceError::NotFound("expand token")
            });
        };
        let row = tx.session(id).await?.ok_or(ServiceError::TokenSpent)?;
        let chatbot = self.chatbot_by_id(row.chatbot())?;
        // Dropping the transaction undoes the redemption: a page that is not allowed does not use the token up.
        let origin =
            proof.origin.as_ref().map(|_| self.allowed_origin(&chatbot, proof)).transpose()?;
        self.hand_over(tx, &chatbot, &row, "page", origin.as_deref()).await
    }

    /// Gives a session with a new credential of a kind to whoever goes on with it: apart for the holder of a token, whose
    /// page is at `origin`, and for any other in the session's id. Commits.
    pub(super) async fn hand_over(
        &self,
        mut tx: WriteTx,
        chatbot: &Published,
        row: &SessionRow,
        kind: &'static str,
        origin: Option<&str>,
    ) -> Result<Redeemed, ServiceError> {
        let id = row.id();
        let secret = self.add_access(&mut tx, id, kind).await?;
        let snapshot = view::snapshot(&mut tx, chatbot, row).await?;
        tx.commit().await?;
        let address = format!("{id}.{secret}");
        let natter =
            origin.map(|origin| self.credentials(chatbot, origin, id, secret)).transpose()?;
        Ok(Redeemed {
            session_id: if natter.is_some() { id.to_string() } else { address },
            slug: row.slug.clone(),
            status: snapshot.status,
            messages: snapshot.messages,
            running_turn: snapshot.running_turn,
            consent_withdrawn: snapshot.consent_withdrawn,
            natter,
        })
    }
}
