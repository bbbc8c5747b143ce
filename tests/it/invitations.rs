//! Words beside the bubble, which only owners who want them put into the loader script.

use std::fmt::Write as _;

use crate::harness::{Database, Server, Setup, file, on_both, shop};

on_both!(
    the_usual_loader_holds_no_invitations,
    an_owners_invitations_stand_in_the_loader,
    an_invitation_that_cannot_be_shown_is_refused_with_its_line,
    sound_is_announced_when_the_owner_wants_it,
);

const INVITATION: &str = r#"
[[chatbots.invitations]]
text = "Questions about </script> sizes?"
texts = { de = "Fragen zur Gr\u00f6\u00dfe?" }
pages = ["/shoes/*"]
after_seconds = 20
scroll_percent = 50
returning_visitor = false
once_per = "day"
delay_seconds = 2
"#;

fn with(invitation: &str) -> String {
    let before = "[[chatbots.sources]]\ntitle = \"Returns\"";
    let changed = shop().replacen(before, &format!("{invitation}{before}"), 1);
    assert_ne!(changed, shop());
    changed
}

/// The loader, or that this build has none.
async fn loader(server: &Server) -> Option<String> {
    let answer = server.wire.get("/w/shop.js").send().await;
    (answer.status == 200).then(|| answer.text().to_owned())
}

async fn the_usual_loader_holds_no_invitations(database: &Database) {
    let server = Server::start(database).await;
    assert!(server.service.chatbot("shop").unwrap().invitations().is_empty());
    if let Some(script) = loader(&server).await {
        assert!(!script.contains("\"invite\""), "{script}");
    }
}

async fn an_owners_invitations_stand_in_the_loader(database: &Database) {
    let setup = Setup { file: Some(with(INVITATION)), ..Setup::default() };
    let server = Server::with(database, setup).await;
    let invitations = server.service.chatbot("shop").unwrap().invitations();
    let expected = r#"[{"text":"Questions about </script> sizes?","texts":{"de":"Fragen zur Gr\u00f6\u00dfe?"},"pages":["/shoes/*"],"after":20,"scroll":50,"returning":false,"once":"day","delay":2}]"#;
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    assert_eq!(serde_json::to_value(&invitations).unwrap(), expected);
    if let Some(script) = loader(&server).await {
        assert!(script.contains("\"invite\"") && script.contains("Fragen zur"), "{script}");
        assert!(!script.contains("</script>"), "{script}");
    }
}

async fn an_invitation_that_cannot_be_shown_is_refused_with_its_line(database: &Database) {
    let server = Server::start(database).await;
    let one = |key: &str| format!("\n[[chatbots.invitations]]\ntext = \"Hello\"\n{key}\n");
    let many = one("").repeat(11);
    let mut large = String::new();
    for _ in 0..10 {
        write!(large, "\n[[chatbots.invitations]]\ntext = \"{0}\"\ntexts = {{ de = \"{0}\", fr = \"{0}\" }}\n", "x".repeat(190)).unwrap();
    }
    for (text, said) in [
        (one("colour = \"red\""), "colour"),
        (one("scroll_percent = 101"), "scroll_percent"),
        (one("after_seconds = 3601"), "after_seconds"),
        (one("once_per = \"week\""), "unknown variant"),
        (one("pages = [\"https://shop.example/\"]"), "pages"),
        (one("pages = [\"/a?b\"]"), "pages"),
        (one("texts = { \"not a tag\" = \"x\" }"), "texts"),
        (one("texts = { de = \" \" }"), "text must have"),
        (many, "more than 10"),
        (large, "bytes"),
    ] {
        let error = file(&server.service, &with(&text)).await.unwrap_err();
        assert!(error.starts_with("natter.toml:") && error.contains(said), "{said}: {error}");
    }
}

async fn sound_is_announced_when_the_owner_wants_it(database: &Database) {
    let wanted = shop().replacen("slug = \"shop\"", "slug = \"shop\"\nsound = true", 1);
    let server = Server::with(database, Setup { file: Some(wanted), ..Setup::default() }).await;
    assert!(server.handshake("shop").await.data.natter.unwrap().sound);
    assert_eq!(server.handshake("free").await.data.natter, None);
}
