//! The transcript as a file: text, Markdown, JSON or HTML.

use std::fmt::Write as _;

use natter_shared::Timestamp;
use natter_shared::contact::ContactView;
use natter_shared::message::{Author, MessageStatus, MessageView};
use natter_shared::session::SessionFile;

use super::{Access, Service, ServiceError};
use crate::locale::Texts;

/// A format of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TranscriptFormat {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
    /// A page.
    Html,
}

impl TranscriptFormat {
    /// Reads `txt`, `md`, `json` or `html`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "txt" => Some(Self::Text),
            "md" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "html" => Some(Self::Html),
            _ => None,
        }
    }

    /// Media type of the file.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The word that [`TranscriptFormat::parse`] reads, which is the file's extension too.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Html => "html",
        }
    }
}

/// A transcript, ready to be sent.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// Name of the file.
    pub file_name: String,
    /// Content.
    pub body: String,
}

impl Service {
    /// The transcript of a session.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn transcript(
        &self,
        access: &Access,
        format: TranscriptFormat,
    ) -> Result<Transcript, ServiceError> {
        let snapshot = self.snapshot_for(access).await?;
        let contacts = self.contacts_of_session(access.session.id()).await?;
        let rating = self.store().read().await?.session_rating(access.session.id()).await?;
        let rating = rating.as_ref().map(super::rating::view);
        let name = &access.chatbot.config.name;
        let messages = &snapshot.messages;
        let own = access.chatbot.config.locale.as_str();
        let texts = Texts::choose(access.session.locale.as_deref().into_iter().chain([own]));
        let body = match format {
            TranscriptFormat::Text => text(name, texts, messages) + &contacts_text(&contacts),
            TranscriptFormat::Markdown => {
                markdown(name, texts, messages) + &contacts_markdown(&contacts)
            }
            TranscriptFormat::Html => html(name, texts, messages, &contacts),
            TranscriptFormat::Json => {
                serde_json::to_string_pretty(&SessionFile { snapshot, contacts, rating })
                    .map_err(|error| ServiceError::Internal(error.into()))?
            }
        };
        let day = access.session.created_at.format("%Y-%m-%d");
        let file_name = format!("{}-{day}.{}", access.session.slug, format.extension());
        Ok(Transcript { file_name, body })
    }
}

/// Who speaks, and what happened to an answer that is not whole.
fn speaker<'a>(name: &'a str, texts: &'a Texts, message: &MessageView) -> (&'a str, String) {
    let speaker =
        if message.author == Author::Visitor { texts.get("transcript_you") } else { name };
    let note = match message.status {
        MessageStatus::Complete => "",
        MessageStatus::Stopped => "transcript_stopped",
        MessageStatus::Interrupted => "transcript_interrupted",
        MessageStatus::Failed => "transcript_failed",
    };
    let note = if note.is_empty() { String::new() } else { format!(" ({})", texts.get(note)) };
    (speaker, note)
}

/// What was said, as a paragraph. Files may come without words.
fn said(message: &MessageView) -> String {
    let wordless = message.text.is_empty() && !message.attachments.is_empty();
    if wordless { String::new() } else { format!("{}\n", message.text) }
}

/// `2026-03-01T09:30:00.000000Z` as `2026-03-01 09:30 UTC`.
fn minute(at: &Timestamp) -> String {
    let text = at.as_str();
    format!("{} UTC", text.get(..16).unwrap_or(text).replace('T', " "))
}

fn text(name: &str, texts: &Texts, messages: &[MessageView]) -> String {
    let mut out = format!("{}\n", texts.filled("transcript_title", name));
    for message in messages {
        let (speaker, note) = speaker(name, texts, message);
        // Writing to a String cannot fail.
        let _ =
            write!(out, "\n[{}] {speaker}{note}:\n{}", minute(&message.created_at), said(message));
        for file in &message.attachments {
            let _ = writeln!(out, "  (file) {} ({} bytes)", file.name, file.bytes);
        }
        for source in &message.sources {
            let _ = writeln!(
                out,
                "  [{}] {} {}",
                source.number,
                source.title,
                source.url.as_deref().unwrap_or("")
            );
        }
    }
    out
}

fn markdown(name: &str, texts: &Texts, messages: &[MessageView]) -> String {
    let mut out = format!("# {}\n", texts.filled("transcript_title", name));
    for message in messages {
        let (speaker, note) = speaker(name, texts, message);
        let _ = write!(
            out,
            "\n**{speaker}**{note}, {}\n\n{}",
            minute(&message.created_at),
            said(message)
        );
        for file in &message.attachments {
            let name = file.name.replace(['`', '\n'], "");
            let _ = write!(out, "\n- File: `{name}` ({} bytes)", file.bytes);
        }
        for source in &message.sources {
            let title = source.title.replace(['[', ']'], "");
            let _ = match &source.url {
                Some(url) => write!(out, "\n- \\[{}\\] [{title}](<{url}>)", source.number),
                None => write!(out, "\n- \\[{}\\] {title}", source.number),
            };
        }
        if !message.sources.is_empty() || !message.attachments.is_empty() {
            out.push('\n');
        }
    }
    out
}

/// Heads what a visitor left to be reached.
const LEFT: &str = "Contact details";

fn contacts_text(contacts: &[ContactView]) -> String {
    let mut out = String::new();
    for contact in contacts {
        let _ = write!(out, "\n[{}] {LEFT}:\n", minute(&contact.created_at));
        for field in &contact.fields {
            let _ = writeln!(out, "  {}: {}", field.label, field.value);
        }
    }
    out
}

fn contacts_markdown(contacts: &[ContactView]) -> String {
    let mut out = String::new();
    for contact in contacts {
        let _ = write!(out, "\n**{LEFT}**, {}\n\n", minute(&contact.created_at));
        for field in &contact.fields {
            let _ = writeln!(out, "- {}: {}", field.label, field.value.replace('\n', " "));
        }
    }
    out
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;\
color-scheme:light dark}article{border-top:1px solid #8886;padding:.75rem 0}h2{font-size:1rem;margin:0}\
time{opacity:.7;font-size:.85rem}p{white-space:pre-wrap;overflow-wrap:anywhere}";

fn html(name: &str, texts: &Texts, messages: &[MessageView], contacts: &[ContactView]) -> String {
    let title = escape(&texts.filled("transcript_title", name));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n",
        texts.tag,
        texts.dir(),
    );
    for message in messages {
        let (speaker, note) = speaker(name, texts, message);
        let _ = write!(
            out,
            "<article>\n<h2>{}{note}</h2>\n<time datetime=\"{}\">{}</time>\n",
            escape(speaker),
            escape(message.created_at.as_str()),
            minute(&message.created_at),
        );
        if !said(message).is_empty() {
            let _ = writeln!(out, "<p dir=\"auto\">{}</p>", escape(&message.text));
        }
        if !message.attachments.is_empty() {
            out.push_str("<ul>\n");
            for file in &message.attachments {
                let _ = writeln!(out, "<li>{} ({} bytes)</li>", escape(&file.name), file.bytes);
            }
            out.push_str("</ul>\n");
        }
        if !message.sources.is_empty() {
            out.push_str("<ol>\n");
            for source in &message.sources {
                let title = escape(&source.title);
                let web = source
                    .url
                    .as_deref()
                    .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
                let _ = match web {
                    Some(url) => writeln!(
                        out,
                        "<li value=\"{}\"><a href=\"{}\" rel=\"noopener nofollow\">{title}</a></li>",
                        source.number,
                        escape(url)
                    ),
                    None => writeln!(out, "<li value=\"{}\">{title}</li>", source.number),
                };
            }
            out.push_str("</ol>\n");
        }
        out.push_str("</article>\n");
    }
    for contact in contacts {
        let _ = write!(
            out,
            "<article>\n<h2>{LEFT}</h2>\n<time datetime=\"{}\">{}</time>\n<dl>\n",
            escape(contact.created_at.as_str()),
            minute(&contact.created_at)
        );
        for field in &contact.fields {
            let _ = writeln!(
                out,
                "<dt>{}</dt><dd dir=\"auto\">{}</dd>",
                escape(&field.label),
                escape(&field.value)
            );
        }
        out.push_str("</dl>\n</article>\n");
    }
    out.push_str("</html>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use natter_shared::Timestamp;
    use natter_shared::attachment::AttachmentView;
    use natter_shared::contact::ContactField;
    use natter_shared::id::{AttachmentId, ContactId, MessageId, SessionId};
    use natter_shared::message::SourceView;

    use super::*;

    fn hostile() -> Vec<MessageView> {
        vec![MessageView {
            id: MessageId::from_u128(1),
            author: Author::Assistant,
            text: "<script>alert(1)</script> & \"more\"".into(),
            status: MessageStatus::Stopped,
            created_at: Timestamp("2026-03-01T09:30:00.000000Z".into()),
            turn_id: None,
            parent_id: None,
            client_message_id: None,
            sources: vec![SourceView {
                number: 1,
                title: "A </a><script>".into(),
                url: Some("javascript:alert(1)".into()),
                excerpt: None,
            }],
            answered: Some(true),
            offer_contact: false,
            contact_reason: None,
            suggestions: Vec::new(),
            error_code: None,
            rating: None,
            attachments: vec![AttachmentView {
                attachment_id: AttachmentId::from_u128(2),
                name: "<script>a.png".into(),
                media_type: "image/png".into(),
                bytes: 7,
                url: "/v1/a".into(),
            }],
            context: None,
        }]
    }

    fn left() -> Vec<ContactView> {
        let field = ContactField {
            key: "x".into(),
            label: "<script>".into(),
            value: "<script>alert(2)</script>".into(),
        };
        vec![ContactView {
            contact_id: ContactId::from_u128(2),
            session_id: SessionId::from_u128(3),
            fields: vec![field],
            consent_accepted: true,
            created_at: Timestamp("2026-03-01T09:31:00.000000Z".into()),
        }]
    }

    #[test]
    fn a_page_holds_no_markup_of_the_conversation_and_no_script_address() {
        let page = html("<b>Shop</b>", Texts::choose(["en"]), &hostile(), &left());
        assert!(
            !page.contains("<script") && !page.contains("javascript:") && !page.contains("<b>"),
            "{page}"
        );
        let english = Texts::choose(["en"]);
        let others = [text("Shop", english, &hostile()), markdown("Shop", english, &hostile())];
        for transcript in others.iter().chain([&page]) {
            assert!(
                transcript.contains("a.png") && transcript.contains("(7 bytes)"),
                "{transcript}"
            );
        }
        assert!(page.contains("(stopped)") && page.contains("&lt;script&gt;"), "{page}");
    }

    #[test]
    fn a_transcript_is_written_in_the_visitors_language() {
        let german = text("Shop", Texts::choose(["de-CH"]), &hostile());
        assert!(german.starts_with("Unterhaltung mit Shop\n"), "{german}");
        assert!(german.contains("Shop (angehalten):"), "{german}");
        let arabic = html("Shop", Texts::choose(["ar"]), &hostile(), &left());
        assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"), "{arabic}");
    }

    #[test]
    fn the_text_names_who_when_and_what_became_of_it() {
        assert!(
            text("Shop", Texts::choose(["en"]), &hostile())
                .contains("[2026-03-01 09:30 UTC] Shop (stopped):\n<script>")
        );
    }
}
