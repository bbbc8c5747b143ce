//! Contacts: what a visitor leaves to be reached (Robofy's leads, Owari's contact handoffs).

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::{ContactId, SessionId};

/// `POST /v1/public/sessions/{id}/contact-handoffs`. At least an e-mail address or a telephone number is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ContactHandoff {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether the visitor agreed to be contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_accepted: Option<bool>,
}

/// The contact that was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ContactCreated {
    /// The contact.
    pub contact_id: ContactId,
    /// The session it came from.
    pub session_id: SessionId,
    /// When.
    pub created_at: Timestamp,
}
