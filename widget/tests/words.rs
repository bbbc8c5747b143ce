//! Nothing that people read bypasses the catalogue: what draws, decides or runs in a page holds no sentences and no labels.

#![expect(clippy::unwrap_used, reason = "a file that is missing fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

/// What developers read, in events and in the console.
const FOR_DEVELOPERS: &[&str] = &["The page allows neither the chat nor a frame with it."];

/// Single words with a capital that nobody reads: keys, events, types, the codes of scripts, and names of products.
const NAMES: &[&str] = &[
    "Arab", "Cyrl", "Deva", "Enter", "Escape", "Event", "Excel", "Files", "Grek", "Hang", "Hani",
    "Hebr", "Kana", "Latn", "Public", "Tab", "Thai", "Word",
];

fn files(folder: &str, ends: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if ends.contains(&end) && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no files");
    found
}

/// The string literals of a source with their lines, without comments and tests. Rust's and JavaScript's are near enough.
fn literals<'s>(source: &'s str, quotes: &[char]) -> Vec<(usize, &'s str)> {
    let mut found = Vec::new();
    let shipped = source.split("#[cfg(test)]").next().unwrap_or_default();
    for (number, line) in shipped.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") || code.contains("reason = ") {
            continue;
        }
        let mut rest = code;
        while let Some(start) = rest.find(quotes) {
            let quote = rest[start..].chars().next().unwrap();
            let inside = &rest[start + 1..];
            let Some(end) = inside.find(quote) else { break };
            found.push((number + 1, &inside[..end]));
            rest = &inside[end + 1..];
        }
    }
    found
}

/// Whether a literal is one that people would read: a word that begins like a sentence or a label, or several words that
/// are no list of classes, names or properties.
fn is_wording(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '’' | '\'' | ',' | '.' | '…' | '!' | '?'))
    };
    let first = words.first().copied().unwrap_or_default();
    let capital = first.chars().next().is_some_and(char::is_uppercase)
        && first.chars().skip(1).any(char::is_lowercase);
    let sentence =
        capital && words.len() > 1 && words.iter().filter(|word| plain(word)).count() > 1;
    let ends = text.ends_with(['.', '…', '!', '?']) && words.len() > 1 && words.iter().all(plain);
    let letters = text.trim_end_matches(['.', '…', '!', '?']);
    let label = capital
        && letters.chars().skip(1).all(|c| c.is_alphabetic() && !c.is_uppercase())
        && !NAMES.contains(&text);
    sentence || ends || label
}

#[test]
fn what_counts_as_wording_is_told_from_names_and_rules() {
    for text in
        ["Close chat", "Your message was not sent.", "It failed", "please wait…", "Copied", "Why?"]
    {
        assert!(is_wording(text), "{text}");
    }
    for text in ["btn primary", "Enter", "Bearer ", "section:not([hidden]) .btn", "ArrowDown", ""] {
        assert!(!is_wording(text), "{text}");
    }
}

#[test]
fn no_source_of_the_widget_or_of_the_page_words_anything_itself() {
    let mut found = Vec::new();
    for folder in ["widget/src/view", "widget/src/state", "widget/src/shell", "widget/src/api"] {
        for path in files(folder, &["rs"]) {
            let source = fs::read_to_string(&path).unwrap();
            for (line, text) in literals(&source, &['"']) {
                if is_wording(text) {
                    found.push(format!("{}:{line}: {text}", path.display()));
                }
            }
        }
    }
    let mut scripts = files("static/app", &["js"]);
    // The install doctor speaks to whoever builds the page, in the console.
    scripts.retain(|path| !path.ends_with("doctor.js"));
    scripts.extend(files("static/part", &["js"]));
    scripts.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/loader.js"));
    for path in scripts {
        let source = fs::read_to_string(&path).unwrap();
        for (line, text) in literals(&source, &['\'', '"', '`']) {
            if is_wording(text) && !FOR_DEVELOPERS.contains(&text) {
                found.push(format!("{}:{line}: {text}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "words that are not in the catalogue:\n{}", found.join("\n"));
}

#[test]
fn no_page_words_anything_itself() {
    for path in files("static/app", &["html"]) {
        let source = fs::read_to_string(&path).unwrap();
        for part in source.split('>').skip(1) {
            let text = part.split('<').next().unwrap_or_default().trim();
            let placeholder = text.starts_with("{{") && text.ends_with("}}");
            assert!(
                placeholder || !text.contains(char::is_alphabetic),
                "{}: {text}",
                path.display()
            );
        }
    }
}
