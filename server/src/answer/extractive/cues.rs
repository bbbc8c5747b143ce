//! Small words that tell what kind of answer a question wants, and whether a sentence may give it. They only choose
//! between passages that hold the question's topic; a language without cues is answered by the topic alone.

/// Words that say how much without a digit.
#[rustfmt::skip]
const QUANTITIES: &[&str] = &[
    "free", "daily", "one", "two", "three", "four", "five", "six", "ten", "kostenlos", "kostenfrei", "gratis", "täglich",
    "gratuit", "gratuite", "gratuits", "gratuito", "gratuita", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "montag", "sonntag", "lundi", "dimanche", "lunes", "domingo", "lunedì", "domenica", "segunda",
];

/// Words that say when without a digit.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "when", "until", "before", "after", "once", "soon", "within", "immediately", "wenn", "sobald", "bis", "nach", "vor",
    "sofort", "quand", "dès", "après", "avant", "cuando", "después", "antes", "quando", "dopo", "prima", "após",
];

/// Words that lean on the sentence before them, at the start of one.
#[rustfmt::skip]
const LEANING: &[&str] = &[
    "this", "that", "these", "those", "it", "they", "he", "she", "then", "however", "otherwise", "also", "but", "so",
    "therefore", "instead", "in that case", "das", "dies", "diese", "dieser", "dieses", "es", "sie", "dann",
    "allerdings", "jedoch", "sonst", "andernfalls", "außerdem", "dabei", "dafür", "cela", "ce", "ces", "il", "elle",
    "ils", "elles", "toutefois", "sinon", "ensuite", "esto", "este", "esta", "estos", "sin embargo", "entonces",
    "también", "isto", "isso", "ele", "ela", "eles", "no entanto", "questo", "questa", "questi", "tuttavia", "inoltre",
];

#[rustfmt::skip]
const ASK_QUANTITY: &[&str] = &[
    " how much ", " how many ", " how long ", " how far ", " how old ", " how big ", " how tall ", " how heavy ",
    " how hot ", " how often ", " how fast ", " how soon ", " what time ", " temperature ", " price ", " prices ",
    " cost ", " costs ", " hours ", " number ", " wie viel ", " wieviel ", " wie viele ", " wie lange ", " wie teuer ",
    " wie hoch ", " wie schnell ", " kostet ", " kosten ", " öffnungszeiten ", " combien ", " quelle heure ",
    " horaires ", " cuánto ", " cuanto ", " cuánta ", " cuántos ", " cuántas ", " qué hora ", " horario ",
    " horarios ", " quanto ", " quanta ", " quantos ", " quanti ", " che ora ", " orari ",
];

const ASK_TIME: &[&str] = &[" when ", " wann ", " quand ", " cuándo ", " cuando ", " quando "];

#[rustfmt::skip]
const ASK_STEPS: &[&str] = &[
    " how do i ", " how can i ", " how to ", " how do we ", " how should i ", " wie kann ich ", " wie geht ",
    " wie mache ich ", " comment ", " cómo ", " como ", " come posso ", " come si ",
];

const JOINTS: &[&str] = &[" and ", " und ", " et ", " y ", " e ", " ed ", " en ", " och ", " og "];

/// The kind of answer that a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wants {
    /// A number, a price or a duration.
    pub(super) quantity: bool,
    /// A time.
    pub(super) time: bool,
    /// What to do, one step after the other.
    pub(super) steps: bool,
}

impl Wants {
    /// What a question wants by its words.
    pub(super) fn of(question: &str) -> Self {
        let words = padded(question);
        let holds = |cues: &[&str]| cues.iter().any(|cue| words.contains(cue));
        Self {
            quantity: holds(ASK_QUANTITY) || question.contains("いくら") || question.contains('何'),
            time: holds(ASK_TIME) || question.contains("いつ"),
            steps: holds(ASK_STEPS),
        }
    }

    /// What a question wants that goes on from an earlier one: "And to Norway?" still asks for the price.
    pub(super) fn after(self, earlier: Self) -> Self {
        if self.quantity || self.time || self.steps {
            return self;
        }
        earlier
    }
}

/// Whether a message asks several questions at once.
pub(super) fn asks_several(question: &str) -> bool {
    let words = padded(question);
    JOINTS.iter().any(|joint| words.contains(joint)) || question.matches(['?', '？']).count() > 1
}

/// Whether a text may say how much or how long.
pub(super) fn tells_quantity(text: &str) -> bool {
    text.contains(char::is_numeric) || text.contains("無料") || has_word(text, QUANTITIES)
}

/// Whether a text may say when.
pub(super) fn tells_time(text: &str) -> bool {
    tells_quantity(text) || has_word(text, TIMES)
}

/// Whether a sentence can only be understood after the one before it.
pub(super) fn leans(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    LEANING.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ',', '\'', '’']))
    })
}

/// Words in lower case with one space around each.
pub(super) fn padded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::from(" "), |out, word| out + word + " ")
}

fn has_word(text: &str, words: &[&str]) -> bool {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_tell_what_they_want() {
        let question = "How much is it, and when does it arrive?";
        let wants = Wants::of(question);
        assert!(wants.quantity && wants.time && !wants.steps && asks_several(question));
        assert!(Wants::of("Wie kann ich bestellen?").steps);
    }

    #[test]
    fn continuation_wants_what_the_question_before_wanted() {
        let earlier = Wants::of("How much is shipping to Germany?");
        assert!(Wants::of("And to Norway?").after(earlier).quantity);
        assert!(!Wants::of("And how do I pay?").after(earlier).quantity);
    }

    #[test]
    fn sentences_that_lean_are_recognised_by_their_first_word() {
        assert!(leans("It then has to be replaced.") && leans("Otherwise, call us."));
        assert!(!leans("Items are sent.") && !leans("Thistles grow."));
    }
}
