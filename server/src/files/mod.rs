//! The bytes of uploaded files, outside of the database: a folder, or a bucket of an S3-compatible store. A file is
//! found by the ids of its session and itself, and by nothing that a visitor chose. Deliberately absent: names, types,
//! quotas and whatever else is a decision.

mod sniff;

pub use self::sniff::{HEAD, KNOWN, MediaType, Text, kind};

use std::sync::Arc;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use natter_shared::id::{AttachmentId, SessionId};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::client::{HttpClient, HttpConnector};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientConfigKey, ClientOptions, ObjectStore, ObjectStoreExt as _};
use tokio::io::AsyncWriteExt as _;
use url::Url;

/// A file up to this size is written at once, a larger one in parts of it: the smallest that S3 takes.
const PART: usize = 5 * 1024 * 1024;

/// Where files are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

/// Why a file could not be written, read or deleted.
#[derive(Debug, thiserror::Error)]
#[error("the store of files failed: {0}")]
pub struct FilesError(#[from] object_store::Error);

impl FilesError {
    /// Whether there is no such file.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self.0, object_store::Error::NotFound { .. })
    }
}

impl Files {
    /// Opens `file:///FOLDER` (made when missing) or `s3://BUCKET/PREFIX`, whose settings are in `variables`
    /// (`AWS_ACCESS_KEY_ID` and so on).
    ///
    /// # Errors
    /// When the address is neither, the folder cannot be made or the bucket's settings are not complete.
    pub fn open(
        url: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let url = Url::parse(url).context(
            "the address of the files must be like file:///FOLDER or s3://BUCKET/PREFIX",
        )?;
        match url.scheme() {
            "file" => {
                let Ok(folder) = url.to_file_path() else {
                    bail!("the folder of the files must be a full path: file:///FOLDER")
                };
                Self::folder(&folder)
            }
            "s3" => Self::bucket(&url, variables),
            other => {
                bail!("files cannot be kept at {other}:; use file:///FOLDER or s3://BUCKET/PREFIX")
            }
        }
    }

    /// A folder, which is made when it is missing, for its owner only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(folder: &std::path::Path) -> anyhow::Result<Self> {
        let cannot = || format!("cannot make the folder {}", folder.display());
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).with_context(cannot)?;
        // What was acknowledged must be there after a power cut, and what was deleted leaves no folders.
        let store = LocalFileSystem::new_with_prefix(folder).with_context(cannot)?;
        Ok(Self { store: Arc::new(store.with_fsync(true).with_automatic_cleanup(true)) })
    }

    fn bucket(
        url: &Url,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let bucket = url.host_str().unwrap_or_default();
        if bucket.is_empty() {
            bail!("the address of the files names no bucket; write it like s3://BUCKET/PREFIX")
        }
        let mut builder = AmazonS3Builder::new();
        for (name, value) in variables {
            if let Ok(key) = name.to_ascii_lowercase().parse() {
                builder = builder.with_config(key, value);
            }
        }
        let store = builder
            .with_bucket_name(bucket)
            .with_http_connector(Connector)
            .build()
            .with_context(|| format!("the bucket {bucket} cannot be used"))?;
        let prefix = Path::parse(url.path().trim_matches('/'))
            .context("the prefix of the files cannot be used")?;
        let store: Arc<dyn ObjectStore> = if prefix.as_ref().is_empty() {
            Arc::new(store)
        } else {
            Arc::new(PrefixStore::new(store, prefix))
        };
        Ok(Self { store })
    }

    /// Begins to write a file.
    #[must_use]
    pub fn write(&self, session: SessionId, id: AttachmentId) -> Writing {
        let store = Arc::clone(&self.store);
        Writing { writer: BufWriter::with_capacity(store, place(session, id), PART) }
    }

    /// A file from its start.
    ///
    /// # Errors
    /// [`FilesError`] when it is missing or cannot be had.
    pub async fn read(
        &self,
        session: SessionId,
        id: AttachmentId,
    ) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        let found = self.store.get(&place(session, id)).await?;
        Ok(found.into_stream().map_err(FilesError::from).boxed())
    }

    /// The first bytes of a file, at most so many.
    ///
    /// # Errors
    /// [`FilesError`] when it is missing or cannot be had.
    pub async fn head(
        &self,
        session: SessionId,
        id: AttachmentId,
        most: u64,
    ) -> Result<Bytes, FilesError> {
        Ok(self.store.get_range(&place(session, id), 0..most).await?)
    }

    /// Deletes a file. One that is missing is deleted.
    ///
    /// # Errors
    /// [`FilesError`] when it cannot be deleted.
    pub async fn remove(&self, session: SessionId, id: AttachmentId) -> Result<(), FilesError> {
        match self.store.delete(&place(session, id)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Deletes all files of a session.
    ///
    /// # Errors
    /// [`FilesError`] when one cannot be deleted.
    pub async fn remove_all(&self, session: SessionId) -> Result<(), FilesError> {
        let found: Vec<_> = self.store.list(Some(&folder(session))).try_collect().await?;
        for file in found {
            match self.store.delete(&file.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn folder(session: SessionId) -> Path {
    Path::from(format!("{:032x}", session.as_u128()))
}

fn place(session: SessionId, id: AttachmentId) -> Path {
    Path::from(format!("{:032x}/{:032x}", session.as_u128(), id.as_u128()))
}

/// A file that is being written. It is there only when it has been finished.
pub struct Writing {
    writer: BufWriter,
}

impl Writing {
    /// Adds bytes.
    ///
    /// # Errors
    /// [`FilesError`] when they cannot be written.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), FilesError> {
        Ok(self.writer.put(bytes).await?)
    }

    /// Finishes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn finish(mut self) -> std::io::Result<()> {
        self.writer.shutdown().await
    }

    /// Gives it up.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "files.abort failed");
        }
    }
}

/// Makes the HTTP client of a bucket, with the TLS that everything here uses.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            object_store::Error::Generic { store: "S3", source: error }
        };
        let tls = crate::tls::client_config().map_err(|error| failed(error.into()))?;
        // Whether an address without TLS will do is the operator's word.
        let plain = options.get_config_value(&ClientConfigKey::AllowHttp);
        let client = reqwest::Client::builder()
            .https_only(plain.as_deref() != Some("true"))
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(std::time::Duration::from_secs(5))
            .timeout(std::time::Duration::from_mins(2))
            .build();
        Ok(HttpClient::new(client.map_err(|error| failed(error.into()))?))
    }
}
