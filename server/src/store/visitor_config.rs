//! What an owner decides about proofs of identity and about attachments.

use serde::{Deserialize, Serialize};

/// Proofs of who a visitor is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {
    /// Whether there is a secret to make them with.
    pub enabled: bool,
    /// Name of the environment variable that holds the secret; without one it is made here.
    pub secret_env: Option<String>,
    /// A secret that is made here is replaced whenever this number changes; the one before it goes on being good.
    pub rotation: u32,
}

/// Files that visitors may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttachmentsConfig {
    /// Whether any are taken.
    pub enabled: bool,
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Most files with one message.
    pub max_files: u32,
    /// What is taken.
    pub media_types: Vec<String>,
    /// Most bytes that one conversation may hold.
    pub session_bytes: u64,
    /// Most bytes that all conversations of the chatbot may hold.
    pub total_bytes: u64,
}

impl Default for AttachmentsConfig {
    fn default() -> Self {
        let usual =
            ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"];
        Self {
            enabled: false,
            max_bytes: 10_000_000,
            max_files: 5,
            media_types: usual.map(String::from).to_vec(),
            session_bytes: 50_000_000,
            total_bytes: 5_000_000_000,
        }
    }
}
