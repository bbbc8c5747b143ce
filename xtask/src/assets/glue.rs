//! The JavaScript that `wasm-bindgen` writes next to the module, made smaller.
//!
//! Two things that a minifier cannot know are done here: entry points, classes and warnings that nothing of ours reaches
//! are cut, and the long names by which module and glue call each other are replaced by the short ones that `wasm-opt`
//! gave the module. The names carry random digits, which do not compress, and stand in both files.

use std::collections::HashMap;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// The module name under which the glue offers its functions.
const PLACE: &str = "\"./natter_bg.js\": import0";

/// How the glue exports what the page's script calls.
const MOUNT: &str = "export function mount(";

/// What `wasm-opt --minify-imports-and-exports-and-modules` prints: old names and new ones.
#[derive(Debug, Deserialize)]
pub(super) struct Renames {
    imports: Vec<(String, String, String)>,
    exports: Vec<(String, String)>,
}

impl Renames {
    /// Reads what `wasm-opt` printed.
    pub(super) fn parse(printed: &str) -> Result<Self> {
        serde_json::from_str(printed).context("wasm-opt printed no list of renamed imports")
    }

    /// The import that was to be called `short` has the build's mark at its end.
    pub(super) fn mark(&mut self, short: &str, mark: &str) -> Result<()> {
        let import = self.imports.iter_mut().find(|(_, _, new)| new == short);
        import.context("the module's first import was not renamed")?.2.push_str(mark);
        Ok(())
    }
}

/// Cuts what a loader that passes `{ module_or_path }` never reaches: the synchronous entry point and the advice for
/// developers. Calls of `console.warn` by the widget itself have no string literal in the glue, so they stay.
pub(super) fn slim(glue: &str) -> Result<String> {
    let exported = "export { initSync, __wbg_init as default };";
    ensure!(
        glue.contains(exported),
        "wasm-bindgen's glue does not end as it used to: look at assets/glue.rs"
    );
    let advice = |line: &str| {
        let call = line.trim_start().strip_prefix("console.warn(");
        call.is_some_and(|call| call.starts_with(['\'', '"', '`']) && line.ends_with(");"))
    };
    let mut slim = String::with_capacity(glue.len());
    for line in glue.lines().filter(|line| !advice(line)) {
        slim.push_str(if line == exported { "export { __wbg_init as default };" } else { line });
        slim.push('\n');
    }
    Ok(slim)
}

/// Puts the module's new names into the glue. Every import must be found, and only once: a miss would not show before
/// a browser loads the page.
pub(super) fn rename(glue: &str, renames: &Renames) -> Result<String> {
    let imports: HashMap<&str, &str> =
        renames.imports.iter().map(|(_, old, new)| (old.as_str(), new.as_str())).collect();
    let exports: HashMap<&str, &str> =
        renames.exports.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    if let Some((module, ..)) =
        renames.imports.iter().find(|(module, ..)| module != "./natter_bg.js")
    {
        bail!(
            "the widget imports from {module}: inline JavaScript is not supported, call it through web-sys"
        );
    }
    ensure!(
        imports.len() == renames.imports.len() && glue.matches(PLACE).count() == 1,
        "the glue has changed its form"
    );

    let mut found: HashMap<&str, usize> = HashMap::new();
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(start) = rest.find(is_word) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let (word, after) = rest.split_at(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
        let new = if let Some(new) = imports.get(word) {
            *found.entry(word).or_default() += 1;
            new
        } else if ends_with_wasm_dot(&out) {
            exports.get(word).copied().unwrap_or(word)
        } else {
            word
        };
        out.push_str(new);
        rest = after;
    }
    out.push_str(rest);
    if let Some(name) = imports.keys().find(|name| found.get(**name) != Some(&1)) {
        bail!("the glue should offer {name} exactly once");
    }
    // wasm-opt calls every module it renames `a`.
    Ok(out.replace(PLACE, "\"a\": import0"))
}

/// Lets only scripts of the same build call `mount`.
pub(super) fn mark(glue: &str, mark: &str) -> Result<String> {
    ensure!(glue.matches(MOUNT).count() == 1, "the glue should export mount once");
    Ok(glue.replace(MOUNT, &["export function mount", mark, "("].concat()))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

fn ends_with_wasm_dot(text: &str) -> bool {
    text.strip_suffix("wasm.").is_some_and(|before| !before.ends_with(|c| is_word(c) || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = r#"export function mount(host) {
    wasm.mount(host, wasm.mount_more);
}
const import0 = {
    __wbg_warn_1: function(arg0) {
        console.warn(arg0);
    },
};
const all = { "./natter_bg.js": import0, };
        console.warn('using deprecated parameters');
export { initSync, __wbg_init as default };
"#;

    fn renames() -> Renames {
        Renames::parse(
            r#"{ "imports": [["./natter_bg.js", "__wbg_warn_1", "A"]], "exports": [["mount", "B"], ["memory", "C"]] }"#,
        )
        .unwrap()
    }

    #[test]
    fn names_change_on_both_sides_and_our_own_exports_stay() {
        let glue = rename(&slim(GLUE).unwrap(), &renames()).unwrap();
        assert!(glue.contains("export function mount(host)"));
        assert!(glue.contains("wasm.B(host, wasm.mount_more)"));
        assert!(glue.contains("    A: function(arg0)") && glue.contains("\"a\": import0"));
    }

    #[test]
    fn a_mark_is_at_one_import_and_at_mount() {
        let mut renames = renames();
        renames.mark("A", "beef").unwrap();
        let glue = mark(&rename(&slim(GLUE).unwrap(), &renames).unwrap(), "beef").unwrap();
        assert!(glue.contains("    Abeef: function(arg0)"), "{glue}");
        assert!(glue.contains("export function mountbeef(host)"), "{glue}");
        assert!(renames.mark("Z", "beef").is_err());
    }

    #[test]
    fn advice_goes_and_the_widgets_own_warnings_stay() {
        let glue = slim(GLUE).unwrap();
        assert!(glue.contains("console.warn(arg0);") && !glue.contains("deprecated"));
        assert!(glue.ends_with("export { __wbg_init as default };\n"));
    }

    #[test]
    fn an_import_that_the_glue_does_not_offer_is_an_error() {
        let glue = GLUE.replace("__wbg_warn_1", "__wbg_warn_2");
        assert!(rename(&glue, &renames()).is_err());
    }
}
