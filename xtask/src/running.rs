//! Servers of ours that run beside a check and end with it.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::http;

/// A server that was started, ended when dropped.
pub(crate) struct Running {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    /// Starts a server and waits until it answers a path with 200; `name` is what an error calls it.
    pub(crate) fn start(
        name: &str,
        command: &mut Command,
        address: SocketAddr,
        path: &str,
    ) -> Result<Self> {
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let process = process.with_context(|| format!("cannot start `{name}`"))?;
        let mut server = Self { process, address };
        let start = Instant::now();
        while !http::get(address, path, "identity").is_ok_and(|answer| answer.status == 200) {
            if let Some(status) = server.process.try_wait()? {
                bail!("`{name}` ended before it answered ({status})");
            }
            ensure!(
                start.elapsed() < Duration::from_mins(1),
                "`{name}` did not answer http://{address}{path} within a minute"
            );
            thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing to do when it has ended by itself.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
