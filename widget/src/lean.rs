//! What the standard library can do too, in fewer bytes: every visitor downloads it.

/// A number in decimal digits, as `to_string` writes it; the library's formatting is two kilobytes.
#[must_use]
pub fn digits(number: u64) -> String {
    let mut rest = number;
    let mut last_first = Vec::new();
    loop {
        let digit = u8::try_from(rest % 10).unwrap_or(0);
        last_first.push(char::from(b'0' + digit));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    last_first.iter().rev().collect()
}

/// How many characters a text has. The library counts long texts faster, with half a kilobyte.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().fold(0, |length, _| length + 1)
}

/// What stands after the last of an ASCII character, or all of a text without it.
#[must_use]
pub fn after_last(text: &str, mark: u8) -> &str {
    let at = text.bytes().rposition(|byte| byte == mark);
    at.and_then(|at| text.get(at + 1..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!([length(""), length("aü👋")], [0, 3]);
    }

    #[test]
    fn what_follows_the_last_mark_is_found() {
        assert_eq!(after_last("a@b@c", b'@'), "c");
        assert_eq!((after_last("ü", b'@'), after_last("a@", b'@')), ("ü", ""));
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for number in [0, 7, 10, 42, 1_000, 65_535, u64::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }
}
