//! The server as a process, for the tests that end it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::{Database, Wire};

const PROGRAM: &str = env!("CARGO_BIN_EXE_natter-under-test");
const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// The command line with the database and secret of a test.
pub(crate) fn natter(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    prepare(command.args(arguments), database);
    command
}

fn prepare(command: &mut Command, database: &Database) {
    command
        .current_dir(database.folder())
        .env_clear()
        .env("NATTER_DATABASE_URL", &database.url)
        .env("NATTER_SECRET_FILE", database.folder().join("secret"))
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

/// A running `natter serve`.
pub(crate) struct Process {
    child: Child,
    pub(crate) wire: Wire,
}

impl Process {
    /// Starts it on a free port and waits until it serves.
    pub(crate) async fn serve(database: &Database) -> Self {
        Self::start(natter(database, &SERVE)).await
    }

    /// The same with a variable that is a path.
    pub(crate) async fn serve_with(database: &Database, name: &str, path: &Path) -> Self {
        let mut command = natter(database, &SERVE);
        command.env(name, path);
        Self::start(command).await
    }

    /// The same for [`Self::fill_disk`]: a process is ended by the signal for a file that is too large, unless it was
    /// started by one that ignores it.
    pub(crate) async fn serve_on_a_disk_that_fills(database: &Database) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]).args(SERVE);
        prepare(&mut command, database);
        Self::start(command).await
    }

    async fn start(mut command: Command) -> Self {
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

    /// Has every write to a file fail from now on, as on a full disk.
    pub(crate) async fn fill_disk(&self) {
        self.limit_files("0:unlimited").await;
    }

    /// Has them succeed again.
    pub(crate) async fn free_disk(&self) {
        self.limit_files("unlimited:unlimited").await;
    }

    async fn limit_files(&self, limit: &str) {
        let pid = format!("--pid={}", self.child.id().unwrap());
        let set = Command::new("prlimit").args([&pid, &format!("--fsize={limit}")]).status().await;
        assert!(set.expect("prlimit is part of util-linux").success());
    }

    /// Its exit code, when it has ended.
    pub(crate) async fn code(mut self) -> Option<i32> {
        self.child.wait().await.unwrap().code()
    }
}
