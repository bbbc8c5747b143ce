//! `cargo xtask assets`: everything that browsers load, built, hashed and compressed into `target/assets`.
//!
//! The server embeds that folder by its `manifest.json`. Work is done in groups (the widget; each hand-written file);
//! a group is made anew only when the hash of all that goes into it has changed, and a file only touched when its
//! content has, so that cargo does not rebuild the server for nothing.

mod compress;
mod css;
mod files;
mod glue;
mod locales;
mod pair;
pub(crate) mod widget;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::say;
use crate::tools::{Need, Shrinkers};
use crate::workspace::Workspace;

/// The way files are made: when it changes, nothing that was made before is kept.
const RECIPE: [&[u8]; 7] = [
    include_bytes!("compress.rs"),
    include_bytes!("css.rs"),
    include_bytes!("files.rs"),
    include_bytes!("glue.rs"),
    include_bytes!("locales.rs"),
    include_bytes!("mod.rs"),
    include_bytes!("widget.rs"),
];

/// The list of built files, as the server's build script reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) files: Vec<Asset>,
}

/// One built file; its compressed forms lie next to it as `NAME.br` and `NAME.gz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asset {
    /// What the server calls it, as in `natter.wasm`.
    pub(crate) logical: String,
    /// The file's name, with the hash of its content in it unless it is a template.
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: usize,
    pub(crate) br: usize,
    pub(crate) gz: usize,
}

impl Asset {
    /// Templates are filled in by the server for each request, so they have no hash and are not loaded as they are.
    pub(crate) fn is_template(&self) -> bool {
        self.logical == self.name
    }
}

/// What one group made, and from what.
#[derive(Default, Serialize, Deserialize)]
struct Made {
    inputs: String,
    files: Vec<Asset>,
}

/// A file before it is hashed and compressed.
struct Raw {
    logical: String,
    content: Vec<u8>,
    name: Name,
}

/// What a file is called in the end.
enum Name {
    /// By its content.
    Hashed,
    /// As its source: the server fills it in for each request.
    Template,
    /// So that scripts find it without a list.
    Known(String),
}

/// The folder being filled, with what earlier runs made.
struct Builder {
    folder: std::path::PathBuf,
    earlier: BTreeMap<String, Made>,
    made: BTreeMap<String, Made>,
}

/// Builds everything that is out of date.
pub(crate) fn build(workspace: &Workspace, need: Need) -> Result<Manifest> {
    let shrinkers = Shrinkers::ensure(workspace, need)?;
    let mut builder = Builder::open(&workspace.assets())?;
    let mark = widget::build(workspace, &shrinkers, &mut builder)?;
    let said = files::said(workspace)?;
    let locales = locales::build(workspace, &mut builder, &said)?;
    files::build(workspace, &shrinkers, &mut builder, &locales, &mark)?;
    builder.finish()
}

/// Makes sure that there is a manifest, if only an empty one. Without it cargo would run the server's build script
/// again in every command, since a file that it depends on is missing.
pub(crate) fn ensure_manifest(workspace: &Workspace) -> Result<()> {
    let folder = workspace.assets();
    if folder.join("manifest.json").is_file() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    write_manifest(&folder, &Manifest::default())
}

impl Builder {
    fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let earlier = std::fs::read(folder.join("made.json")).ok();
        let earlier =
            earlier.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), earlier, made: BTreeMap::new() })
    }

    /// Keeps a group when its inputs are those of the last run, else makes it with `work`.
    fn group(
        &mut self,
        name: &str,
        inputs: &[&[u8]],
        work: impl FnOnce() -> Result<Vec<Raw>>,
    ) -> Result<()> {
        let inputs = hash(inputs.iter().copied().chain(RECIPE));
        if let Some(made) = self.earlier.remove(name)
            && made.inputs == inputs
            && made.files.iter().all(|file| self.has(&file.name))
        {
            self.made.insert(name.to_owned(), made);
            return Ok(());
        }
        let files = work()?.into_iter().map(|raw| self.store(raw)).collect::<Result<_>>()?;
        self.made.insert(name.to_owned(), Made { inputs, files });
        Ok(())
    }

    /// Name of a file that was made in this run.
    fn name(&self, logical: &str) -> Option<&str> {
        let mut files = self.made.values().flat_map(|made| &made.files);
        files.find(|file| file.logical == logical).map(|file| file.name.as_str())
    }

    fn has(&self, name: &str) -> bool {
        ["", ".br", ".gz"].iter().all(|end| self.folder.join(format!("{name}{end}")).is_file())
    }

    fn store(&self, raw: Raw) -> Result<Asset> {
        let Raw { logical, content, name } = raw;
        let name = match name {
            Name::Hashed => hashed_name(&logical, &content),
            Name::Template => logical.clone(),
            Name::Known(name) => name,
        };
        let packed = compress::both(&content)?;
        write(&self.folder.join(&name), &content)?;
        write(&self.folder.join(format!("{name}.br")), &packed.brotli)?;
        write(&self.folder.join(format!("{name}.gz")), &packed.gzip)?;
        let (bytes, br, gz) = (content.len(), packed.brotli.len(), packed.gzip.len());
        say::step(&format!(
            "{logical}: {} bytes, {} as gzip, {} as brotli",
            say::bytes(bytes),
            say::bytes(gz),
            say::bytes(br)
        ));
        Ok(Asset { content_type: content_type(&logical).to_owned(), logical, name, bytes, br, gz })
    }

    /// Writes the manifest, then removes what it no longer names.
    fn finish(self) -> Result<Manifest> {
        let mut manifest =
            Manifest { files: self.made.values().flat_map(|made| made.files.clone()).collect() };
        manifest.files.sort_by(|a, b| a.logical.cmp(&b.logical));
        write_manifest(&self.folder, &manifest)?;
        write(&self.folder.join("made.json"), &serde_json::to_vec_pretty(&self.made)?)?;

        let kept = |name: &str| {
            let plain =
                name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz")).unwrap_or(name);
            matches!(name, "manifest.json" | "made.json")
                || manifest.files.iter().any(|file| file.name == plain)
        };
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if !kept(&entry.file_name().to_string_lossy()) && entry.file_type()?.is_file() {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(manifest)
    }
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<()> {
    write(&folder.join("manifest.json"), &serde_json::to_vec_pretty(manifest)?)
}

/// Writes a file unless it already says so: its time of change is what cargo goes by.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

fn hashed_name(logical: &str, content: &[u8]) -> String {
    let hash = hash([content]);
    match logical.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{logical}-{hash}"),
    }
}

/// 64-bit FNV-1a over the parts. It tells our own builds apart; nobody gains anything by a collision.
fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        let length = (part.len() as u64).to_le_bytes();
        for byte in length.iter().chain(part) {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{state:016x}")
}

/// The media type that a file's name stands for.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_content_and_keeps_its_extension() {
        let (one, other) = (hashed_name("natter.wasm", b"a"), hashed_name("natter.wasm", b"b"));
        assert_ne!(one, other);
        assert!(one.starts_with("natter-"));
        assert_eq!(one.find(".wasm"), Some("natter-".len() + 16));
    }

    #[test]
    fn moving_a_byte_between_parts_changes_the_hash() {
        assert_ne!(hash([b"ab".as_slice(), b"c"]), hash([b"a".as_slice(), b"bc"]));
    }
}
