//! Embeds the built browser files (`cargo xtask assets` makes them) into the server, and makes a change of the
//! migrations rebuild it. Without built files the server still works; only the widget's own files answer 503.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed=NATTER_ASSETS");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("assets.rs");
    let mut code = String::from("&[\n");
    if let Some(folder) = env::var_os("NATTER_ASSETS").map(PathBuf::from) {
        let manifest = folder.join("manifest.json");
        println!("cargo::rerun-if-changed={}", manifest.display());
        if manifest.exists() {
            embed(&folder, &fs::read_to_string(&manifest)?, &mut code)?;
        }
    }
    code.push(']');
    fs::write(out, code)
}

/// Writes one `Embedded { … }` for each file that the manifest names.
fn embed(folder: &Path, manifest: &str, code: &mut String) -> io::Result<()> {
    let manifest: serde_json::Value = serde_json::from_str(manifest)?;
    let text =
        |file: &serde_json::Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
    for file in manifest["files"].as_array().into_iter().flatten() {
        let name = text(file, "name");
        let include = |suffix: &str| {
            let path = folder.join(format!("{name}{suffix}"));
            if path.exists() {
                format!("Some(include_bytes!({}))", literal(&path))
            } else {
                "None".into()
            }
        };
        writeln!(
            code,
            "Embedded {{ logical: {:?}, name: {name:?}, content_type: {:?}, body: include_bytes!({}), br: {}, gz: {} }},",
            text(file, "logical"),
            text(file, "content_type"),
            literal(&folder.join(&name)),
            include(".br"),
            include(".gz"),
        )
        .map_err(io::Error::other)?;
    }
    Ok(())
}

/// A path as a string literal of Rust.
fn literal(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}
