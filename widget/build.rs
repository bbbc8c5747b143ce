//! Makes the style sheet: the colours from their table, then the rules without comments and needless white space.

use std::path::PathBuf;
use std::{env, fs, io};

#[expect(dead_code, reason = "what the colours are for is read by the tests")]
#[path = "src/view/scheme.rs"]
mod scheme;

const SHEETS: [&str; 4] = ["base.css", "panel.css", "log.css", "forms.css"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/view/scheme.rs");
    let mut rules = scheme::rules();
    for name in SHEETS {
        let path = format!("src/view/{name}");
        println!("cargo::rerun-if-changed={path}");
        rules.push_str(&minify(&fs::read_to_string(path)?));
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("style.css"), rules)
}

/// White space next to these can go. Not next to `+` and `-`, which need it in `calc()`, and not before `:`, where it is
/// a descendant selector.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut quote = None;
    while let Some(next) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            continue;
        }
        rest = &rest[next.len_utf8()..];
        match (quote, next) {
            (Some(open), _) => {
                out.push(next);
                if next == open {
                    quote = None;
                }
            }
            (None, '"' | '\'') => {
                quote = Some(next);
                out.push(next);
            }
            (None, _) if next.is_whitespace() => {
                if !out.ends_with([' ', '{', '}', ';', ':', ',', '>', '(']) && !out.is_empty() {
                    out.push(' ');
                }
            }
            (None, '{' | '}' | ';' | ',' | '>' | ')') => {
                if out.ends_with(' ') {
                    out.pop();
                }
                if next == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(next);
            }
            _ => out.push(next),
        }
    }
    out
}
