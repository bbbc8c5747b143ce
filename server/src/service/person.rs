//! Whether a visitor asks for a person: a list of phrases by language, compared without case and accents. A phrase that is
//! missed only means that the form is not offered; one too many only that it is. So the list is short and plain.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Most words between the verb and the person: "speak to *one of your very nice* people".
const GAP: usize = 4;
/// Whoever asks for a person says so soon: of longer texts only the beginning is looked at.
const MOST_CHARS: usize = 600;

/// What one does with a person, and what a person is called. Folded: small letters without accents.
struct Words {
    verbs: &'static [&'static str],
    persons: &'static [&'static str],
}

/// One entry for each language that is written with spaces.
#[rustfmt::skip]
const SPACED: &[Words] = &[
    // English
    Words {
        verbs: &[
            "talk to", "talk with", "speak to", "speak with", "chat with", "connect me", "put me through",
            "transfer me", "pass me on", "escalate", "i want", "i need", "i would like", "i d like", "get me",
            "give me", "can i have", "can i get", "is there", "let me", "contact", "reach", "call me",
        ],
        persons: &[
            "a human", "human", "humans", "a person", "real person", "actual person", "live person", "live agent",
            "an agent", "human agent", "support agent", "a representative", "representative", "an operator",
            "operator", "somebody", "one of your", "your colleagues", "your people", "someone", "a colleague",
            "your team", "a member of staff", "an employee", "customer service", "customer support",
        ],
    },
    // German
    Words {
        verbs: &[
            "sprechen", "reden", "schreiben", "kontaktieren", "erreichen", "verbinden", "verbinde mich", "ich mochte",
            "ich will", "ich brauche", "ich hatte gern", "gibt es", "kann ich", "geben sie mir", "gib mir",
        ],
        persons: &[
            "menschen", "mensch", "echten person", "echte person", "einer person", "eine person", "mitarbeiter",
            "mitarbeiterin", "mitarbeitern", "berater", "beraterin", "kundenservice", "kundendienst", "support",
            "jemandem", "jemanden", "jemand",
        ],
    },
    // French
    Words {
        verbs: &[
            "parler a", "parler avec", "discuter avec", "echanger avec", "contacter", "joindre", "je veux",
            "je voudrais", "je souhaite", "j ai besoin", "mettez moi", "passez moi", "y a t il",
        ],
        persons: &[
            "un humain", "humain", "une personne", "vraie personne", "quelqu un", "un conseiller", "une conseillere",
            "conseiller", "un agent", "un operateur", "service client", "un employe",
        ],
    },
    // Spanish
    Words {
        verbs: &[
            "hablar con", "chatear con", "comunicarme con", "contactar", "pasame con", "paseme con", "quiero",
            "quisiera", "necesito", "hay",
        ],
        persons: &[
            "un humano", "humano", "una persona", "persona real", "alguien", "un agente", "agente", "un asesor",
            "asesor", "un operador", "operador", "atencion al cliente",
        ],
    },
    // Portuguese
    Words {
        verbs: &[
            "falar com", "conversar com", "contatar", "contactar", "me passa", "me transfira", "quero", "queria",
            "gostaria", "preciso", "tem",
        ],
        persons: &[
            "um humano", "humano", "uma pessoa", "pessoa real", "alguem", "um atendente", "atendente", "um agente",
            "um operador", "operador", "atendimento humano",
        ],
    },
    // Italian
    Words {
        verbs: &[
            "parlare con", "chattare con", "contattare", "mi passi", "vorrei", "voglio", "ho bisogno", "posso avere",
        ],
        persons: &[
            "un umano", "essere umano", "una persona", "persona reale", "qualcuno", "un operatore", "operatore",
            "un addetto", "assistenza clienti", "servizio clienti",
        ],
    },
    // Dutch
    Words {
        verbs: &[
            "praten met", "spreken", "spreken met", "chatten met", "contact met", "ik wil", "ik heb", "verbind me",
            "praten",
        ],
        persons: &[
            "een mens", "echt mens", "echt persoon", "een persoon", "iemand", "een medewerker", "medewerker",
            "klantenservice",
        ],
    },
    // Swedish, Danish and Norwegian
    Words {
        verbs: &[
            "prata med", "tala med", "chatta med", "kontakta", "jag vill", "tale med", "snakke med", "skrive med",
            "kontakte", "jeg vil", "koppla mig",
        ],
        persons: &[
            "en manniska", "manniska", "en person", "riktig person", "nagon", "en medarbetare", "kundtjanst",
            "et menneske", "menneske", "nogen", "noen", "en medarbejder", "medarbejder", "en medarbeider",
            "kundeservice",
        ],
    },
    // Polish
    Words {
        verbs: &[
            "porozmawiac z", "rozmawiac z", "polacz mnie", "chce", "chcialbym", "chcialabym", "potrzebuje",
            "kontakt z",
        ],
        persons: &[
            "czlowiekiem", "czlowieka", "osoba", "kims", "konsultantem", "konsultanta", "pracownikiem",
            "obsluga klienta",
        ],
    },
    // Turkish
    Words {
        verbs: &[
            "konusmak", "gorusmek", "gorusebilir", "konusabilir", "baglanmak", "baglar misiniz", "istiyorum",
        ],
        persons: &[
            "insanla", "insan", "gercek kisi", "biriyle", "temsilci", "temsilciyle", "temsilcisiyle", "yetkiliyle",
            "operator",
        ],
    },
    // Russian and Ukrainian
    Words {
        verbs: &[
            "поговорить с", "связаться с", "соедините", "соедини", "позовите", "хочу", "нужен", "нужна",
            "поговорити з", "зв язатися з", "потрібен", "потрібна",
        ],
        persons: &[
            "человеком", "человек", "оператором", "оператор", "оператора", "менеджером", "менеджер", "менеджера",
            "сотрудником", "кем нибудь", "людиною", "людина", "спеціалістом",
        ],
    },
    // Arabic
    Words {
        verbs: &[
            "التحدث", "اتحدث", "اتكلم", "التواصل", "اريد", "احتاج", "تحويلي", "حولني",
        ],
        persons: &[
            "شخص", "انسان", "موظف", "احد", "ممثل", "خدمة العملاء", "الدعم",
        ],
    },
    // Hebrew
    Words {
        verbs: &[
            "לדבר עם", "לשוחח עם", "ליצור קשר", "אני רוצה", "אני צריך", "תעביר אותי",
        ],
        persons: &[
            "אדם", "בן אדם", "נציג", "נציגה", "מישהו", "שירות לקוחות",
        ],
    },
    // Hindi
    Words {
        verbs: &[
            "बात", "संपर्क", "चाहिए",
        ],
        persons: &[
            "इंसान", "व्यक्ति", "किसी से", "एजेंट", "प्रतिनिधि", "ग्राहक सेवा",
        ],
    },
];

/// Scripts without spaces: any of these within the text.
#[rustfmt::skip]
const UNSPACED: &[&str] = &[
    // Japanese
    "人と話", "人間と話", "担当者と話", "担当者につな", "担当者に繋", "オペレーターにつな", "オペレーターと話",
    "オペレーターに繋", "有人チャット", "スタッフと話", "担当者をお願い",
    // Chinese
    "人工客服", "转人工", "轉人工", "真人", "和人说话", "跟人说话", "和人工", "找客服", "联系客服", "聯繫客服",
    "聯絡客服", "真人客服",
    // Thai
    "คุยกับคน", "คุยกับเจ้าหน้าที่", "ติดต่อเจ้าหน้าที่", "คุยกับพนักงาน", "ขอสายเจ้าหน้าที่",
    // Korean, whose particles stick to its words
    "상담원", "상담사", "사람과 대화", "사람이랑", "직원과 통화", "담당자와",
];

/// Whole messages that ask for nothing else.
#[rustfmt::skip]
const ALONE: &[&str] = &[
    "human", "a human", "human please", "agent", "agent please", "live agent", "operator", "operator please",
    "representative", "representative please", "real person", "real person please", "talk to human", "mensch",
    "mitarbeiter", "humain", "conseiller", "humano", "agente", "atendente", "persona", "operatore", "operador",
    "medewerker", "konsultant", "temsilci", "оператор", "человек", "人工", "客服", "موظف", "נציג",
];

/// Questions about who answers, which a machine answers itself.
#[rustfmt::skip]
const ABOUT_US: &[&str] =
    &["are you", "am i talking", "am i speaking", "am i chatting", "bist du", "sind sie"];

/// Whether the text asks to be put through to a person.
pub(super) fn asks_for_person(text: &str) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let joined = words.join(" ");
    if ALONE.contains(&joined.as_str())
        || UNSPACED.iter().any(|phrase| folded.contains(&fold(phrase)))
    {
        return true;
    }
    if ABOUT_US.iter().any(|phrase| joined.starts_with(phrase)) {
        return false;
    }
    SPACED.iter().any(|language| {
        // In some languages the verb stands last, so either may come first.
        let verbs = places(&words, language.verbs);
        let persons = places(&words, language.persons);
        verbs.iter().any(|(start, end)| {
            persons.iter().any(|(from, to)| {
                (*from >= *end && from - end <= GAP) || (*start >= *to && start - to <= GAP)
            })
        })
    })
}

/// Where the phrases stand among the words: first and one past the last.
fn places(words: &[&str], phrases: &[&str]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for phrase in phrases {
        let length = phrase.split(' ').count();
        let at = words.windows(length).enumerate();
        found.extend(
            at.filter(|(_, window)| window.iter().copied().eq(phrase.split(' ')))
                .map(|(start, _)| (start, start + length)),
        );
    }
    found
}

/// Small letters without accents; whatever is neither letter nor digit is a space.
fn fold(text: &str) -> String {
    let small = text.chars().take(MOST_CHARS).flat_map(char::to_lowercase);
    let mut out = String::new();
    for character in small.nfd() {
        match character {
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'æ' => out.push_str("ae"),
            // Marks of Latin, Greek, Cyrillic and Arabic letters; elsewhere they make another letter.
            '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{640}' => {}
            mark if mark.is_alphanumeric() || is_combining_mark(mark) => out.push(mark),
            _ => out.push(' '),
        }
    }
    out.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::asks_for_person;

    #[test]
    fn a_wish_for_a_person_is_understood_in_many_languages() {
        for text in [
            "Can I talk to a human?",
            "I'd like to speak with one of your people — a real person, please!",
            "HUMAN",
            "Please connect me with an agent",
            "Is there someone I can talk to?",
            "Ich möchte mit einem Menschen sprechen.",
            "Kann ich bitte mit einem Mitarbeiter reden?",
            "Je voudrais parler à un conseiller",
            "Puis-je parler avec quelqu'un ?",
            "Quiero hablar con una persona",
            "Quero falar com um atendente",
            "Vorrei parlare con un operatore",
            "Ik wil met een medewerker praten",
            "Jag vill prata med en människa",
            "Jeg vil snakke med et menneske",
            "Chcę porozmawiać z człowiekiem",
            "Bir insanla konuşmak istiyorum",
            "Хочу поговорить с человеком",
            "Соедините с оператором",
            "أريد التحدث مع موظف",
            "אני רוצה לדבר עם נציג",
            "मुझे किसी इंसान से बात करनी है",
            "人と話したいです",
            "オペレーターにつないでください",
            "我要转人工",
            "真人客服",
            "ขอคุยกับเจ้าหน้าที่ค่ะ",
            "상담원 연결해 주세요",
        ] {
            assert!(asks_for_person(text), "{text}");
        }
    }

    #[test]
    fn an_ordinary_question_is_none() {
        for text in [
            "",
            "How long do I have to return something?",
            "Are you a human?",
            "Am I talking to a real person?",
            "Which football team won in 1954?",
            "Do you sell human-sized umbrellas?",
            "What does the person on the picture wear?",
            "Where is my parcel?",
            "Bist du ein Mensch?",
            "Wie lange kann ich etwas zurückgeben?",
            "Quels sont les frais de livraison ?",
            "¿Cuánto cuesta el envío a España?",
            "Qual è il prezzo?",
            "送料はいくらですか",
            "运费多少钱",
            "Сколько стоит доставка?",
        ] {
            assert!(!asks_for_person(text), "{text}");
        }
    }
}
