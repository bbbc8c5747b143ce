//! What Natter decides: who may do what, what a turn is, what is kept and for how long. It knows neither HTTP nor SQL.

mod access;
mod account;
mod apply;
mod apply_engage;
mod apply_file;
mod apply_secrets;
mod attachment;
mod attachment_bytes;
mod attachment_text;
mod branch;
mod bubble_icon;
mod chatbot;
mod citations;
mod contact;
mod contact_form;
mod context;
mod error;
mod expand;
mod handshake;
mod identity;
mod install;
pub mod origin;
mod outcome;
mod own_texts;
mod palette;
mod person;
mod privacy;
mod proof;
mod rating;
mod retrieve;
mod robofy;
mod session;
mod session_log;
mod suggest;
mod token;
mod transcript;
mod turn;
mod turn_run;
mod view;

pub use self::access::{Access, Caller, Credential, Purpose};
pub use self::apply::{Applied, ApplyError};
pub use self::apply_file::ApplyFile;
pub use self::attachment::{Download, Pieces, Upload};
pub use self::bubble_icon::BubbleIcon;
pub use self::chatbot::Published;
pub use self::error::ServiceError;
pub use self::handshake::OriginProof;
pub use self::robofy::Asked;
pub use self::session::Door;
pub use self::transcript::{Transcript, TranscriptFormat};
pub use self::turn::Reading;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::answer::ProviderClient;
use crate::clock::Clock;
use crate::files::Files;
pub use crate::knowledge::Slugs;
use crate::log::Live;
pub use crate::log::{Outcome, Progress};
use crate::secret::Secrets;
use crate::store::{Claim, Store, StoreError};

use self::chatbot::Chatbots;
use self::origin::Origin;
use self::token::Tokens;

/// How long a resume secret works after it was handed out.
pub const ACCESS_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long an expand token works.
pub const EXPAND_LIFETIME: Duration = Duration::from_mins(2);
/// How long an answer may take in all.
const TURN_LIMIT: Duration = Duration::from_mins(3);

/// How often the claim on the database is looked at.
const CLAIM_LOOK: Duration = Duration::from_secs(2);

/// What the service is told at its start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origins that are our own: where our full chat page lives.
    pub own_origins: Vec<Origin>,
    /// Address of this server as browsers see it, without a slash at its end.
    pub public_url: String,
    /// Pause between the pieces of an extractive answer.
    pub pace: Duration,
    /// Where uploaded files are kept; a tool that has nothing to do with them needs none.
    pub files: Option<Files>,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    secrets: Secrets,
    tokens: Tokens,
    chatbots: Chatbots,
    live: Live,
    tasks: TaskTracker,
    closing: CancellationToken,
    provider: ProviderClient,
    settings: Settings,
    /// Held from the start to the end of a server, never by a tool.
    claim: Mutex<Option<Claim>>,
    /// Cancelled when another server has taken the database over.
    lost: CancellationToken,
}

impl Service {
    /// Starts the service over `store`: repairs what a crash left behind and begins to watch for changed configuration.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails or the HTTP client for providers cannot be made.
    pub async fn start(
        store: Store,
        clock: Clock,
        secrets: Secrets,
        settings: Settings,
    ) -> Result<Self, ServiceError> {
        let claim = store.claim().await.map_err(|error| ServiceError::Internal(error.into()))?;
        let service = Self::tool(store, clock, secrets, settings)?;
        *service.inner.claim.lock().await = Some(claim);
        service.recover_turns().await?;
        service.reload_chatbots().await?;
        let background = service.clone();
        service.inner.tasks.spawn(async move { background.watch_configuration().await });
        let background = service.clone();
        service.inner.tasks.spawn(async move { background.checkpoint_turns().await });
        let background = service.clone();
        service.inner.tasks.spawn(async move { background.enforce_retention().await });
        let background = service.clone();
        service.inner.tasks.spawn(async move { background.keep_claim().await });
        Ok(service)
    }

    /// The service for a command that does one thing beside a running server: nothing is repaired or watched.
    ///
    /// # Errors
    /// [`ServiceError`] when the HTTP client for providers cannot be made.
    pub fn tool(
        store: Store,
        clock: Clock,
        secrets: Secrets,
        settings: Settings,
    ) -> Result<Self, ServiceError> {
        let provider = ProviderClient::new(ProviderClient::CONNECT_TIMEOUT)
            .map_err(|error| ServiceError::Internal(error.into()))?;
        Ok(Self {
            inner: Arc::new(Inner {
                tokens: Tokens::new(&secrets),
                store,
                clock,
                secrets,
                chatbots: Chatbots::default(),
                live: Live::default(),
                tasks: TaskTracker::new(),
                closing: CancellationToken::new(),
                provider,
                settings,
                claim: Mutex::default(),
                lost: CancellationToken::new(),
            }),
        })
    }

    /// Lets running turns end, for at most `grace`, then interrupts them; then closes the database.
    pub async fn shut_down(&self, grace: Duration) {
        let inner = &self.inner;
        if tokio::time::timeout(grace, self.turns_ended()).await.is_err() {
            tracing::warn!("turns are still running after the grace period and are interrupted");
        }
        inner.closing.cancel();
        inner.tasks.close();
        inner.tasks.wait().await;
        inner.store.close().await;
        drop(inner.claim.lock().await.take());
    }

    /// Claims the database anew when it was restarted, until the service closes.
    async fn keep_claim(&self) {
        let inner = &self.inner;
        while inner.closing.run_until_cancelled(tokio::time::sleep(CLAIM_LOOK)).await.is_some() {
            let mut claim = inner.claim.lock().await;
            let holds = match claim.as_mut() {
                Some(claim) => claim.holds().await,
                None => false,
            };
            if holds {
                continue;
            }
            *claim = None;
            match inner.store.claim().await {
                Ok(anew) => *claim = Some(anew),
                Err(StoreError::Claimed) => {
                    tracing::error!("service.claim was lost to another server");
                    return inner.lost.cancel();
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "service.claim");
                }
            }
        }
    }

    /// Waits until another server has taken the database over, while this one had lost it.
    pub async fn lost(&self) {
        self.inner.lost.cancelled().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when it does not.
    pub async fn ready(&self) -> Result<(), ServiceError> {
        self.inner.store.read().await?.ping().await?;
        Ok(())
    }

    /// The address of this server as browsers see it.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.inner.settings.public_url
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    fn files(&self) -> Result<&Files, ServiceError> {
        let none = || ServiceError::Internal(anyhow::anyhow!("this command keeps no files"));
        self.inner.settings.files.as_ref().ok_or_else(none)
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }
}
