//! `cargo xtask trunk`: the development loop's own build of the page, and the proof that it works.
//!
//! Trunk looks for its helpers on `PATH` and must not download any: it is given our `wasm-bindgen` and the pinned
//! `wasm-opt`. Installing Trunk itself takes ten minutes, so the test command does without it.

use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::assets::widget::{short_paths, wasm_bindgen};
use crate::running::Running;
use crate::tools::{Need, ensure_apt, ensure_npm, ensure_wasm_target};
use crate::workspace::Workspace;
use crate::{dist, process, say};

/// The newest version that the workspace's rustc builds.
const VERSION: &str = "0.21.14";

/// Runs `trunk` with its helpers; without arguments, builds the page for release and proves the loop.
pub(crate) fn command(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    ensure_wasm_target(workspace)?;
    ensure_npm(workspace)?;
    let trunk = install(workspace)?;
    let path = helpers(workspace)?;
    let call = |arguments: &[OsString]| -> Result<Command> {
        let mut command = workspace.program(&trunk);
        command.args(arguments).env("PATH", &path).env("NATTER_ASSETS", workspace.assets());
        command.env("TRUNK_OFFLINE", "true").env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Sets the same compiler flags as `assets` does, so that both share what they build.
        short_paths(workspace, &mut command)?;
        Ok(command)
    };
    if !arguments.is_empty() {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        return process::run(&mut call(&arguments)?);
    }
    let dist = workspace.target.join("trunk");
    say::step("building the page with Trunk");
    process::run(&mut call(&[
        "build".into(),
        "--release".into(),
        "--dist".into(),
        dist.clone().into(),
    ])?)?;
    check_page(&dist)?;
    check_loop(workspace, &mut call(&["serve".into(), "--release".into()])?)
}

/// Finds Trunk in its one version, or builds it.
fn install(workspace: &Workspace) -> Result<PathBuf> {
    let ours = workspace.tools().join("bin/trunk");
    let wanted = format!("trunk {VERSION}");
    let has_version = |program: &Path| {
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == wanted)
    };
    for candidate in [Some(ours.clone()), process::find("trunk")].into_iter().flatten() {
        if has_version(&candidate) {
            return Ok(candidate);
        }
    }
    say::step(&format!(
        "installing Trunk {VERSION} into {} (once; takes ten minutes)",
        workspace.tools().display()
    ));
    let package = format!("trunk@{VERSION}");
    let mut cargo = workspace.cargo(["install", "--locked", &package, "--root"]);
    process::run(
        cargo.arg(workspace.tools()).env("CARGO_TARGET_DIR", workspace.tools().join("build")),
    )?;
    ensure!(
        has_version(&ours),
        "cargo installed Trunk, but {} does not say `{wanted}`",
        ours.display()
    );
    Ok(ours)
}

/// Puts the helpers under the names that Trunk looks for; the answer is the `PATH` to run it with.
fn helpers(workspace: &Workspace) -> Result<OsString> {
    let folder = workspace.tools().join("helpers");
    std::fs::create_dir_all(&folder)?;
    let programs = [
        ("wasm-bindgen", wasm_bindgen(workspace)?),
        ("wasm-opt", workspace.root.join("node_modules/.bin/wasm-opt")),
    ];
    for (name, program) in programs {
        // A script rather than a link, which not every file system has.
        let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", program.display());
        let file = folder.join(name);
        std::fs::write(&file, script)?;
        make_executable(&file)?;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).context("a folder in PATH has a colon in its name")
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    anyhow::bail!("the Trunk helpers are shell scripts: use a Unix system")
}

/// The page loads what was built for it.
fn check_page(dist: &Path) -> Result<()> {
    let names: Vec<String> = std::fs::read_dir(dist)
        .with_context(|| format!("Trunk left no {}", dist.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    let page =
        std::fs::read_to_string(dist.join("index.html")).context("Trunk left no index.html")?;
    for end in [".js", "_bg.wasm"] {
        let name = names.iter().find(|name| name.ends_with(end));
        let name = name.with_context(|| format!("Trunk built no file ending in {end}"))?;
        ensure!(page.contains(name.as_str()), "the built page does not load {name}");
    }
    Ok(())
}

/// The loop as a developer has it: the demo on its usual ports, `trunk serve` beside it, a visitor's question on the
/// page, and a reload when a file changes.
fn check_loop(workspace: &Workspace, serve: &mut Command) -> Result<()> {
    ensure_apt(&["chromium"])?;
    dist::build(workspace, Need::WhenPossible)?;
    let [api, shop, page] = [8787, 8788, 8790].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    for address in [api, shop, page] {
        ensure!(
            TcpListener::bind(address).is_ok(),
            "something listens on {address} already: stop it, since the loop to be proven uses that port"
        );
    }
    let _demo = dist::start_demo(workspace, api, shop)?;
    say::step("serving the page with Trunk");
    let trunk = Running::start("trunk serve", serve, page, "/")?;
    say::step(&format!("asking a question on http://{}/ in Chromium", trunk.address));
    let mut node = workspace.program("node");
    node.args(["tests/browser/trunk.mjs", &format!("http://{}/", trunk.address)]);
    node.arg(workspace.root.join("widget/index.html"));
    process::run(&mut node)?;
    say::step("the page that Trunk serves answers, and reloads when a file changes");
    Ok(())
}
