//! Whose a session is. Without a proof it is what a page says, and marked so; with one it opens the user's other
//! conversations, and never those of anybody else.

use natter_shared::id::{ChatbotId, OrganizationId, SessionId};
use natter_shared::identity::{Identity, IdentityView, SessionList, SessionSummary};
use natter_shared::session::{Redeemed, SessionStatus};

use crate::clock::timestamp;
use crate::store::{IdentityRow, NewIdentity, SummaryRow, UserOf, WriteTx};

use super::{
    Access, Credential, OriginProof, Published, Service, ServiceError, attachment_text, view,
};

/// How many conversations a list has at most …
const LISTED: i64 = 50;
/// … and how many characters of their first questions.
const TITLE_CHARS: usize = 120;

/// A session that somebody is to be kept with.
#[derive(Clone, Copy)]
pub(super) struct Owned {
    pub(super) session: SessionId,
    pub(super) organization: OrganizationId,
    pub(super) chatbot: ChatbotId,
}

impl Service {
    /// Says or proves whose a session is.
    ///
    /// # Errors
    /// [`ServiceError::IdentityInvalid`] when the proof is wrong, [`ServiceError::IdentityMismatch`] when the session is
    /// somebody else's.
    pub async fn identify(
        &self,
        access: &Access,
        identity: &Identity,
    ) -> Result<IdentityView, ServiceError> {
        let who = self.prove(&access.chatbot, identity)?;
        let owned = Owned {
            session: access.session.id(),
            organization: access.session.organization(),
            chatbot: access.chatbot.id,
        };
        let mut tx = self.store().write().await?;
        // Of two at once the second sees what the first has kept.
        let touched = tx.touch_session(owned.session, 0, self.clock().now()).await?;
        touched.ok_or(ServiceError::NotFound("session"))?;
        let kept = self.keep_identity(&mut tx, owned, who).await?;
        tx.commit().await?;
        Ok(view::identity(kept))
    }

    /// Who it is, by the chatbot's secrets.
    pub(super) fn prove(
        &self,
        chatbot: &Published,
        identity: &Identity,
    ) -> Result<IdentityRow, ServiceError> {
        chatbot.proofs.check(identity, &chatbot.public_id, self.clock().now())
    }

    /// Keeps whose a session is, unless that is known better already.
    pub(super) async fn keep_identity(
        &self,
        tx: &mut WriteTx,
        owned: Owned,
        who: IdentityRow,
    ) -> Result<IdentityRow, ServiceError> {
        let known = tx.identity(owned.session).await?;
        if let Some(known) = known {
            let differs = match (&known.user_id, &who.user_id) {
                (Some(known), Some(who)) => known != who,
                _ => false,
            };
            if differs {
                return Err(ServiceError::IdentityMismatch);
            }
            // What was proven is not replaced by what is only said.
            if known.verified && !who.verified {
                return Ok(known);
            }
        }
        let Owned { session, organization, chatbot } = owned;
        let now = self.clock().now();
        tx.put_identity(&NewIdentity { session, organization, chatbot, who: who.clone(), now })
            .await?;
        Ok(who)
    }

    /// The origin of the page that a call for a chatbot comes from: by its token, or by its header.
    pub(super) fn page_of(
        &self,
        chatbot: &Published,
        credential: &Credential,
        proof: &OriginProof,
    ) -> Result<String, ServiceError> {
        let Credential::Token(token) = credential else {
            return self.allowed_origin(chatbot, proof);
        };
        let claims = self.check_token(token, proof)?;
        if claims.bots.contains(&chatbot.id) {
            Ok(claims.org)
        } else {
            Err(ServiceError::NotAllowed)
        }
    }

    /// A user's own conversations, newest first.
    ///
    /// # Errors
    /// [`ServiceError::IdentityInvalid`] without a good proof.
    pub async fn lookup_sessions(
        &self,
        name: &str,
        identity: &Identity,
        credential: &Credential,
        proof: &OriginProof,
    ) -> Result<SessionList, ServiceError> {
        let chatbot = self.chatbot(name)?;
        self.page_of(&chatbot, credential, proof)?;
        let user = self.proven_user(&chatbot, identity)?;
        let of = UserOf { organization: chatbot.organization, chatbot: chatbot.id, user: &user };
        let rows = self.store().read().await?.sessions_of_user(of, LISTED).await?;
        let summary = |row: SummaryRow| SessionSummary {
            session_id: row.id(),
            title: title(&row),
            status: if row.is_open() { SessionStatus::Open } else { SessionStatus::Finished },
            messages: u32::try_from(row.messages).unwrap_or(u32::MAX),
            consent_withdrawn: row.consent_withdrawn,
            created_at: timestamp(row.created_at),
            updated_at: timestamp(row.updated_at),
        };
        Ok(SessionList { sessions: rows.into_iter().map(summary).collect() })
    }

    /// Lets a proven user go on with one of their conversations in another browser.
    ///
    /// # Errors
    /// [`ServiceError::IdentityInvalid`] without a good proof, [`ServiceError::NotFound`] when it is not theirs.
    pub async fn resume_session(
        &self,
        name: &str,
        session: &str,
        identity: &Identity,
        credential: &Credential,
        proof: &OriginProof,
    ) -> Result<Redeemed, ServiceError> {
        let chatbot = self.chatbot(name)?;
        let origin = self.page_of(&chatbot, credential, proof)?;
        let user = self.proven_user(&chatbot, identity)?;
        let id: SessionId = session.parse().map_err(|_| ServiceError::NotFound("session"))?;
        let of = UserOf { organization: chatbot.organization, chatbot: chatbot.id, user: &user };
        let mut tx = self.store().write().await?;
        let row = tx.session_of_user(of, id).await?.ok_or(ServiceError::NotFound("session"))?;
        let with_token = matches!(credential, Credential::Token(_));
        let origin = with_token.then_some(origin.as_str());
        self.hand_over(tx, &chatbot, &row, "user", origin).await
    }

    fn proven_user(
        &self,
        chatbot: &Published,
        identity: &Identity,
    ) -> Result<String, ServiceError> {
        let who = self.prove(chatbot, identity)?;
        who.user_id.filter(|_| who.verified).ok_or(ServiceError::IdentityInvalid)
    }
}

/// What a conversation begins with: a question, or the names of files that were sent without words.
fn title(row: &SummaryRow) -> String {
    match row.question.as_deref().unwrap_or_default() {
        "" => shortened(&attachment_text::names(row.attachments())),
        question => shortened(question),
    }
}

/// The first words of a question, in one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= TITLE_CHARS {
        return line;
    }
    line.chars().take(TITLE_CHARS - 1).chain(['…']).collect()
}
