//! `natter apply`: creates or updates an organization with its projects, chatbots and sources, all or nothing, and
//! again without effect.

use std::fmt;
use std::ops::Range;

use natter_shared::id::{ChatbotId, OrganizationId, ProjectId};
use sha2::{Digest as _, Sha256};

use crate::knowledge::{self, Anchors, Language, Source, SourceFormat};
use crate::secret;
use crate::store::{NewApiKey, NewChatbot, NewChunk, NewSource, StoreError, WriteTx};

use super::apply_file::{ApiKeyPart, ApplyFile, ChatbotPart, FormatPart, SourcePart};
use super::apply_secrets::Given;
use super::{Service, ServiceError};

/// Largest source, in bytes.
const MAX_SOURCE: usize = 10 * 1024 * 1024;
/// Grows when reading, cutting or analysing changes, so that sources are taught anew.
const ANALYSIS: u8 = 1;

/// What is wrong with an apply file. Nothing was changed.
#[derive(Debug)]
pub struct ApplyError {
    file: String,
    line: usize,
    reason: String,
}

impl ApplyError {
    pub(super) fn at(file: &str, text: &str, span: &Range<usize>, reason: String) -> Self {
        let before = text.get(..span.start).unwrap_or_default();
        Self { file: file.into(), line: before.matches('\n').count() + 1, reason }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for ApplyError {}

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// One line for each thing, in order.
    pub lines: Vec<String>,
    /// New API keys: name and key. They are shown this once.
    pub new_keys: Vec<(String, String)>,
    /// New identity secrets: public id of the chatbot and secret. They are shown this once.
    pub new_identity_secrets: Vec<(String, String)>,
}

/// A source, read and cut.
struct Taught {
    title: String,
    url: Option<String>,
    kind: &'static str,
    language: Language,
    hash: [u8; 32],
    chunks: Vec<NewChunk>,
}

impl Service {
    /// Applies a file. `read` gives the content of a file that a source names, `variable` that of an environment
    /// variable.
    ///
    /// # Errors
    /// When a source or variable cannot be read, something belongs to another organization, or the database fails. Then
    /// nothing was changed.
    pub async fn apply(
        &self,
        name: &str,
        text: &str,
        read: &(dyn Fn(&str) -> std::io::Result<String> + Sync),
        variable: &(dyn Fn(&str) -> Option<String> + Sync),
    ) -> anyhow::Result<Applied> {
        let file = ApplyFile::parse(name, text)?;
        let at = |span: Range<usize>, reason: String| ApplyError::at(name, text, &span, reason);
        // Everything slow comes before the unit of work.
        let mut taught = Vec::new();
        for chatbot in &file.chatbots {
            let sources: Result<Vec<Taught>, ApplyError> = chatbot
                .sources
                .iter()
                .map(|source| {
                    teach(source.get_ref(), read).map_err(|reason| at(source.span(), reason))
                })
                .collect();
            taught.push(sources?);
        }
        let mut tx = self.store().write().await?;
        let mut applied = Applied::default();
        let organization = self.apply_organization(&mut tx, &file, &mut applied).await?;
        for project in &file.projects {
            self.apply_project(
                &mut tx,
                organization,
                *project.number.get_ref(),
                &project.name,
                &mut applied,
            )
            .await?
            .map_err(|reason| at(project.number.span(), reason))?;
        }
        let mut ids = Vec::new();
        for (chatbot, sources) in file.chatbots.iter().zip(&taught) {
            let given =
                Given::read(chatbot, variable).map_err(|(span, reason)| at(span, reason))?;
            let (id, project) = self
                .apply_chatbot(&mut tx, organization, chatbot, &given, &mut applied)
                .await?
                .map_err(|reason| at(chatbot.public_id.span(), reason))?;
            self.apply_sources(&mut tx, organization, project, id, sources, &mut applied).await?;
            ids.push((chatbot.public_id.get_ref().clone(), id));
        }
        for key in &file.api_keys {
            self.apply_key(&mut tx, organization, key, &ids, &mut applied).await?;
        }
        tx.bump_config_epoch().await?;
        tx.commit().await?;
        self.reload_chatbots().await?;
        Ok(applied)
    }

    async fn apply_organization(
        &self,
        tx: &mut WriteTx,
        file: &ApplyFile,
        applied: &mut Applied,
    ) -> Result<OrganizationId, ServiceError> {
        let (name, slug) = (file.organization.name.get_ref(), file.organization_slug());
        let id = if let Some(id) = tx.organization_by_slug(&slug).await? {
            tx.rename_organization(id, name).await?;
            id
        } else {
            let id = self.clock().id();
            tx.insert_organization(id, name, &slug, self.clock().now()).await?;
            id
        };
        applied.lines.push(format!("organization {slug} {id}"));
        Ok(id)
    }

    async fn apply_project(
        &self,
        tx: &mut WriteTx,
        organization: OrganizationId,
        number: i64,
        name: &str,
        applied: &mut Applied,
    ) -> Result<Result<ProjectId, String>, ServiceError> {
        let id = match tx.project_by_number(number).await? {
            Some((_, owner)) if owner != organization => {
                return Ok(Err(format!(
                    "projects.number {number} belongs to another organization; choose another"
                )));
            }
            Some((id, _)) => {
                tx.rename_project(id, name).await?;
                id
            }
            None => {
                let id = self.clock().id();
                tx.insert_project(id, organization, number, name, self.clock().now()).await?;
                id
            }
        };
        applied.lines.push(format!("project {number} {id}"));
        Ok(Ok(id))
    }

    async fn apply_chatbot(
        &self,
        tx: &mut WriteTx,
        organization: OrganizationId,
        part: &ChatbotPart,
        given: &Given,
        applied: &mut Applied,
    ) -> anyhow::Result<Result<(ChatbotId, ProjectId), String>> {
        let (public_id, slug) = (part.public_id.get_ref(), part.slug.get_ref());
        let existing = tx.chatbot_by_public_id(public_id).await?;
        if existing.as_ref().is_some_and(|row| row.organization() != organization) {
            return Ok(Err(format!("chatbots.public_id {public_id:?} is taken; choose another")));
        }
        // A slug and a public id share one space of names, because either may stand in an address.
        let owner = existing.as_ref().map(crate::store::ChatbotRow::id);
        for name in [slug, public_id] {
            for row in [tx.chatbot_by_slug(name).await?, tx.chatbot_by_public_id(name).await?]
                .into_iter()
                .flatten()
            {
                if Some(row.id()) != owner {
                    return Ok(Err(format!(
                        "{name:?} already names another chatbot; choose another slug or public_id"
                    )));
                }
            }
        }
        let Some((project, _)) = tx.project_by_number(*part.project.get_ref()).await? else {
            return Ok(Err("chatbots.project does not exist".into()));
        };
        let now = self.clock().now();
        let id = owner.unwrap_or_else(|| self.clock().id());
        // Sealed anew each time, so that a rotated secret takes over.
        let seal = |key: &String| self.inner.secrets.seal(&id.to_string(), key, self.clock());
        let sealed = given.provider_key.as_ref().map(seal).transpose()?;
        let draft = part.config();
        let identity =
            match self.identity_secrets_of(id, existing.as_ref(), &draft.identity, given)? {
                Ok(identity) => identity,
                Err(reason) => return Ok(Err(reason)),
            };
        applied.new_identity_secrets.extend(identity.made.map(|made| (public_id.clone(), made)));
        let changed = existing
            .as_ref()
            .is_none_or(|row| *row.draft() != draft || row.published_version.is_none());
        let version = existing.as_ref().and_then(|row| row.published_version).unwrap_or(0);
        let new = NewChatbot {
            id,
            organization,
            project,
            public_id: public_id.clone(),
            slug: slug.clone(),
            draft,
            provider_key: sealed,
            identity_secret: identity.current,
            identity_previous: identity.previous,
            created_at: now,
        };
        match &existing {
            Some(_) => tx.update_chatbot(&new).await?,
            None => tx.insert_chatbot(&new).await?,
        }
        if changed {
            tx.publish_chatbot(id, version + 1, &new.draft, now).await?;
        }
        let version = if changed { version + 1 } else { version };
        applied.lines.push(format!("chatbot {public_id} {id} version {version}"));
        Ok(Ok((id, project)))
    }

    async fn apply_sources(
        &self,
        tx: &mut WriteTx,
        organization: OrganizationId,
        project: ProjectId,
        chatbot: ChatbotId,
        taught: &[Taught],
        applied: &mut Applied,
    ) -> Result<(), StoreError> {
        let known = tx.sources(chatbot).await?;
        for row in &known {
            if !taught.iter().any(|source| source.hash.as_slice() == row.content_hash) {
                tx.delete_source(row.id()).await?;
            }
        }
        for source in taught {
            if known.iter().any(|row| row.content_hash == source.hash.as_slice()) {
                continue;
            }
            let new = NewSource {
                id: self.clock().id(),
                organization,
                project,
                chatbot,
                kind: source.kind,
                title: source.title.clone(),
                url: source.url.clone(),
                language: Some(source.language.tag().to_owned()),
                content_hash: source.hash,
                created_at: self.clock().now(),
            };
            tx.insert_source(&new, &source.chunks).await?;
        }
        let chunks: usize = taught.iter().map(|source| source.chunks.len()).sum();
        applied.lines.push(format!("sources {} with {chunks} passages", taught.len()));
        Ok(())
    }

    async fn apply_key(
        &self,
        tx: &mut WriteTx,
        organization: OrganizationId,
        part: &ApiKeyPart,
        chatbots: &[(String, ChatbotId)],
        applied: &mut Applied,
    ) -> Result<(), StoreError> {
        let name = part.name.get_ref();
        if let Some(row) = tx.api_key_by_name(organization, name).await? {
            applied.lines.push(format!("api key {name} {}", row.id()));
            return Ok(());
        }
        let key = format!("nt_live_{:032x}", self.clock().random());
        let named = part.chatbot.as_ref().map(toml::Spanned::get_ref);
        let new = NewApiKey {
            id: self.clock().id(),
            organization,
            chatbot: chatbots
                .iter()
                .find(|(public_id, _)| Some(public_id) == named)
                .map(|(_, id)| *id),
            name: name.clone(),
            prefix: key.chars().take(14).collect(),
            hash: secret::hash(&key),
            scope: part.scope.into(),
            created_at: self.clock().now(),
        };
        tx.insert_api_key(&new).await?;
        applied.lines.push(format!("api key {name} {}", new.id));
        applied.new_keys.push((name.clone(), key));
        Ok(())
    }
}

/// Reads and cuts a source.
fn teach(
    part: &SourcePart,
    read: &(dyn Fn(&str) -> std::io::Result<String> + Sync),
) -> Result<Taught, String> {
    let text = match (&part.file, &part.text) {
        (Some(file), _) => {
            let file = file.get_ref();
            read(file)
                .map_err(|error| format!("chatbots.sources.file: cannot read {file:?}: {error}"))?
        }
        (None, text) => text.clone().unwrap_or_default(),
    };
    if text.len() > MAX_SOURCE {
        return Err(format!(
            "the source {:?} is larger than 10 MB; cut it into several",
            part.title
        ));
    }
    // U+0000 is no text, and Postgres cannot store it.
    if text.contains('\0') {
        return Err(format!(
            "the source {:?} contains a null character, so it is no text; save it as UTF-8",
            part.title
        ));
    }
    let path = part.file.as_ref().map(|file| file.get_ref().to_ascii_lowercase());
    let format = part.format.unwrap_or_else(|| format_of(path.as_deref()));
    let url = part.url.as_ref().map(|url| url.get_ref().clone());
    let source = Source {
        text: &text,
        title: Some(&part.title),
        format: match format {
            FormatPart::Text => SourceFormat::Text,
            FormatPart::Markdown => SourceFormat::Markdown,
            FormatPart::Html => SourceFormat::Html,
        },
        url: url.as_deref(),
        anchors: if part.heading_anchors { Anchors::Slugs } else { Anchors::Own },
    };
    let document = knowledge::extract(&source);
    let language = document.analysis_language(part.language.as_deref());
    let chunks: Vec<NewChunk> = knowledge::chunk(&document, language)
        .into_iter()
        .map(|chunk| NewChunk {
            ordinal: chunk.ordinal.into(),
            headings: chunk.headings,
            anchor: chunk.anchor,
            body: chunk.text,
            terms: chunk.terms,
            length: chunk.length.into(),
        })
        .collect();
    if chunks.is_empty() {
        return Err(format!("the source {:?} has no text; fill it or remove it", part.title));
    }
    let mut hash = Sha256::new();
    hash.update([ANALYSIS, format as u8, u8::from(part.heading_anchors)]);
    for piece in [part.title.as_str(), url.as_deref().unwrap_or_default(), language.tag(), &text] {
        hash.update(piece.len().to_le_bytes());
        hash.update(piece);
    }
    let kind = if part.file.is_some() { "file" } else { "text" };
    Ok(Taught {
        title: part.title.clone(),
        url,
        kind,
        language,
        hash: hash.finalize().into(),
        chunks,
    })
}

fn format_of(path: Option<&str>) -> FormatPart {
    match path.and_then(|path| path.rsplit_once('.')).map(|(_, extension)| extension) {
        Some("html" | "htm") => FormatPart::Html,
        Some("md" | "markdown") => FormatPart::Markdown,
        _ => FormatPart::Text,
    }
}
