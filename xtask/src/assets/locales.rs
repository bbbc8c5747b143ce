//! The widget's texts in other languages than English: `widget/locales/LANGUAGE.json`, each made into the lines
//! that the widget reads.
//!
//! They are the texts in the order of the catalogue (`widget/src/i18n`), so that no names are sent, and then pairs of
//! an owner's default text and its translation. All files share one hash, their edition: a script that knows it and a
//! language knows the file's address, and an edition always belongs to the widget that was built with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value};

use super::{Builder, Name, Raw, hash};
use crate::workspace::Workspace;

/// Texts that an owner can word begin with this; what they are in English stands in `en.json`.
const DEFAULT: &str = "default_";

/// Languages that are written like another one, or go by an older name of it.
const ALSO: [(&str, &str); 2] = [("nn", "nb"), ("no", "nb")];

/// A text that a part of the app shows, as in `say('cancel')`.
const SAY: &str = "say('";

/// The languages that there are files for.
pub(super) struct Locales {
    edition: String,
    tags: Vec<String>,
    /// The English of what the parts of the app say, in the order of their lines.
    more: BTreeMap<String, String>,
}

impl Locales {
    /// The edition and the languages, as scripts read them.
    pub(super) fn listed(&self) -> String {
        format!("{} en {}", self.edition, self.tags.join(" "))
    }

    /// Puts the place and the English of a text where a part names it: `say('cancel')` becomes `say(3,"Cancel")`.
    ///
    /// # Errors
    /// When there is no such text.
    pub(super) fn worded(&self, source: &str) -> Result<String> {
        let mut pieces = source.split(SAY);
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once('\'').context("say(' without an end")?;
            let at = self.more.keys().position(|other| other == name);
            let at = at.with_context(|| format!("{SAY}{name}') names no text"))?;
            let english = Value::from(self.more[name].as_str()).to_string();
            out.extend(["say(", &at.to_string(), ",", &english, rest]);
        }
        Ok(out)
    }
}

/// The names of the texts in a script.
pub(super) fn said(source: &str) -> impl Iterator<Item = &str> {
    source.split(SAY).skip(1).filter_map(|piece| Some(piece.split_once('\'')?.0))
}

/// Makes the lists of every language but English, which is compiled in: that of the app, and that of its parts, which say
/// what is named in `said`.
pub(super) fn build(
    workspace: &Workspace,
    builder: &mut Builder,
    said: &BTreeSet<String>,
) -> Result<Locales> {
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
    let compiled = std::fs::read_to_string(workspace.root.join("widget/src/i18n/en.rs"))?;
    let more: BTreeMap<String, String> = said
        .iter()
        .map(|name| {
            let text = english.get(name).cloned().or_else(|| in_source(&compiled, name));
            let text = text.with_context(|| format!("{SAY}{name}'): en.json has no such text"))?;
            Ok((name.clone(), one(&text)?))
        })
        .collect::<Result<_>>()?;

    let mut lists = Vec::new();
    for (tag, texts) in &files {
        let list = list(&names, &english, texts).with_context(|| format!("{tag}.json"))?;
        lists.push((tag.clone(), list.join("\n").into_bytes()));
        let own = more.keys().map(|name| texts.get(name).map_or_else(|| Ok(String::new()), one));
        let own = own.collect::<Result<Vec<_>>>().with_context(|| format!("{tag}.json"))?;
        lists.push((format!("{tag}.more"), own.join("\n").into_bytes()));
    }
    let mut edition = hash(lists.iter().map(|(_, list)| list.as_slice()));
    edition.truncate(8);
    let inputs: Vec<&[u8]> = lists.iter().map(|(_, list)| list.as_slice()).collect();
    builder.group("locales", &inputs, || {
        let raw = |(tag, content): &(String, Vec<u8>)| Raw {
            logical: format!("{tag}.txt"),
            content: content.clone(),
            name: Name::Known(match tag.split_once('.') {
                Some((tag, more)) => format!("{tag}-{edition}.{more}.txt"),
                None => format!("{tag}-{edition}.txt"),
            }),
        };
        Ok(lists.iter().map(raw).collect())
    })?;
    Ok(Locales { edition, tags: files.into_keys().collect(), more })
}

/// An English text that is compiled in.
fn in_source(source: &str, name: &str) -> Option<Value> {
    let (_, rest) = source.split_once(&format!("\n    {name}:"))?;
    let text = rest.trim_start();
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
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
    fn a_part_says_its_texts_by_their_place_and_their_english() {
        let more = BTreeMap::from([
            ("a".to_owned(), "An \"A\"".to_owned()),
            ("b".to_owned(), "B".to_owned()),
        ]);
        let locales = Locales { edition: String::new(), tags: Vec::new(), more };
        let source = "say('b'); say('a', 3)";
        assert_eq!(said(source).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(locales.worded(source).unwrap(), r#"say(1,"B"); say(0,"An \"A\"", 3)"#);
        assert!(locales.worded("say('c')").is_err());
    }

    #[test]
    fn a_plural_without_its_usual_form_is_refused() {
        assert!(one(&json!({ "one": "{} message" })).is_err());
    }
}
