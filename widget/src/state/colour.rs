//! From one theme colour to colours that can be read: WCAG AA contrast, by arithmetic only.

/// A colour as red, green, blue.
type Rgb = [u8; 3];

/// What follows from a theme colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// The theme colour, as `#rrggbb`.
    pub accent: String,
    /// Black or white, whichever can be read on it.
    pub ink: String,
    /// The theme colour, darkened until it can be read on a light surface.
    pub on_light: String,
    /// The theme colour, lightened until it can be read on a dark surface.
    pub on_dark: String,
}

/// Surface of the light theme; the darkest one that accent text stands on.
pub const LIGHT: Rgb = [0xf4, 0xf5, 0xf7];
/// Surface of the dark theme; the lightest one that accent text stands on.
pub const DARK: Rgb = [0x26, 0x28, 0x2e];
/// A little above the 4.5 that AA asks for, because luminance is approximated.
const READABLE: f32 = 4.6;
const FALLBACK: Rgb = [0x25, 0x63, 0xeb];

impl Palette {
    /// Reads `#rrggbb` or `#rgb`; anything else is the default blue.
    #[must_use]
    pub fn from_theme(colour: &str) -> Self {
        let accent = parse(colour).unwrap_or(FALLBACK);
        let ink = if contrast(accent, [255; 3]) >= READABLE { [255; 3] } else { [0; 3] };
        Self {
            accent: hex(accent),
            ink: hex(ink),
            on_light: hex(readable(accent, LIGHT, 0)),
            on_dark: hex(readable(accent, DARK, 255)),
        }
    }
}

fn parse(text: &str) -> Option<Rgb> {
    let digits: Vec<u8> = text
        .trim()
        .strip_prefix('#')?
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect::<Option<_>>()?;
    match *digits.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [r, r2, g, g2, b, b2, ..] if matches!(digits.len(), 6 | 8) => {
            Some([r * 16 + r2, g * 16 + g2, b * 16 + b2])
        }
        _ => None,
    }
}

fn hex([r, g, b]: Rgb) -> String {
    let mut text = String::with_capacity(7);
    text.push('#');
    for value in [r, g, b] {
        for digit in [value >> 4, value & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}

/// Moves a colour towards black (0) or white (255) until it can be read on the surface.
fn readable(colour: Rgb, surface: Rgb, towards: u8) -> Rgb {
    let mut result = colour;
    for step in 0..=20_u16 {
        result = colour.map(|value| {
            let mixed = (u16::from(value) * (20 - step) + u16::from(towards) * step) / 20;
            u8::try_from(mixed).unwrap_or(towards)
        });
        if contrast(result, surface) >= READABLE {
            break;
        }
    }
    result
}

/// WCAG's contrast ratio.
#[must_use]
pub fn contrast(one: Rgb, other: Rgb) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance. The transfer function is a cubic fit: the power function would cost a kilobyte.
fn luminance(colour: Rgb) -> f32 {
    let [r, g, b] = colour.map(|value| {
        let c = f32::from(value) / 255.0;
        c * (c * (c * 0.305_306_01 + 0.682_171_1) + 0.012_522_878)
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(colour: Rgb) -> f64 {
        let [r, g, b] = colour.map(|value| {
            let c = f64::from(value) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn exact_contrast(one: &str, other: Rgb) -> f64 {
        let (one, other) = (exact(parse(one).unwrap()), exact(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_theme_colour_gives_readable_text() {
        for r in (0..=255_u8).step_by(17) {
            for g in (0..=255_u8).step_by(17) {
                for b in (0..=255_u8).step_by(17) {
                    let palette = Palette::from_theme(&hex([r, g, b]));
                    let ink = parse(&palette.ink).unwrap();
                    for (name, ratio) in [
                        ("ink", exact_contrast(&palette.accent, ink)),
                        ("light", exact_contrast(&palette.on_light, LIGHT)),
                        ("dark", exact_contrast(&palette.on_dark, DARK)),
                    ] {
                        assert!(ratio >= 4.5, "{name} on {}: {ratio}", palette.accent);
                    }
                }
            }
        }
    }

    #[test]
    fn a_readable_colour_stays_as_it_is() {
        let palette = Palette::from_theme("#1D4ED8");
        assert_eq!((palette.accent.as_str(), palette.ink.as_str()), ("#1d4ed8", "#ffffff"));
        assert_eq!(palette.on_light, "#1d4ed8");
    }

    #[test]
    fn short_and_long_notations_are_read_and_nonsense_is_not() {
        assert_eq!(Palette::from_theme("#f00").accent, "#ff0000");
        assert_eq!(Palette::from_theme("#ff000080").accent, "#ff0000");
        for text in ["", "red", "#ff", "#gggggg", "#12345", "url(x)"] {
            assert_eq!(Palette::from_theme(text).accent, "#2563eb", "{text}");
        }
    }
}
