//! Tools that a command needs: found, or installed and kept for the next run.
//!
//! Nothing is fetched from anywhere but rustup, npm's registry and Debian's archive. Node packages are pinned by the
//! root `package-lock.json`, the Rust side by `Cargo.lock`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::workspace::Workspace;
use crate::{process, say};

/// What to do when a tool that only makes the result smaller cannot be had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Fail: the result is measured or tested.
    Always,
    /// Go on without it, and say so.
    WhenPossible,
}

/// Makes sure that rustc can build for the browser.
pub(crate) fn ensure_wasm_target(workspace: &Workspace) -> Result<()> {
    ensure_rust_part(
        workspace,
        "lib/rustlib/wasm32-unknown-unknown/lib",
        ["target", "add", "wasm32-unknown-unknown"],
    )
}

/// Makes sure that `cargo fmt` or `cargo clippy` is there.
pub(crate) fn ensure_component(workspace: &Workspace, component: &str) -> Result<()> {
    let program = if component == "rustfmt" { "bin/cargo-fmt" } else { "bin/cargo-clippy" };
    ensure_rust_part(workspace, program, ["component", "add", component])
}

/// Adds a part of the toolchain with rustup when its folder or file is not there.
fn ensure_rust_part(workspace: &Workspace, place: &str, rustup: [&str; 3]) -> Result<()> {
    let sysroot = process::output(workspace.program("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join(place).exists() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!(
            "the Rust toolchain has no {} and there is no rustup to add it: install rustup",
            rustup[2]
        );
    }
    say::step(&format!("rustup {}", rustup.join(" ")));
    process::run(workspace.program("rustup").args(rustup))
}

/// Makes sure that Debian packages are installed. As root they are installed; anybody else is told what to type.
pub(crate) fn ensure_apt(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> =
        packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if process::find("apt-get").is_none() {
        bail!("{list}: not found, and this is no Debian: install what these packages contain");
    }
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!(
            "{list}: not found; type `sudo apt-get install -y --no-install-recommends {list}`, then try again"
        );
    }
    say::step(&format!("installing Debian packages: {list}"));
    let apt = |arguments: &[&str]| {
        process::run(
            Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    apt(&["update", "--quiet"])?;
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install)?;
    if let Some(package) = missing.into_iter().find(|package| !is_installed(package)) {
        bail!("{package} was installed, but what it contains was not found");
    }
    Ok(())
}

/// Whether what we use of a Debian package is there, whoever put it there.
fn is_installed(package: &str) -> bool {
    match package {
        "nodejs" => process::find("node").is_some(),
        "postgresql" => postgres_programs().is_some(),
        program => process::find(program).is_some(),
    }
}

/// The folder with `initdb` and `postgres` in it; Debian keeps it out of `PATH`. The newest version wins.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "createdb"].iter().all(|name| folder.join(name).is_file())
    };
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| complete(folder))
        .collect::<BTreeSet<_>>()
        .pop_last();
    // Elsewhere they stand in `PATH`, but a link to one of them there is not all of them.
    newest.map(|(_, folder)| folder).or_else(|| {
        process::find("initdb")
            .and_then(|initdb| initdb.parent().map(Path::to_owned))
            .filter(complete)
    })
}

/// Makes sure that node is there and that `node_modules` is what `package-lock.json` says.
pub(crate) fn ensure_npm(workspace: &Workspace) -> Result<()> {
    ensure_npm_in(workspace, "")
}

/// The same for a folder of the repository with a lock of its own.
pub(crate) fn ensure_npm_in(workspace: &Workspace, folder: &str) -> Result<()> {
    ensure_apt(&["nodejs", "npm"])?;
    let place = workspace.root.join(folder);
    let lock = std::fs::read(place.join("package-lock.json"))
        .with_context(|| format!("cannot read package-lock.json in {}", place.display()))?;
    let stamp = place.join("node_modules/.installed-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let name = Path::new(folder).join("package-lock.json");
    say::step(&format!("installing the node packages of {} with npm", name.display()));
    let mut npm = workspace.program("npm");
    npm.current_dir(&place);
    process::run(npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    std::fs::write(&stamp, lock).context("cannot write into node_modules")
}

/// The programs that make the browser files smaller.
pub(crate) struct Shrinkers {
    /// Binaryen's optimizer.
    pub(crate) wasm_opt: Option<WasmOpt>,
    /// The script of the JavaScript minifier, to be run with node.
    pub(crate) terser: Option<PathBuf>,
}

/// Where `wasm-opt` comes from.
pub(crate) enum WasmOpt {
    /// The pinned version from npm, of which we know what it prints.
    Pinned(PathBuf),
    /// Whatever version is on `PATH`.
    Found(PathBuf),
}

impl WasmOpt {
    /// The program to start.
    pub(crate) fn program(&self) -> &Path {
        match self {
            Self::Pinned(path) | Self::Found(path) => path,
        }
    }
}

impl Shrinkers {
    /// Finds or installs them.
    pub(crate) fn ensure(workspace: &Workspace, need: Need) -> Result<Self> {
        let node = process::find("node").is_some() && process::find("npm").is_some();
        let installed = match need {
            Need::Always => ensure_npm(workspace).map(|()| true),
            Need::WhenPossible if node => ensure_npm(workspace).map(|()| true),
            Need::WhenPossible => Ok(false),
        };
        match installed {
            Ok(true) => {
                let modules = workspace.root.join("node_modules");
                return Ok(Self {
                    wasm_opt: Some(WasmOpt::Pinned(modules.join(".bin/wasm-opt"))),
                    terser: Some(modules.join("terser/bin/terser")),
                });
            }
            Ok(false) => say::step("there is no npm: JavaScript stays unminified"),
            Err(error) if need == Need::Always => return Err(error),
            Err(error) => say::step(&format!(
                "npm does not work here, JavaScript stays unminified: {error:#}"
            )),
        }
        let wasm_opt = process::find("wasm-opt").map(WasmOpt::Found);
        if wasm_opt.is_none() {
            say::step(
                "there is no wasm-opt either: the widget works, but is larger than it could be",
            );
        }
        Ok(Self { wasm_opt, terser: None })
    }

    /// Names what is used, so that another set of tools makes the files anew.
    pub(crate) fn identity(&self) -> String {
        let wasm_opt = match &self.wasm_opt {
            Some(WasmOpt::Pinned(_)) => "pinned".to_owned(),
            Some(WasmOpt::Found(path)) => path.display().to_string(),
            None => "none".to_owned(),
        };
        format!(
            "wasm-opt {wasm_opt}, terser {}",
            if self.terser.is_some() { "pinned" } else { "none" }
        )
    }
}
