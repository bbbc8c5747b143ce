//! The few sentences that the extractive answerer says in its own name, by language.

use crate::knowledge::Language;

/// What it says in one language.
pub(super) struct Phrases {
    /// When the content does not answer.
    pub(super) not_found: &'static str,
    /// Follows `not_found` when the visitor may leave contact details.
    pub(super) offer: &'static str,
    /// Answers a greeting. `{}` is the introduction.
    pub(super) greeting: &'static str,
    /// Introduces the assistant by name.
    pub(super) name: &'static str,
    /// Answers thanks.
    pub(super) welcome: &'static str,
    /// Answers a farewell.
    pub(super) farewell: &'static str,
    /// Answers who it is and what it can do.
    pub(super) identity: &'static str,
}

impl Phrases {
    /// English where the language has none of its own.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::German => &GERMAN,
            Language::French => &FRENCH,
            Language::Spanish => &SPANISH,
            Language::Portuguese => &PORTUGUESE,
            Language::Italian => &ITALIAN,
            Language::Japanese => &JAPANESE,
            _ => &ENGLISH,
        }
    }
}

const ENGLISH: Phrases = Phrases {
    not_found: "I could not find an answer to that in the information I have.",
    offer: "If you like, leave your contact details and someone will get back to you.",
    greeting: "Hello!{} What would you like to know?",
    name: " I am {}.",
    welcome: "You are welcome! Is there anything else you would like to know?",
    farewell: "Goodbye, and thank you for stopping by!",
    identity: "I am an automated assistant.{} I answer questions with what is written on this site, and I show where I \
               found it. What would you like to know?",
};

const GERMAN: Phrases = Phrases {
    not_found: "Dazu habe ich in den Informationen, die mir vorliegen, leider keine Antwort gefunden.",
    offer: "Wenn Sie möchten, hinterlassen Sie Ihre Kontaktdaten, und jemand meldet sich bei Ihnen.",
    greeting: "Hallo!{} Was möchten Sie wissen?",
    name: " Ich bin {}.",
    welcome: "Gern geschehen! Möchten Sie noch etwas wissen?",
    farewell: "Auf Wiedersehen und danke für Ihren Besuch!",
    identity: "Ich bin ein automatischer Assistent.{} Ich beantworte Fragen mit dem, was auf dieser Website steht, und \
               zeige, wo ich es gefunden habe. Was möchten Sie wissen?",
};

const FRENCH: Phrases = Phrases {
    not_found: "Je n'ai pas trouvé de réponse à cette question dans les informations dont je dispose.",
    offer: "Si vous le souhaitez, laissez vos coordonnées et quelqu'un vous répondra.",
    greeting: "Bonjour !{} Que souhaitez-vous savoir ?",
    name: " Je suis {}.",
    welcome: "Avec plaisir ! Souhaitez-vous savoir autre chose ?",
    farewell: "Au revoir et merci de votre visite !",
    identity: "Je suis un assistant automatique.{} Je réponds aux questions avec ce qui est écrit sur ce site, et je \
               montre où je l'ai trouvé. Que souhaitez-vous savoir ?",
};

const SPANISH: Phrases = Phrases {
    not_found: "No he encontrado una respuesta a eso en la información que tengo.",
    offer: "Si lo desea, deje sus datos de contacto y alguien le responderá.",
    greeting: "¡Hola!{} ¿Qué le gustaría saber?",
    name: " Soy {}.",
    welcome: "¡De nada! ¿Le gustaría saber algo más?",
    farewell: "¡Adiós y gracias por su visita!",
    identity: "Soy un asistente automático.{} Respondo a las preguntas con lo que está escrito en este sitio y muestro \
               dónde lo he encontrado. ¿Qué le gustaría saber?",
};

const PORTUGUESE: Phrases = Phrases {
    not_found: "Não encontrei uma resposta para isso nas informações que tenho.",
    offer: "Se quiser, deixe os seus dados de contacto e alguém lhe responderá.",
    greeting: "Olá!{} O que gostaria de saber?",
    name: " Sou {}.",
    welcome: "De nada! Gostaria de saber mais alguma coisa?",
    farewell: "Até logo e obrigado pela visita!",
    identity: "Sou um assistente automático.{} Respondo às perguntas com o que está escrito neste site e mostro onde o \
               encontrei. O que gostaria de saber?",
};

const ITALIAN: Phrases = Phrases {
    not_found: "Non ho trovato una risposta nelle informazioni che ho.",
    offer: "Se vuole, lasci i suoi recapiti e qualcuno le risponderà.",
    greeting: "Buongiorno!{} Che cosa desidera sapere?",
    name: " Sono {}.",
    welcome: "Prego! Desidera sapere altro?",
    farewell: "Arrivederci e grazie della visita!",
    identity: "Sono un assistente automatico.{} Rispondo alle domande con ciò che è scritto su questo sito e mostro dove \
               l'ho trovato. Che cosa desidera sapere?",
};

const JAPANESE: Phrases = Phrases {
    not_found: "申し訳ありませんが、手元の情報の中にその答えは見つかりませんでした。",
    offer: "よろしければご連絡先をお残しください。担当者からご連絡します。",
    greeting: "こんにちは。{}何をお知りになりたいですか？",
    name: "{}です。",
    welcome: "どういたしまして。ほかに何かお知りになりたいことはありますか？",
    farewell: "ご利用ありがとうございました。",
    identity: "自動応答のアシスタントです。{}このサイトに書かれている内容をもとに、出典を示してお答えします。\
               何をお知りになりたいですか？",
};
