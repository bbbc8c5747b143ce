//! `cargo xtask trunk`: the development loop's own build of the page, and the proof that it works.
//!
//! Trunk looks for its helpers on `PATH` and must not download any: it is given our `wasm-bindgen` and the pinned
//! `wasm-opt`. Installing Trunk itself takes ten minutes, so the test command does without it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::assets::widget::{short_paths, wasm_bindgen};
use crate::tools::{ensure_apt, ensure_npm, ensure_wasm_target};
use crate::workspace::Workspace;
use crate::{http, process, say};

/// The newest version that the workspace's rustc builds.
const VERSION: &str = "0.21.14";

/// Runs `trunk` with its helpers; without arguments, builds the page for release and checks it.
pub(crate) fn command(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    ensure_wasm_target(workspace)?;
    ensure_npm(workspace)?;
    let trunk = install(workspace)?;
    let path = helpers(workspace)?;
    let call = |arguments: &[OsString]| -> Result<()> {
        let mut command = workspace.program(&trunk);
        command.args(arguments).env("PATH", &path).env("NATTER_ASSETS", workspace.assets());
        command.env("TRUNK_OFFLINE", "true").env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Sets the same compiler flags as `assets` does, so that both share what they build.
        short_paths(workspace, &mut command)?;
        process::run(&mut command)
    };
    if !arguments.is_empty() {
        return call(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
    }
    let dist = workspace.target.join("trunk");
    say::step("building the page with Trunk");
    call(&["build".into(), "--release".into(), "--dist".into(), dist.clone().into()])?;
    check(&dist)
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
    bail!("the Trunk helpers are shell scripts: use a Unix system")
}

/// Opens the built page in Chromium, and waits for it to say that the module runs.
fn check(dist: &Path) -> Result<()> {
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

    ensure_apt(&["chromium"])?;
    let address = http::serve(dist)?;
    say::step(&format!("opening the built page in Chromium (http://{address}/)"));
    let profile = dist.with_file_name("trunk-chromium");
    let mut chromium = Command::new("chromium");
    chromium.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--virtual-time-budget=20000",
    ]);
    chromium.arg(format!("--user-data-dir={}", profile.display()));
    chromium.arg("--dump-dom").arg(format!("http://{address}/"));
    // What it says on standard error is about desktops that are not there.
    let output = chromium.stderr(Stdio::null()).output().context("cannot start chromium")?;
    let dom = String::from_utf8_lossy(&output.stdout);
    if !dom.contains("data-widget=\"started\"") {
        bail!("the page that Trunk built did not start the widget; its document was:\n{dom}");
    }
    say::step("the page that Trunk built starts the widget");
    Ok(())
}
