//! The configuration that most tests run over: a shop with two taught pages.

use std::fmt::Write as _;

use natter_mock_provider::MockProvider;

/// Origin of the shop's pages.
pub(crate) const SHOP: &str = "https://shop.example";
/// Origin of the server itself.
pub(crate) const OWN: &str = "https://natter.example";

/// `shop` has terms, sources and contacts; `free` has none of these and takes any origin; `closed` takes no origin;
/// `other` belongs to another project and site.
const FILE: &str = r#"
[organization]
name = "Test"

[[projects]]
number = 1
name = "Shop"

[[projects]]
number = 2
name = "Other"

[[api_keys]]
name = "server"

[[api_keys]]
name = "free only"
chatbot = "free-1"

[[chatbots]]
project = 1
public_id = "shop-1"
slug = "shop"
name = "Shop assistant"
origins = ["https://shop.example", "https://*.wild.example", "http://localhost:3000", "https://xn--mnchen-3ya.example"]
[chatbots.persona]
offers_contact = true
[chatbots.widget.privacy]
chatbot_privacy_term = "We keep what you write for 30 days."
[[chatbots.sources]]
title = "Returns"
url = "https://shop.example/returns"
format = "markdown"
text = """
# Returns

You can return anything within 30 days of delivery. Send it back in its original box.

Refunds are paid within five working days after the parcel has arrived.
"""
[[chatbots.sources]]
title = "Counter notes"
text = "Umbrellas are repaired for free at the counter on Saturdays."

[[chatbots]]
project = 1
public_id = "free-1"
slug = "free"
name = "Free assistant"
origins = ["*"]
[chatbots.widget.behaviour]
enable_sources = false
[[chatbots.sources]]
title = "Returns"
url = "https://shop.example/returns"
text = "You can return anything within 30 days of delivery."

[[chatbots]]
project = 1
public_id = "closed-1"
slug = "closed"
name = "Closed assistant"

[[chatbots]]
project = 2
public_id = "other-1"
slug = "other"
name = "Other assistant"
origins = ["https://other.example"]
"#;

/// The configuration.
pub(crate) fn shop() -> String {
    FILE.to_owned()
}

/// The configuration with a chatbot for each of the mock provider's models, called `llm-0`, `llm-1` and so on.
pub(crate) fn with_models(provider: &MockProvider, models: &[&str]) -> String {
    let mut file = shop();
    for (number, model) in models.iter().enumerate() {
        write!(
            file,
            r#"
[[chatbots]]
project = 1
public_id = "llm-{number}"
slug = "llm-{number}"
name = "Model"
origins = ["https://shop.example"]
answerer = {{ kind = "openai", base_url = "{}", model = "{model}" }}
[[chatbots.sources]]
title = "Returns"
url = "https://shop.example/returns"
text = "You can return anything within 30 days of delivery."
"#,
            provider.base_url
        )
        .unwrap();
    }
    file
}
