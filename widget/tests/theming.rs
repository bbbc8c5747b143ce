//! The theming API: what the style sheets read is what `docs/embedding.md` promises, and a frame gets all of it.

#![expect(clippy::unwrap_used, reason = "a file that is missing fails the test")]

use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The custom properties that a text names after `mark`.
fn named(text: &str, mark: &str) -> BTreeSet<String> {
    let name = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
    };
    text.split(mark).skip(1).map(name).collect()
}

fn documented() -> BTreeSet<String> {
    let docs = read("docs/embedding.md");
    docs.lines()
        .filter(|line| line.starts_with("| `--natter-"))
        .flat_map(|line| named(line, "| `--natter-"))
        .collect()
}

#[test]
fn the_documented_properties_are_exactly_those_that_are_read() {
    let mut read_by_css = BTreeSet::new();
    for file in ["base.css", "panel.css", "log.css", "forms.css"] {
        read_by_css.extend(named(&read(&format!("widget/src/view/{file}")), "var(--natter-"));
    }
    for file in ["static/loader.js", "static/app/host.js", "static/app/stand-in.js"] {
        read_by_css.extend(named(&read(file), "var(--natter-"));
    }
    assert_eq!(documented(), read_by_css);
}

#[test]
fn a_frame_is_handed_every_documented_property() {
    let host = read("static/app/stand-in.js");
    let list = host.split("PROPERTIES").nth(1).and_then(|rest| rest.split('\'').nth(1)).unwrap();
    assert_eq!(documented(), list.split(' ').map(String::from).collect());
}

#[test]
fn a_phone_is_the_same_width_everywhere() {
    for file in ["server/src/http/pages.rs", "static/app/host.js", "widget/src/view/panel.css"] {
        let text = read(file);
        let widths = named(&text.replace("max-width: ", "max-width:"), "(max-width:");
        assert_eq!(widths, BTreeSet::from(["639px".to_owned()]), "{file}");
    }
}
