//! The server as a process, for the tests that end it.

use std::net::SocketAddr;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::{Database, Wire};

/// The command line with the database and secret of a test.
pub(crate) fn natter(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_natter-under-test"));
    command
        .args(arguments)
        .current_dir(database.folder())
        .env_clear()
        .env("NATTER_DATABASE_URL", &database.url)
        .env("NATTER_SECRET_FILE", database.folder().join("secret"))
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running `natter serve`.
pub(crate) struct Process {
    child: Child,
    pub(crate) wire: Wire,
}

impl Process {
    /// Starts it on a free port and waits until it serves.
    pub(crate) async fn serve(database: &Database) -> Self {
        let mut command = natter(database, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("natter serve ended at once");
        let address: SocketAddr = line.rsplit('/').next().unwrap().parse().unwrap();
        Self { child, wire: Wire::Socket(address) }
    }

    /// What stands before the paths.
    pub(crate) fn base(&self) -> String {
        match &self.wire {
            Wire::Socket(address) => format!("http://{address}"),
            Wire::Router(_) => unreachable!("a process has a socket"),
        }
    }

    /// Ends it with SIGKILL, in the middle of whatever it does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to end with SIGTERM.
    pub(crate) async fn terminate(&self) {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Its exit code, when it has ended.
    pub(crate) async fn code(mut self) -> Option<i32> {
        self.child.wait().await.unwrap().code()
    }
}
