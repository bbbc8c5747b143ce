//! Inline Markdown, written so that it reads back as the same text: special characters are escaped, white space is
//! collapsed, and emphasis is only written where CommonMark would recognise it.

/// One line of text under construction.
#[derive(Debug, Default)]
pub(super) struct Inline {
    out: String,
    /// White space was seen since the last character.
    space: bool,
    /// White space was seen before the first character.
    leading: bool,
}

impl Inline {
    /// Appends text as the reader is to see it.
    pub(super) fn text(&mut self, text: &str) {
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            if character.is_whitespace() {
                self.pause();
            } else if !is_invisible(character) {
                self.flush_space();
                if needs_escape(character, self.out.chars().next_back(), characters.as_str()) {
                    self.out.push('\\');
                }
                self.out.push(character);
            }
        }
    }

    /// Notes white space, which is written once and only between words.
    pub(super) fn pause(&mut self) {
        if self.out.is_empty() {
            self.leading = true;
        } else {
            self.space = true;
        }
    }

    /// Appends a code span.
    pub(super) fn code(&mut self, code: &str) {
        let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        if code.is_empty() {
            return;
        }
        self.flush_space();
        let fence = "`".repeat(longest_run(&code, '`') + 1);
        let padding = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        for part in [&fence, padding, &code, padding, &fence] {
            self.out.push_str(part);
        }
    }

    /// Starts a new line within the paragraph.
    pub(super) fn line_break(&mut self) {
        self.space = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str("  \n");
        }
    }

    /// Appends `inner` between two `mark`s, or without them where they would not be recognised.
    pub(super) fn emphasis(&mut self, mark: &str, inner: &Self) {
        let starts_well = inner.out.chars().next().is_some_and(char::is_alphanumeric);
        let body = inner.out.trim_end_matches(|c: char| ".,:;!?。、：".contains(c));
        let ends_well = body.chars().next_back().is_some_and(char::is_alphanumeric);
        let attached = !self.space && !inner.leading && self.out.ends_with(char::is_alphanumeric);
        if !starts_well
            || !ends_well
            || attached
            || body.contains([mark.chars().next().unwrap_or('*'), '\n'])
        {
            self.append(inner);
            return;
        }
        let length = body.len();
        self.append(&Self {
            out: format!("{mark}{body}{mark}{}", &inner.out[length..]),
            leading: inner.leading,
            space: inner.space,
        });
    }

    /// Appends a link. `inner` is its text.
    pub(super) fn link(&mut self, url: &str, inner: &Self) {
        if inner.out.is_empty() || inner.out.contains("](") {
            self.append(inner);
            return;
        }
        if self.out.ends_with('!') && !self.space && !inner.leading {
            // An exclamation mark right before it would make the link an image.
            self.out.insert(self.out.len() - 1, '\\');
        }
        let url = url.replace('(', "%28").replace(')', "%29").replace(' ', "%20");
        let text = inner.out.replace("  \n", " ");
        self.append(&Self {
            out: format!("[{text}]({url})"),
            leading: inner.leading,
            space: inner.space,
        });
    }

    /// Appends what another line holds, with the white space around it.
    pub(super) fn append(&mut self, inner: &Self) {
        if inner.leading {
            self.pause();
        }
        if !inner.out.is_empty() {
            self.flush_space();
            self.out.push_str(&inner.out);
            self.space = inner.space;
        }
    }

    /// Whether nothing but white space was written.
    pub(super) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The finished Markdown; no line of it can be mistaken for a heading, list or quote.
    pub(super) fn finish(self) -> String {
        let trimmed = self.out.trim();
        let mut out = String::with_capacity(trimmed.len());
        for (index, line) in trimmed.split('\n').enumerate() {
            if index > 0 {
                out.push('\n');
            }
            guard_line_start(line, &mut out);
        }
        out
    }

    fn flush_space(&mut self) {
        if std::mem::take(&mut self.space) && !self.out.ends_with('\n') {
            self.out.push(' ');
        }
    }
}

/// Length of the longest run of `character` in `text`.
pub(super) fn longest_run(text: &str, character: char) -> usize {
    text.split(|c| c != character).map(str::len).max().unwrap_or(0)
}

/// Soft hyphens, zero-width spaces, byte order marks and control characters carry nothing to quote.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}') || character.is_control()
}

fn needs_escape(character: char, previous: Option<char>, rest: &str) -> bool {
    match character {
        '\\' | '`' | '*' | '[' | ']' | '<' => true,
        '_' => {
            !(previous.is_some_and(char::is_alphanumeric)
                && rest.starts_with(char::is_alphanumeric))
        }
        '~' => previous == Some('~') || rest.starts_with('~'),
        '&' => {
            let name = rest.strip_prefix('#').unwrap_or(rest);
            let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
            length > 0 && name[length..].starts_with(';')
        }
        _ => false,
    }
}

fn guard_line_start(line: &str, out: &mut String) {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let after = &line[digits..];
    let is_marker =
        after.starts_with(". ") || after.starts_with(") ") || after == "." || after == ")";
    if (1..=9).contains(&digits) && is_marker {
        out.push_str(&line[..digits]);
        out.push('\\');
        out.push_str(after);
        return;
    }
    let second = line.chars().nth(1);
    let special = match line.chars().next() {
        Some('#' | '>' | '=' | '|') => true,
        Some('-' | '+') => matches!(second, None | Some(' ' | '-')),
        Some('~') => second == Some('~'),
        _ => false,
    };
    if special {
        out.push('\\');
    }
    out.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut inline = Inline::default();
        inline.text(text);
        inline.finish()
    }

    fn inner(text: &str) -> Inline {
        let mut inline = Inline::default();
        inline.text(text);
        inline
    }

    #[test]
    fn special_characters_are_escaped_and_ordinary_ones_are_not() {
        for (text, expected) in [
            ("2 * 3 = 6", "2 \\* 3 = 6"),
            ("see [1]", "see \\[1\\]"),
            ("max_connections", "max_connections"),
            ("_private", "\\_private"),
            ("# not a heading", "\\# not a heading"),
            ("- not a list", "\\- not a list"),
            ("-5 degrees", "-5 degrees"),
            ("1. not a list", "1\\. not a list"),
            ("1.5 litres", "1.5 litres"),
            ("AT&T and &amp;", "AT&T and \\&amp;"),
            ("a < b > c", "a \\< b > c"),
            ("  a\n\t b\u{a0}c ", "a b c"),
            ("soft\u{ad}ware", "software"),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn emphasis_keeps_spaces_and_closing_punctuation_outside() {
        let mut line = inner("The");
        line.emphasis("**", &inner(" price: "));
        line.text("10");
        assert_eq!(line.finish(), "The **price**: 10");
    }

    #[test]
    fn emphasis_that_would_not_be_recognised_is_left_out() {
        let mut line = inner("half");
        line.emphasis("**", &inner("word"));
        line.emphasis("**", &inner("(no)"));
        assert_eq!(line.finish(), "halfword(no)");
    }

    #[test]
    fn code_spans_get_a_longer_fence_than_their_content() {
        let mut line = Inline::default();
        line.code("a `b` c");
        assert_eq!(line.finish(), "``a `b` c``");
    }

    #[test]
    fn links_are_written_with_parentheses_encoded() {
        let mut line = inner("see ");
        line.link("https://a.example/x_(y)", &inner("this"));
        line.text(".");
        assert_eq!(line.finish(), "see [this](https://a.example/x_%28y%29).");
    }

    #[test]
    fn exclamation_marks_do_not_make_a_link_an_image() {
        let mut line = inner("Go!");
        line.link("https://a.example/", &inner("here"));
        assert_eq!(line.finish(), "Go\\![here](https://a.example/)");
    }

    #[test]
    fn line_breaks_are_hard_and_never_doubled() {
        let mut line = inner("one ");
        line.line_break();
        line.line_break();
        line.text(" # two");
        assert_eq!(line.finish(), "one  \n\\# two");
    }
}
