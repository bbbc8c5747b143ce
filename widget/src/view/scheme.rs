//! The colours of the style sheets, in one table: `build.rs` writes the custom properties from it, and the tests take
//! from it every pair of colours that has to be legible. A style sheet names no other colour.

/// A colour by its short name in the style sheets.
pub(crate) struct Token {
    /// `--_` and this name is what the rules read.
    pub(crate) short: &'static str,
    /// `--natter-` and this name is what a page may set; empty where a page has no say.
    pub(crate) name: &'static str,
    /// What it is when the page says nothing.
    pub(crate) value: Value,
    /// What it is for.
    pub(crate) role: Role,
}

/// Where a colour comes from.
pub(crate) enum Value {
    /// The same always, or one for the light theme and one for the dark.
    Fixed(&'static str, &'static str),
    /// What the server makes of the theme colour, for light and for dark, by the names of its properties.
    Theme(&'static str, &'static str),
    /// As another token.
    Like(&'static str),
    /// So many percent of the first token in the second.
    Mix(&'static str, u8, &'static str),
}

/// What a colour is for, which says what it has to be told from.
pub(crate) enum Role {
    /// A background that any text, edge and focus ring may stand on.
    Ground,
    /// A background for the inks that are named with the contrast each needs.
    Own(&'static [(&'static str, f64)]),
    /// Text on any ground: 4.5 to 1.
    Text,
    /// What shows where a field or a button ends, on any ground: 3 to 1.
    Edge,
    /// Text or icons on the backgrounds that name it.
    Ink,
    /// Decoration, which nothing depends on.
    Decoration,
}

use Role::{Decoration, Edge, Ground, Ink, Own, Text};
use Value::{Fixed, Like, Mix, Theme};

const fn token(short: &'static str, name: &'static str, value: Value, role: Role) -> Token {
    Token { short, name, value, role }
}

/// All of them. One that reads another stands behind it.
pub(crate) const TOKENS: &[Token] = &[
    token("a", "accent", Theme("accent", "accent"), Own(&[("i", 4.5)])),
    token("i", "accent-ink", Theme("ink", "ink"), Ink),
    token("t", "accent-text", Theme("light", "dark"), Text),
    token("e", "accent-edge", Theme("edge", "edge_dark"), Edge),
    token("hd", "header", Like("a"), Own(&[("hi", 4.5)])),
    token("hi", "header-ink", Like("i"), Ink),
    token("v", "visitor", Like("a"), Own(&[("vi", 4.5)])),
    token("vi", "visitor-ink", Like("i"), Ink),
    token("s", "surface", Fixed("#fff", "#16181d"), Ground),
    token("s2", "surface-2", Fixed("#f3f4f7", "#22252c"), Ground),
    token("u", "surface-raised", Fixed("#fff", "#1e2127"), Ground),
    token("k", "ink", Fixed("#15171c", "#eceef2"), Text),
    token("m", "muted", Fixed("#595e69", "#a9afbb"), Text),
    token("l", "line", Fixed("#e2e4e9", "#343842"), Decoration),
    token("o", "edge", Fixed("#858b97", "#717886"), Edge),
    token("d", "danger", Fixed("#b3261e", "#b3261e"), Own(&[("di", 4.5)])),
    token("di", "danger-ink", Fixed("#fff", "#fff"), Ink),
    token("b", "danger-text", Fixed("#b3261e", "#ffb4ab"), Text),
    // Behind a citation and a pressed or pointed-at button.
    token("h", "tint", Mix("t", 12, "s"), Own(&[("k", 4.5), ("m", 4.5), ("t", 4.5), ("b", 4.5)])),
    // Behind an icon of the head that is pointed at, and behind the picture in it.
    token("hh", "", Mix("hi", 14, "hd"), Own(&[("hi", 3.0)])),
    // A citation that is pointed at.
    token("c", "", Like("t"), Own(&[("s", 4.5)])),
    // Below what lies over the panel, and below the panel.
    token("x", "veil", Fixed("#0f121e80", "#0009"), Decoration),
    token("x2", "", Fixed("#0f121e24", "#0008"), Decoration),
];

/// The custom properties as style rules. A browser that cannot tell light from dark in one value has the light theme.
#[cfg_attr(test, expect(dead_code, reason = "the build script calls it"))]
pub(crate) fn rules() -> String {
    let (mut rules, mut old) = (Vec::new(), Vec::new());
    for Token { short, name, value, .. } in TOKENS {
        let (light, dark) = match value {
            Fixed(light, dark) => ((*light).to_owned(), (*dark).to_owned()),
            // Before the server has spoken, and where it refuses to, there is only what the bubble has: text is plain then.
            Theme("accent", _) => ("var(--n-accent)".to_owned(), "var(--n-accent)".to_owned()),
            Theme("ink", _) => ("var(--n-ink)".to_owned(), "var(--n-ink)".to_owned()),
            Theme(light, dark) => {
                let fallback = |name, plain| format!("var(--n-{name},{plain})");
                (fallback(light, "#15171c"), fallback(dark, "#eceef2"))
            }
            Like(other) => (format!("var(--_{other})"), format!("var(--_{other})")),
            Mix(one, share, other) => {
                let mix = format!("color-mix(in srgb,var(--_{one}) {share}%,var(--_{other}))");
                (mix.clone(), mix)
            }
        };
        let mut rule = light.clone();
        if light != dark {
            rule = format!("light-dark({light},{dark})");
            old.push(format!("--_{short}:{light}"));
        }
        rule = match *name {
            "" => rule,
            // A page that sets the accent alone has no edge in another colour around it.
            "accent-edge" => format!("var(--natter-{name},var(--natter-accent,{rule}))"),
            _ => format!("var(--natter-{name},{rule})"),
        };
        rules.push(format!("--_{short}:{rule}"));
    }
    let (rules, old) = (rules.join(";"), old.join(";"));
    format!(".n{{{rules}}}@supports not (color:light-dark(red,red)){{.n{{{old}}}}}")
}
