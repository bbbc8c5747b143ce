//! What keeps the chat from working, in the words that the doctor in the page has too: one list for both.

/// A paragraph for each: the reason, what is wrong, how to mend it.
const LIST: &str = include_str!("../../../static/part/reasons.txt");

/// A reason as it applies to a page.
pub(super) struct Said {
    /// What is wrong.
    pub(super) what: String,
    /// How to mend it.
    pub(super) fix: String,
}

/// The texts of a reason, with `values` in the place of what stands in braces. `name` is a literal that the list has; a
/// test sees to it.
pub(super) fn said(name: &str, values: &[(&str, &str)]) -> Said {
    let (what, fix) = paragraphs()
        .find_map(|(key, what, fix)| (key == name).then_some((what, fix)))
        .unwrap_or((name, ""));
    let fill = |text: &str| {
        values.iter().fold(text.to_owned(), |text, (word, value)| {
            text.replace(&["{", word, "}"].concat(), value)
        })
    };
    Said { what: fill(what), fix: fill(fix) }
}

fn paragraphs() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    LIST.split("\n\n").filter_map(|paragraph| {
        let mut lines = paragraph.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Some((lines.next()?, lines.next()?, lines.next()?))
    })
}

#[cfg(test)]
mod tests {
    use natter_shared::install::InstallReason;

    use super::*;

    #[test]
    fn every_reason_that_is_counted_has_its_texts_and_every_text_a_reason() {
        let reasons: std::collections::BTreeSet<&str> =
            paragraphs().map(|(key, ..)| key.split_once('.').map_or(key, |(key, _)| key)).collect();
        // What the scripts of one page do is counted as `other`.
        let counted = InstallReason::ALL.map(InstallReason::as_str);
        let counted = counted.into_iter().map(|word| if word == "other" { "fetch" } else { word });
        assert_eq!(reasons, counted.collect());
    }

    #[test]
    fn the_names_in_our_source_are_those_of_the_list() {
        let source = include_str!("mod.rs");
        let names: Vec<&str> = source
            .split("said(\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"'))
            .map(|(name, _)| name)
            .collect();
        assert!(names.len() > 4, "{names:?}");
        for name in names {
            assert!(paragraphs().any(|(key, ..)| key == name), "{name}");
        }
    }

    #[test]
    fn what_stands_in_braces_is_filled_in() {
        let said =
            said("csp_connect", &[("api", "https://a.example"), ("directive", "connect-src")]);
        assert!(
            said.what.ends_with("connections to https://a.example (connect-src)"),
            "{}",
            said.what
        );
        assert_eq!(said.fix, "Add to the policy: connect-src https://a.example");
    }
}
