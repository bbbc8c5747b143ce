//! Files that a visitor sends along with a message.

use serde::{Deserialize, Serialize};

use crate::id::AttachmentId;

/// Most attachments that a message may have, whatever the owner says.
pub const MAX_ATTACHMENTS: usize = 5;

/// A file that was uploaded: the answer to `POST /v1/public/sessions/{id}/attachments`, and a part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    /// The attachment.
    pub attachment_id: AttachmentId,
    /// Its name, for people's eyes.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its path on this server; it takes the same credential as the session.
    pub url: String,
}

/// What may be attached: in the handshake when the owner has switched attachments on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentRules {
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Most files with one message.
    pub max_files: u32,
    /// What is taken, for instance `image/png`.
    pub media_types: Vec<String>,
}
