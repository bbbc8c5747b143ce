//! What an answerer gets to see of attachments, and what an owner may decide about them.

use natter_shared::attachment::MAX_ATTACHMENTS;
use natter_shared::id::SessionId;

use crate::answer::{File, FileContent};
use crate::files::{KNOWN, MediaType};
use crate::store::{AnswererKind, Attached, AttachmentsConfig};

use super::{Published, Service};

/// How many files an answerer learns of …
const FILES: usize = 10;
/// … how many bytes of one text it sees …
const TEXT_BYTES: usize = 24 * 1024;
/// … and of all of them …
const ALL_TEXT_BYTES: usize = 48 * 1024;
/// … and how many bytes all pictures may have that it sees.
const PICTURE_BYTES: u64 = 8 * 1024 * 1024;

impl Service {
    /// The files as an answerer gets to see them. One that cannot be read is named: that is no reason not to answer.
    pub(super) async fn readable(
        &self,
        chatbot: &Published,
        session: SessionId,
        attached: &[Attached],
    ) -> Vec<File> {
        let answerer = &chatbot.config.answerer;
        let (mut text_left, mut pictures_left) = (ALL_TEXT_BYTES, PICTURE_BYTES);
        let mut files = Vec::new();
        // The built-in answerer quotes what the owner taught, and nothing else.
        let seen = if answerer.kind == AnswererKind::Extractive { 0 } else { FILES };
        for file in attached.iter().take(seen) {
            let kind = KNOWN.into_iter().find(|known| known.name == file.media_type);
            let is_picture = answerer.vision && kind.is_some_and(|kind| kind.is_picture);
            let most = match kind {
                Some(kind) if kind.is_text() => TEXT_BYTES.min(text_left) as u64,
                Some(_) if is_picture && file.bytes <= pictures_left => file.bytes,
                _ => 0,
            };
            let content = match self.head(session, file, most).await {
                Some(bytes) if kind.is_some_and(MediaType::is_text) => {
                    text_left -= bytes.len().min(text_left);
                    FileContent::Text(text(&bytes, file.bytes))
                }
                Some(bytes) => {
                    pictures_left = pictures_left.saturating_sub(file.bytes);
                    FileContent::Picture(bytes)
                }
                None => FileContent::Named,
            };
            let (name, media_type) = (file.name.clone(), file.media_type.clone());
            files.push(File { name, media_type, content });
        }
        files
    }

    async fn head(&self, session: SessionId, file: &Attached, most: u64) -> Option<bytes::Bytes> {
        if most == 0 {
            return None;
        }
        let read = self.files().ok()?.head(session, file.id, most.min(file.bytes)).await;
        read.inspect_err(|error| {
            tracing::warn!(error = error as &dyn std::error::Error, "attachment.read failed");
        })
        .ok()
    }
}

/// What files are called, which stands for a message without words.
pub(super) fn names(attached: &[Attached]) -> String {
    attached.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The text that bytes hold; one that was cut says so.
fn text(bytes: &[u8], whole: u64) -> String {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
    };
    let cut = if (bytes.len() as u64) < whole { "\n[cut here]" } else { "" };
    format!("{}{cut}", valid.trim_start_matches('\u{feff}'))
}

/// What is wrong with an owner's decision.
pub(super) fn check(config: &AttachmentsConfig) -> Result<(), String> {
    let unknown =
        config.media_types.iter().find(|wanted| !KNOWN.iter().any(|known| known.name == **wanted));
    if let Some(unknown) = unknown {
        let known: Vec<&str> = KNOWN.iter().map(|known| known.name).collect();
        return Err(format!(
            "chatbots.attachments.media_types: {unknown:?} cannot be taken; choose from {}",
            known.join(", ")
        ));
    }
    if config.media_types.is_empty() {
        return Err(
            "chatbots.attachments.media_types is empty; name a type, or leave it out".into()
        );
    }
    if !(1..=MAX_ATTACHMENTS).contains(&(config.max_files as usize)) {
        return Err(format!(
            "chatbots.attachments.max_files must lie between 1 and {MAX_ATTACHMENTS}"
        ));
    }
    if !(1..=100_000_000).contains(&config.max_bytes) {
        return Err("chatbots.attachments.max_bytes must lie between 1 and 100000000".into());
    }
    if config.session_bytes < config.max_bytes || config.total_bytes < config.session_bytes {
        return Err(
            "chatbots.attachments: max_bytes, session_bytes and total_bytes must not fall".into()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_was_cut_ends_with_a_whole_character_and_says_so() {
        let bytes = "Größe".as_bytes();
        assert_eq!(text(bytes, bytes.len() as u64), "Größe");
        assert_eq!(text(&bytes[..3], 99), "Gr\n[cut here]");
    }

    #[test]
    fn what_could_run_cannot_be_allowed() {
        assert_eq!(check(&AttachmentsConfig::default()), Ok(()));
        for media_type in ["image/svg+xml", "text/html", "application/x-executable", "*/*", ""] {
            let media_types = vec![media_type.to_owned()];
            let config = AttachmentsConfig { media_types, ..AttachmentsConfig::default() };
            assert!(check(&config).is_err(), "{media_type}");
        }
    }
}
