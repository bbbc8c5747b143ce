use futures_util::StreamExt as _;

use super::*;
use crate::answer::{AnswerPart, Passage, Persona};
use crate::knowledge::SourceFormat;

use self::site::{Site, TEA_SHOP};

mod site;

/// Question, the page that answers it, and words that the answer must quote.
const ANSWERABLE: &[(&str, &str, &str)] = &[
    ("How long do I have to return a teapot?", "returns", "30 days"),
    ("Can I send back opened tea?", "returns", "Opened tea cannot be returned"),
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

#[test]
fn report() {
    let site = Site::new(TEA_SHOP);
    for (question, page, words) in ANSWERABLE {
        let (text, answered) = answer(&site, question, &[]);
        let right =
            answered && text.contains(&format!("leaf.example/{page}")) && text.contains(words);
        let q = site.question(question, &[]);
        println!(
            "{} {question}  [cov {:.2} {}]\n{}\n",
            if right { "ok  " } else { "MISS" },
            q.passages.first().map_or(0.0, |p| p.coverage),
            q.passages.first().map_or("", |p| p.url.as_deref().unwrap()),
            text
        );
    }
    for question in UNANSWERABLE {
        let (text, answered) = answer(&site, question, &[]);
        let q = site.question(question, &[]);
        println!(
            "{} {question} [cov {:.2}]\n{}\n",
            if answered { "FALSE" } else { "ok  " },
            q.passages.iter().map(|p| p.coverage).fold(0.0, f64::max),
            if answered { text } else { String::new() }
        );
    }
}
