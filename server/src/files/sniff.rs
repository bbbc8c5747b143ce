//! What a file is, by its bytes. Its name and the type that a browser claims are never asked.

/// A media type that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaType {
    /// Its name.
    pub name: &'static str,
    /// Whether every browser shows it as a picture, and many models read it.
    pub is_picture: bool,
}

impl MediaType {
    /// Whether it is plain text.
    #[must_use]
    pub fn is_text(self) -> bool {
        self.name == TEXT
    }
}

/// The type of plain text.
const TEXT: &str = "text/plain";

const fn file(name: &'static str) -> MediaType {
    MediaType { name, is_picture: false }
}

const fn picture(name: &'static str) -> MediaType {
    MediaType { name, is_picture: true }
}

/// The types that an owner may take. Nothing that runs: no programs, no HTML, no SVG, no XML.
pub const KNOWN: [MediaType; 16] = [
    picture("image/png"),
    picture("image/jpeg"),
    picture("image/gif"),
    picture("image/webp"),
    file("image/heif"),
    file("application/pdf"),
    file(TEXT),
    file("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    file("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    file("application/vnd.oasis.opendocument.text"),
    file("application/vnd.oasis.opendocument.spreadsheet"),
    file("application/zip"),
    file("audio/mpeg"),
    file("audio/x-wav"),
    file("video/mp4"),
];

/// How many of a file's first bytes [`kind`] wants to see.
pub const HEAD: usize = 8 * 1024;

/// What a file is by its first bytes; whether it is text to its end, [`Text`] tells. None when it is nothing that is
/// known here.
#[must_use]
pub fn kind(head: &[u8]) -> Option<MediaType> {
    let known = |name: &str| KNOWN.into_iter().find(|kind| kind.name == name);
    match infer::get(head) {
        Some(found) => known(found.mime_type()),
        None if is_markup(head) || head.starts_with(b"#!") || head.is_empty() => None,
        None => {
            let mut text = Text::default();
            text.push(head).then(|| known(TEXT)).flatten()
        }
    }
}

/// Whether it begins as a page, a drawing or other XML does: with a tag, a comment or a declaration.
fn is_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(text, [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'))
}

/// Whether bytes are text in UTF-8, piece by piece.
#[derive(Debug, Default)]
pub struct Text {
    /// The beginning of a character that the next piece has to end.
    rest: Vec<u8>,
}

impl Text {
    /// Takes the next piece, and tells whether all so far is text.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let bytes = [self.rest.as_slice(), piece].concat();
        let (text, rest) = match std::str::from_utf8(&bytes) {
            Ok(text) => (text, &[][..]),
            Err(error) if error.error_len().is_none() => {
                let (text, rest) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(text).unwrap_or_default(), rest)
            }
            Err(_) => return false,
        };
        let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
        let all = text.chars().all(is_text);
        self.rest = rest.to_vec();
        all
    }

    /// Whether it has ended with a whole character.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_are() {
        for (bytes, name) in [
            (&b"\x89PNG\r\n\x1a\n rest"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0rest", Some("image/jpeg")),
            (b"GIF89a rest", Some("image/gif")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"%PDF-1.7\n", Some("application/pdf")),
            ("Größe: 5 \u{1f44b}\r\n\tok".as_bytes(), Some("text/plain")),
            (b"{\"a\":1}", Some("text/plain")),
            (b"a < b and <i> later", Some("text/plain")),
            (b"<3 you", Some("text/plain")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", None),
            (b"<!-- a --><svg/>", None),
            (b"<!DOCTYPE html><p>", None),
            (b"<Body onload=x>", None),
            (b"#!/bin/sh\nrm", None),
            (b"MZ\x90\0\x03", None),
            (b"\x7fELF\x02\x01\x01", None),
            (b"\0asm\x01\0\0\0", None),
            (b"", None),
            (b"a\0b", None),
            (b"\xff\xfea\0", None),
            (b"caf\xe9 !", None),
        ] {
            assert_eq!(kind(bytes).map(|kind| kind.name), name, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn text_may_be_cut_inside_a_character_but_not_end_there() {
        let bytes = "aü\u{1f44b}".as_bytes();
        let mut text = Text::default();
        for byte in bytes {
            assert!(text.push(&[*byte]));
        }
        assert!(text.is_whole());
        assert!(text.push(&bytes[1..2]) && !text.is_whole());
        assert!(!text.push(b"a"));
    }
}
