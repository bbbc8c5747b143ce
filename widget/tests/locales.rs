//! Every language says everything that English says.

#![expect(clippy::unwrap_used, reason = "a file that is missing fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use natter_shared::appearance::Widget;
use natter_widget::i18n::{ENGLISH, NAMES, Word};
use serde_json::Value;

type Texts = BTreeMap<String, Value>;

/// The forms that a whole number can take, as Unicode's plural rules name them; `one` and `other` where nothing else is
/// said. Spanish, French, Italian and Portuguese have another form for whole millions, which nothing counts here.
const FORMS: &[(&[&str], &[&str])] = &[
    (&["id", "ja", "ko", "th", "vi", "zh-Hans", "zh-Hant"], &["other"]),
    (&["ar"], &["zero", "one", "two", "few", "many", "other"]),
    (&["he"], &["one", "two", "other"]),
    (&["lv"], &["zero", "one", "other"]),
    (&["hr", "ro", "sr", "sr-Latn"], &["one", "few", "other"]),
    (&["sl"], &["one", "two", "few", "other"]),
    (&["cs", "lt", "pl", "ru", "sk", "uk"], &["one", "few", "many", "other"]),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("locales")
}

fn read(tag: &str) -> Texts {
    let text = fs::read_to_string(folder().join(format!("{tag}.json"))).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{tag}.json: {error}"))
}

fn languages() -> Vec<String> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let tags = names.filter_map(|name| Some(name.to_str()?.strip_suffix(".json")?.to_owned()));
    let mut tags: Vec<_> = tags.filter(|tag| tag != "en").collect();
    tags.sort();
    tags
}

/// What is compiled in, and what only the files hold.
fn english() -> Texts {
    // The catalogue's names are in the order of its words, which no other crate can make from numbers.
    let source = include_str!("../src/i18n/en.rs");
    let mut texts = read("en");
    for name in NAMES {
        let start = source.find(&format!("    {name}:")).unwrap();
        let value = &source[start..];
        let value = &value[value.find('"').unwrap()..];
        let text = serde_json::Deserializer::from_str(value).into_iter::<String>().next();
        texts.insert((*name).to_owned(), Value::String(text.unwrap().unwrap()));
    }
    texts
}

fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(forms) => forms.values().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

#[test]
fn there_are_more_than_thirty_languages_with_those_that_are_written_from_the_right() {
    let languages = languages();
    assert!(languages.len() >= 32, "{languages:?}");
    for tag in ["ar", "fa", "he", "hi", "ja", "th", "zh-Hans", "zh-Hant"] {
        assert!(languages.iter().any(|known| known == tag), "{tag}");
    }
}

#[test]
fn every_language_has_exactly_the_texts_that_english_has() {
    let english = english();
    for tag in languages() {
        let texts = read(&tag);
        let missing: Vec<_> = english.keys().filter(|name| !texts.contains_key(*name)).collect();
        let unknown: Vec<_> = texts.keys().filter(|name| !english.contains_key(*name)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{tag}: {missing:?} {unknown:?}");
        let empty = |value: &Value| strings(value).iter().any(|text| text.trim().is_empty());
        let empty: Vec<_> = texts.iter().filter(|(_, value)| empty(value)).collect();
        assert!(empty.is_empty(), "{tag}: {empty:?}");
    }
}

#[test]
fn every_text_holds_the_values_that_the_english_one_holds_in_each_of_its_forms() {
    let english = english();
    for tag in languages() {
        for (name, value) in read(&tag) {
            let holds = strings(&english[&name]).iter().any(|text| text.contains("{}"));
            for text in strings(&value) {
                let count = text.matches("{}").count();
                assert_eq!(count, usize::from(holds), "{tag}: {name}: {text}");
                assert_eq!(
                    text.matches(['{', '}', '\n', '\t']).count(),
                    count * 2,
                    "{tag}: {name}"
                );
            }
        }
    }
}

#[test]
fn what_counts_has_the_plural_forms_of_its_language() {
    let counted = |texts: &Texts| {
        let plural = |(name, value): (&String, &Value)| match value {
            Value::String(text) => text.contains("\tone").then(|| name.clone()),
            _ => None,
        };
        texts.iter().filter_map(plural).collect::<Vec<_>>()
    };
    let counted = counted(&english());
    assert_eq!(counted, ["characters_left", "characters_over", "unread"]);
    for tag in languages() {
        let forms = FORMS.iter().find(|(tags, _)| tags.contains(&tag.as_str()));
        let mut wanted = forms.map_or(vec!["one", "other"], |(_, forms)| forms.to_vec());
        wanted.sort_unstable();
        let texts = read(&tag);
        for (name, value) in &texts {
            let Some(forms) = value.as_object() else {
                assert!(!counted.contains(name), "{tag}: {name} has no forms");
                continue;
            };
            let mut forms: Vec<_> = forms.keys().map(String::as_str).collect();
            forms.sort_unstable();
            assert_eq!(forms, wanted, "{tag}: {name}");
        }
    }
}

#[test]
fn a_file_names_its_own_language_and_how_it_is_written() {
    for tag in languages() {
        let texts = read(&tag);
        assert_eq!(texts["lang"], *tag);
        let rtl = ["ar", "fa", "he"].contains(&tag.as_str());
        assert_eq!(texts["dir"], if rtl { "rtl" } else { "ltr" }, "{tag}");
    }
    assert_eq!(ENGLISH.of(Word::lang), "en");
}

#[test]
fn the_defaults_that_are_translated_are_those_that_owners_begin_with() {
    let Widget { header, loader, reset_modal, .. } = Widget::default();
    let mut defaults = vec![
        header.title,
        header.subtitle,
        header.chat_tab_label,
        header.input_placeholder,
        header.download_transcript_label,
        header.end_session_label,
        reset_modal.reset_chat_modal_title,
        reset_modal.reset_chat_modal_description,
        reset_modal.confirm_reset_chat_button_text,
        reset_modal.cancel_reset_chat_button_text,
    ];
    defaults.extend(loader.loader_texts);
    // The greeting of an apply file that has none.
    defaults.push("How can I assist you today?".into());
    defaults.sort();
    let english = read("en");
    let translated = english.iter().filter(|(name, _)| name.starts_with("default_"));
    let mut translated: Vec<_> = translated.filter_map(|(_, text)| text.as_str()).collect();
    translated.sort_unstable();
    assert_eq!(translated, defaults);
}
