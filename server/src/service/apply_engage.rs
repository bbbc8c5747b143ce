//! The parts of the apply file that say how visitors are met.

use std::ops::Range;

use toml::Spanned;

use crate::store::EngageConfig;

use super::apply_file::ChatbotPart;
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
        Ok(())
    }

    /// What the owner decides about how visitors are met.
    pub(super) fn engage(&self) -> EngageConfig {
        EngageConfig {
            contact_form: self.contact_form.clone().map(Spanned::into_inner).unwrap_or_default(),
            csat: self.csat,
        }
    }
}
