//! The file that `natter apply` reads: its shape, and the checks that need no database. Every complaint names the line
//! and the key.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use natter_shared::appearance::{LeadCapture, Widget};
use natter_shared::contact::ContactForm;
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use crate::store::{
    AnswererConfig, AnswererKind, AttachmentsConfig, ChatbotConfig, IdentityConfig,
    InvitationConfig, KeyScope, LimitsConfig, OwnTexts, PersonaConfig,
};

use super::origin::OriginRule;
use super::{ApplyError, BubbleIcon, attachment_text as attachment, own_texts};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyFile {
    pub(super) organization: OrganizationPart,
    #[serde(default)]
    pub(super) projects: Vec<ProjectPart>,
    #[serde(default)]
    pub(super) chatbots: Vec<ChatbotPart>,
    #[serde(default)]
    pub(super) api_keys: Vec<ApiKeyPart>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationPart {
    pub(super) name: Spanned<String>,
    pub(super) slug: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectPart {
    pub(super) number: Spanned<i64>,
    pub(super) name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiKeyPart {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) scope: ScopePart,
    pub(super) chatbot: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ScopePart {
    #[default]
    Runtime,
    Read,
    Admin,
}

impl From<ScopePart> for KeyScope {
    fn from(part: ScopePart) -> Self {
        match part {
            ScopePart::Runtime => Self::Runtime,
            ScopePart::Read => Self::Read,
            ScopePart::Admin => Self::Admin,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub(super) struct ChatbotPart {
    pub(super) project: Spanned<i64>,
    pub(super) public_id: Spanned<String>,
    pub(super) slug: Spanned<String>,
    name: String,
    #[serde(default = "public")]
    agent_type: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    avatar_image_path: String,
    #[serde(default = "greeting")]
    greeting: String,
    #[serde(default)]
    sort_order: i32,
    #[serde(default = "english")]
    locale: Spanned<String>,
    #[serde(default)]
    locale_fixed: bool,
    #[serde(default)]
    origins: Vec<Spanned<String>>,
    #[serde(default)]
    quick_questions: Vec<String>,
    #[serde(default = "thirty")]
    retention_days: u32,
    #[serde(default)]
    offer_project: bool,
    #[serde(default)]
    lead_capture: LeadCapture,
    #[serde(default)]
    texts: BTreeMap<String, Spanned<OwnTexts>>,
    #[serde(default)]
    pub(super) persona: PersonaConfig,
    #[serde(default)]
    pub(super) answerer: Option<Spanned<AnswererConfig>>,
    #[serde(default)]
    attachments: Option<Spanned<AttachmentsConfig>>,
    #[serde(default)]
    pub(super) identity: Option<Spanned<IdentityConfig>>,
    #[serde(default)]
    limits: Option<Spanned<LimitsConfig>>,
    #[serde(default)]
    widget: Option<Spanned<Widget>>,
    #[serde(default)]
    pub(super) contact_form: Option<Spanned<ContactForm>>,
    #[serde(default)]
    pub(super) csat: bool,
    #[serde(default)]
    pub(super) sound: bool,
    #[serde(default)]
    pub(super) invitations: Vec<Spanned<InvitationConfig>>,
    #[serde(default)]
    pub(super) sources: Vec<Spanned<SourcePart>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourcePart {
    pub(super) title: String,
    pub(super) url: Option<Spanned<String>>,
    pub(super) file: Option<Spanned<String>>,
    pub(super) text: Option<String>,
    pub(super) format: Option<FormatPart>,
    pub(super) language: Option<String>,
    #[serde(default)]
    pub(super) heading_anchors: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormatPart {
    Text,
    Markdown,
    Html,
}

fn public() -> String {
    "Public".into()
}

fn greeting() -> String {
    "How can I assist you today?".into()
}

fn english() -> Spanned<String> {
    Spanned::new(0..0, "en".into())
}

const fn thirty() -> u32 {
    30
}

impl ApplyFile {
    /// Reads and checks the text of a file that is called `file`.
    ///
    /// # Errors
    /// [`ApplyError`] with the file's name, the line, the key and what to do.
    pub fn parse(file: &str, text: &str) -> Result<Self, ApplyError> {
        let at = |span: Range<usize>, reason: String| ApplyError::at(file, text, &span, reason);
        let parsed: Self = toml::from_str(text).map_err(|error| {
            at(error.span().unwrap_or(0..0), error.message().trim().replace('\n', " "))
        })?;
        refuse_null(text).map_err(|(span, reason)| at(span, reason))?;
        parsed.check().map_err(|(span, reason)| at(span, reason))?;
        Ok(parsed)
    }

    fn check(&self) -> Result<(), (Range<usize>, String)> {
        if self.organization.name.get_ref().trim().is_empty() {
            return Err((
                self.organization.name.span(),
                "organization.name is empty; give it a name".into(),
            ));
        }
        if let Some(slug) = &self.organization.slug {
            check_name("organization.slug", slug)?;
        }
        let mut numbers = HashSet::new();
        for project in &self.projects {
            if *project.number.get_ref() < 1 || !numbers.insert(*project.number.get_ref()) {
                return Err((
                    project.number.span(),
                    "projects.number must be 1 or more and named once".into(),
                ));
            }
        }
        let mut names = HashSet::new();
        for chatbot in &self.chatbots {
            check_name("chatbots.public_id", &chatbot.public_id)?;
            check_name("chatbots.slug", &chatbot.slug)?;
            if !numbers.contains(chatbot.project.get_ref()) {
                return Err((
                    chatbot.project.span(),
                    format!(
                        "chatbots.project {} is not in this file; add it under [[projects]]",
                        chatbot.project.get_ref()
                    ),
                ));
            }
            let own = HashSet::from([chatbot.public_id.get_ref(), chatbot.slug.get_ref()]);
            for name in own {
                if !names.insert(name.clone()) {
                    return Err((
                        chatbot.slug.span(),
                        format!("{name:?} names two chatbots; choose another slug or public_id"),
                    ));
                }
            }
            chatbot.check()?;
        }
        for key in &self.api_keys {
            if let Some(name) = &key.chatbot
                && !self
                    .chatbots
                    .iter()
                    .any(|chatbot| chatbot.public_id.get_ref() == name.get_ref())
            {
                return Err((
                    name.span(),
                    "api_keys.chatbot is not the public_id of a chatbot in this file".into(),
                ));
            }
        }
        Ok(())
    }

    /// The organization's slug: as given, or made of its name.
    pub(super) fn organization_slug(&self) -> String {
        if let Some(slug) = &self.organization.slug {
            return slug.get_ref().clone();
        }
        let mut slug = String::new();
        for character in self.organization.name.get_ref().to_lowercase().chars() {
            if character.is_alphanumeric() {
                slug.push(character);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        slug.trim_end_matches('-').to_owned()
    }
}

impl ChatbotPart {
    fn check(&self) -> Result<(), (Range<usize>, String)> {
        for origin in &self.origins {
            OriginRule::parse(origin.get_ref())
                .map_err(|reason| (origin.span(), format!("chatbots.origins: {reason}")))?;
        }
        if !is_language_tag(self.locale.get_ref()) {
            return Err((
                self.locale.span(),
                "chatbots.locale is no language tag; write it like en or pt-BR".into(),
            ));
        }
        if let Some(limits) = &self.limits
            && !(1..=8_000).contains(&limits.get_ref().max_message_chars)
        {
            return Err((
                limits.span(),
                "chatbots.limits.max_message_chars must lie between 1 and 8000".into(),
            ));
        }
        if let Some(widget) = &self.widget {
            check_widget(widget.get_ref()).map_err(|reason| (widget.span(), reason))?;
        }
        if let Some(part) = &self.attachments {
            attachment::check(part.get_ref()).map_err(|reason| (part.span(), reason))?;
        }
        if let Some(answerer) = &self.answerer {
            check_answerer(answerer.get_ref()).map_err(|reason| (answerer.span(), reason))?;
        }
        for (tag, texts) in &self.texts {
            own_texts::check(tag, texts.get_ref(), self.locale.get_ref())
                .map_err(|reason| (texts.span(), reason))?;
        }
        self.check_engage()?;
        let mut titles = HashSet::new();
        for source in &self.sources {
            let part = source.get_ref();
            if !titles.insert(&part.title) {
                return Err((
                    source.span(),
                    format!("two sources are called {:?}; give each its own title", part.title),
                ));
            }
            if part.file.is_some() == part.text.is_some() {
                return Err((
                    source.span(),
                    "chatbots.sources needs either file or text, and not both".into(),
                ));
            }
            if let Some(url) = &part.url
                && !Url::parse(url.get_ref())
                    .is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            {
                return Err((
                    url.span(),
                    "chatbots.sources.url must begin with http:// or https://".into(),
                ));
            }
        }
        Ok(())
    }

    /// What the owner decides about the chatbot.
    pub(super) fn config(&self) -> ChatbotConfig {
        ChatbotConfig {
            name: self.name.clone(),
            agent_type: self.agent_type.clone(),
            description: self.description.clone(),
            avatar_image_path: self.avatar_image_path.clone(),
            greeting: self.greeting.clone(),
            sort_order: self.sort_order,
            locale: self.locale.get_ref().clone(),
            locale_fixed: self.locale_fixed,
            origins: self.origins.iter().map(|origin| origin.get_ref().clone()).collect(),
            quick_questions: self.quick_questions.clone(),
            retention_days: self.retention_days,
            lead_capture: self.lead_capture.clone(),
            persona: self.persona.clone(),
            answerer: self.answerer.as_ref().map(|part| part.get_ref().clone()).unwrap_or_default(),
            limits: self.limits.as_ref().map(|part| part.get_ref().clone()).unwrap_or_default(),
            widget: self.widget.as_ref().map(|part| part.get_ref().clone()).unwrap_or_default(),
            offer_project: self.offer_project,
            engage: self.engage(),
            texts: self
                .texts
                .iter()
                .map(|(tag, part)| (tag.clone(), part.get_ref().clone()))
                .collect(),
            attachments: self
                .attachments
                .as_ref()
                .map(|part| part.get_ref().clone())
                .unwrap_or_default(),
            identity: self.identity.as_ref().map(|part| part.get_ref().clone()).unwrap_or_default(),
        }
    }
}

/// U+0000 is no text, and Postgres cannot store it. In TOML it can only be written as an escape.
fn refuse_null(text: &str) -> Result<(), (Range<usize>, String)> {
    let escapes = ["\\u0000", "\\U00000000", "\\x00"];
    let Some((start, escape)) =
        escapes.iter().find_map(|escape| Some((text.find(escape)?, escape)))
    else {
        return Ok(());
    };
    // It may also stand in a literal string, where it is what it looks like.
    if !toml::from_str(text).is_ok_and(|table: toml::Value| has_null(&table)) {
        return Ok(());
    }
    let reason = format!("{escape} is a null character, which is no text; remove it");
    Err((start..start + escape.len(), reason))
}

fn has_null(value: &toml::Value) -> bool {
    match value {
        toml::Value::String(text) => text.contains('\0'),
        toml::Value::Array(values) => values.iter().any(has_null),
        toml::Value::Table(table) => table.values().any(has_null),
        _ => false,
    }
}

pub(super) fn is_language_tag(text: &str) -> bool {
    (1..=35).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A name that stands in addresses.
fn check_name(key: &str, name: &Spanned<String>) -> Result<(), (Range<usize>, String)> {
    let text = name.get_ref();
    let fits = (1..=100).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if fits {
        return Ok(());
    }
    Err((
        name.span(),
        format!("{key} stands in web addresses; use letters, digits, - and _, at most 100"),
    ))
}

fn check_widget(widget: &Widget) -> Result<(), String> {
    let branding = &widget.branding;
    let color = branding.theme_color.strip_prefix('#').unwrap_or_default();
    if color.len() != 6 || !color.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(
            "chatbots.widget.branding.theme_color is no colour; write it like #2563EB".into()
        );
    }
    if branding.theme_mode > 2 {
        return Err("chatbots.widget.branding.theme_mode must be 0 (light), 1 (dark) or 2 (as the system says)".into());
    }
    if !["bottom-right", "bottom-left", "top-right", "top-left"]
        .contains(&branding.widget_position.as_str())
    {
        return Err("chatbots.widget.branding.widget_position must be bottom-right, bottom-left, top-right or top-left".into());
    }
    if BubbleIcon::parse(&branding.widget_bubble_icon).is_none() {
        return Err("chatbots.widget.branding.widget_bubble_icon must be empty, begin with https://, or be a data:image/ address of at most 2000 characters".into());
    }
    Ok(())
}

fn check_answerer(answerer: &AnswererConfig) -> Result<(), String> {
    if answerer.kind == AnswererKind::Extractive {
        return Ok(());
    }
    let base = answerer.base_url.as_deref().unwrap_or_default();
    if !Url::parse(base).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err("chatbots.answerer.base_url must be the provider's address, like https://api.openai.com/v1".into());
    }
    if answerer.model.as_deref().unwrap_or_default().is_empty() {
        return Err("chatbots.answerer.model is missing; name the provider's model".into());
    }
    if answerer.temperature.is_some_and(|temperature| !(0.0..=2.0).contains(&temperature)) {
        return Err("chatbots.answerer.temperature must lie between 0 and 2".into());
    }
    Ok(())
}
