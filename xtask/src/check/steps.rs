//! The steps that mostly run another program.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::metadata::WASM;
use crate::tools::{
    Need, ensure_apt, ensure_component, ensure_npm, ensure_wasm_target, postgres_programs,
};
use crate::workspace::Workspace;
use crate::{dist, process};

/// The compiler of the widget's glue: its tests run apart from the others, with the dependencies as they were built
/// for `assets`. In one build with the rest they would have other features and be built twice.
const BINDGEN: &str = "natter-wasm-bindgen";

pub(super) fn fmt(workspace: &Workspace) -> Result<()> {
    ensure_component(workspace, "rustfmt")?;
    process::run(&mut workspace.cargo(["fmt", "--all", "--check"]))
        .context("type `cargo fmt --all`")
}

pub(super) fn clippy(workspace: &Workspace) -> Result<()> {
    ensure_component(workspace, "clippy")?;
    process::run(&mut workspace.cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

pub(super) fn clippy_widget(workspace: &Workspace) -> Result<()> {
    ensure_component(workspace, "clippy")?;
    ensure_wasm_target(workspace)?;
    let mut cargo = workspace.cargo(["clippy", "--package", "natter-widget", "--target", WASM]);
    process::run(cargo.args(["--", "--deny", "warnings"]))
}

pub(super) fn doc(workspace: &Workspace) -> Result<()> {
    process::run(
        workspace.cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"),
    )
}

pub(super) fn unit(workspace: &Workspace) -> Result<()> {
    ensure_apt(&["postgresql", "redis-server"])?;
    let mut ours =
        workspace.cargo(["test", "--workspace", "--exclude", "xtask", "--exclude", BINDGEN]);
    process::run(test_environment(&mut ours))?;
    process::run(&mut workspace.cargo(["test", "--quiet", "--package", "xtask"]))?;
    process::run(&mut workspace.cargo(["test", "--quiet", "--package", BINDGEN]))
}

pub(super) fn browser(workspace: &Workspace) -> Result<()> {
    ensure_apt(&["chromium"])?;
    ensure_npm(workspace)?;
    let script = workspace.root.join("tests/browser/run.mjs");
    ensure!(script.is_file(), "tests/browser/run.mjs is missing");
    with_binary(workspace, workspace.program("node").arg(script))
}

pub(super) fn compat(workspace: &Workspace) -> Result<()> {
    ensure_npm(workspace)?;
    let scripts = test_scripts(&workspace.root.join("tests/compat"))?;
    with_binary(workspace, workspace.program("node").arg("--test").args(scripts))
}

pub(super) fn package(workspace: &Workspace) -> Result<()> {
    ensure_apt(&["chromium"])?;
    ensure_npm(workspace)?;
    let scripts = test_scripts(&workspace.root.join("tests/package"))?;
    with_binary(workspace, workspace.program("node").arg("--test").args(scripts))
}

/// Tells tests where the programs are that they start. They fail without them: nothing is skipped.
fn test_environment(command: &mut Command) -> &mut Command {
    if let Some(folder) = postgres_programs() {
        command.env("NATTER_TEST_POSTGRES_BIN", folder);
    }
    if let Some(chromium) = process::find("chromium") {
        command.env("NATTER_TEST_CHROMIUM", chromium);
    }
    command
}

/// Runs a test program against the binary that would be handed out (built first; nothing happens when it is up to
/// date), and with the pretend provider at hand.
fn with_binary(workspace: &Workspace, command: &mut Command) -> Result<()> {
    dist::build(workspace, Need::Always)?;
    // Naming a test makes cargo build with the features of the `unit` step, whose dependencies are there already.
    let mut build =
        workspace.cargo(["build", "--workspace", "--exclude", "xtask", "--exclude", BINDGEN]);
    process::run(build.args(["--bin", "mock-provider", "--test", "it"]))?;
    let command = test_environment(command).env("NATTER_TEST_BINARY", workspace.natter());
    process::run(command.env("NATTER_MOCK_PROVIDER", workspace.target.join("debug/mock-provider")))
}

/// The test scripts in a folder. They are named one by one, since versions of node differ in what a folder means.
fn test_scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("{} is missing", folder.display()))?;
    let mut scripts: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    scripts.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    scripts.sort();
    ensure!(!scripts.is_empty(), "there is no *.test.mjs in {}", folder.display());
    Ok(scripts)
}
