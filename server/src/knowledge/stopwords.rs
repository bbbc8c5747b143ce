//! Words that carry no topic, by language, lower-cased, folded and sorted.
//!
//! Stop words are neither indexed nor searched. Light words are indexed, but weigh little in a question: "do you *sell*
//! bicycles" is about bicycles, and a page that merely says "we sell" does not answer it.

use super::Language;

/// Words that are never looked up.
pub(super) fn is_stop_word(folded: &str, language: Language) -> bool {
    list(language).binary_search(&folded).is_ok()
}

/// Words that frame a question rather than name its topic.
pub(super) fn is_light_word(folded: &str, language: Language) -> bool {
    let list = match language {
        Language::English => LIGHT_ENGLISH,
        Language::German => LIGHT_GERMAN,
        Language::French => LIGHT_FRENCH,
        Language::Spanish => LIGHT_SPANISH,
        Language::Portuguese => LIGHT_PORTUGUESE,
        Language::Italian => LIGHT_ITALIAN,
        _ => return false,
    };
    list.binary_search(&folded).is_ok()
}

/// The languages whose stop words are known, which are the ones that a text can be recognised as.
pub(super) const LISTED: &[Language] = &[
    Language::English,
    Language::German,
    Language::French,
    Language::Spanish,
    Language::Portuguese,
    Language::Italian,
    Language::Dutch,
    Language::Swedish,
    Language::Danish,
    Language::Norwegian,
];

fn list(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
        Language::Portuguese => PORTUGUESE,
        Language::Italian => ITALIAN,
        Language::Dutch => DUTCH,
        Language::Swedish => SWEDISH,
        Language::Danish => DANISH,
        Language::Norwegian => NORWEGIAN,
        _ => &[],
    }
}

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "anybody", "anyone", "anything",
    "anywhere", "are", "aren't", "as", "at", "be", "because", "been", "before", "being", "but", "by", "can", "can't",
    "cannot", "could", "couldn't", "did", "didn't", "do", "does", "doesn't", "doing", "don't", "during", "each",
    "either", "else", "etc", "ever", "every", "everything", "for", "from", "further", "had", "has", "hasn't", "have",
    "haven't", "having", "he", "he'd", "he'll", "he's", "hello", "her", "here", "hers", "herself", "hey", "hi", "him",
    "himself", "his", "how", "however", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it",
    "it's", "its", "itself", "just", "let", "let's", "like", "many", "may", "me", "might", "more", "most", "much",
    "must", "my", "myself", "no", "nor", "not", "nothing", "now", "of", "off", "oh", "ok", "okay", "on", "once",
    "only", "onto", "or", "other", "our", "ours", "ourselves", "out", "over", "own", "please", "pls", "quite",
    "rather", "really", "same", "shall", "she", "she'd", "she'll", "she's", "should", "shouldn't", "so", "some",
    "somebody", "someone", "something", "somewhere", "still", "such", "than", "thank", "thanks", "that", "that's",
    "the", "their", "theirs", "them", "themselves", "then", "there", "there's", "these", "they", "they'd", "they'll",
    "they're", "they've", "this", "those", "through", "to", "too", "u", "under", "until", "up", "upon", "ur", "us",
    "very", "was", "wasn't", "we", "we'd", "we'll", "we're", "we've", "were", "weren't", "what", "what's", "when",
    "when's", "where", "where's", "whether", "which", "while", "who", "who's", "whom", "whose", "why", "will", "with",
    "within", "without", "won't", "would", "wouldn't", "yes", "yet", "you", "you'd", "you'll", "you're", "you've",
    "your", "yours", "yourself", "yourselves",
];

#[rustfmt::skip]
const GERMAN: &[&str] = &[
    "ab", "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "beim", "bin", "bis", "bist", "bitte", "da",
    "dabei", "dafur", "damit", "dann", "daran", "darauf", "darf", "darfst", "das", "dass", "davon", "dazu", "dein",
    "deine", "deinem", "deinen", "deiner", "dem", "den", "denn", "der", "deren", "des", "dessen", "dich", "die",
    "dies", "diese", "diesem", "diesen", "dieser", "dieses", "dir", "doch", "dort", "du", "durch", "ein", "eine",
    "einem", "einen", "einer", "eines", "er", "es", "etwas", "euch", "euer", "eure", "eurem", "euren", "fur", "gegen",
    "gibt", "habe", "haben", "habt", "hallo", "hat", "hatte", "hatten", "hier", "hin", "hinter", "ich", "ihm", "ihn",
    "ihnen", "ihr", "ihre", "ihrem", "ihren", "ihrer", "im", "in", "ins", "ist", "ja", "jede", "jedem", "jeden",
    "jeder", "jedes", "kann", "kannst", "kein", "keine", "keinem", "keinen", "keiner", "konnen", "konnt", "konnte",
    "man", "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir", "mit", "mochte", "muss", "mussen", "musst",
    "nach", "nein", "nicht", "nichts", "noch", "nun", "nur", "ob", "oder", "ohne", "schon", "sehr", "sein", "seine",
    "seinem", "seinen", "seiner", "selbst", "sich", "sie", "sind", "so", "solche", "solchen", "soll", "sollen",
    "sollte", "sondern", "sonst", "uber", "um", "und", "uns", "unser", "unsere", "unserem", "unseren", "unserer",
    "unter", "viel", "viele", "vom", "von", "vor", "wann", "war", "waren", "warum", "was", "weil", "welche",
    "welchem", "welchen", "welcher", "welches", "wenn", "wer", "werde", "werden", "wie", "wieso", "wir", "wird",
    "wirst", "wo", "woher", "wohin", "wurde", "wurden", "zu", "zum", "zur", "zwar", "zwischen",
];

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "a", "afin", "ai", "ainsi", "alors", "apres", "as", "au", "aucun", "aucune", "aura", "aussi", "autre", "autres",
    "aux", "avant", "avec", "avez", "avoir", "avons", "bien", "bonjour", "ca", "car", "ce", "ceci", "cela",
    "celle", "celles", "celui", "ces", "cet", "cette", "ceux", "chaque", "chez", "ci", "combien", "comme", "comment",
    "dans", "de", "depuis", "des", "donc", "dont", "du", "elle", "elles", "en", "encore", "entre", "es", "est",
    "et", "etaient", "etait", "etes", "etre", "eu", "eux", "faut", "il", "ils", "je", "jusqu", "jusque",
    "la", "laquelle", "le", "lequel", "les", "lesquelles", "lesquels", "leur", "leurs", "lors", "lorsque", "lui",
    "ma", "mais", "me", "meme", "memes", "merci", "mes", "moi", "mon", "ne", "ni", "non", "nos", "notre", "nous",
    "on", "ont", "or", "ou", "oui", "par", "parce", "pas", "pendant", "peu", "peut", "peuvent", "peux", "plus",
    "pour", "pourquoi", "pouvez", "puis", "puisque", "qu", "quand", "que", "quel", "quelle", "quelles", "quels",
    "qui", "quoi", "sa", "sans", "se", "sera", "ses", "si", "sinon", "soit", "son", "sont", "sous", "suis",
    "sur", "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "tres", "tu", "un", "une", "vers",
    "voici", "voila", "vos", "votre", "vous", "y",
];

#[rustfmt::skip]
const SPANISH: &[&str] = &[
    "a", "al", "algo", "algun", "alguna", "algunas", "alguno", "algunos", "ante", "antes", "aquel", "aquella",
    "aquellos", "aqui", "asi", "aun", "aunque", "bajo", "bien", "cada", "casi", "como", "con", "contra", "cual",
    "cuales", "cualquier", "cuando", "cuanta", "cuantas", "cuanto", "cuantos", "de", "del", "desde", "donde", "dos",
    "durante", "e", "el", "ella", "ellas", "ellos", "en", "entonces", "entre", "era", "eran", "es", "esa", "esas",
    "ese", "eso", "esos", "esta", "estan", "estas", "este", "esto", "estos", "estoy", "fue", "fueron", "gracias",
    "ha", "habia", "han", "has", "hasta", "hay", "he", "hola", "la", "las", "le", "les", "lo", "los", "mas", "me",
    "mi", "mientras", "mis", "mismo", "mucho", "muchos", "muy", "nada", "ni", "no", "nos", "nosotros", "nuestra",
    "nuestras", "nuestro", "nuestros", "o", "os", "otra", "otras", "otro", "otros", "para", "pero", "por", "porque",
    "puede", "pueden", "puedo", "pues", "que", "quien", "quienes", "se", "sea", "segun", "ser", "sera", "si",
    "siempre", "sin", "sobre", "sois", "solo", "somos", "son", "soy", "su", "sus", "tambien", "tan", "tanto", "te",
    "tengo", "ti", "tiene", "tienen", "toda", "todas", "todo", "todos", "tu", "tus", "u", "un", "una", "unas", "uno",
    "unos", "usted", "ustedes", "vosotros", "vuestra", "vuestro", "y", "ya", "yo",
];

#[rustfmt::skip]
const PORTUGUESE: &[&str] = &[
    "a", "agora", "ainda", "alem", "algo", "alguem", "algum", "alguma", "algumas", "alguns", "ante", "antes", "ao",
    "aos", "apenas", "aquela", "aquele", "aqueles", "aquilo", "as", "assim", "ate", "atraves", "bem", "cada", "com",
    "como", "contra", "cuja", "cujo", "da", "daquele", "das", "de", "dela", "dele", "deles", "depois", "desde",
    "dessa", "desse", "desta", "deste", "do", "dos", "durante", "e", "ela", "elas", "ele", "eles", "em", "enquanto",
    "entao", "entre", "era", "eram", "essa", "essas", "esse", "esses", "esta", "estao", "estas", "estava", "este",
    "estes", "estou", "eu", "foi", "foram", "ha", "isso", "isto", "ja", "la", "lhe", "lhes", "lo", "mais", "mas",
    "me", "mesmo", "meu", "meus", "minha", "minhas", "muito", "muitos", "na", "nao", "nas", "nem", "nenhum",
    "nenhuma", "nessa", "nesse", "nesta", "neste", "no", "nos", "nossa", "nossas", "nosso", "nossos", "num", "numa",
    "o", "obrigada", "obrigado", "ola", "onde", "os", "ou", "outra", "outras", "outro", "outros", "para", "pela",
    "pelas", "pelo", "pelos", "perante", "pode", "podem", "pois", "por", "porem", "porque", "posso", "quais", "qual",
    "qualquer", "quando", "quanta", "quanto", "quantos", "que", "quem", "sao", "se", "seja", "sem", "sempre", "ser",
    "sera", "seu", "seus", "si", "so", "sob", "sobre", "somos", "sou", "sua", "suas", "tambem", "tanto", "te", "tem",
    "tenho", "ter", "teu", "tu", "tua", "tudo", "um", "uma", "umas", "uns", "voce", "voces", "vos",
];

#[rustfmt::skip]
const ITALIAN: &[&str] = &[
    "a", "abbia", "abbiamo", "ad", "agli", "ai", "al", "alcun", "alcune", "alcuni", "alla", "alle", "allo", "allora",
    "altre", "altri", "altro", "anche", "ancora", "avere", "avete", "che", "chi", "chiunque", "ci", "ciao",
    "cio", "cioe", "coi", "col", "come", "comunque", "con", "contro", "cosa", "cosi", "cui", "d", "da", "dagli",
    "dai", "dal", "dall", "dalla", "dalle", "dallo", "degli", "dei", "del", "dell", "della", "delle", "dello",
    "dentro", "deve", "di", "dopo", "dove", "due", "dunque", "durante", "e", "ed", "egli", "ella", "era", "erano",
    "essa", "esse", "essere", "essi", "fino", "fra", "fu", "gli", "grazie", "ha", "hai", "hanno", "ho", "i", "il",
    "in", "infatti", "invece", "io", "la", "le", "lei", "li", "lo", "loro", "lui", "ma", "me", "mentre", "mi",
    "mia", "mie", "miei", "mio", "molti", "molto", "ne", "negli", "nei", "nel", "nell", "nella", "nelle", "nello",
    "nessun", "nessuna", "niente", "no", "noi", "non", "nostra", "nostre", "nostri", "nostro", "o", "ogni", "ognuno",
    "oltre", "oppure", "ora", "ossia", "per", "perche", "percio", "perfino", "pero", "piu", "poi", "poiche",
    "possiamo", "posso", "puo", "puoi", "qual", "qualche", "quale", "quali", "quando", "quanta", "quante", "quanti",
    "quanto", "quel", "quella", "quelle", "quelli", "quello", "questa", "queste", "questi", "questo", "qui", "quindi",
    "sara", "se", "sei", "sempre", "senza", "si", "sia", "siamo", "siete", "sono", "sopra", "sotto", "sta", "stata",
    "stati", "stato", "su", "sua", "sue", "sugli", "sui", "sul", "sull", "sulla", "sulle", "suo", "suoi", "tra", "tu",
    "tua", "tue", "tuo", "tuoi", "tutte", "tutti", "tutto", "un", "una", "uno", "va", "vi", "voi", "vostra", "vostre",
    "vostri", "vostro",
];

#[rustfmt::skip]
const DUTCH: &[&str] = &[
    "aan", "af", "al", "alle", "alleen", "als", "altijd", "ander", "andere", "ben", "bij", "daar", "dan", "dat", "de",
    "deze", "die", "dit", "doch", "doen", "door", "dus", "een", "eens", "en", "er", "ge", "geen", "geweest", "haar",
    "had", "hallo", "heb", "hebben", "hebt", "heeft", "hem", "het", "hier", "hij", "hoe", "hoeveel", "hun", "iemand",
    "iets", "ik", "in", "is", "ja", "je", "jij", "jou", "jouw", "jullie", "kan", "kon", "kunnen", "kunt", "maar",
    "me", "meer", "men", "met", "mij", "mijn", "moet", "na", "naar", "niet", "niets", "nog", "nu", "of", "om",
    "omdat", "ons", "onze", "ook", "op", "over", "reeds", "te", "tegen", "toch", "toen", "tot", "u", "uit", "uw",
    "van", "veel", "voor", "waar", "waarom", "wanneer", "want", "waren", "was", "wat", "we", "wel", "werd", "wie",
    "wij", "wil", "worden", "wordt", "zal", "ze", "zei", "zelf", "zich", "zij", "zijn", "zo", "zonder", "zou",
];

#[rustfmt::skip]
const SWEDISH: &[&str] = &[
    "alla", "allt", "an", "ar", "at", "att", "av", "blev", "bli", "blir", "da", "dar", "de", "dem", "den", "denna",
    "deras", "dess", "dessa", "det", "detta", "dig", "din", "dina", "ditt", "du", "efter", "eller", "en", "er", "era",
    "ett", "for", "fran", "ha", "hade", "han", "har", "hej", "hon", "honom", "hos", "hur", "i", "icke", "inom",
    "inte", "jag", "kan", "kunde", "man", "maste", "med", "mellan", "men", "mig", "min", "mina", "mitt", "mot",
    "mycket", "nagon", "nagot", "nagra", "nar", "ni", "nu", "och", "om", "oss", "over", "pa", "sa", "samma", "sedan",
    "sig", "sin", "sina", "sitt", "ska", "skulle", "som", "till", "under", "upp", "ut", "utan", "vad", "var", "vara",
    "varfor", "vart", "vem", "vi", "vid", "vilka", "vilken", "vill",
];

#[rustfmt::skip]
const DANISH: &[&str] = &[
    "ad", "af", "alle", "alt", "anden", "at", "blev", "blive", "bliver", "da", "de", "dem", "den", "denne", "der",
    "deres", "det", "dette", "dig", "din", "disse", "dog", "du", "efter", "eller", "en", "end", "er", "et", "for",
    "fra", "han", "hans", "har", "havde", "hej", "hende", "her", "hos", "hun", "hvad", "hvem", "hvis", "hvor",
    "hvordan", "hvornar", "i", "ikke", "ind", "jeg", "jer", "jo", "kan", "kunne", "man", "mange", "med", "meget",
    "men", "mig", "min", "mine", "mit", "mod", "nar", "ned", "noget", "nogle", "nu", "og", "ogsa", "om", "op", "os",
    "over", "pa", "sadan", "selv", "sig", "sin", "skal", "skulle", "som", "thi", "til", "ud", "under", "vaere",
    "vaeret", "var", "vi", "vil", "ville", "vor",
];

#[rustfmt::skip]
const NORWEGIAN: &[&str] = &[
    "alle", "at", "av", "bare", "ble", "bli", "blir", "da", "de", "deg", "dem", "den", "denne", "der", "dere",
    "deres", "det", "dette", "din", "disse", "dit", "du", "eller", "en", "enn", "er", "et", "etter", "for", "fordi",
    "fra", "ha", "hadde", "han", "hans", "har", "hei", "henne", "her", "hos", "hun", "hva", "hvem", "hver", "hvilken",
    "hvis", "hvor", "hvordan", "hvorfor", "i", "ikke", "ingen", "inn", "jeg", "kan", "kunne", "ma", "man", "mange",
    "med", "meg", "meget", "mellom", "men", "min", "mitt", "mot", "mye", "na", "nar", "ned", "noe", "noen", "og",
    "ogsa", "om", "opp", "oss", "over", "pa", "sa", "seg", "selv", "si", "sin", "skal", "skulle", "slik", "som",
    "til", "ut", "uten", "vaere", "vaert", "var", "ved", "vi", "vil", "ville",
];

#[rustfmt::skip]
const LIGHT_ENGLISH: &[&str] = &[
    "able", "actually", "allow", "allowed", "anyway", "apply", "available", "back", "bought", "bring", "business",
    "buy", "call", "carry", "come", "comes", "company", "contain", "contains", "currently", "day", "details", "easy",
    "explain", "find", "firm", "gave", "get", "gets", "getting", "give", "gives", "go", "goes", "going", "gonna",
    "good", "got", "guys", "happen", "happens", "help", "include", "included", "includes", "including", "info",
    "information", "kind", "kinds", "know", "long", "look", "looking", "made", "make", "makes", "maybe", "mean",
    "means", "mention", "need", "needs", "offer", "offered", "offers", "often", "option", "options", "page", "people",
    "person", "policies", "policy", "possible", "provide", "provided", "provides", "put", "question", "quick", "rule",
    "rules", "say", "see", "sell", "selling", "sells", "shop", "show", "site", "sold", "soon", "sort", "stock",
    "store", "stuff", "support", "supported", "supports", "take", "takes", "taking", "tell", "thing", "things",
    "today", "try", "type", "types", "understand", "use", "used", "uses", "using", "usual", "usually", "wanna",
    "want", "wants", "way", "website", "work", "works",
];

#[rustfmt::skip]
const LIGHT_GERMAN: &[&str] = &[
    "anbieten", "angebot", "angeboten", "beinhaltet", "bekomme", "bekommen", "bieten", "bietet", "brauche",
    "brauchen", "dauert", "enthalt", "enthalten", "erhalte", "erhalten", "erklaren", "finde", "finden", "firma",
    "frage", "funktioniert", "geben", "gebt", "gehen", "geht", "genau", "gerne", "geschaft", "gut", "heisst", "heute",
    "hilfe", "info", "informationen", "inklusive", "kaufe", "kaufen", "kommt", "laden", "lange", "lasst", "machen",
    "macht", "moglich", "moglichkeit", "moglichkeiten", "nehmen", "regeln", "sage", "sagen", "seite", "suche", "tun",
    "unternehmen", "verkaufe", "verkaufen", "verkauft", "verwenden", "webseite", "website", "will", "wissen",
    "wollen", "zeigen",
];

#[rustfmt::skip]
const LIGHT_FRENCH: &[&str] = &[
    "acheter", "aide", "aimerais", "aller", "aujourd", "aujourd'hui", "besoin", "boutique", "cherche", "chercher",
    "contenir", "contient", "dire", "disponible", "dites", "donner", "entreprise", "expliquer", "faire", "fait",
    "fonctionne", "hui", "inclus", "inclut", "informations", "long", "magasin", "marche", "obtenir", "offrez",
    "options", "page", "possible", "prendre", "proposer", "proposez", "question", "regles", "savoir", "site",
    "souhaite", "temps", "trouve", "trouver", "utiliser", "vendez", "vendre", "vends", "veux", "voudrais", "voulez",
];

#[rustfmt::skip]
const LIGHT_SPANISH: &[&str] = &[
    "ayuda", "buscar", "busco", "comprar", "compro", "conseguir", "contiene", "dar", "decir", "decirme", "dice",
    "empresa", "encontrar", "encuentro", "explicar", "funciona", "hace", "haceis", "hacer", "hoy", "incluido",
    "incluye", "informacion", "necesita", "necesito", "obtener", "ofrece", "ofreceis", "ofrecen", "opciones",
    "pagina", "politica", "posible", "pregunta", "queria", "quiero", "reglas", "saber", "sitio", "tarda", "tener",
    "tiempo", "tienda", "usar", "vende", "vendeis", "venden", "vender", "web",
];

#[rustfmt::skip]
const LIGHT_PORTUGUESE: &[&str] = &[
    "ajuda", "buscar", "comprar", "compro", "conseguir", "consigo", "contem", "dar", "demora", "dizer", "empresa",
    "encontrar", "encontro", "explicar", "faz", "fazem", "fazer", "funciona", "gostaria", "hoje", "inclui",
    "incluido", "informacao", "informacoes", "loja", "obter", "oferece", "oferecem", "opcoes", "pagina", "pergunta",
    "politica", "possivel", "precisa", "preciso", "procuro", "queria", "quero", "regras", "saber", "site", "tempo",
    "usar", "vende", "vendem", "vender",
];

#[rustfmt::skip]
const LIGHT_ITALIAN: &[&str] = &[
    "acquistare", "aiuto", "azienda", "bisogno", "cercare", "cerco", "comprare", "compro", "contiene", "dire",
    "dirmi", "disponibile", "domanda", "fare", "fate", "funziona", "include", "incluso", "informazioni", "negozio",
    "offrire", "offrite", "oggi", "opzioni", "ottenere", "pagina", "politica", "possibile", "prendere", "regole",
    "sapere", "sito", "spiegare", "tempo", "trovare", "trovo", "usare", "vende", "vendere", "vendete", "voglio",
    "vorrei",
];

#[cfg(test)]
mod tests {
    use super::super::analyze::fold;
    use super::*;

    #[test]
    fn lists_are_sorted_and_folded() {
        let light = [
            LIGHT_ENGLISH,
            LIGHT_GERMAN,
            LIGHT_FRENCH,
            LIGHT_SPANISH,
            LIGHT_PORTUGUESE,
            LIGHT_ITALIAN,
        ];
        for words in LISTED.iter().map(|&language| list(language)).chain(light) {
            assert!(words.is_sorted(), "{words:?}");
            assert!(words.iter().all(|word| fold(word) == *word), "{words:?}");
        }
    }
}
