//! The hand-written browser files: the loader template and what lies in `static/app`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::locales::{self, Locales};
use super::{Builder, Name, Raw, css};
use crate::process;
use crate::tools::Shrinkers;
use crate::workspace::Workspace;

/// Marks what the server fills in, as in `__NATTER_BOOT__`.
const PLACEHOLDER: &str = "__NATTER_";

/// Marks the address of another file of `static/app`, as in `'asset:doctor.js'`: a script names what it may fetch later.
const ADDRESS: &str = "asset:";
/// Marks a style sheet of `static/part`, as in `'css:contact.css'`: its rules stand there as a string.
const RULES: &str = "'css:";
/// Marks a list of texts of `static/part`, as in `'list:reasons.txt'`: they stand there as an object.
const LIST: &str = "'list:";
/// Calls of what the glue exports by a name with the build's mark.
const MOUNT: &str = "glue.mount(";
/// Stands where the languages that there are texts for are listed.
const LOCALES: &str = "__NATTER_LOCALES__";

/// Builds the loader template and every file of `static/app`. Pages (`.html`) are templates as well: they keep their
/// name, since only an address that the server writes into them can carry a hash.
pub(super) fn build(
    workspace: &Workspace,
    shrinkers: &Shrinkers,
    builder: &mut Builder,
    locales: &Locales,
    mark: &str,
) -> Result<()> {
    let folder = workspace.root.join("static");
    let mut sources = vec![(folder.join("loader.js"), "loader.js".to_owned(), true)];
    for path in walk(&folder.join("app"))? {
        let logical = path
            .strip_prefix(folder.join("app"))?
            .to_str()
            .context("a file name in static/app is not UTF-8")?;
        ensure!(
            !logical.contains('/'),
            "static/app/{logical}: folders are not supported, put the file into static/app"
        );
        let template = path.extension().is_some_and(|end| end == "html");
        sources.push((path.clone(), logical.to_owned(), template));
    }
    let identity = shrinkers.identity();
    let mut texts = Vec::new();
    for (path, logical, template) in sources {
        let mut source =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let script = path.extension().is_some_and(|end| end == "js");
        if script && logical != "loader.js" {
            let text =
                String::from_utf8(source).with_context(|| format!("{logical} is no text"))?;
            let whole = take_in(&folder, &text)?.replace(LOCALES, &locales.listed());
            let whole = whole.replace(MOUNT, &["glue.mount", mark, "("].concat());
            let whole = with_styles(&folder, &whole).with_context(|| logical.clone())?;
            let whole = with_lists(&folder, &whole).with_context(|| logical.clone())?;
            source = locales.worded(&whole).with_context(|| logical.clone())?.into_bytes();
        }
        texts.push((source, logical, template));
    }
    // What is named by others comes first: its address has its hash in it.
    texts.sort_by_key(|(source, ..)| String::from_utf8_lossy(source).contains(ADDRESS));
    for (source, logical, template) in texts {
        let source = with_addresses(source, builder).with_context(|| logical.clone())?;
        let inputs = [source.as_slice(), identity.as_bytes()];
        builder.group(&logical, &inputs, || {
            let content = shrink(workspace, shrinkers, &logical, &source)?;
            let name = if template { Name::Template } else { Name::Hashed };
            Ok(vec![Raw { logical: logical.clone(), content, name }])
        })?;
    }
    Ok(())
}

/// The names of the texts that parts of the app show.
pub(super) fn said(workspace: &Workspace) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for path in walk(&workspace.root.join("static"))? {
        if path.extension().is_some_and(|end| end == "js") {
            let source = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            names.extend(code.flat_map(locales::said).map(str::to_owned));
        }
    }
    Ok(names)
}

/// Puts the addresses of built files where they are named.
fn with_addresses(source: Vec<u8>, builder: &Builder) -> Result<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(&source) else { return Ok(source) };
    let mut pieces = text.split(ADDRESS);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(['\'', '"', '`']).unwrap_or(piece.len());
        let (logical, rest) = piece.split_at(end);
        let name = builder
            .name(logical)
            .with_context(|| format!("{ADDRESS}{logical} names no file that is built before"))?;
        out.extend(["/assets/", name, rest]);
    }
    Ok(out.into_bytes())
}

/// Puts the files of `static/part` in the place of the imports that name them: what several files need, without an
/// address of its own.
fn take_in(folder: &Path, source: &str) -> Result<String> {
    let mut whole = String::with_capacity(source.len());
    for line in source.lines() {
        let name = line
            .strip_prefix("import ")
            .and_then(|rest| rest.split_once(" from '../part/")?.1.strip_suffix("';"));
        if let Some(name) = name {
            let path = folder.join("part").join(name);
            let part = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            whole.push_str(&part.replace("export const ", "const "));
        } else {
            whole.push_str(line);
        }
        whole.push('\n');
    }
    Ok(whole)
}

/// Puts style sheets where a script names them.
fn with_styles(folder: &Path, source: &str) -> Result<String> {
    let mut pieces = source.split(RULES);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('\'').context("'css: without an end")?;
        let path = folder.join("part").join(name);
        let rules = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        out.push_str(&serde_json::to_string(&css::minify(&rules))?);
        out.push_str(rest);
    }
    Ok(out)
}

/// Puts lists of texts where a script names them.
fn with_lists(folder: &Path, source: &str) -> Result<String> {
    let mut pieces = source.split(LIST);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('\'').context("'list: without an end")?;
        let path = folder.join("part").join(name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        out.push_str(&list(&text).with_context(|| name.to_owned())?.to_string());
        out.push_str(rest);
    }
    Ok(out)
}

/// A list's paragraphs: the first line is a name, the others are its texts. Lines that begin with `#` say something about
/// them.
fn list(text: &str) -> Result<serde_json::Value> {
    let mut entries = serde_json::Map::new();
    for paragraph in text.split("\n\n") {
        let mut lines = paragraph.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let Some(name) = lines.next() else { continue };
        let texts: Vec<&str> = lines.collect();
        ensure!(!texts.is_empty(), "{name} has no text");
        ensure!(entries.insert(name.to_owned(), texts.into()).is_none(), "{name} is there twice");
    }
    Ok(entries.into())
}

/// All files under a folder, in order; none when there is no such folder.
fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(files) };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(walk(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn shrink(
    workspace: &Workspace,
    shrinkers: &Shrinkers,
    logical: &str,
    source: &[u8],
) -> Result<Vec<u8>> {
    let text = || {
        std::str::from_utf8(source).with_context(|| format!("static file {logical} is not UTF-8"))
    };
    match logical.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => Ok(css::minify(text()?).into_bytes()),
        Some("js" | "mjs") => {
            let text = text()?;
            if text.lines().any(|line| {
                line.starts_with("import ") && line.contains("'./") || line.contains("\"./")
            }) {
                bail!(
                    "{logical} imports a neighbour, whose address will have a hash in it: make it one file"
                );
            }
            // In `static/app` everything is a module; these are what a plain tag runs.
            let kind = if matches!(logical, "loader.js" | "alias.js") {
                Script::Classic
            } else {
                Script::Module
            };
            Ok(minify_script(workspace, shrinkers, logical, text, kind)?.into_bytes())
        }
        _ => Ok(source.to_vec()),
    }
}

/// What a minifier may take for granted about a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Its top-level names are the page's.
    Classic,
    /// Its top-level names are its own.
    Module,
    /// A module that `wasm-bindgen` wrote.
    Glue,
}

/// Minifies JavaScript when there is a minifier. What the server fills in must come out as often as it went in.
pub(super) fn minify_script(
    workspace: &Workspace,
    shrinkers: &Shrinkers,
    name: &str,
    source: &str,
    kind: Script,
) -> Result<String> {
    let Some(terser) = &shrinkers.terser else { return Ok(source.to_owned()) };
    let folder = workspace.target.join("minify");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    std::fs::write(&file, source).with_context(|| format!("cannot write {}", file.display()))?;
    let mut command = workspace.program("node");
    let compress = match kind {
        // Nobody asks these functions for their `prototype`, which is what makes it "unsafe".
        Script::Glue => "passes=3,ecma=2020,unsafe_arrows,unsafe_methods",
        Script::Classic | Script::Module => "passes=3,ecma=2020",
    };
    command.arg(terser).arg(&file).args(["--compress", compress, "--mangle"]);
    command.args(["--format", "ecma=2020,comments=false"]);
    if kind != Script::Classic {
        command.arg("--module");
    }
    let minified = process::output(&mut command)?;
    let minified = minified.trim_end();
    let (before, after) = (placeholders(source), placeholders(minified));
    ensure!(
        before == after,
        "minifying {name} changed its placeholders from {before:?} to {after:?}: use each one once"
    );
    Ok(minified.to_owned())
}

/// How often each placeholder stands in a text, comments apart.
fn placeholders(text: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*'))
    {
        for (start, _) in line.match_indices(PLACEHOLDER) {
            let word = &line[start..];
            let end =
                word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
            *counts.entry(&word[..end]).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stands_where_it_was_imported() {
        let folder = std::env::temp_dir().join(format!("natter-part-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("part")).unwrap();
        std::fs::write(folder.join("part/one.js"), "export const one = 1;\n").unwrap();
        let whole = take_in(&folder, "import { one } from '../part/one.js';\nuse(one);").unwrap();
        assert_eq!(whole, "const one = 1;\n\nuse(one);\n");
        assert!(take_in(&folder, "import { two } from '../part/two.js';").is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn rules_stand_where_their_sheet_was_named() {
        let folder = std::env::temp_dir().join(format!("natter-rules-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("part")).unwrap();
        std::fs::write(folder.join("part/one.css"), "/* One. */\n.a { content: \"x\"; }\n")
            .unwrap();
        let whole = with_styles(&folder, "adopt('css:one.css');").unwrap();
        assert_eq!(whole, r#"adopt(".a{content: \"x\"}");"#);
        assert!(with_styles(&folder, "adopt('css:two.css');").is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_list_is_an_object_of_texts() {
        let listed = list("# Not this.\n\none\nA\nB\n\ntwo.more\nC\n").unwrap();
        assert_eq!(listed.to_string(), r#"{"one":["A","B"],"two.more":["C"]}"#);
        assert!(list("one\nA\n\none\nB").is_err() && list("one\n").is_err());
    }

    #[test]
    fn placeholders_are_counted_outside_comments() {
        let text = "// __NATTER_BOOT__ is JSON\nconst a = __NATTER_BOOT__, b = [__NATTER_X__,__NATTER_X__];";
        assert_eq!(
            placeholders(text),
            BTreeMap::from([("__NATTER_BOOT__", 1), ("__NATTER_X__", 2)])
        );
    }
}
