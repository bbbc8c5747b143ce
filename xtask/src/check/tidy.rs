//! Rules of the house that neither the compiler nor clippy knows. Only files that git knows or would add are read.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::imports;
use crate::say;
use crate::workspace::Workspace;
use crate::{process, tools};

/// The longest that a hand-written source file may be.
const LONGEST: usize = 450;

/// Ways to make markup from a string, which a widget on other people's pages must never do.
const MARKUP: [&str; 5] =
    ["inner_html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"];

/// What would tie the repository to somebody's machine. Written in halves, since this file is read too.
const PRIVATE: [&str; 7] = [
    concat!("/wor", "k/"),
    concat!("/roo", "t/"),
    concat!("/hom", "e/"),
    concat!("/Use", "rs/"),
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("static.crates", ".io"),
];

/// Reads every file and complains about all findings at once.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    tools::ensure_apt(&["git"])?;
    let listed = process::output(workspace.program("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut complaints = Vec::new();
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let path = workspace.root.join(name);
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {name}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            complaints.extend(complaints_about(Path::new(name), &text));
        }
    }
    for complaint in &complaints {
        say::error(&format!("  {complaint}"));
    }
    if !complaints.is_empty() {
        bail!("{} findings", complaints.len());
    }
    Ok(())
}

fn complaints_about(path: &Path, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let extension = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let lines = text.lines().count();
    if matches!(extension, "rs" | "js" | "mjs" | "css" | "html" | "sql" | "sh") && lines > LONGEST {
        complaints
            .push(format!("{}: {lines} lines, more than {LONGEST}: split it", path.display()));
    }
    for (number, line) in text.lines().enumerate() {
        for word in PRIVATE.into_iter().filter(|word| names_place(line, word)) {
            complaints.push(format!(
                "{}:{}: `{word}` is a place of one machine",
                path.display(),
                number + 1
            ));
        }
    }
    if path.starts_with("widget") || path.starts_with("static") {
        let product =
            imports::product_lines(text).filter(|(_, line)| !line.trim_start().starts_with('*'));
        for (number, line) in product {
            for word in MARKUP.into_iter().filter(|word| line.contains(word)) {
                complaints
                    .push(format!("{}:{number}: {word}: build nodes instead", path.display()));
            }
        }
    }
    if let Ok(inside) = path.strip_prefix("server/src")
        && extension == "rs"
    {
        complaints.extend(imports::wrong(inside, text));
        complaints.extend(crates_out_of_place(inside, text));
    }
    complaints
}

/// Whether a line names a private place. A folder counts only where a path starts, not within a longer one.
fn names_place(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !word.starts_with('/')
            || !before.is_some_and(|c| {
                c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ')' | '*')
            })
    })
}

/// The database driver belongs to the store, the web framework to the doors and to what starts them.
fn crates_out_of_place(inside: &Path, text: &str) -> Vec<String> {
    let at: PathBuf = inside.to_owned();
    let under = |folder: &str| at.starts_with(folder) || at == Path::new(&format!("{folder}.rs"));
    let rules = [
        ("sqlx", under("store")),
        ("axum", under("http") || under("app") || under("main") || under("lib") || under("cli")),
    ];
    let mut complaints = Vec::new();
    for (name, _) in rules.into_iter().filter(|(_, allowed)| !allowed) {
        let path = format!("{name}::");
        for (number, line) in imports::product_lines(text) {
            let named = line.match_indices(&path).any(|(start, _)| {
                !line[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':'))
            });
            if named {
                complaints.push(format!(
                    "server/src/{}:{number}: {name} has no business here",
                    inside.display()
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        complaints_about(Path::new(path), text).len()
    }

    #[test]
    fn drivers_stay_in_their_rooms() {
        assert_eq!(count("server/src/store/mod.rs", "use sqlx::Row;"), 0);
        assert_eq!(
            count("server/src/service/turn.rs", "use sqlx::Row;\nfn f(_: axum::Router) {}"),
            2
        );
        assert_eq!(count("server/src/app.rs", "use axum::Router;"), 0);
    }

    #[test]
    fn markup_from_strings_is_refused_where_browsers_run_it() {
        assert_eq!(count("static/loader.js", "host.innerHTML = text;"), 1);
        assert_eq!(
            count("widget/src/view.rs", "// never innerHTML\nnode.set_text_content(text);"),
            0
        );
        assert_eq!(count("server/src/http/pages.rs", "// innerHTML"), 0);
    }

    #[test]
    fn places_of_one_machine_are_refused() {
        let private = concat!("cd /wor", "k/natter");
        assert_eq!(count("README.md", private), 1);
        assert_eq!(count("README.md", concat!("https://shop.example/wor", "k/")), 0);
    }

    #[test]
    fn long_files_are_refused() {
        assert_eq!(count("shared/src/lib.rs", &"\n".repeat(LONGEST + 1)), 1);
    }
}
