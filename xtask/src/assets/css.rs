//! A style sheet without comments and needless white space. Selectors and values are left as they were written.

/// Shrinks a style sheet; strings are kept byte for byte.
pub(super) fn minify(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    let mut space = false;
    while let Some(character) = rest.next() {
        if character == '/' && rest.peek() == Some(&'*') {
            rest.next();
            let mut before = ' ';
            for inside in rest.by_ref() {
                if before == '*' && inside == '/' {
                    break;
                }
                before = inside;
            }
            space = true;
        } else if character.is_whitespace() {
            space = true;
        } else {
            let hugs = |c: char| matches!(c, '{' | '}' | ';' | ',');
            if space && !hugs(character) && !out.ends_with(hugs) && !out.is_empty() {
                out.push(' ');
            }
            space = false;
            if character == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(character);
            if matches!(character, '"' | '\'') {
                copy_string(character, &mut rest, &mut out);
            }
        }
    }
    out
}

/// Copies up to and with the closing quote.
fn copy_string(quote: char, rest: &mut impl Iterator<Item = char>, out: &mut String) {
    let mut escaped = false;
    for character in rest {
        out.push(character);
        if character == quote && !escaped {
            return;
        }
        escaped = character == '\\' && !escaped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_spaces_go_but_meaning_stays() {
        let source = "/* head */\n:host {\n  --gap: 4px;\n  margin : calc(1px + 2px) ; /* x */\n}\n\na > b , c d::before { content: \" ; /* \\\" */ \"; }\n";
        let expected = ":host{--gap: 4px;margin : calc(1px + 2px)}a > b,c d::before{content: \" ; /* \\\" */ \"}";
        assert_eq!(minify(source), expected);
    }
}
