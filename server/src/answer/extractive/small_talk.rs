//! Recognises messages that greet, thank or ask who is speaking, and nothing else: to say that the content holds no
//! answer to "hello" would be absurd.

use crate::answer::Persona;
use crate::knowledge::Language;

use super::phrases::Phrases;

/// What a message does instead of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Greeting,
    Thanks,
    Farewell,
    Identity,
}

/// Messages by kind and language, lower-cased and without punctuation.
const MESSAGES: &[(Kind, Language, &[&str])] = &[
    (
        Kind::Greeting,
        Language::English,
        &[
            "hello",
            "hi",
            "hey",
            "hiya",
            "howdy",
            "good morning",
            "good afternoon",
            "good evening",
            "greetings",
            "how are you",
        ],
    ),
    (
        Kind::Greeting,
        Language::German,
        &[
            "hallo",
            "guten tag",
            "guten morgen",
            "guten abend",
            "moin",
            "servus",
            "grüezi",
            "grüß gott",
        ],
    ),
    (Kind::Greeting, Language::French, &["bonjour", "salut", "bonsoir", "coucou"]),
    (
        Kind::Greeting,
        Language::Spanish,
        &["hola", "buenos días", "buenas tardes", "buenas noches", "buenas"],
    ),
    (Kind::Greeting, Language::Portuguese, &["olá", "oi", "bom dia", "boa tarde", "boa noite"]),
    (Kind::Greeting, Language::Italian, &["ciao", "salve", "buongiorno", "buonasera"]),
    (
        Kind::Greeting,
        Language::Japanese,
        &["こんにちは", "こんばんは", "おはよう", "おはようございます", "はじめまして"],
    ),
    (
        Kind::Thanks,
        Language::English,
        &[
            "thank you",
            "thanks",
            "thx",
            "ty",
            "cheers",
            "great",
            "perfect",
            "awesome",
            "cool",
            "ok",
            "okay",
            "got it",
            "that helps",
            "that helped",
            "very helpful",
            "much appreciated",
        ],
    ),
    (
        Kind::Thanks,
        Language::German,
        &["danke", "dankeschön", "danke schön", "vielen dank", "super", "prima", "alles klar"],
    ),
    (Kind::Thanks, Language::French, &["merci", "merci beaucoup", "parfait"]),
    (Kind::Thanks, Language::Spanish, &["gracias", "muchas gracias", "perfecto", "vale"]),
    (
        Kind::Thanks,
        Language::Portuguese,
        &["obrigado", "obrigada", "muito obrigado", "muito obrigada"],
    ),
    (Kind::Thanks, Language::Italian, &["grazie", "grazie mille", "molte grazie", "perfetto"]),
    (
        Kind::Thanks,
        Language::Japanese,
        &["ありがとう", "ありがとうございます", "ありがとうございました", "どうも"],
    ),
    (Kind::Farewell, Language::English, &["bye", "goodbye", "bye bye", "see you", "good night"]),
    (Kind::Farewell, Language::German, &["tschüss", "auf wiedersehen", "bis bald"]),
    (Kind::Farewell, Language::French, &["au revoir", "à bientôt"]),
    (Kind::Farewell, Language::Spanish, &["adiós", "hasta luego"]),
    (Kind::Farewell, Language::Portuguese, &["tchau", "até logo", "adeus"]),
    (Kind::Farewell, Language::Italian, &["arrivederci", "addio"]),
    (Kind::Farewell, Language::Japanese, &["さようなら"]),
    (
        Kind::Identity,
        Language::English,
        &[
            "who are you",
            "what are you",
            "are you a bot",
            "are you a robot",
            "are you human",
            "are you a human",
            "are you an ai",
            "are you real",
            "are you a real person",
            "am i talking to a human",
            "what is your name",
            "what's your name",
            "what can you do",
            "what can i ask",
            "what can i ask you",
            "what do you know",
            "how can you help",
            "how can you help me",
            "can you help",
            "can you help me",
            "help",
            "help me",
            "i need help",
            "i have a question",
        ],
    ),
    (
        Kind::Identity,
        Language::German,
        &[
            "wer bist du",
            "wer sind sie",
            "bist du ein bot",
            "bist du ein mensch",
            "sind sie ein mensch",
            "sind sie ein bot",
            "was kannst du",
            "was können sie",
            "wie heißt du",
            "kannst du mir helfen",
            "können sie mir helfen",
            "hilfe",
            "ich habe eine frage",
        ],
    ),
    (
        Kind::Identity,
        Language::French,
        &[
            "qui es tu",
            "qui êtes vous",
            "es tu un robot",
            "êtes vous un robot",
            "êtes vous humain",
            "aide",
            "pouvez vous m'aider",
            "j'ai une question",
        ],
    ),
    (
        Kind::Identity,
        Language::Spanish,
        &[
            "quién eres",
            "quién es usted",
            "eres un robot",
            "eres humano",
            "ayuda",
            "me puedes ayudar",
            "puede ayudarme",
            "tengo una pregunta",
        ],
    ),
    (
        Kind::Identity,
        Language::Portuguese,
        &[
            "quem é você",
            "quem és tu",
            "você é um robô",
            "ajuda",
            "pode ajudar me",
            "pode me ajudar",
            "tenho uma pergunta",
        ],
    ),
    (
        Kind::Identity,
        Language::Italian,
        &[
            "chi sei",
            "sei un robot",
            "sei umano",
            "aiuto",
            "può aiutarmi",
            "puoi aiutarmi",
            "ho una domanda",
        ],
    ),
    (
        Kind::Identity,
        Language::Japanese,
        &["あなたは誰ですか", "あなたは誰", "ロボットですか", "何ができますか", "ヘルプ"],
    ),
];

/// Words that may stand beside such a message without making it a question.
const FILLERS: &[&str] = &[
    "a",
    "again",
    "all",
    "and",
    "assistant",
    "bot",
    "everyone",
    "for",
    "help",
    "i'm",
    "info",
    "information",
    "is",
    "it",
    "just",
    "lot",
    "much",
    "my",
    "now",
    "oh",
    "please",
    "quick",
    "so",
    "sir",
    "team",
    "that",
    "the",
    "then",
    "there",
    "today",
    "very",
    "was",
    "well",
    "you",
    "your",
    "sehr",
    "die",
    "für",
    "hilfe",
    "ihre",
    "deine",
    "zusammen",
    "beaucoup",
    "pour",
    "votre",
    "aide",
    "por",
    "la",
    "su",
    "tu",
    "ayuda",
    "pela",
    "ajuda",
    "per",
    "l'aiuto",
    "mille",
];

/// The reply to a message that does not ask anything.
pub(super) fn reply(message: &str, persona: &Persona) -> Option<String> {
    let (kind, language) = recognise(message, &persona.name)?;
    let phrases = Phrases::of(language);
    let name = persona.name.trim();
    let name = if name.is_empty() { String::new() } else { phrases.name.replace("{}", name) };
    Some(match kind {
        Kind::Greeting => phrases.greeting.replace("{}", &name),
        Kind::Thanks => phrases.welcome.to_owned(),
        Kind::Farewell => phrases.farewell.to_owned(),
        Kind::Identity => phrases.identity.replace("{}", &name),
    })
}

fn recognise(message: &str, name: &str) -> Option<(Kind, Language)> {
    if message.len() > 200 {
        return None;
    }
    let name = normalise(name);
    let mut rest = format!(" {} ", normalise(message));
    let mut found: Option<(Kind, Language)> = None;
    let mut phrases: Vec<(&str, Kind, Language)> = MESSAGES
        .iter()
        .flat_map(|&(kind, language, phrases)| {
            phrases.iter().map(move |&phrase| (phrase, kind, language))
        })
        .collect();
    phrases.sort_by_key(|(phrase, ..)| std::cmp::Reverse(phrase.len()));
    for (phrase, kind, language) in phrases {
        let padded = format!(" {phrase} ");
        if rest.contains(&padded) {
            rest = rest.replace(&padded, " ");
            // "Hello, who are you?" asks; "hello and thanks" greets.
            let asks = kind == Kind::Identity && phrase.contains(' ');
            if found.is_none_or(|(found, _)| asks && found != Kind::Identity) {
                found = Some((kind, language));
            }
        }
    }
    let is_spent = rest
        .split_whitespace()
        .all(|word| FILLERS.contains(&word) || name.split(' ').any(|part| part == word));
    found.filter(|_| is_spent)
}

fn normalise(text: &str) -> String {
    let text = text.to_lowercase().replace('’', "'");
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_and_thanks_are_recognised_in_many_forms() {
        for (message, kind, language) in [
            ("hello", Kind::Greeting, Language::English),
            ("Hi there! 👋", Kind::Greeting, Language::English),
            ("Hey Natter", Kind::Greeting, Language::English),
            ("Good morning, team", Kind::Greeting, Language::English),
            ("Guten Tag!", Kind::Greeting, Language::German),
            ("Buenos días", Kind::Greeting, Language::Spanish),
            ("こんにちは！", Kind::Greeting, Language::Japanese),
            ("Thank you so much for your help!", Kind::Thanks, Language::English),
            ("ok thanks", Kind::Thanks, Language::English),
            ("Merci beaucoup", Kind::Thanks, Language::French),
            ("bye", Kind::Farewell, Language::English),
            ("Who are you?", Kind::Identity, Language::English),
            ("Hi, are you a bot?", Kind::Identity, Language::English),
            ("Können Sie mir helfen?", Kind::Identity, Language::German),
        ] {
            assert_eq!(recognise(message, "Natter"), Some((kind, language)), "{message}");
        }
    }

    #[test]
    fn questions_are_not_taken_for_small_talk() {
        for message in [
            "Hello, do you ship to Norway?",
            "thanks, and for shoes?",
            "great jackets",
            "Is it good?",
            "you",
            "",
            "???",
        ] {
            assert_eq!(recognise(message, "Natter"), None, "{message}");
        }
    }

    #[test]
    fn replies_name_the_assistant_when_it_has_a_name() {
        let persona = Persona { name: "Ida".to_owned(), ..Persona::default() };
        assert_eq!(reply("hi", &persona).unwrap(), "Hello! I am Ida. What would you like to know?");
        assert_eq!(
            reply("hi", &Persona::default()).unwrap(),
            "Hello! What would you like to know?"
        );
    }
}
