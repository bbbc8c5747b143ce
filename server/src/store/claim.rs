//! The claim of one process on a database.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnection, PgPool};

use super::{StoreError, sql};

/// Keeps other servers from the database until it is dropped.
#[derive(Debug)]
pub struct Claim {
    held: Held,
}

/// What holds the claim: the operating system or the database lets go of it when the process ends, however it ends.
#[derive(Debug)]
enum Held {
    File(#[expect(dead_code, reason = "it is held, not read")] File),
    Connection(PgConnection),
}

impl Claim {
    pub(super) fn file(path: &Path) -> Result<Self, StoreError> {
        let folder = |error| StoreError::Folder { folder: path.to_owned(), error };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { held: Held::File(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Claimed),
            Err(TryLockError::Error(error)) => Err(folder(error)),
        }
    }

    /// Whether it still holds: Postgres lets go of it when it restarts, and with the connection.
    pub async fn holds(&mut self) -> bool {
        match &mut self.held {
            Held::File(_) => true,
            Held::Connection(connection) => connection.ping().await.is_ok(),
        }
    }

    pub(super) async fn advisory(pool: &PgPool) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?.detach();
        let claimed: bool =
            sqlx::query_scalar(sql!("claim.postgres")).fetch_one(&mut connection).await?;
        if claimed {
            Ok(Self { held: Held::Connection(connection) })
        } else {
            Err(StoreError::Claimed)
        }
    }
}

/// Makes a database file that does not exist yet, readable by its owner only; SQLite gives its other files the same
/// permissions.
pub(super) fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Folder { folder: path.to_owned(), error }),
    }
}
