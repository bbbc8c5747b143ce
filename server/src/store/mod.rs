//! The database: the only place that holds SQL. Every statement is written once and runs on SQLite and on Postgres.
//!
//! A unit of work is a value: [`Store::read`] or [`Store::write`], its methods, then [`WriteTx::commit`]; dropping it
//! undoes it. On SQLite one connection writes and groups units of work into shared commits (see `writer`), others only
//! read. Nothing here makes a decision: ids, times and rules come from the services above.

mod access;
mod accounts;
mod attachments;
mod chatbots;
mod claim;
mod contacts;
mod engage;
mod error;
mod identity;
mod installs;
mod knowledge;
mod messages;
mod own_texts;
mod privacy;
mod ratings;
mod row;
mod said;
mod sessions;
mod turns;
mod visitor_config;
mod writer;

pub use self::access::{AccessRow, NewAccess, NewExpandToken};
pub use self::accounts::{ApiKeyRow, KeyScope, NewAccount, NewApiKey};
pub use self::attachments::{Attached, AttachmentRow, NewAttachment, RemovalRow, StoredRow};
pub use self::chatbots::{
    AnswererConfig, AnswererKind, ChatbotConfig, ChatbotRow, LimitsConfig, NewChatbot,
    PersonaConfig, PublishedRow,
};
pub use self::claim::Claim;
pub use self::contacts::{ContactRow, NewContact};
pub use self::engage::{EngageConfig, InvitationConfig};
pub use self::error::StoreError;
pub use self::identity::{IdentityRow, NewIdentity, SummaryRow, UserOf};
pub use self::installs::{InstallReportRow, NewInstallReport};
pub use self::knowledge::{CandidateRow, ChunkRow, CorpusRow, NewChunk, NewSource, SourceRow};
pub use self::messages::{EventRow, MessageRow, NewEvent, NewMessage};
pub use self::own_texts::OwnTexts;
pub use self::privacy::{PrivacyRow, WithdrawnRow};
pub use self::ratings::{FeedbackRow, SessionRatingRow};
pub use self::said::SaidRow;
pub use self::sessions::{Channel, Erased, NewSession, OpenedRow, SessionRow, Touched};
pub use self::turns::{NewTurn, TurnEnd, TurnRow, TurnStatus};
pub use self::visitor_config::{AttachmentsConfig, IdentityConfig};

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Postgres, Sqlite, SqliteConnection, Transaction};

use self::writer::{Unit, Writer};

/// Runs one expression on whichever connection the unit of work holds.
macro_rules! on {
    ($tx:expr, |$conn:ident| $run:expr) => {
        match &mut $tx.conn {
            crate::store::Conn::SqliteRead(conn) => {
                let $conn = &mut **conn;
                $run
            }
            crate::store::Conn::SqliteWrite(unit) => {
                let $conn = unit.connection();
                $run
            }
            crate::store::Conn::PostgresRead(conn) => {
                let $conn = &mut **conn;
                $run
            }
            crate::store::Conn::PostgresWrite(tx) => {
                let $conn = &mut **tx;
                $run
            }
        }
    };
}
pub(crate) use on;

/// The text of a statement in `store/sql/`.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!("sql/", $name, ".sql"))
    };
}
pub(crate) use sql;

/// How long a statement waits for another process's lock before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A handle on the database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
}

#[derive(Debug, Clone)]
enum Pool {
    Sqlite { writer: Writer, readers: SqlitePool, lock: PathBuf },
    Postgres(PgPool),
}

impl Store {
    /// Opens `sqlite://PATH` (made when missing) or `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the URL is neither, the database cannot be reached, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url).await
        } else {
            Err(StoreError::Url)
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|_| StoreError::Url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("secure_delete", "on")
            .pragma("wal_autocheckpoint", "4000")
            .disable_statement_logging();
        let file = options.get_filename().to_path_buf();
        let lock = file.with_added_extension("lock");
        let folder = file.parent().map(Path::to_owned);
        if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(&folder)
                .map_err(|error| StoreError::Folder { folder, error })?;
        }
        claim::make_private(&file)?;
        let mut connection: SqliteConnection = options.connect().await?;
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(1)
            // A file does not hang up: asking each time whether it has would cost as much as most reads.
            .test_before_acquire(false)
            .connect_with(options.read_only(true).pragma("query_only", "on"))
            .await?;
        Ok(Self { pool: Pool::Sqlite { writer: Writer::start(connection), readers, lock } })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Url)?
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(options)
            .await?;
        sqlx::migrate!("migrations/postgres").run(&pool).await?;
        Ok(Self { pool: Pool::Postgres(pool) })
    }

    /// Claims the database for this process until it is closed or the process ends: turns are live in one process only,
    /// and a second would take the first one's for lost.
    ///
    /// # Errors
    /// [`StoreError::Claimed`] when another process has it.
    pub async fn claim(&self) -> Result<Claim, StoreError> {
        match &self.pool {
            Pool::Sqlite { lock, .. } => Claim::file(lock),
            Pool::Postgres(pool) => Claim::advisory(pool).await,
        }
    }

    /// Begins a unit of work that only reads.
    ///
    /// # Errors
    /// [`StoreError::Driver`] when no connection can be had.
    pub async fn read(&self) -> Result<ReadTx, StoreError> {
        let conn = match &self.pool {
            Pool::Sqlite { readers, .. } => Conn::SqliteRead(readers.acquire().await?),
            Pool::Postgres(pool) => Conn::PostgresRead(pool.acquire().await?),
        };
        Ok(ReadTx { conn })
    }

    /// Begins a unit of work that writes. On SQLite it waits for its turn at the one writing connection, so hold it
    /// briefly and never across a call to a model or the network.
    ///
    /// # Errors
    /// [`StoreError::Driver`] when no connection or lock can be had.
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        let conn = match &self.pool {
            Pool::Sqlite { writer, .. } => Conn::SqliteWrite(writer.begin().await?),
            Pool::Postgres(pool) => Conn::PostgresWrite(pool.begin().await?),
        };
        Ok(WriteTx { read: ReadTx { conn } })
    }

    /// Removes what deleted rows left behind in the write-ahead log. Postgres needs no call: its vacuum does what can
    /// be promised there.
    ///
    /// # Errors
    /// [`StoreError::Driver`] when the log cannot be truncated.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        match &self.pool {
            Pool::Sqlite { writer, .. } => writer.truncate_log().await,
            Pool::Postgres(_) => Ok(()),
        }
    }

    /// Closes every connection, after the last commit has been written.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

enum Conn {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Unit),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// A unit of work that reads.
pub struct ReadTx {
    conn: Conn,
}

/// A unit of work that reads and writes. Nothing happens until [`WriteTx::commit`].
#[must_use = "dropping a unit of work undoes it"]
pub struct WriteTx {
    read: ReadTx,
}

impl Deref for WriteTx {
    type Target = ReadTx;
    fn deref(&self) -> &ReadTx {
        &self.read
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.read
    }
}

impl WriteTx {
    /// Makes the work durable. When this returns, it survives a crash.
    ///
    /// # Errors
    /// [`StoreError::Driver`] when it could not be written; then nothing of it happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.read.conn {
            Conn::SqliteWrite(unit) => unit.commit().await,
            Conn::PostgresWrite(tx) => Ok(tx.commit().await?),
            Conn::SqliteRead(_) | Conn::PostgresRead(_) => Ok(()),
        }
    }
}

impl ReadTx {
    /// Proves that the database answers.
    ///
    /// # Errors
    /// [`StoreError::Driver`] when it does not.
    pub async fn ping(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| conn.ping().await)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
