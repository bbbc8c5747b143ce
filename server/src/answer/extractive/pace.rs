//! Gives a finished text out in pieces of about a word, so that a reader sees it arrive.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use unicode_segmentation::UnicodeSegmentation;

use crate::answer::{AnswerPart, AnswerStream, FinishReason};

/// Text without spaces is cut after so many characters.
const LONGEST: usize = 6;

/// Streams `text` and the end mark. Nothing runs between polls, so dropping the stream stops it.
pub(super) fn stream(text: &str, answered: bool, pace: Duration) -> AnswerStream {
    let mut parts: Vec<AnswerPart> = pieces(text).into_iter().map(AnswerPart::Delta).collect();
    parts.push(AnswerPart::Finished { reason: FinishReason::Stop, answered, usage: None });
    let mut is_first = true;
    stream::iter(parts)
        .then(move |part| {
            let waits = !std::mem::take(&mut is_first) && !pace.is_zero();
            async move {
                if waits && matches!(part, AnswerPart::Delta(_)) {
                    tokio::time::sleep(pace).await;
                }
                Ok(part)
            }
        })
        .boxed()
}

/// Words with the white space after them.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut wide = 0;
    for grapheme in text.graphemes(true) {
        let is_space = grapheme.starts_with(char::is_whitespace);
        if !is_space && (piece.ends_with(char::is_whitespace) || wide >= LONGEST) {
            pieces.push(std::mem::take(&mut piece));
            wide = 0;
        }
        // Scripts that are written without spaces begin with Thai and Lao.
        wide += usize::from(grapheme.starts_with(|c: char| c >= '\u{e00}'));
        piece.push_str(grapheme);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_and_join_to_the_text() {
        let text = "Two words.  \n\n- item [1]\n";
        assert_eq!(pieces(text), ["Two ", "words.  \n\n", "- ", "item ", "[1]\n"]);
        assert!(pieces("").is_empty());
    }

    #[test]
    fn text_without_spaces_is_cut_between_characters() {
        let text = "返品は商品到着後三十日以内に受け付けます。";
        assert_eq!(pieces(text).concat(), text);
        assert!(pieces(text).len() > 3);
    }
}
