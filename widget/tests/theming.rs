//! The theming API: what the style sheets read is what `docs/theming.md` promises, a frame gets all of it, and no rule
//! has a colour or a pair of colours that the table of colours does not know.

#![expect(clippy::unwrap_used, reason = "a file that is missing fails the test")]

use std::collections::BTreeSet;
use std::path::Path;

#[path = "../src/view/scheme.rs"]
mod scheme;

use scheme::{Role, TOKENS, Token};

const SHEETS: [&str; 4] = ["base.css", "panel.css", "log.css", "forms.css"];

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join(path)).unwrap()
}

fn sheets() -> String {
    let own = SHEETS.map(|file| read(&format!("widget/src/view/{file}"))).concat();
    own + &files("static/part", ".css").iter().map(|file| read(file)).collect::<String>()
}

/// The files of a folder whose names end so.
fn files(folder: &str, end: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let entries = std::fs::read_dir(root.join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(end)).map(|name| format!("{folder}/{name}")).collect()
}

fn scripts(folder: &str) -> Vec<String> {
    files(folder, ".js")
}

/// The names that a text has after `mark`.
fn named(text: &str, mark: &str) -> BTreeSet<String> {
    let name = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
    };
    text.split(mark).skip(1).map(name).collect()
}

fn documented() -> BTreeSet<String> {
    let docs = read("docs/theming.md");
    docs.lines()
        .filter(|line| line.starts_with("| `--natter-"))
        .flat_map(|line| named(line, "| `--natter-"))
        .collect()
}

#[test]
fn the_documented_properties_are_exactly_those_that_are_read() {
    let mut read_by_us = named(&sheets(), "var(--natter-");
    read_by_us.extend(TOKENS.iter().map(|token| token.name.to_owned()));
    read_by_us.remove("");
    for file in ["static/loader.js", "static/app/host.js", "static/app/stand-in.js"] {
        read_by_us.extend(named(&read(file), "var(--natter-"));
    }
    assert_eq!(documented(), read_by_us);
}

#[test]
fn a_frame_is_handed_every_documented_property() {
    let host = read("static/app/stand-in.js");
    let list = host.split("PROPERTIES").nth(1).and_then(|rest| rest.split('\'').nth(1)).unwrap();
    assert_eq!(documented(), list.split(' ').map(String::from).collect());
}

#[test]
fn a_phone_is_the_same_width_everywhere() {
    for file in [
        "server/src/http/pages.rs",
        "static/app/host.js",
        "static/app/stand-in.js",
        "widget/src/view/panel.css",
    ] {
        let text = read(file);
        let widths = named(&text.replace("max-width: ", "max-width:"), "(max-width:");
        assert_eq!(widths, BTreeSet::from(["639px".to_owned()]), "{file}");
    }
    let sheet = sheets().replace(": ", ":").replace(", ", ",");
    for file in ["static/app/host.js", "static/app/stand-in.js"] {
        let script = read(file);
        let phone = script.split("PHONE = '").nth(1).and_then(|rest| rest.split('\'').next());
        assert!(sheet.contains(&format!("@media {} {{", phone.unwrap())), "{file}");
    }
}

/// The parts that are given to elements, wherever.
fn given() -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    let mut add = |text: &str| parts.extend(text.split(' ').map(str::to_owned));
    for file in ["composer", "frame", "log", "markdown", "plan", "root", "row"] {
        let code = read(&format!("widget/src/view/{file}.rs"));
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        code.split("part=").skip(1).filter_map(|rest| rest.split('"').nth(1)).for_each(&mut add);
        for rest in code.split("\"part\", ").skip(1) {
            let value = rest.split([')', ';']).next().unwrap();
            value.split('"').skip(1).step_by(2).for_each(&mut add);
        }
    }
    for file in scripts("static/app").iter().chain(&scripts("static/part")) {
        read(file)
            .split("part: '")
            .skip(1)
            .filter_map(|rest| rest.split('\'').next())
            .for_each(&mut add);
    }
    parts
}

#[test]
fn every_part_is_documented() {
    let docs = read("docs/theming.md");
    let known: BTreeSet<String> = docs
        .lines()
        .skip_while(|line| *line != "## Parts")
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned))
        .collect();
    let unknown: Vec<_> = given().difference(&known).cloned().collect();
    assert!(given().len() > 25, "{:?}", given());
    assert_eq!(unknown, Vec::<String>::new());
}

/// The declarations of each rule, as pairs of property and value.
fn rules(css: &str) -> Vec<Vec<(String, String)>> {
    let mut css = css.to_owned();
    while let Some(start) = css.find("/*") {
        let end = start + css[start..].find("*/").unwrap() + 2;
        css.replace_range(start..end, "");
    }
    css.split('}')
        .filter_map(|rule| rule.rsplit_once('{'))
        .map(|(_, body)| {
            body.split(';')
                .filter_map(|declaration| declaration.split_once(':'))
                .map(|(property, value)| (property.trim().to_owned(), value.trim().to_owned()))
                .collect()
        })
        .collect()
}

fn token(short: &str) -> &'static Token {
    TOKENS.iter().find(|token| token.short == short).unwrap()
}

/// The colour of the table that a value is, where it is one.
fn colour(value: &str) -> Option<&'static Token> {
    let short = value.strip_prefix("var(--_")?.strip_suffix(')')?;
    TOKENS.iter().find(|token| token.short == short)
}

#[test]
fn no_rule_names_a_colour_of_its_own() {
    // These say "none", "as the text", or what the visitor's own colours are.
    let words = ["none", "transparent", "inherit", "currentColor", "CanvasText !important"];
    for (property, value) in rules(&sheets()).into_iter().flatten() {
        assert!(!value.contains('#') && !value.contains("rgb("), "{property}: {value}");
        if matches!(property.as_str(), "color" | "background" | "background-color") {
            let gradient = value == "linear-gradient(var(--_s), transparent)";
            let known = colour(&value).is_some() || words.contains(&value.as_str()) || gradient;
            assert!(known, "{property}: {value}");
        }
    }
}

#[test]
fn no_rule_puts_a_text_on_a_ground_that_the_contrast_is_not_tested_on() {
    for rule in rules(&sheets()) {
        let find = |wanted: &str| {
            rule.iter()
                .find(|(property, _)| property == wanted)
                .and_then(|(_, value)| colour(value))
        };
        let (text, ground) = (find("color"), find("background"));
        let Some(ground) = ground else {
            // Text without a ground of its own stands on any.
            assert!(text.is_none_or(|text| matches!(text.role, Role::Text)), "{rule:?}");
            continue;
        };
        match (&ground.role, text) {
            (Role::Own(inks), Some(text)) => {
                assert!(inks.iter().any(|(ink, _)| *ink == text.short), "{rule:?}");
            }
            // Text that is there already has to be one of those.
            (Role::Own(inks), None) => {
                let any = TOKENS.iter().filter(|token| matches!(token.role, Role::Text));
                let all = any.clone().all(|text| inks.iter().any(|(ink, _)| *ink == text.short));
                assert!(all, "{rule:?}");
            }
            (Role::Ground, text) => {
                assert!(text.is_none_or(|text| matches!(text.role, Role::Text)), "{rule:?}");
            }
            // What has no text: a dot, a caret, a veil.
            _ => assert!(text.is_none(), "{rule:?}"),
        }
    }
}

#[test]
fn the_table_names_only_colours_that_it_has() {
    for ground in TOKENS {
        if let Role::Own(inks) = ground.role {
            for (ink, _) in inks {
                assert!(!token(ink).short.is_empty());
            }
        }
    }
}
