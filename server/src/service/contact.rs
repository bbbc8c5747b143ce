//! Contacts: what a visitor leaves to be reached.

use natter_shared::contact::{ContactCreated, ContactHandoff};

use crate::clock::timestamp;
use crate::store::NewContact;

use super::session::{check_text, invalid};
use super::{Access, Service, ServiceError};

impl Service {
    /// Stores a contact.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when neither an e-mail address nor a telephone number is given or one is not plausible;
    /// [`ServiceError::ContactsOff`] when the chatbot takes none; [`ServiceError::ConsentRequired`] when refused.
    pub async fn leave_contact(
        &self,
        access: &Access,
        handoff: &ContactHandoff,
    ) -> Result<ContactCreated, ServiceError> {
        if !access.chatbot.config.persona.offers_contact {
            return Err(ServiceError::ContactsOff);
        }
        if handoff.consent_accepted == Some(false) {
            return Err(ServiceError::ConsentRequired);
        }
        let clean = |value: &Option<String>| {
            value.as_deref().map(str::trim).filter(|value| !value.is_empty()).map(String::from)
        };
        let (name, email) = (clean(&handoff.name), clean(&handoff.email));
        let (phone, message) = (clean(&handoff.phone), clean(&handoff.message));
        check_text("name", name.as_deref(), 200)?;
        check_text("email", email.as_deref(), 254)?;
        check_text("phone", phone.as_deref(), 40)?;
        check_text("message", message.as_deref(), 4_000)?;
        if email.is_none() && phone.is_none() {
            return Err(invalid(
                "email",
                "an e-mail address or a telephone number is needed; give one of them",
            ));
        }
        if email.as_deref().is_some_and(|email| !plausible_email(email)) {
            return Err(invalid(
                "email",
                "this is not an e-mail address; write it like name@example.com",
            ));
        }
        if phone
            .as_deref()
            .is_some_and(|phone| phone.chars().filter(char::is_ascii_digit).count() < 5)
        {
            return Err(invalid(
                "phone",
                "this is not a telephone number; write it with at least 5 digits",
            ));
        }
        let new = NewContact {
            id: self.clock().id(),
            organization: access.session.organization(),
            chatbot: access.chatbot.id,
            session: access.session.id(),
            name,
            email,
            phone,
            message,
            consented: handoff.consent_accepted == Some(true),
            created_at: self.clock().now(),
        };
        let mut tx = self.store().write().await?;
        tx.insert_contact(&new).await?;
        tx.commit().await?;
        Ok(ContactCreated {
            contact_id: new.id,
            session_id: new.session,
            created_at: timestamp(new.created_at),
        })
    }
}

/// Something, an at sign, something with a dot inside, and no white space: whether it exists only a letter can tell.
fn plausible_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let clean =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
    clean(local)
        && clean(domain)
        && domain.trim_matches('.').contains('.')
        && domain.trim_matches('.') == domain
}

#[cfg(test)]
mod tests {
    use super::plausible_email;

    #[test]
    fn only_what_may_be_an_address_is_taken_for_one() {
        for good in
            ["a@b.example", "first.last+tag@sub.domain.example", "\u{fc}@b\u{fc}cher.example"]
        {
            assert!(plausible_email(good), "{good}");
        }
        for bad in
            ["", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example.", "a@.example"]
        {
            assert!(!plausible_email(bad), "{bad}");
        }
    }
}
