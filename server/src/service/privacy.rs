//! What a visitor may know and decide about their own conversation: what is stored and until when, what was agreed to, and
//! taking that back.

use natter_shared::privacy::{
    ConsentReceipt, ConsentWithdrawn, SessionPrivacy, Stored, WithdrawConsent,
};

use crate::clock::timestamp;
use crate::secret;
use crate::store::{PrivacyRow, ReadTx};

use super::{Access, Published, Service, ServiceError, view};

impl Service {
    /// What is stored of a session, until when, and what was agreed to.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is gone.
    pub async fn privacy(&self, access: &Access) -> Result<SessionPrivacy, ServiceError> {
        let session_id = access.session.id();
        let mut tx = self.store().read().await?;
        let row = tx.session_privacy(session_id).await?;
        let row = row.ok_or(ServiceError::NotFound("session"))?;
        let consent = receipt(&mut tx, access, &row).await?;
        let identity = tx.identity(session_id).await?.map(view::identity);
        let days = access.chatbot.config.retention_days;
        let until = row.updated_at.checked_add_signed(chrono::TimeDelta::days(days.into()));
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(SessionPrivacy {
            session_id,
            stored: Stored {
                created_at: timestamp(row.created_at),
                messages: count(row.messages),
                contact: row.contacts > 0,
                ratings: count(row.ratings),
                attachments: count(row.attachments),
                identity,
                ip_address: row.keeps_address,
                visitor_label: row.visitor_label,
                origin: row.origin,
                locale: row.locale,
            },
            retention_days: days,
            kept_until: until.filter(|_| days > 0).map(timestamp),
            consent,
        })
    }

    /// What was agreed to.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when nothing was.
    pub async fn consent_receipt(&self, access: &Access) -> Result<ConsentReceipt, ServiceError> {
        let mut tx = self.store().read().await?;
        let row = tx.session_privacy(access.session.id()).await?;
        let row = row.ok_or(ServiceError::NotFound("session"))?;
        let receipt = receipt(&mut tx, access, &row).await?;
        receipt.ok_or(ServiceError::NotFound("consent in this session"))
    }

    /// Takes the acceptance of the terms back, and stops what is being answered: nothing more is taken until they are
    /// accepted again. Taking it back again changes nothing. With `delete`, the session is erased instead.
    ///
    /// # Errors
    /// [`ServiceError::NothingAccepted`] when there is nothing to take back.
    pub async fn withdraw_consent(
        &self,
        access: &Access,
        request: &WithdrawConsent,
    ) -> Result<ConsentWithdrawn, ServiceError> {
        let (session_id, now) = (access.session.id(), self.clock().now());
        if request.delete {
            self.erase(access).await?;
            return Ok(ConsentWithdrawn {
                session_id,
                withdrawn_at: timestamp(now),
                deleted: true,
            });
        }
        let mut tx = self.store().write().await?;
        tx.withdraw_consent(session_id, now).await?;
        let withdrawn = tx.withdrawn_consent(session_id).await?;
        let withdrawn = withdrawn.ok_or(ServiceError::NothingAccepted)?;
        tx.commit().await?;
        self.stop_live(session_id);
        Ok(ConsentWithdrawn {
            session_id,
            withdrawn_at: timestamp(withdrawn.withdrawn_at),
            deleted: false,
        })
    }
}

/// What stands now, or else what was taken back last.
async fn receipt(
    tx: &mut ReadTx,
    access: &Access,
    row: &PrivacyRow,
) -> Result<Option<ConsentReceipt>, ServiceError> {
    let (accepted_at, hash, locale, vouched, withdrawn_at) = match row.consent_at {
        Some(at) => {
            let (hash, locale) = (row.consent_hash.clone(), row.consent_locale.clone());
            (at, hash, locale, row.consent_vouched, None)
        }
        None => match tx.withdrawn_consent(access.session.id()).await? {
            Some(row) => {
                (row.accepted_at, row.hash, row.locale, row.vouched, Some(row.withdrawn_at))
            }
            None => return Ok(None),
        },
    };
    let text = match &hash {
        Some(hash) => terms(tx, &access.chatbot, hash).await?,
        None => None,
    };
    Ok(Some(ConsentReceipt {
        session_id: access.session.id(),
        chatbot: access.chatbot.config.name.clone(),
        hash,
        text,
        accepted_at: timestamp(accepted_at),
        locale,
        vouched,
        withdrawn_at: withdrawn_at.map(timestamp),
    }))
}

/// The terms with this hash, as one of the published versions has them: those are never changed or removed.
async fn terms(
    tx: &mut ReadTx,
    chatbot: &Published,
    hash: &str,
) -> Result<Option<String>, ServiceError> {
    let current = chatbot.config.widget.privacy.chatbot_privacy_term.clone();
    if chatbot.consent_hash.as_deref() == Some(hash) {
        return Ok(current);
    }
    let versions = tx.published_configs(chatbot.id).await?.into_iter();
    let mut terms = versions.filter_map(|config| config.widget.privacy.chatbot_privacy_term);
    Ok(terms.find(|terms| secret::hex_hash(terms) == hash))
}
