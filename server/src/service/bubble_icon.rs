//! The owner's icon for the bubble. A small plain SVG becomes path data, which the loader has with it; any other picture
//! is an address, which nobody asks before a visitor turns to the bubble. Neither ever becomes markup.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Longest `data:` address that is taken: it stands in every loader.
const MAX_DATA: usize = 2_000;
/// Longest path data that stands in a loader.
const MAX_PATH: usize = 600;

/// How a bubble shows the icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BubbleIcon {
    /// The built-in glyph.
    BuiltIn,
    /// Path data of 24 × 24, drawn in the bubble's own colour.
    Path(String),
    /// A picture at an address.
    Picture(String),
}

impl BubbleIcon {
    /// Reads the owner's setting; nothing when it is no address of a picture.
    #[must_use]
    pub fn parse(setting: &str) -> Option<Self> {
        let address = setting.trim();
        if address.is_empty() {
            return Some(Self::BuiltIn);
        }
        if address.starts_with("data:image/") {
            if address.len() > MAX_DATA {
                return None;
            }
            let path = svg(address).as_deref().and_then(path);
            return Some(path.map_or_else(|| Self::Picture(address.into()), Self::Path));
        }
        let url = url::Url::parse(address).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| Self::Picture(url.into()))
    }
}

/// The markup of an SVG in a `data:` address.
fn svg(address: &str) -> Option<String> {
    let (kind, content) = address.strip_prefix("data:image/svg+xml")?.split_once(',')?;
    let bytes = if kind.ends_with(";base64") {
        STANDARD.decode(content.trim()).ok()?
    } else {
        unescape(content)?
    };
    String::from_utf8(bytes).ok()
}

/// The bytes of a text in which `%3C` stands for one.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
        rest = after.get(2..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

/// The path data of an SVG that is nothing but filled paths of 24 × 24.
fn path(svg: &str) -> Option<String> {
    let mut found = String::new();
    let mut rest = svg.trim();
    let mut place = 0;
    while !rest.is_empty() {
        let (tag, after) = rest.strip_prefix('<')?.split_once('>')?;
        rest = after.trim_start();
        let tag = tag.trim_end_matches('/').trim();
        match (place, tag.split_whitespace().next()?) {
            (0, "svg") => {
                place = 1;
                let attributes = attributes(tag)?;
                let plain = attributes.iter().all(|(name, value)| match *name {
                    "xmlns" | "width" | "height" => true,
                    "viewBox" => *value == "0 0 24 24",
                    "fill" => *value != "none",
                    _ => false,
                });
                if !plain || !attributes.iter().any(|(name, _)| *name == "viewBox") {
                    return None;
                }
            }
            (1, "path") => {
                for (name, value) in attributes(tag)? {
                    match name {
                        "d" if is_path(value) => found.push_str(value),
                        "fill" if value != "none" => {}
                        _ => return None,
                    }
                }
            }
            (1, "/path") => {}
            (1, "/svg") => place = 2,
            _ => return None,
        }
    }
    (place == 2 && (1..=MAX_PATH).contains(&found.len())).then_some(found)
}

/// The attributes of a tag, each in quotes.
fn attributes(tag: &str) -> Option<Vec<(&str, &str)>> {
    let mut attributes = Vec::new();
    let mut rest = tag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim_start();
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=')?;
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = value.get(1..)?.split_once(quote)?;
        attributes.push((name.trim(), value));
        rest = after.trim_start();
    }
    Some(attributes)
}

/// Whether a text is path data: commands and numbers, and nothing that could end what it is put into.
fn is_path(data: &str) -> bool {
    data.starts_with(['M', 'm'])
        && data.bytes().all(|byte| b"MmLlHhVvCcSsQqTtAaZz0123456789+-.,eE \n".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::BubbleIcon::{self, BuiltIn, Path, Picture};

    fn data(svg: &str) -> String {
        format!("data:image/svg+xml,{}", svg.replace('#', "%23"))
    }

    #[test]
    fn a_plain_svg_becomes_path_data_and_any_other_stays_a_picture() {
        let plain = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#fff" d="M4 3h16v12z"/><path d="m1 1 2-2z"></path></svg>"##;
        let path = Some(Path("M4 3h16v12zm1 1 2-2z".into()));
        assert_eq!(BubbleIcon::parse(&data(plain)), path);
        let encoded = base64::Engine::encode(&super::STANDARD, plain);
        assert_eq!(BubbleIcon::parse(&format!("data:image/svg+xml;base64,{encoded}")), path);
        for other in [
            plain.replace("24 24", "32 32"),
            plain.replace("<path d", "<script>x</script><path d"),
            plain.replace("<path d", "<path onload='x' d"),
            plain.replace("<path d", "<path stroke='red' d"),
            plain.replace("m1 1", "m1 1\");x:url(//evil"),
            plain.replace("</svg>", ""),
            plain.replace("m1 1", &"m1 1 ".repeat(130)),
        ] {
            let address = data(&other);
            assert_eq!(BubbleIcon::parse(&address), Some(Picture(address.clone())), "{other}");
        }
    }

    #[test]
    fn only_addresses_of_pictures_are_taken() {
        assert_eq!(BubbleIcon::parse(" "), Some(BuiltIn));
        let address = "https://shop.example/icon.svg";
        assert_eq!(BubbleIcon::parse(address), Some(Picture(address.into())));
        for address in ["icon.svg", "javascript:alert(1)", "data:text/html,x", "//x/y.svg"] {
            assert_eq!(BubbleIcon::parse(address), None, "{address}");
        }
        let long = format!("data:image/png;base64,{}", "A".repeat(2_000));
        assert_eq!(BubbleIcon::parse(&long), None);
    }
}
