//! Attachments: taking a file's bytes, handing them out and deleting them. A file belongs to its session from the first
//! byte on, and to a message when it is sent with one; what is never sent goes after a day.

use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::stream::BoxStream;
use natter_shared::attachment::{AttachmentRules, AttachmentView, MAX_ATTACHMENTS};
use natter_shared::id::{AttachmentId, SessionId};

use crate::files::{FilesError, KNOWN, MediaType};
use crate::store::{Attached, AttachmentsConfig, NewAttachment, RemovalRow, StoredRow, WriteTx};

use super::attachment_bytes::{drain, file_name, receive};
use super::session::invalid;
use super::{Access, Published, Service, ServiceError};

/// How long all of a file may take to come.
const UPLOAD_LIMIT: Duration = Duration::from_mins(10);
/// Most files that one conversation may hold.
const MOST_FILES: i64 = 100;
/// How long a file may wait to be sent.
const UNSENT: TimeDelta = TimeDelta::hours(24);
/// For how long deleted bytes are looked for again: longer than any upload that was under way takes.
const REMOVING: TimeDelta = TimeDelta::hours(1);

/// The bytes of a file, piece by piece.
pub type Pieces = BoxStream<'static, std::io::Result<Bytes>>;

/// A file that comes.
pub struct Upload {
    /// Its name, as the visitor's computer has it.
    pub name: Option<String>,
    /// How many bytes are announced.
    pub length: Option<u64>,
    /// They themselves.
    pub pieces: Pieces,
}

/// A file that goes.
pub struct Download {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// How many bytes it has.
    pub bytes: u64,
    /// They themselves.
    pub pieces: BoxStream<'static, Result<Bytes, FilesError>>,
}

impl Published {
    /// What may be attached, when anything may.
    pub(super) fn attachment_rules(&self) -> Option<AttachmentRules> {
        let config = &self.config.attachments;
        config.enabled.then(|| AttachmentRules {
            max_bytes: config.max_bytes,
            max_files: most_files(config),
            media_types: config.media_types.clone(),
        })
    }
}

fn most_files(config: &AttachmentsConfig) -> u32 {
    config.max_files.min(u32::try_from(MAX_ATTACHMENTS).unwrap_or(u32::MAX))
}

pub(super) fn view(session: SessionId, attached: &Attached) -> AttachmentView {
    AttachmentView {
        attachment_id: attached.id,
        name: attached.name.clone(),
        media_type: attached.media_type.clone(),
        bytes: attached.bytes,
        url: format!("/v1/public/sessions/{session}/attachments/{}", attached.id),
    }
}

impl Service {
    /// Takes a file for a message that is yet to be sent.
    ///
    /// # Errors
    /// [`ServiceError`] when the chatbot takes none, or not this one: too large, of another type, or one too many.
    pub async fn upload(
        &self,
        access: &Access,
        upload: Upload,
    ) -> Result<AttachmentView, ServiceError> {
        let Upload { name, length, mut pieces } = upload;
        let new = match self.set_aside(access, name, length).await {
            Ok(new) => new,
            Err(refused) => {
                drain(&mut pieces).await;
                return Err(refused);
            }
        };
        let (service, rules) = (self.clone(), access.chatbot.config.attachments.clone());
        // What a caller who goes away leaves half done must be cleaned up.
        let task = async move {
            let taken = tokio::select! {
                () = service.inner.closing.cancelled() => Err(ServiceError::UploadBroken),
                taken = tokio::time::timeout(UPLOAD_LIMIT, service.take(&new, &rules, &mut pieces)) => {
                    taken.unwrap_or(Err(ServiceError::UploadBroken))
                }
            };
            match taken {
                Ok(attached) => Ok(view(new.session, &attached)),
                Err(error) => {
                    service.discard(&new).await;
                    drain(&mut pieces).await;
                    Err(error)
                }
            }
        };
        self.inner.tasks.spawn(task).await.map_err(|error| ServiceError::Internal(error.into()))?
    }

    /// Sets a place aside for a file, within the quotas.
    async fn set_aside(
        &self,
        access: &Access,
        name: Option<String>,
        length: Option<u64>,
    ) -> Result<NewAttachment, ServiceError> {
        let config = &access.chatbot.config.attachments;
        if !config.enabled {
            return Err(ServiceError::AttachmentsOff);
        }
        if access.chatbot.consent_hash.is_some() && access.session.consent_at.is_none() {
            return Err(ServiceError::ConsentRequired);
        }
        if length.is_some_and(|length| length > config.max_bytes) {
            return Err(ServiceError::AttachmentTooLarge { most: config.max_bytes });
        }
        let (session, now) = (access.session.id(), self.clock().now());
        // What is not announced may be as much as is allowed; in the end it counts as what it is.
        let bytes = length.unwrap_or(config.max_bytes);
        let mut tx = self.store().write().await?;
        let touched = tx.touch_session(session, 0, now).await?;
        if !touched.ok_or(ServiceError::NotFound("session"))?.is_open {
            return Err(ServiceError::SessionFinished);
        }
        let fits = |stored: StoredRow, most: u64| {
            u64::try_from(stored.bytes).unwrap_or_default().saturating_add(bytes) <= most
        };
        let own = tx.stored_by_session(session).await?;
        let all = tx.stored_by_chatbot(access.session.organization(), access.chatbot.id).await?;
        if own.files >= MOST_FILES
            || !fits(own, config.session_bytes)
            || !fits(all, config.total_bytes)
        {
            return Err(ServiceError::AttachmentQuota);
        }
        let new = NewAttachment {
            id: self.clock().id(),
            organization: access.session.organization(),
            chatbot: access.chatbot.id,
            session,
            name: file_name(name.as_deref().unwrap_or_default()),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            created_at: now,
        };
        tx.insert_attachment(&new).await?;
        tx.commit().await?;
        Ok(new)
    }

    async fn take(
        &self,
        new: &NewAttachment,
        rules: &AttachmentsConfig,
        pieces: &mut Pieces,
    ) -> Result<Attached, ServiceError> {
        let mut writing = self.files()?.write(new.session, new.id);
        let (media_type, bytes) = match receive(&mut writing, rules, pieces).await {
            Ok(received) => received,
            Err(error) => {
                writing.abort().await;
                return Err(error);
            }
        };
        writing.finish().await.map_err(|error| ServiceError::Unavailable(error.into()))?;
        let mut tx = self.store().write().await?;
        let stored = i64::try_from(bytes).unwrap_or(i64::MAX);
        if !tx.finish_attachment(new.session, new.id, media_type.name, stored).await? {
            // The session was erased meanwhile.
            return Err(ServiceError::NotFound("session"));
        }
        tx.commit().await?;
        let (name, media_type) = (new.name.clone(), media_type.name.to_owned());
        Ok(Attached { id: new.id, name, media_type, bytes })
    }

    /// Deletes what came of an upload that did not succeed. What cannot be deleted now is, with whatever was never sent.
    async fn discard(&self, new: &NewAttachment) {
        let discarded = async {
            let mut tx = self.store().write().await?;
            tx.drop_attachment(new.session, new.id, self.clock().now()).await?;
            tx.commit().await?;
            self.files()?.remove(new.session, new.id).await.map_err(unavailable)
        };
        if let Err(error) = discarded.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "attachment.discard failed");
        }
    }

    /// A file of the session.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is none of the session's, or has not come whole.
    pub async fn download(
        &self,
        access: &Access,
        id: AttachmentId,
    ) -> Result<Download, ServiceError> {
        const NONE: ServiceError = ServiceError::NotFound("attachment");
        let session = access.session.id();
        let row = self.store().read().await?.attachment(session, id).await?.ok_or(NONE)?;
        let name = row.media_type.as_deref().ok_or(NONE)?;
        let media_type = KNOWN.into_iter().find(|known| known.name == name).ok_or(NONE)?;
        let pieces = match self.files()?.read(session, id).await {
            Err(error) if error.is_missing() => return Err(NONE),
            other => other.map_err(unavailable)?,
        };
        let bytes = u64::try_from(row.bytes).unwrap_or_default();
        Ok(Download { name: row.name, media_type, bytes, pieces })
    }

    /// Deletes a file that was not sent.
    ///
    /// # Errors
    /// [`ServiceError::AttachmentSent`] when a message has it, [`ServiceError::NotFound`] when there is none.
    pub async fn drop_attachment(
        &self,
        access: &Access,
        id: AttachmentId,
    ) -> Result<(), ServiceError> {
        let session = access.session.id();
        let mut tx = self.store().write().await?;
        if !tx.drop_attachment(session, id, self.clock().now()).await? {
            return Err(match tx.attachment(session, id).await? {
                Some(_) => ServiceError::AttachmentSent,
                None => ServiceError::NotFound("attachment"),
            });
        }
        tx.commit().await?;
        self.remove_noted(&[(session, Some(id))]).await;
        Ok(())
    }

    /// The files that a message is to have, when it may have them.
    pub(super) async fn to_attach(
        &self,
        tx: &mut WriteTx,
        access: &Access,
        ids: &[AttachmentId],
    ) -> Result<Vec<Attached>, ServiceError> {
        let config = &access.chatbot.config.attachments;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if !config.enabled {
            return Err(ServiceError::AttachmentsOff);
        }
        let most = most_files(config);
        if ids.len() > most as usize {
            return Err(invalid(
                "attachments",
                format!("a message takes at most {most} files; send fewer"),
            ));
        }
        let mut found: Vec<Attached> = Vec::new();
        for id in ids {
            let row = tx.attachment(access.session.id(), *id).await?;
            let row = row.filter(|row| !row.is_sent() && found.iter().all(|other| other.id != *id));
            let Some((row, media_type)) = row.and_then(|mut row| {
                let media_type = row.media_type.take()?;
                Some((row, media_type))
            }) else {
                return Err(invalid(
                    "attachments",
                    format!("{id} is no file that waits to be sent; upload it again"),
                ));
            };
            let bytes = u64::try_from(row.bytes).unwrap_or_default();
            found.push(Attached { id: *id, name: row.name, media_type, bytes });
        }
        Ok(found)
    }

    /// Deletes bytes that were noted to be deleted. What cannot be deleted now is tried again with the next sweep.
    pub(super) async fn remove_noted(&self, noted: &[(SessionId, Option<AttachmentId>)]) {
        for (session, file) in noted {
            let removed = async {
                let files = self.files()?;
                match file {
                    Some(id) => files.remove(*session, *id).await,
                    None => files.remove_all(*session).await,
                }
                .map_err(unavailable)
            };
            if let Err(error) = removed.await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    session.id = %session,
                    "attachment.remove failed and is tried again"
                );
            }
        }
    }

    /// Deletes files that were never sent, and bytes that could not be deleted before.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn sweep_files(&self) -> Result<usize, ServiceError> {
        let now = self.clock().now();
        let mut swept = 0;
        loop {
            let unsent = self.store().read().await?.unsent_attachments(now - UNSENT).await?;
            if unsent.is_empty() {
                break;
            }
            let mut tx = self.store().write().await?;
            for (session, id) in &unsent {
                tx.drop_attachment(*session, *id, now).await?;
            }
            tx.commit().await?;
            swept += unsent.len();
        }
        let noted = self.store().read().await?.file_removals().await?;
        let places: Vec<_> = noted.iter().map(|row| (row.session(), row.file())).collect();
        self.remove_noted(&places).await;
        let done = |row: &&RemovalRow| row.created_at < now - REMOVING;
        let done: Vec<_> = noted.iter().filter(done).collect();
        if !done.is_empty() {
            let mut tx = self.store().write().await?;
            for row in done {
                tx.file_removal_done(row).await?;
            }
            tx.commit().await?;
        }
        Ok(swept)
    }
}

pub(super) fn unavailable(error: FilesError) -> ServiceError {
    ServiceError::Unavailable(error.into())
}
