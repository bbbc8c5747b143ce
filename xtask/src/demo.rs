//! `cargo xtask demo`: builds the binary, then runs `natter demo` in its place.

use std::process::Command;

use anyhow::Result;

use crate::dist;
use crate::tools::Need;
use crate::workspace::Workspace;

/// Builds with the tools that can be had without root, then hands over to the server.
pub(crate) fn command(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    dist::build(workspace, Need::WhenPossible)?;
    replace(Command::new(workspace.natter()).arg("demo").args(arguments))
}

/// Becomes the program, so that signals reach it and its exit code is ours.
#[cfg(unix)]
fn replace(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> Result<()> {
    crate::process::run(command)
}
