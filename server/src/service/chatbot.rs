//! Published chatbots, kept ready in memory. A change of configuration, in this process or another, is noticed by the
//! configuration epoch in the database.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use natter_shared::contact::OfferContact;
use natter_shared::handshake::{ChatbotCard, HandshakeExtras, Palette};
use natter_shared::id::{ChatbotId, OrganizationId};
use natter_shared::page::Invitation;
use natter_shared::session::{ConsentConfig, ContactCapture, Limits, PublicConfig};
use secrecy::SecretString;
use tokio::sync::OnceCell;
use url::Url;

use crate::answer::{
    AnswerError, AnswerStream, Answerer, Extractive, Provider, ProviderConfig, Question,
};
use crate::secret;
use crate::store::{AnswererKind, ChatbotConfig, InvitationConfig, PublishedRow};

use super::contact_form;
use super::origin::OriginRule;
use super::palette::palette;
use super::proof::Proofs;
use super::retrieve::Taught;
use super::{Service, ServiceError};

/// How often the configuration epoch is looked at.
const WATCH: Duration = Duration::from_millis(500);

/// A chatbot as visitors meet it.
pub struct Published {
    /// Id.
    pub id: ChatbotId,
    /// Tenant.
    pub organization: OrganizationId,
    /// Number of its project.
    pub project_number: i64,
    /// Public id.
    pub public_id: String,
    /// Slug.
    pub slug: String,
    /// Number of the version.
    pub version: i64,
    /// What the owner decided.
    pub config: ChatbotConfig,
    /// The origins that are allowed.
    pub rules: Vec<OriginRule>,
    /// Hash of the terms, when they are on.
    pub consent_hash: Option<String>,
    /// What the theme colour becomes where it has to be read.
    pub(super) palette: Palette,
    pub(super) answerer: Arc<dyn Answerer>,
    pub(super) proofs: Proofs,
    /// Filled by the first question.
    pub(super) taught: OnceCell<Taught>,
}

impl Published {
    /// The handshake's description of it.
    #[must_use]
    pub fn card(&self) -> ChatbotCard {
        let config = &self.config;
        ChatbotCard {
            chatbot_id: self.public_id.clone(),
            agent_name: config.name.clone(),
            agent_type: config.agent_type.clone(),
            description: config.description.clone(),
            avatar_image_path: config.avatar_image_path.clone(),
            greeting: config.greeting.clone(),
            sort_order: config.sort_order,
            quick_questions: config.quick_questions.clone(),
            lead_capture: config.lead_capture.clone(),
        }
    }

    /// What Natter's own widget is told of it besides.
    pub(super) fn extras(&self) -> HandshakeExtras {
        let (engage, offers) = (&self.config.engage, self.config.persona.offers_contact);
        HandshakeExtras {
            contact_form: offers.then(|| engage.contact_form.clone()),
            attachments: self.attachment_rules(),
            csat: engage.csat,
            sound: engage.sound,
            languages: self.config.texts.keys().cloned().collect(),
            ..HandshakeExtras::default()
        }
    }

    /// Black or white, whichever is read upon the theme colour, as three hexadecimal digits.
    #[must_use]
    pub fn ink(&self) -> &'static str {
        if self.palette.ink == "#000000" { "000" } else { "fff" }
    }

    /// What the loader script invites visitors with.
    #[must_use]
    pub fn invitations(&self) -> Vec<Invitation> {
        self.config.engage.invitations.iter().map(InvitationConfig::wire).collect()
    }

    /// When the contact form is shown by itself; not at all when nobody may leave anything.
    pub(super) fn offers_contact(&self) -> OfferContact {
        if self.config.persona.offers_contact {
            self.config.engage.contact_form.when
        } else {
            OfferContact::Never
        }
    }

    /// The public routes' description of it.
    #[must_use]
    pub fn public_config(&self) -> PublicConfig {
        let config = &self.config;
        PublicConfig {
            slug: self.slug.clone(),
            chatbot_id: self.public_id.clone(),
            name: config.name.clone(),
            description: config.description.clone(),
            locale: config.locale.clone(),
            greeting: config.greeting.clone(),
            starter_questions: config.quick_questions.clone(),
            consent: ConsentConfig {
                required: self.consent_hash.is_some(),
                text: config.widget.privacy.chatbot_privacy_term.clone(),
                hash: self.consent_hash.clone(),
            },
            retention_days: config.retention_days,
            limits: Limits { max_message_chars: config.limits.max_message_chars },
            contact_capture: ContactCapture {
                enabled: config.persona.offers_contact,
                fields: if config.persona.offers_contact {
                    contact_form::keys(&config.engage.contact_form)
                } else {
                    Vec::new()
                },
            },
        }
    }
}

/// All published chatbots.
#[derive(Default)]
pub(super) struct Chatbots {
    snapshot: RwLock<Arc<Snapshot>>,
}

#[derive(Default)]
struct Snapshot {
    epoch: i64,
    /// By public id and by slug.
    by_name: HashMap<String, Arc<Published>>,
    by_id: HashMap<ChatbotId, Arc<Published>>,
}

impl Chatbots {
    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, snapshot: Snapshot) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

impl Service {
    /// The published chatbot with this public id or slug.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none.
    pub fn chatbot(&self, name: &str) -> Result<Arc<Published>, ServiceError> {
        let snapshot = self.inner.chatbots.snapshot();
        snapshot.by_name.get(name).cloned().ok_or(ServiceError::NotFound("chatbot"))
    }

    /// The published chatbot with this id.
    pub(super) fn chatbot_by_id(&self, id: ChatbotId) -> Result<Arc<Published>, ServiceError> {
        let snapshot = self.inner.chatbots.snapshot();
        snapshot.by_id.get(&id).cloned().ok_or(ServiceError::NotFound("chatbot"))
    }

    /// Every published chatbot.
    #[must_use]
    pub fn chatbots(&self) -> Vec<Arc<Published>> {
        self.inner.chatbots.snapshot().by_id.values().cloned().collect()
    }

    /// The chatbots of the same project, in the owner's order.
    pub(super) fn siblings(&self, chatbot: &Published) -> Vec<Arc<Published>> {
        let snapshot = self.inner.chatbots.snapshot();
        let mut siblings: Vec<_> = snapshot
            .by_id
            .values()
            .filter(|other| other.project_number == chatbot.project_number)
            .cloned()
            .collect();
        siblings.sort_by(|one, other| {
            (one.config.sort_order, &one.public_id)
                .cmp(&(other.config.sort_order, &other.public_id))
        });
        siblings
    }

    /// Reads the published chatbots anew.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn reload_chatbots(&self) -> Result<(), ServiceError> {
        let mut tx = self.store().read().await?;
        // The epoch first: what changes in between is read again at the next look.
        let epoch = tx.config_epoch().await?;
        let rows = tx.published_chatbots().await?;
        drop(tx);
        let mut snapshot = Snapshot { epoch, ..Snapshot::default() };
        for row in rows {
            let published = Arc::new(self.publish(row));
            snapshot.by_name.insert(published.slug.clone(), Arc::clone(&published));
            snapshot.by_name.insert(published.public_id.clone(), Arc::clone(&published));
            snapshot.by_id.insert(published.id, published);
        }
        self.inner.chatbots.replace(snapshot);
        Ok(())
    }

    /// Looks at the configuration epoch until the service closes.
    pub(super) async fn watch_configuration(&self) {
        while self.inner.closing.run_until_cancelled(tokio::time::sleep(WATCH)).await.is_some() {
            if let Err(error) = self.reload_when_changed().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "configuration.watch failed"
                );
            }
        }
    }

    async fn reload_when_changed(&self) -> Result<(), ServiceError> {
        let epoch = self.store().read().await?.config_epoch().await?;
        if epoch != self.inner.chatbots.snapshot().epoch {
            self.reload_chatbots().await?;
        }
        Ok(())
    }

    fn publish(&self, row: PublishedRow) -> Published {
        let answerer = self.answerer(&row).unwrap_or_else(|error| {
            let chatbot = &row.public_id;
            tracing::error!(error = ?error, chatbot, "chatbot.answerer of {chatbot} cannot be set up");
            Arc::new(NotSetUp)
        });
        let proofs = Proofs { secrets: self.identity_secrets(&row) };
        let (id, organization, project_number) = (row.id(), row.organization(), row.project_number);
        let (public_id, slug, version) = (row.public_id.clone(), row.slug.clone(), row.version);
        let config = row.into_config();
        // Rules were checked when they were stored; one that no longer reads allows nothing.
        let rules = config.origins.iter().filter_map(|rule| OriginRule::parse(rule).ok()).collect();
        let terms = config
            .widget
            .privacy
            .chatbot_privacy_term
            .as_deref()
            .filter(|terms| !terms.trim().is_empty());
        let consent_hash = terms.map(secret::hex_hash);
        let palette = palette(&config.widget.branding.theme_color);
        Published {
            id,
            organization,
            project_number,
            public_id,
            slug,
            version,
            config,
            rules,
            consent_hash,
            palette,
            answerer,
            proofs,
            taught: OnceCell::new(),
        }
    }

    /// The secrets that proofs of identity may be made with. One that cannot be read proves nothing.
    fn identity_secrets(&self, row: &PublishedRow) -> Vec<SecretString> {
        let context = identity_context(row.id());
        let sealed = [&row.identity_secret, &row.identity_previous];
        let open = |sealed: &Vec<u8>| {
            let opened = self.inner.secrets.open(&context, sealed);
            let chatbot = &row.public_id;
            opened
                .inspect_err(|error| {
                    tracing::error!(error = ?error, chatbot, "chatbot.identity of {chatbot} cannot be read");
                })
                .ok()
        };
        sealed.into_iter().flatten().filter_map(open).collect()
    }

    fn answerer(&self, row: &PublishedRow) -> anyhow::Result<Arc<dyn Answerer>> {
        let config = row.clone().into_config().answerer;
        match (config.kind, config.base_url.as_deref(), config.model) {
            (AnswererKind::Openai, Some(base_url), Some(model)) => {
                let mut provider = ProviderConfig::new(Url::parse(base_url)?, model);
                provider.temperature = config.temperature;
                provider.max_output_tokens = config.max_output_tokens;
                if let Some(sealed) = &row.provider_key {
                    provider.api_key =
                        Some(self.inner.secrets.open(&row.id().to_string(), sealed)?);
                }
                Ok(Arc::new(Provider::new(&self.inner.provider, provider)?))
            }
            _ => Ok(Arc::new(Extractive::new(self.inner.settings.pace))),
        }
    }
}

/// What the secrets of a chatbot's identities are sealed for.
pub(super) fn identity_context(chatbot: ChatbotId) -> String {
    format!("{chatbot}/identity")
}

/// Stands in for an answerer that cannot be set up, so that one chatbot's fault is its own.
struct NotSetUp;

impl Answerer for NotSetUp {
    fn answer(&self, _: Question) -> AnswerStream {
        stream::iter([Err(AnswerError::Refused { status: None })]).boxed()
    }
}
