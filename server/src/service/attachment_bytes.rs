//! The bytes of an upload while they come, and the name that comes with them.

use std::time::Duration;

use bytes::BytesMut;
use futures_util::StreamExt as _;

use crate::files::{HEAD, MediaType, Text, Writing, kind};
use crate::store::AttachmentsConfig;

use super::ServiceError;
use super::attachment::{Pieces, unavailable};

/// How long the next piece of a file may be waited for.
const IDLE: Duration = Duration::from_secs(30);
/// How much of what was refused is read before the refusal is told: most browsers hear it only then.
const DRAIN_BYTES: usize = 16 * 1024 * 1024;
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// Reads a file to its end, writes it, and tells what it is.
pub(super) async fn receive(
    writing: &mut Writing,
    rules: &AttachmentsConfig,
    pieces: &mut Pieces,
) -> Result<(MediaType, u64), ServiceError> {
    let refused = || ServiceError::AttachmentType { accepted: rules.media_types.join(", ") };
    let judge = |head: &[u8]| {
        let found =
            kind(head).filter(|found| rules.media_types.iter().any(|taken| taken == found.name));
        found.ok_or_else(refused)
    };
    let mut head = BytesMut::new();
    let (mut found, mut text, mut bytes) = (None::<MediaType>, Text::default(), 0_u64);
    loop {
        let piece = tokio::time::timeout(IDLE, pieces.next()).await;
        let piece = piece.map_err(|_| ServiceError::UploadBroken)?;
        let is_last = piece.is_none();
        let mut piece =
            piece.transpose().map_err(|_| ServiceError::UploadBroken)?.unwrap_or_default();
        bytes += piece.len() as u64;
        if bytes > rules.max_bytes {
            return Err(ServiceError::AttachmentTooLarge { most: rules.max_bytes });
        }
        if found.is_none() {
            head.extend_from_slice(&piece);
            if head.len() < HEAD && !is_last {
                continue;
            }
            piece = head.split().freeze();
            found = Some(judge(&piece)?);
        }
        let is_text = found.is_some_and(MediaType::is_text);
        if is_text && !text.push(&piece) {
            return Err(refused());
        }
        writing.push(piece).await.map_err(unavailable)?;
        if is_last {
            break;
        }
    }
    match found {
        Some(found) if text.is_whole() => Ok((found, bytes)),
        _ => Err(refused()),
    }
}

/// Reads on for a while, so that whoever is still sending hears why nothing more is wanted.
pub(super) async fn drain(pieces: &mut Pieces) {
    let read = async {
        let mut left = DRAIN_BYTES;
        while let Some(Ok(piece)) = pieces.next().await {
            match left.checked_sub(piece.len()) {
                Some(less) => left = less,
                None => break,
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN_LIMIT, read).await;
}

/// The name of a file as it may be shown: without folders, control characters and what turns text around.
pub(super) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = last.chars().filter(shown).collect();
    let clean = clean.trim().trim_start_matches('.');
    if clean.is_empty() {
        return "file".to_owned();
    }
    let most = 120;
    if clean.chars().count() <= most {
        return clean.to_owned();
    }
    // Its ending tells people what it is.
    let ending =
        clean.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 10);
    let begin: String = clean.chars().take(most - 12).collect();
    ending.map_or_else(|| format!("{begin}…"), |ending| format!("{begin}….{ending}"))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_is_only_a_name() {
        for (name, shown) in [
            ("a.png", "a.png"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\ann\Größe.pdf", "Größe.pdf"),
            ("a\u{202e}gnp.exe", "agnp.exe"),
            ("a\r\nb\0.txt", "ab.txt"),
            (" .htaccess ", "htaccess"),
            ("", "file"),
            ("..", "file"),
            ("a/", "file"),
        ] {
            assert_eq!(file_name(name), shown, "{name:?}");
        }
        let long = file_name(&format!("{}.jpeg", "ü".repeat(300)));
        assert!(long.ends_with("….jpeg") && long.chars().count() <= 120, "{long}");
    }
}
