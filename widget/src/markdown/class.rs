//! Kinds of characters, as far as emphasis asks for them. A few ranges stand for the tables of Unicode.

/// What a neighbour of a run of delimiters is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Class {
    /// White space or the edge of the text.
    Space,
    /// Punctuation.
    Mark,
    /// A letter of a script that is written without spaces.
    Wide,
    /// Anything else.
    Letter,
}

/// Classifies a character.
pub(super) fn class(char: char) -> Class {
    match char {
        '\0'..=' ' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{3000}' => {
            Class::Space
        }
        _ if char.is_ascii_punctuation() || is_narrow_mark(char) || is_wide_mark(char) => {
            Class::Mark
        }
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' => Class::Wide,
        '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Class::Wide
        }
        _ => Class::Letter,
    }
}

/// Whether this is a mark or symbol of Latin scripts, a currency, an arrow or the like.
fn is_narrow_mark(char: char) -> bool {
    matches!(char, '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}'..='\u{b8}' | '\u{bb}' | '\u{bf}'
        | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}')
}

/// Whether this is punctuation of general use, or of East Asian scripts, beyond ASCII.
pub(super) fn is_wide_mark(char: char) -> bool {
    matches!(char, '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}
