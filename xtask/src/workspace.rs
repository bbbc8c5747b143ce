//! Where things are: the workspace's root, its target folder and what xtask keeps in it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::process;

/// The folders that every command works with.
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever `CARGO_TARGET_DIR` or a configuration file put it.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo from the current folder, where the alias was found, so that every way of moving the target folder is respected.
    pub(crate) fn discover() -> Result<Self> {
        #[derive(Deserialize)]
        struct Answer {
            workspace_root: PathBuf,
            target_directory: PathBuf,
        }
        let mut command = Command::new(cargo_program());
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let answer: Answer = serde_json::from_str(&process::output(&mut command)?)
            .context("cargo metadata answered something else")?;
        Ok(Self { root: answer.workspace_root, target: answer.target_directory })
    }

    /// A cargo call in the workspace. All of them see the same `NATTER_ASSETS`, else each would rebuild the server.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = Command::new(cargo_program());
        command.current_dir(&self.root).args(arguments).env("NATTER_ASSETS", self.assets());
        command
    }

    /// Another program, started in the workspace's root.
    pub(crate) fn program(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root);
        command
    }

    /// The built browser files and their manifest.
    pub(crate) fn assets(&self) -> PathBuf {
        self.target.join("assets")
    }

    /// The binary to hand out.
    pub(crate) fn natter(&self) -> PathBuf {
        self.target.join("dist/natter")
    }

    /// Tools that we installed for this workspace only.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }
}

fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
