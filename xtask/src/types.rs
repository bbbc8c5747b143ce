//! `cargo xtask types`: the wire types as TypeScript, for the npm package.

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;
use crate::{process, say};

const FILE: &str = "npm/wire.d.ts";

/// Writes the declarations.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    std::fs::write(workspace.root.join(FILE), made(workspace)?)
        .with_context(|| format!("cannot write {FILE}"))?;
    say::step(&format!("{FILE} is up to date"));
    Ok(())
}

/// Fails when the declarations are not those of the types.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let there = std::fs::read_to_string(workspace.root.join(FILE)).unwrap_or_default();
    ensure!(there == made(workspace)?, "{FILE} is out of date: type `cargo xtask types`");
    Ok(())
}

fn made(workspace: &Workspace) -> Result<String> {
    let mut cargo = workspace.cargo(["run", "--quiet", "--package", "natter-shared"]);
    process::output(cargo.args(["--features", "typescript", "--example", "types"]))
}
