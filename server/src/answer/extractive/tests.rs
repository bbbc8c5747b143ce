use futures_util::StreamExt as _;

use super::*;
use crate::answer::{AnswerPart, FinishReason, Passage, Persona};
use crate::knowledge::SourceFormat;

use self::site::{GERMAN_BAKERY, JAPANESE_INN, Site, TEA_SHOP};

mod site;

/// Question, the page that answers it, and words that the answer must quote.
const ANSWERABLE: &[(&str, &str, &str)] = &[
    ("How long do I have to return a teapot?", "returns", "30 days"),
    ("Can I return opened tea?", "returns", "Opened tea cannot be returned"),
    ("How do I return something?", "returns", "Print the label"),
    ("When do I get my refund?", "returns", "5 working days"),
    ("My teapot arrived broken, what now?", "returns", "photo within 7 days"),
    ("Can I exchange an item?", "returns", "do not exchange"),
    ("How much is shipping to Germany?", "shipping", "£8.90"),
    ("Do you ship to the United States?", "shipping", "cannot ship to the United States"),
    ("Is shipping free?", "shipping", "free from £40"),
    ("How can I track my parcel?", "shipping", "tracking link"),
    ("Do I have to pay customs for Norway?", "shipping", "import duties"),
    ("Can I pay with PayPal?", "payment", "PayPal"),
    ("What payment methods do you accept?", "payment", "Mastercard"),
    ("When is my card charged?", "payment", "leaves our warehouse"),
    ("Can I use two discount codes?", "payment", "Only one code"),
    ("What are your opening hours?", "visit", "9:30"),
    ("Are you open on Sunday?", "visit", "closed"),
    ("Where can I park?", "visit", "Queen Square"),
    ("Is the shop wheelchair accessible?", "visit", "ramp"),
    ("What is your phone number?", "visit", "+44 117 496 0123"),
    ("What temperature should the water have for green tea?", "brewing", "70–80 °C"),
    ("Why is my green tea bitter?", "brewing", "too hot"),
    ("How much caffeine is in black tea?", "brewing", "50 mg"),
    ("How do I make cold brew?", "brewing", "10 g of tea"),
    ("How much does the subscription cost?", "subscription", "£18 per month"),
    ("How do I cancel my subscription?", "subscription", "cancel at any time"),
    ("How long is a gift card valid?", "gift-cards", "three years"),
    ("Can I get a refund for a gift card?", "gift-cards", "cannot be refunded"),
    ("Is the glass teapot dishwasher safe?", "teapots", "Dishwasher safe: yes"),
    ("How much is the M-65?", "teapots", "£89"),
    ("What is the warranty on kettles?", "teapots", "three years"),
    ("How do I descale my kettle?", "teapots", "citric acid"),
    ("Are your teas vegan?", "allergens", "vegan except"),
    ("Does chai contain milk?", "allergens", "no milk"),
    ("Who founded the company?", "about", "Maya Osei"),
    ("Are the bags compostable?", "about", "compost"),
    ("How much is a place in the workshop?", "workshops", "£25"),
    ("What is the minimum order for wholesale?", "wholesale", "£150"),
    ("I forgot my password", "account", "works for one hour"),
    ("How do I delete my account?", "account", "Delete account"),
    ("What are loyalty points worth?", "account", "100 points are worth £5"),
];

/// Questions that the shop's pages do not answer, though they share words with them.
const UNANSWERABLE: &[&str] = &[
    "Do you sell airplanes?",
    "What is the capital of France?",
    "Who won the world cup in 2018?",
    "Can you write me a poem about the sea?",
    "What is the weather like in Bristol tomorrow?",
    "Do you have coffee beans from Ethiopia?",
    "Can I rent a bicycle?",
    "How do I install Linux on my laptop?",
    "What is the meaning of life?",
    "Do you offer life insurance for dogs?",
    "How tall is Mount Everest?",
    "Is there a student discount?",
    "Do you repair watches?",
    "What is the share price of Apple?",
    "Can you recommend a hotel in Paris?",
    "Do your prices include breakfast?",
    "How many calories does a pizza have?",
    "asdf qwertz",
];

fn answer(site: &Site, question: &str, earlier: &[&str]) -> (String, bool) {
    compose(&site.question(question, earlier))
}

/// What went wrong with a question that a page answers, if anything did.
fn fault(site: &Site, question: &str, page: &str, words: &str, earlier: &[&str]) -> Option<String> {
    let asked = site.question(question, earlier);
    let (text, answered) = compose(&asked);
    let cited =
        asked.passages.iter().filter(|passage| text.contains(&format!("[{}]", passage.number)));
    let mut addresses = cited.filter_map(|passage| passage.url.as_deref());
    let is_page = addresses.any(|address| address.contains(&format!("leaf.example/{page}")));
    let is_right = answered && is_page && text.contains(words);
    (!is_right).then(|| format!("{question}\n{text}"))
}

#[test]
fn every_answerable_question_is_answered_from_the_right_page() {
    let site = Site::new(TEA_SHOP);
    let faults: Vec<String> = ANSWERABLE
        .iter()
        .filter_map(|(question, page, words)| fault(&site, question, page, words, &[]))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn no_unanswerable_question_is_answered() {
    let site = Site::new(TEA_SHOP);
    for question in UNANSWERABLE {
        let (text, answered) = answer(&site, question, &[]);
        assert!(!answered, "{question}\n{text}");
        assert_eq!(text, "I could not find an answer to that in the information I have.");
    }
}

#[test]
fn follow_ups_are_understood_from_the_question_before() {
    let site = Site::new(TEA_SHOP);
    for (earlier, question, page, words) in [
        ("Do you have the Swan M-65 kettle?", "How much is it?", "teapots", "£89"),
        ("How much is shipping to Germany?", "And to Norway?", "shipping", "£14.50"),
        ("What is the warranty on kettles?", "And for teapots?", "teapots", "teapots of two"),
        (
            "Tell me about the tea subscription",
            "How do I cancel it?",
            "subscription",
            "pause or cancel",
        ),
    ] {
        let fault = fault(&site, question, page, words, &[earlier]);
        assert_eq!(fault, None, "after {earlier}");
    }
}

#[test]
fn other_languages_are_answered_and_refused_alike() {
    let bakery = Site::new(GERMAN_BAKERY);
    for (question, page, words) in [
        ("Wann habt ihr am Samstag geöffnet?", "oeffnungszeiten", "7:00"),
        ("Öffnungszeiten", "oeffnungszeiten", "Montag bis Freitag"),
        ("Wie lange im Voraus muss ich eine Torte bestellen?", "bestellen", "drei Tage"),
        ("Kann ich mit Karte bezahlen?", "bestellen", "Karte"),
        ("Sind die Brötchen vegan?", "zutaten", "vegan"),
        ("Was enthält Nüsse?", "zutaten", "Walnussbrot"),
    ] {
        assert_eq!(fault(&bakery, question, page, words, &[]), None);
    }
    for question in ["Verkauft ihr Flugzeuge?", "Was ist die Hauptstadt von Frankreich?"] {
        let (text, answered) = answer(&bakery, question, &[]);
        assert!(!answered && text.starts_with("Dazu habe ich"), "{question}\n{text}");
    }

    let inn = Site::new(JAPANESE_INN);
    for (question, page, words) in [
        ("チェックインは何時ですか？", "stay", "15時"),
        ("キャンセル料はかかりますか？", "cancel", "50%"),
        ("駐車場はありますか？", "access", "駐車場"),
    ] {
        assert_eq!(fault(&inn, question, page, words, &[]), None);
    }
    let (text, answered) = answer(&inn, "飛行機を売っていますか？", &[]);
    assert!(!answered && text.starts_with("申し訳"), "{text}");
}

#[test]
fn a_heading_that_names_all_that_is_asked_beats_a_sentence_that_mentions_it() {
    let site = Site::new(&[
        (
            "collect",
            SourceFormat::Markdown,
            "# Collecting\n\nCollecting is free. We send a message when the order is ready, usually within 2 opening hours.",
        ),
        (
            "hours",
            SourceFormat::Markdown,
            "# Opening hours\n\nThe shop in the old creamery at the bridge is there for you from Tuesday to Saturday. It is \
             closed on Mondays, and on Sundays it opens in summer only, when the days are long and the road is dry.",
        ),
    ]);
    assert_eq!(fault(&site, "What are your opening hours?", "hours", "Tuesday", &[]), None);
}

#[test]
fn two_questions_at_once_get_two_answers() {
    let site = Site::new(TEA_SHOP);
    let (text, answered) = answer(&site, "Where can I park, and are the bags compostable?", &[]);
    assert!(answered && text.contains("Queen Square") && text.contains("compost"), "{text}");
    assert!(text.contains("[1]") && text.contains("[2]"), "{text}");
}

fn passage(text: &str) -> Passage {
    Passage {
        number: 1,
        title: "Guide [new]".to_owned(),
        url: Some("https://leaf.example/a_(b)#c".to_owned()),
        headings: vec!["Filters".to_owned()],
        text: text.to_owned(),
        score: 3.0,
        coverage: 1.0,
    }
}

fn about(question: &str, text: &str) -> String {
    let question = Question {
        text: question.to_owned(),
        passages: vec![passage(text)],
        ..Question::default()
    };
    compose(&question).0
}

#[test]
fn code_and_the_line_that_leads_to_it_are_kept_together() {
    let text =
        "Clean filters:\n\n```sh\nfilter --clean  # all\n\nfilter --check\n```\n\nOther words.";
    assert_eq!(
        about("How do I clean the filters?", text),
        "Clean filters: [1]\n\n```sh\nfilter --clean  # all\n\nfilter --check\n```"
    );
}

#[test]
fn rows_that_fit_are_picked_out_of_a_long_table() {
    let rows: Vec<String> = (1..30).map(|n| format!("| filter{n} | {n}0 |")).collect();
    let text = format!("| Filter | Price |\n| --- | --- |\n{}", rows.join("\n"));
    assert_eq!(
        about("What is the price of filter7?", &text),
        "| Filter | Price |\n| --- | --- |\n| filter7 | 70 |\n\n[1]"
    );
}

#[test]
fn steps_are_quoted_whole() {
    let text =
        "1. Open the lid.\n2. Remove the filter.\n3. Rinse it.\n4. Dry it.\n5. Close the lid.";
    assert_eq!(about("How do I remove the filter?", text), format!("{text} [1]"));
}

#[test]
fn long_paragraphs_give_the_sentences_that_fit() {
    let filler = "Nothing of note is said in this sentence at all. ".repeat(20);
    let text =
        format!("{filler}A filter lasts for three months. It then has to be replaced. {filler}");
    let answer = about("How long does a filter last?", &text);
    assert!(
        answer.starts_with("A filter lasts for three months. It then has to be replaced."),
        "{answer}"
    );
    assert!(answer.len() < 400, "{answer}");
}

#[test]
fn numbers_that_look_like_citations_are_not_mistaken_for_them() {
    let answer = about("How long does a filter last?", "A filter lasts long \\[7\\].");
    assert_eq!(answer, "A filter lasts long \\[7\\]. [1]");
}

#[test]
fn not_found_answer_is_the_owners_or_offers_contact() {
    let mut question =
        Question { text: "Was kostet ein Flugzeug?".to_owned(), ..Question::default() };
    assert!(compose(&question).0.starts_with("Dazu habe ich"));
    question.persona.offers_contact = true;
    assert!(compose(&question).0.contains("Kontaktdaten"));
    question.persona.not_found_answer = Some("Ask Ida.".to_owned());
    assert_eq!(compose(&question), ("Ask Ida.".to_owned(), false));
}

#[test]
fn language_of_the_reply_is_the_questions_or_else_the_browsers() {
    for (text, locale, begins) in [
        ("Quelle est la capitale de la France ?", Some("en"), "Je n'ai pas"),
        ("xyzzy", Some("es-MX"), "No he encontrado"),
        ("xyzzy", Some("fi"), "I could not"),
        ("xyzzy", None, "I could not"),
    ] {
        let question = Question {
            text: text.to_owned(),
            locale: locale.map(str::to_owned),
            ..Question::default()
        };
        assert!(compose(&question).0.starts_with(begins), "{text}");
    }
}

#[test]
fn greetings_are_returned_and_count_as_answered() {
    let question = Question {
        text: "Hello!".to_owned(),
        persona: Persona { name: "Ida".to_owned(), ..Persona::default() },
        ..Question::default()
    };
    assert_eq!(
        compose(&question),
        ("Hello! I am Ida. What would you like to know?".to_owned(), true)
    );
}

#[test]
fn hostile_questions_and_passages_do_not_panic() {
    let texts = [
        "",
        "[",
        "](",
        "|||",
        "```",
        "\u{0}\u{202e}",
        "1.\n2.",
        "> > >",
        "**",
        "日本",
        "&#x0;",
        "\\",
    ];
    for text in texts {
        for other in texts {
            let question = Question {
                text: format!("{text} filter {other}"),
                passages: vec![passage(&format!("{other} filter {text}\n\n{text}{other}"))],
                ..Question::default()
            };
            compose(&question);
        }
    }
}

#[tokio::test]
async fn answer_streams_in_words_and_ends_with_one_finish() {
    let question = Site::new(TEA_SHOP).question("Where can I park?", &[]);
    let expected = compose(&question).0;
    let parts: Vec<AnswerPart> =
        Extractive::new(Duration::ZERO).answer(question).map(Result::unwrap).collect().await;
    let (last, deltas) = parts.split_last().unwrap();
    let text: String = deltas
        .iter()
        .map(|part| match part {
            AnswerPart::Delta(text) => text.as_str(),
            AnswerPart::Finished { .. } => panic!("a second end"),
        })
        .collect();
    assert_eq!(text, expected);
    assert!(deltas.len() > 10);
    let end = AnswerPart::Finished { reason: FinishReason::Stop, answered: true, usage: None };
    assert_eq!(*last, end);
}

#[tokio::test(start_paused = true)]
async fn pace_is_the_pause_between_words() {
    let question = Question { text: "hello".to_owned(), ..Question::default() };
    let start = tokio::time::Instant::now();
    let parts = Extractive::new(Duration::from_millis(10)).answer(question).count().await;
    // Nothing is waited for before the first word and before the end.
    let pauses = u32::try_from(parts - 2).unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(10) * pauses);
}
