//! From one theme colour to colours that can be read upon it and as text and edges: WCAG AA contrast.

use natter_shared::handshake::Palette;

/// A colour as red, green, blue.
type Rgb = [u8; 3];

/// What the colours stand on: the surface of a theme, and that one of its other grounds which is nearest to text.
struct Theme {
    surface: Rgb,
    nearest: Rgb,
    /// Where a colour goes that cannot be seen on them: 0 for black, 255 for white.
    end: u8,
}

const LIGHT: Theme = Theme { surface: [255; 3], nearest: [0xf3, 0xf4, 0xf7], end: 0 };
const DARK: Theme = Theme { surface: [0x16, 0x18, 0x1d], nearest: [0x22, 0x25, 0x2c], end: 255 };
/// How much of the text's own colour is in the tint behind a citation, in percent.
const TINT: u16 = 12;
/// A little above what AA asks for, 4.5 for text and 3 for edges, because colours are rounded.
const READABLE: f64 = 4.6;
/// Below this white is not read upon a colour; above it black is not.
const WHITE: f64 = 4.55;
const SEEN: f64 = 3.05;
const FALLBACK: Rgb = [0x25, 0x63, 0xeb];

/// The colours that follow from a theme colour, `#rrggbb` or `#rgb`; anything else is the default blue.
#[must_use]
pub(super) fn palette(colour: &str) -> Palette {
    let accent = parse(colour).unwrap_or(FALLBACK);
    Palette {
        ink: hex(if contrast(accent, [255; 3]) >= WHITE { [255; 3] } else { [0; 3] }),
        light: hex(moved(accent, &LIGHT, READABLE)),
        dark: hex(moved(accent, &DARK, READABLE)),
        edge: hex(moved(accent, &LIGHT, SEEN)),
        edge_dark: hex(moved(accent, &DARK, SEEN)),
    }
}

fn parse(text: &str) -> Option<Rgb> {
    let digits = text.trim().strip_prefix('#')?;
    let (length, places) = match digits.len() {
        3 => (3, [8, 4, 0]),
        6 | 8 => (6, [16, 8, 0]),
        _ => return None,
    };
    let number = u32::from_str_radix(digits.get(..length)?, 16).ok()?;
    Some(places.map(|place| {
        let value = if length == 3 { (number >> place & 15) * 17 } else { number >> place & 255 };
        u8::try_from(value).unwrap_or_default()
    }))
}

/// A colour as `#rrggbb`.
fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// So many percent of the second colour in the first.
fn mix(one: Rgb, other: Rgb, share: u16) -> Rgb {
    std::array::from_fn(|at| {
        let sum = u16::from(one[at]) * (100 - share) + u16::from(other[at]) * share;
        u8::try_from(sum / 100).unwrap_or(255)
    })
}

/// Moves a colour towards black or white until it is seen. On the way to white it first becomes brighter, so that it
/// does not turn grey.
fn moved(colour: Rgb, theme: &Theme, need: f64) -> Rgb {
    let [r, g, b] = colour;
    let most = u16::from(r.max(g).max(b).max(1));
    let end = [theme.end; 3];
    let brightest = colour.map(|value| u8::try_from(u16::from(value) * 255 / most).unwrap_or(255));
    let between = if theme.end == 0 { end } else { mix(brightest, end, 50) };
    for (from, to) in [(colour, between), (between, end)] {
        for share in (0..=100).step_by(8) {
            let here = mix(from, to, share);
            let tinted = mix(theme.surface, here, TINT);
            if contrast(here, theme.nearest).min(contrast(here, tinted)) >= need {
                return here;
            }
        }
    }
    end
}

/// WCAG's contrast ratio.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG's relative luminance.
fn luminance(colour: Rgb) -> f64 {
    let [r, g, b] = colour.map(|value| {
        let c = f64::from(value) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

// The widget's own table, so that no colour of its style sheets is forgotten in the tests.
#[cfg(test)]
#[path = "../../../widget/src/view/scheme.rs"]
mod scheme;

#[cfg(test)]
mod tests {
    use super::scheme::{Role, TOKENS, Token, Value};
    use super::*;

    /// Red, green and blue from 0 to 1, as browsers mix them.
    type Exact = [f64; 3];

    fn unit(colour: Rgb) -> Exact {
        colour.map(|value| f64::from(value) / 255.0)
    }

    fn exact(text: &str) -> Exact {
        unit(parse(text).unwrap())
    }

    fn exact_contrast(one: Exact, other: Exact) -> f64 {
        let luminance = |colour: Exact| {
            let [r, g, b] = colour
                .map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn token(short: &str) -> &'static Token {
        TOKENS.iter().find(|token| token.short == short).unwrap()
    }

    /// A theme colour, and what is made of it.
    type Made = (String, Palette);

    /// What a browser makes of a token.
    fn value(short: &str, dark: bool, made: &Made) -> Exact {
        let pick = |light: &'static str, other: &'static str| if dark { other } else { light };
        match token(short).value {
            Value::Fixed(light, other) => exact(pick(light, other)),
            Value::Theme(light, other) => {
                let (theme, Palette { ink, light: text, dark, edge, edge_dark }) = made;
                exact(match pick(light, other) {
                    "accent" => theme,
                    "ink" => ink,
                    "light" => text,
                    "dark" => dark,
                    "edge" => edge,
                    "edge_dark" => edge_dark,
                    name => panic!("nobody makes --n-{name}"),
                })
            }
            Value::Like(other) => value(other, dark, made),
            Value::Mix(one, share, other) => {
                let (one, other) = (value(one, dark, made), value(other, dark, made));
                let share = f64::from(share) / 100.0;
                std::array::from_fn(|at| one[at] * share + other[at] * (1.0 - share))
            }
        }
    }

    /// Every pair of the style sheets: what stands on what, with the contrast that it needs.
    fn pairs() -> Vec<(&'static str, &'static str, f64)> {
        let mut pairs = Vec::new();
        for ground in TOKENS {
            match ground.role {
                Role::Own(inks) => {
                    pairs.extend(inks.iter().map(|(ink, need)| (*ink, ground.short, *need)));
                }
                Role::Ground => pairs.extend(TOKENS.iter().filter_map(|upon| match upon.role {
                    Role::Text => Some((upon.short, ground.short, 4.5)),
                    Role::Edge => Some((upon.short, ground.short, 3.0)),
                    _ => None,
                })),
                _ => {}
            }
        }
        pairs
    }

    /// Colours that are the same in every run, and all kinds of them.
    fn colours() -> impl Iterator<Item = Rgb> {
        let corners = (0..6 * 6 * 6_u32)
            .map(|at| [at / 36, at / 6 % 6, at % 6].map(|part| u8::try_from(part * 51).unwrap()));
        let mut seed = 0x9e37_79b9_u32;
        let random = std::iter::repeat_with(move || {
            [16, 8, 0].map(|shift| {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                u8::try_from(seed >> shift & 255).unwrap()
            })
        });
        corners.chain(random.take(5_000))
    }

    #[test]
    fn whatever_the_theme_colour_every_pair_of_the_style_sheets_meets_aa() {
        let pairs = pairs();
        assert!(pairs.len() > 25, "{}", pairs.len());
        for colour in colours() {
            let theme = hex(colour);
            let made = (theme.clone(), palette(&theme));
            for dark in [false, true] {
                for (upon, ground, need) in &pairs {
                    let ratio =
                        exact_contrast(value(upon, dark, &made), value(ground, dark, &made));
                    assert!(
                        ratio >= *need,
                        "{upon} on {ground} is {ratio:.2} with {theme}, dark: {dark}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_computed_knows_the_surfaces_of_the_table() {
        let made = Made::default();
        for (dark, theme) in [(false, LIGHT), (true, DARK)] {
            for (short, colour) in [("s", theme.surface), ("s2", theme.nearest)] {
                let same =
                    value(short, dark, &made).map(f64::to_bits) == unit(colour).map(f64::to_bits);
                assert!(same, "{short}");
            }
        }
        let Value::Mix("t", share, "s") = token("h").value else { panic!("the tint is a mixture") };
        assert_eq!(u16::from(share), TINT);
    }

    #[test]
    fn a_readable_colour_stays_as_it_is() {
        let Palette { ink, light, edge, .. } = palette("#1D4ED8");
        assert_eq!(
            (ink.as_str(), light.as_str(), edge.as_str()),
            ("#ffffff", "#1d4ed8", "#1d4ed8")
        );
        assert_eq!(palette("#FFEE00").ink, "#000000");
    }

    #[test]
    fn short_and_long_notations_are_read_and_nonsense_is_not() {
        let text = |colour| palette(colour).light;
        assert_eq!(text("#900"), "#990000");
        assert_eq!(text("#99000080"), "#990000");
        for nonsense in ["", "red", "#ff", "#gggggg", "#12345", "url(x)"] {
            assert_eq!(text(nonsense), text("#2563eb"), "{nonsense}");
        }
    }
}
