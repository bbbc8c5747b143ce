//! Contacts: what a visitor leaves to be reached.

use natter_shared::contact::{ContactCreated, ContactField, ContactHandoff, ContactView};
use natter_shared::id::SessionId;

use crate::clock::timestamp;
use crate::store::{ContactRow, NewContact};

use super::contact_form::{self, plausible_email, plausible_phone};
use super::session::{check_text, invalid};
use super::{Access, Service, ServiceError};

impl Service {
    /// What a visitor left in a session, oldest first.
    pub(super) async fn contacts_of_session(
        &self,
        session: SessionId,
    ) -> Result<Vec<ContactView>, ServiceError> {
        let rows = self.store().read().await?.contacts_of_session(session).await?;
        Ok(rows.iter().map(view).collect())
    }

    /// Stores a contact.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when neither an e-mail address nor a telephone number is given or one is not plausible;
    /// [`ServiceError::InvalidFields`] when it does not fit the chatbot's own form;
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
        let form = &access.chatbot.config.engage.contact_form;
        let fields = if form.fields.is_empty() && handoff.fields.is_empty() {
            Vec::new()
        } else {
            contact_form::read(form, handoff).map_err(ServiceError::InvalidFields)?
        };
        let [name, email, phone, message] = if fields.is_empty() {
            built_in(handoff)?
        } else {
            BUILT_IN.map(|key| of(&fields, key))
        };
        let new = NewContact {
            id: self.clock().id(),
            organization: access.session.organization(),
            chatbot: access.chatbot.id,
            session: access.session.id(),
            name,
            email,
            phone,
            message,
            fields,
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

/// The fields that every owner's view knows.
const BUILT_IN: [&str; 4] = ["name", "email", "phone", "message"];

fn of(fields: &[ContactField], key: &str) -> Option<String> {
    fields.iter().find(|field| field.key == key).map(|field| field.value.clone())
}

/// Name, e-mail address, telephone number and message of a client that knows the built-in form.
fn built_in(handoff: &ContactHandoff) -> Result<[Option<String>; 4], ServiceError> {
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
    if phone.as_deref().is_some_and(|phone| !plausible_phone(phone)) {
        return Err(invalid(
            "phone",
            "this is not a telephone number; write it with at least 5 digits",
        ));
    }
    Ok([name, email, phone, message])
}

/// A contact as the owner and the visitor's own transcript see it.
pub(super) fn view(row: &ContactRow) -> ContactView {
    let own = [
        ("name", &row.name),
        ("email", &row.email),
        ("phone", &row.phone),
        ("message", &row.message),
    ];
    let built_in = || {
        let field = |(key, value): (&str, &Option<String>)| {
            let label = contact_form::built_in_label(key).into();
            Some(ContactField { key: key.into(), label, value: value.clone()? })
        };
        own.into_iter().filter_map(field).collect()
    };
    ContactView {
        contact_id: row.id(),
        session_id: row.session(),
        fields: if row.fields().is_empty() { built_in() } else { row.fields().to_vec() },
        consent_accepted: row.consent_at.is_some(),
        created_at: timestamp(row.created_at),
    }
}
