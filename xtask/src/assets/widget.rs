//! The widget: cargo, `wasm-bindgen`, `wasm-opt`, and a minifier for the glue between module and browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::glue::{self, Renames};
use super::{Builder, Name, Raw, files, hash, pair};
use crate::metadata::{Metadata, WASM};
use crate::tools::{Shrinkers, WasmOpt, ensure_wasm_target};
use crate::workspace::Workspace;
use crate::{process, say};

/// What rustc 1.95 lets its wasm code use. They are spelled out because the module's own list is stripped with the
/// debug information, and old versions of `wasm-opt` must know the names too.
pub(crate) const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How the names of exports begin that belong to splitting a module in parts, which is not done.
const UNUSED_EXPORTS: [&str; 1] = ["_WASM_SPLIT_MARKER"];

/// How to optimize for the number of bytes after brotli, which is not what `-Oz` does: functions that are merged into
/// their only caller, and values that are shared through locals, leave code that repeats itself less. On the widget
/// this came out 1 % smaller than `-Oz`, on larger versions of it up to 8 %.
const WASM_OPT: [&str; 4] = [
    "-Os",
    "--one-caller-inline-max-function-size=20",
    "--skip-pass=local-cse",
    "--skip-pass=simplify-locals",
];

/// How many digits of a build's hash tell its files from those of another one.
const MARK: usize = 4;

/// Builds `natter.wasm` and `natter.js`. Returns the mark of this build, which the name of the glue's `mount` ends with.
pub(super) fn build(
    workspace: &Workspace,
    shrinkers: &Shrinkers,
    builder: &mut Builder,
) -> Result<String> {
    ensure_wasm_target(workspace)?;
    let module = compile(workspace)?;
    let content =
        std::fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let identity = shrinkers.identity();
    let mut mark = hash([content.as_slice(), identity.as_bytes()]);
    mark.truncate(MARK);
    builder.group("widget", &[&content, identity.as_bytes()], || {
        let out = bind(workspace, &module)?;
        let (mut wasm, renames) = optimize(workspace, shrinkers, &out.join("natter_bg.wasm"))?;
        let mut glue = glue::slim(&std::fs::read_to_string(out.join("natter.js"))?)?;
        // Without short names the long ones differ by themselves.
        if let Some(mut renames) = renames {
            let (marked, first) = pair::mark(&wasm, &mark)?;
            wasm = marked;
            renames.mark(&first, &mark)?;
            glue = glue::rename(&glue, &renames)?;
        }
        glue = glue::mark(&glue, &mark)?;
        let glue =
            files::minify_script(workspace, shrinkers, "natter.js", &glue, files::Script::Glue)?;
        Ok(vec![
            Raw { logical: "natter.wasm".to_owned(), content: wasm, name: Name::Hashed },
            Raw { logical: "natter.js".to_owned(), content: glue.into_bytes(), name: Name::Hashed },
        ])
    })?;
    Ok(mark)
}

/// Builds the crate for the browser and returns the module's path.
fn compile(workspace: &Workspace) -> Result<PathBuf> {
    say::step("building the widget (cargo rustc --profile widget for wasm32)");
    let mut cargo = workspace.cargo(["rustc", "--package", "natter-widget", "--lib"]);
    // The crate is an ordinary library too, for its tests. Building that along would switch link-time optimization
    // off, which is worth 8 % of the bytes.
    cargo.args(["--crate-type", "cdylib", "--target", WASM, "--profile", "widget"]);
    cargo.arg("--message-format=json-render-diagnostics");
    short_paths(workspace, &mut cargo)?;
    let messages = process::output(&mut cargo)?;
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let modules = artifacts.flat_map(|message| match &message["filenames"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(PathBuf::from).collect(),
        _ => Vec::new(),
    });
    let modules: Vec<PathBuf> =
        modules.filter(|path| path.extension().is_some_and(|end| end == "wasm")).collect();
    modules
        .into_iter()
        .next_back()
        .context("natter-widget was built but made no .wasm file: is it a binary or a cdylib?")
}

/// Has panic messages name files relative to their package. It keeps the builder's folders out of a public file, and
/// makes the same source the same module on every machine.
pub(crate) fn short_paths(workspace: &Workspace, cargo: &mut Command) -> Result<()> {
    let metadata = Metadata::load(workspace, WASM)?;
    let folders = metadata.source_folders();
    let flags = folders.into_iter().chain([workspace.root.as_path()]);
    let flags: Vec<String> =
        flags.map(|folder| format!("--remap-path-prefix={}=", folder.display())).collect();
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    Ok(())
}

/// Builds our `wasm-bindgen`, and returns its path.
pub(crate) fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    let program = workspace.target.join("debug/natter-wasm-bindgen");
    if !program.is_file() {
        say::step("building wasm-bindgen from the lock file's version (once; a minute of work)");
    }
    process::run(&mut workspace.cargo(["build", "--quiet", "--package", "natter-wasm-bindgen"]))?;
    ensure!(program.is_file(), "cargo built natter-wasm-bindgen, but not as {}", program.display());
    Ok(program)
}

/// Runs `wasm-bindgen`; the answer is the folder with its output.
fn bind(workspace: &Workspace, module: &Path) -> Result<PathBuf> {
    let program = wasm_bindgen(workspace)?;
    let out = workspace.target.join("widget-bindgen");
    if out.is_dir() {
        std::fs::remove_dir_all(&out)?;
    }
    let mut command = Command::new(program);
    command.arg(module).arg("--out-dir").arg(&out).args([
        "--out-name",
        "natter",
        "--target",
        "web",
    ]);
    command.args(["--no-typescript", "--remove-name-section", "--remove-producers-section"]);
    command.arg("--slim-panics");
    for prefix in UNUSED_EXPORTS {
        command.args(["--drop-exports", prefix]);
    }
    // The loader passes the module's address, so the glue needs no guess at it.
    process::run(command.arg("--omit-default-module-path"))?;
    ensure!(
        !out.join("snippets").exists(),
        "a dependency of the widget brings inline JavaScript, which would be one more file to load: do without it"
    );
    Ok(out)
}

/// Runs `wasm-opt`, if there is one. The pinned version also shortens the names of imports and exports.
fn optimize(
    workspace: &Workspace,
    shrinkers: &Shrinkers,
    module: &Path,
) -> Result<(Vec<u8>, Option<Renames>)> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let before = read(module)?;
    let Some(wasm_opt) = &shrinkers.wasm_opt else { return Ok((before, None)) };
    let out = module.with_file_name("natter_opt.wasm");
    let mut command = workspace.program(wasm_opt.program());
    command.arg(module).arg("--output").arg(&out).args(WASM_FEATURES);
    command.args(["--strip-debug", "--strip-producers", "--strip-target-features"]);
    let shortens = matches!(wasm_opt, WasmOpt::Pinned(_));
    if shortens {
        command.args(WASM_OPT);
        command.arg("--minify-imports-and-exports-and-modules");
    } else {
        command.arg("-Oz");
    }
    say::timed(
        "wasm-opt",
        || {
            let printed = process::output(&mut command)?;
            let renames = if shortens { Some(Renames::parse(&printed)?) } else { None };
            Ok((read(&out)?, renames))
        },
        |(after, _)| format!("{} -> {} bytes", say::bytes(before.len()), say::bytes(after.len())),
    )
}
