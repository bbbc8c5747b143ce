//! The words of the server itself that visitors read: on its pages and in transcripts. They stand in the same files as the
//! widget's (`widget/locales`), and are chosen among in the same way.

use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! files {
    ($($tag:literal),* $(,)?) => {
        &[$(($tag, include_str!(concat!("../../widget/locales/", $tag, ".json"))),)*]
    };
}

/// English first, which has every text.
const FILES: &[(&str, &str)] = files![
    "en", "ar", "bg", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl",
    "sr", "sr-Latn", "sv", "th", "tr", "uk", "vi", "zh-Hans", "zh-Hant"
];

/// What the server uses begins with these.
const OURS: [&str; 2] = ["page_", "transcript_"];

static LANGUAGES: LazyLock<Vec<Texts>> = LazyLock::new(|| {
    let ours = |name: &String| OURS.iter().any(|start| name.starts_with(start)) || name == "dir";
    let read = |(tag, file): &(&'static str, &str)| {
        let texts: HashMap<String, serde_json::Value> = serde_json::from_str(file).ok()?;
        let text = |(name, value): (String, serde_json::Value)| {
            let text = value.as_str().filter(|_| ours(&name))?.to_owned();
            Some((name, text))
        };
        Some(Texts { tag, texts: texts.into_iter().filter_map(text).collect() })
    };
    FILES.iter().filter_map(read).collect()
});

/// The words of one language.
#[derive(Debug)]
pub struct Texts {
    /// The language.
    pub tag: &'static str,
    texts: HashMap<String, String>,
}

impl Texts {
    /// The words of the first of some language tags that there are any for; English when there are for none.
    #[must_use]
    pub fn choose<'t>(tags: impl IntoIterator<Item = &'t str>) -> &'static Self {
        let found = tags.into_iter().find_map(find);
        found.unwrap_or(&LANGUAGES[0])
    }

    /// A text by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let text = self.texts.get(name).or_else(|| LANGUAGES[0].texts.get(name));
        text.map_or("", String::as_str)
    }

    /// A text with a value in the place of its `{}`.
    #[must_use]
    pub fn filled(&self, name: &str, value: &str) -> String {
        self.get(name).replacen("{}", value, 1)
    }

    /// `ltr` or `rtl`.
    #[must_use]
    pub fn dir(&self) -> &str {
        self.texts.get("dir").map_or("ltr", String::as_str)
    }
}

/// The words for one tag: of the language in its region, in its script, or of the language.
fn find(tag: &str) -> Option<&'static Texts> {
    let mut parts = tag.split('-');
    let language = match parts.next()?.to_ascii_lowercase().as_str() {
        "no" | "nn" => "nb".to_owned(),
        "iw" => "he".to_owned(),
        "in" => "id".to_owned(),
        other => other.to_owned(),
    };
    let rest: Vec<&str> = parts.collect();
    let has = |wanted: &str| rest.iter().any(|part| part.eq_ignore_ascii_case(wanted));
    let narrower = match language.as_str() {
        // What is written in Taiwan, Hong Kong and Macao when nothing else is said.
        "zh" if has("Hant") || (!has("Hans") && ["TW", "HK", "MO"].iter().any(|at| has(at))) => {
            Some("zh-Hant")
        }
        "zh" => Some("zh-Hans"),
        "pt" if has("BR") || rest.is_empty() => Some("pt-BR"),
        "sr" if has("Latn") => Some("sr-Latn"),
        _ => None,
    };
    LANGUAGES.iter().find(|texts| texts.tag == narrower.unwrap_or(&language))
}

/// The tags of an `Accept-Language` header, the most welcome first.
#[must_use]
pub fn accepted(header: &str) -> Vec<&str> {
    let tag = |part: &'_ str| -> Option<(u16, usize)> {
        let quality = part.split(';').nth(1).and_then(|word| word.trim().strip_prefix("q="));
        let quality = quality.map_or(Some(1.0), |number| number.parse::<f32>().ok())?;
        (quality > 0.0 && quality <= 1.0).then(|| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 1"
            )]
            let thousandths = (quality * 1_000.0) as u16;
            (thousandths, part.find(';').unwrap_or(part.len()))
        })
    };
    let mut tags: Vec<(u16, &str)> = header
        .split(',')
        .take(20)
        .map(str::trim)
        .filter_map(|part| tag(part).map(|(quality, end)| (quality, part[..end].trim())))
        .collect();
    tags.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    tags.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_finds_its_language_its_region_and_its_script() {
        for (tag, found) in [
            ("de-AT", "de"),
            ("DE", "de"),
            ("pt-PT", "pt"),
            ("pt-BR", "pt-BR"),
            ("pt", "pt-BR"),
            ("zh-TW", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("zh-Hans-HK", "zh-Hans"),
            ("zh", "zh-Hans"),
            ("sr-Latn-RS", "sr-Latn"),
            ("no", "nb"),
            ("iw", "he"),
            ("tlh", "en"),
        ] {
            assert_eq!(Texts::choose([tag]).tag, found, "{tag}");
        }
        assert_eq!(Texts::choose(["tlh", "fr-CA", "de"]).tag, "fr");
    }

    #[test]
    fn a_browsers_wishes_come_in_its_order_and_not_in_that_of_the_header() {
        assert_eq!(accepted("en;q=0.5, fr-CH, de;q=0.9, *;q=0, x;q=oops"), ["fr-CH", "de", "en"]);
        assert!(accepted("").iter().all(|tag| tag.is_empty()));
    }

    #[test]
    fn every_language_of_the_widget_is_here_and_has_every_text() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../widget/locales");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().replace(".json", ""))
            .collect();
        let mut tags: Vec<&str> = LANGUAGES.iter().map(|texts| texts.tag).collect();
        files.sort();
        tags.sort_unstable();
        assert_eq!(tags, files);
        for texts in &*LANGUAGES {
            for name in LANGUAGES[0].texts.keys() {
                assert!(texts.texts.contains_key(name), "{}: {name}", texts.tag);
            }
        }
    }
}
