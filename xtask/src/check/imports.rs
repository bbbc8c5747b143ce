//! Which module of the server may import which: http -> service -> store, knowledge, answer, log, files.

use std::path::Path;

/// The layers with what each may import besides itself and the ground.
const LAYERS: [(&str, &[&str]); 7] = [
    ("http", &["service"]),
    ("service", &["store", "knowledge", "answer", "log", "files"]),
    ("answer", &["knowledge"]),
    ("store", &[]),
    ("knowledge", &[]),
    ("log", &[]),
    ("files", &[]),
];

/// Where everything is put together: these may import anything, and nobody imports them.
const TOP: [&str; 4] = ["main", "lib", "app", "cli"];

/// Finds imports that point the wrong way in one file; `path` is relative to `server/src`. Every other module (the
/// configuration, the clock) is ground: all may stand on it, and it imports ground only.
pub(super) fn wrong(path: &Path, source: &str) -> Vec<String> {
    let module = module_path(path);
    let from = module.first().map_or("main", String::as_str);
    if TOP.contains(&from) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in product_lines(source) {
        for target in targets(line, module.len()) {
            if !may_import(from, &target) {
                found.push(format!(
                    "server/src/{}:{number}: {from} must not import {target}",
                    path.display()
                ));
            }
        }
    }
    found
}

fn may_import(from: &str, target: &str) -> bool {
    if target == from {
        return true;
    }
    let layer = |name: &str| LAYERS.iter().find(|(layer, _)| *layer == name);
    match layer(from) {
        Some((_, allowed)) if layer(target).is_some() => allowed.contains(&target),
        _ => layer(target).is_none() && !TOP.contains(&target),
    }
}

/// A file's modules from the crate's root: `http/widget/mod.rs` is `http`, `widget`.
fn module_path(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name != "mod").collect()
}

/// The lines with code that is shipped, numbered: tests stand at the end of a file and may look anywhere.
pub(super) fn product_lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.lines().enumerate().map(|(index, line)| (index + 1, line));
    let lines = lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The top modules that a line names, by `crate::` or by as many `super::` as lead to the root. A list in braces
/// right after the root (`use crate::{a, b::c};`) counts with each of its members that stands on the line.
fn targets(line: &str, depth: usize) -> Vec<String> {
    let to_root = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", to_root.as_str()] {
        for (start, _) in line.match_indices(root).filter(|_| !root.is_empty()) {
            let before = &line[..start];
            if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
                || before.ends_with("super::")
            {
                continue;
            }
            let rest = &line[start + root.len()..];
            if rest.starts_with("super::") {
                continue;
            }
            match rest.strip_prefix('{') {
                Some(list) => found.extend(heads(list)),
                None => found.push(word(rest)),
            }
        }
    }
    found.retain(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
    found
}

/// The first words of the members of `a, b::{c, d}, e};`.
fn heads(list: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut heads = vec![word(list)];
    for (index, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(word(list[index + 1..].trim_start())),
            _ => {}
        }
    }
    heads
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, source: &str) -> usize {
        wrong(Path::new(path), source).len()
    }

    #[test]
    fn the_drawing_is_followed_left_to_right() {
        assert_eq!(
            count(
                "http/widget/chat.rs",
                "use crate::service::turn;\nuse crate::{clock, http::error};"
            ),
            0
        );
        assert_eq!(count("answer/extractive.rs", "use crate::knowledge::rank;"), 0);
        assert_eq!(count("http/widget/chat.rs", "use crate::store::Store;"), 1);
        assert_eq!(count("service/turn.rs", "use crate::{answer::Model, http::{a, b}, log};"), 1);
        assert_eq!(count("knowledge/mod.rs", "fn f() -> crate::answer::Model {}"), 1);
    }

    #[test]
    fn ground_and_top_have_their_places() {
        assert_eq!(count("app.rs", "use crate::{http, store};"), 0);
        assert_eq!(count("clock.rs", "use crate::store::Store;"), 1);
        assert_eq!(count("store/mod.rs", "use crate::cli::Options;"), 1);
        assert_eq!(count("config.rs", "use crate::clock::Clock;"), 0);
    }

    #[test]
    fn super_is_followed_to_the_root() {
        assert_eq!(count("store/mod.rs", "use super::http::error;"), 1);
        assert_eq!(count("store/rows.rs", "use super::session::Row;"), 0);
        assert_eq!(count("store/rows.rs", "use super::super::service::turn;"), 1);
    }

    #[test]
    fn tests_and_comments_may_look_anywhere() {
        assert_eq!(
            count(
                "store/mod.rs",
                "// like crate::http::x\n#[cfg(test)]\nmod tests { use crate::app::App; }"
            ),
            0
        );
    }
}
