//! What can go wrong with the database.

use std::path::PathBuf;

use sqlx::error::ErrorKind;

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL is of no kind that is known.
    #[error("the database URL must begin with sqlite:// or postgres://")]
    Url,
    /// The folder for the database file cannot be made.
    #[error("cannot make the folder {folder:?} for the database")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// Another server uses the database.
    #[error(
        "another server uses this database; stop it first, a database is served by one process"
    )]
    Claimed,
    /// A row with the same unique value exists.
    #[error("a row with the same unique value exists")]
    Conflict(#[source] sqlx::Error),
    /// A row that was referred to is gone.
    #[error("a row that was referred to is gone")]
    Gone(#[source] sqlx::Error),
    /// The tables cannot be brought up to date.
    #[error("the database's tables cannot be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be reached, is locked or full. Trying again later may help.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The shared commit that this work was part of failed.
    #[error("the commit failed")]
    Commit,
    /// Anything else.
    #[error("the database failed")]
    Driver(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => match inner.kind() {
                ErrorKind::UniqueViolation => Self::Conflict(error),
                ErrorKind::ForeignKeyViolation => Self::Gone(error),
                _ if is_transient(inner.code().as_deref()) => Self::Unavailable(error),
                _ => Self::Driver(error),
            },
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Driver(error),
        }
    }
}

/// Whether the driver's code says busy, locked, read-only, input/output error, full (SQLite's primary codes 5, 6, 8, 10
/// and 13) or that the server is going down, starting or out of resources (Postgres classes 53, 57 and 08).
fn is_transient(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    if code.len() == 5 && code.is_ascii() {
        return matches!(&code[..2], "53" | "57" | "08");
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13))
}
