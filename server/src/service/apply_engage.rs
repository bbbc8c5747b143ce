//! The parts of the apply file that say how visitors are met.

use std::ops::Range;

use toml::Spanned;

use crate::store::{EngageConfig, InvitationConfig};

use super::apply_file::{ChatbotPart, is_language_tag};
use super::contact_form;

impl ChatbotPart {
    pub(super) fn check_engage(&self) -> Result<(), (Range<usize>, String)> {
        if let Some(form) = &self.contact_form {
            let at = |reason| (form.span(), reason);
            contact_form::check(form.get_ref()).map_err(at)?;
            if !self.persona.offers_contact {
                return Err(at(
                    "chatbots.contact_form is never shown; set chatbots.persona.offers_contact = true".into(),
                ));
            }
        }
        if self.invitations.len() > MAX_INVITATIONS {
            let span = self.invitations[MAX_INVITATIONS].span();
            return Err((
                span,
                format!(
                    "chatbots.invitations has more than {MAX_INVITATIONS} entries; keep the best"
                ),
            ));
        }
        let mut size = 0;
        for invitation in &self.invitations {
            check_invitation(invitation.get_ref())
                .map_err(|reason| (invitation.span(), format!("chatbots.invitations.{reason}")))?;
            let wire = serde_json::to_string(&invitation.get_ref().wire()).unwrap_or_default();
            size += wire.len();
            if size > MAX_INVITATION_BYTES {
                return Err((
                    invitation.span(),
                    format!(
                        "chatbots.invitations have more than {MAX_INVITATION_BYTES} bytes, which every page would load; shorten their texts"
                    ),
                ));
            }
        }
        Ok(())
    }

    /// What the owner decides about how visitors are met.
    pub(super) fn engage(&self) -> EngageConfig {
        EngageConfig {
            contact_form: self.contact_form.clone().map(Spanned::into_inner).unwrap_or_default(),
            csat: self.csat,
            sound: self.sound,
            invitations: self.invitations.iter().map(|one| one.get_ref().clone()).collect(),
        }
    }
}

/// Most invitations of a chatbot.
const MAX_INVITATIONS: usize = 10;
/// They stand in the script that every page loads.
const MAX_INVITATION_BYTES: usize = 4_000;
/// Longest words of an invitation, in characters.
const MAX_INVITATION_CHARS: usize = 200;
/// Longest wait, in seconds.
const MAX_WAIT: u32 = 3_600;

/// Whether an invitation can be shown: else the key and what to change.
fn check_invitation(invitation: &InvitationConfig) -> Result<(), String> {
    for text in std::iter::once(&invitation.text).chain(invitation.texts.values()) {
        if text.trim().is_empty() || text.chars().count() > MAX_INVITATION_CHARS {
            return Err(format!("text must have 1 to {MAX_INVITATION_CHARS} characters"));
        }
    }
    if let Some(tag) = invitation.texts.keys().find(|tag| !is_language_tag(tag)) {
        return Err(format!("texts: {tag:?} is no language tag; write it like de or pt-BR"));
    }
    let is_path = |page: &String| {
        page.starts_with(['/', '*']) && page.chars().count() <= 200 && !page.contains(['?', '#'])
    };
    if invitation.pages.len() > 20 {
        return Err("pages has more than 20 entries; use * in them".into());
    }
    if let Some(page) = invitation.pages.iter().find(|page| !is_path(page)) {
        return Err(format!(
            "pages: {page:?} is no path; write it like /products/* without host, ? and #"
        ));
    }
    if [invitation.after_seconds, invitation.delay_seconds]
        .iter()
        .flatten()
        .any(|wait| *wait > MAX_WAIT)
    {
        return Err(format!("after_seconds and delay_seconds must be at most {MAX_WAIT}"));
    }
    if invitation.scroll_percent.is_some_and(|percent| percent > 100) {
        return Err("scroll_percent must be at most 100".into());
    }
    Ok(())
}
