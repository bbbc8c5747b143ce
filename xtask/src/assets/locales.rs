//! The widget's texts in other languages than English: `widget/locales/LANGUAGE.json`, each made into the lines
//! that the widget reads.
//!
//! They are the texts in the order of the catalogue (`widget/src/i18n`), so that no names are sent, and then pairs of
//! an owner's default text and its translation. All files share one hash, their edition: a script that knows it and a
//! language knows the file's address, and an edition always belongs to the widget that was built with it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value};

use super::{Builder, Name, Raw, hash};
use crate::workspace::Workspace;

/// Texts that an owner can word begin with this; what they are in English stands in `en.json`.
const DEFAULT: &str = "default_";

/// Languages that are written like another one, or go by an older name of it.
const ALSO: [(&str, &str); 2] = [("nn", "nb"), ("no", "nb")];

/// The languages that there are files for.
pub(super) struct Locales {
    edition: String,
    tags: Vec<String>,
}

impl Locales {
    /// The edition and the languages, as scripts read them.
    pub(super) fn listed(&self) -> String {
        format!("{} en {}", self.edition, self.tags.join(" "))
    }
}

/// Makes the list of every language but English, which is compiled in.
pub(super) fn build(workspace: &Workspace, builder: &mut Builder) -> Result<Locales> {
    let folder = workspace.root.join("widget/locales");
    let mut files = BTreeMap::new();
    for entry in
        std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if let Some(tag) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) {
            files.insert(tag.to_owned(), read(&path)?);
        }
    }
    for (tag, other) in ALSO {
        let texts = files.get(other).with_context(|| format!("{other}.json is missing"))?;
        files.insert(tag.to_owned(), texts.clone());
    }
    let english = files.remove("en").context("widget/locales/en.json is missing")?;
    let catalogue = std::fs::read_to_string(workspace.root.join("widget/src/i18n/mod.rs"))?;
    let names = names(&catalogue);
    ensure!(!names.is_empty(), "widget/src/i18n/mod.rs has no catalogue! any more");

    let mut lists = Vec::new();
    for (tag, texts) in &files {
        let list = list(&names, &english, texts).with_context(|| format!("{tag}.json"))?;
        lists.push((tag.clone(), list.join("\n").into_bytes()));
    }
    let mut edition = hash(lists.iter().map(|(_, list)| list.as_slice()));
    edition.truncate(8);
    let inputs: Vec<&[u8]> = lists.iter().map(|(_, list)| list.as_slice()).collect();
    builder.group("locales", &inputs, || {
        let raw = |(tag, content): &(String, Vec<u8>)| Raw {
            logical: format!("{tag}.txt"),
            content: content.clone(),
            name: Name::Known(format!("{tag}-{edition}.txt")),
        };
        Ok(lists.iter().map(raw).collect())
    })?;
    Ok(Locales { edition, tags: files.into_keys().collect() })
}

fn read(path: &Path) -> Result<Map<String, Value>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON object", path.display()))
}

/// The names within `catalogue! { … }`, in order.
fn names(source: &str) -> Vec<&str> {
    let lines = source.lines().skip_while(|line| *line != "catalogue! {").skip(1);
    lines
        .take_while(|line| *line != "}")
        .filter_map(|line| line.trim().strip_suffix(','))
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        .collect()
}

/// A language's texts without their names. What it lacks is empty, and English in the widget.
fn list(
    names: &[&str],
    english: &Map<String, Value>,
    texts: &Map<String, Value>,
) -> Result<Vec<String>> {
    let own = names.iter().map(|name| texts.get(*name).map_or_else(|| Ok(String::new()), one));
    let mut list = own.collect::<Result<Vec<_>>>()?;
    for (name, default) in english.iter().filter(|(name, _)| name.starts_with(DEFAULT)) {
        if let Some(text) = texts.get(name) {
            list.extend([one(default)?, one(text)?]);
        }
    }
    Ok(list)
}

/// A text as one line: between the forms of a number stand tabs, the usual form is the first, and the others begin with
/// their names.
fn one(text: &Value) -> Result<String> {
    let string = |value: &Value| {
        let text = value.as_str().context("no text")?;
        ensure!(!text.contains(['\n', '\t']), "a text has more than one line: {text}");
        Ok(text.to_owned())
    };
    let Value::Object(forms) = text else { return string(text) };
    let mut line = vec![string(forms.get("other").context("a plural has no form `other`")?)?];
    for (form, text) in forms.iter().filter(|(form, _)| *form != "other") {
        line.push(format!("{form}{}", string(text)?));
    }
    Ok(line.join("\t"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_list_has_the_catalogues_order_and_then_the_owners_defaults() {
        let source = "catalogue! {\n    /// Closes it.\n    close,\n    /// Left.\n    left,\n    new,\n}\nfoo,\n";
        let english = object(&json!({ "default_title": "Hello", "page_failed": "No" }));
        let german = object(&json!({
            "left": { "one": "{} Zeichen", "other": "{} Zeichen!" },
            "page_failed": "Nein",
            "default_title": "Hallo",
            "close": "Zu"
        }));
        assert_eq!(
            list(&names(source), &english, &german).unwrap(),
            ["Zu", "{} Zeichen!\tone{} Zeichen", "", "Hello", "Hallo"]
        );
    }

    #[test]
    fn a_plural_without_its_usual_form_is_refused() {
        assert!(one(&json!({ "one": "{} message" })).is_err());
    }
}
