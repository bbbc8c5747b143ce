//! `natter apply`: idempotent, all or nothing, and noticed by a server that runs.

use std::time::Duration;

use natter_mock_provider::MockProvider;
use natter_server::service::Applied;

use crate::harness::{Database, Server, file, natter, on_both, on_sqlite, shop, with_models};

on_both!(
    applying_again_changes_nothing,
    a_change_publishes_a_new_version_and_teaches_only_what_is_new,
    a_mistake_names_file_line_and_key_and_changes_nothing,
    a_source_or_variable_that_is_missing_changes_nothing,
    a_file_that_is_no_text_is_not_taught,
    what_belongs_to_another_organization_is_left_alone,
    a_running_server_notices_what_another_process_applies,
    the_command_prints_what_it_did_and_a_new_key_once,
    the_command_fails_in_one_line_that_says_what_to_do,
    a_providers_key_reaches_the_provider,
);
on_sqlite!(secrets_are_not_in_the_files_as_they_are);

/// Numbers that tell whether anything changed.
async fn state(database: &Database) -> Vec<i64> {
    let mut state = Vec::new();
    for query in [
        "select count(*) from chatbot_versions",
        "select count(*) from sources",
        "select count(*) from chunks",
        "select count(*) from api_keys",
        "select count(*) from organizations",
        "select count(*) from projects",
    ] {
        state.push(database.number(query).await);
    }
    state
}

async fn applying_again_changes_nothing(database: &Database) {
    let server = Server::start(database).await;
    let before = state(database).await;
    let ids = "select cast(number as text) || ' ' || body from chunks order by number";
    let chunks = database.texts(ids).await;
    let again = file(&server.service, &shop()).await.unwrap();
    assert_eq!(state(database).await, before);
    assert_eq!(database.texts(ids).await, chunks, "no source was taught anew");
    assert_eq!(again.new_keys, [], "a key is shown once");
    assert_eq!(again.lines, server.applied.lines);
    assert!(again.lines.iter().any(|line| line.starts_with("chatbot shop-1 bot_")), "{again:?}");
}

async fn a_change_publishes_a_new_version_and_teaches_only_what_is_new(database: &Database) {
    let server = Server::start(database).await;
    let visitor = server.visitor("shop").await;
    let umbrellas = "select cast(number as text) from chunks where body like '%Umbrellas%'";
    let umbrella = database.texts(umbrellas).await;
    let changed = shop().replace("within 30 days", "within 60 days").replacen(
        "name = \"Shop assistant\"",
        "name = \"Shop helper\"",
        1,
    );
    let applied: Applied = file(&server.service, &changed).await.unwrap();
    let line = applied.lines.iter().find(|line| line.starts_with("chatbot shop-1")).unwrap();
    assert!(line.ends_with("version 2"), "{line}");
    assert_eq!(server.handshake("shop").await.data.chatbots[0].agent_name, "Shop helper");
    let answer = visitor.ask("How long do I have to return something?").await.answer;
    assert!(answer.contains("60 days") && !answer.contains("30 days"), "{answer}");
    assert_eq!(database.texts(umbrellas).await, umbrella, "this source did not change");
    let old = "select count(*) from chunks c join chatbot_sources s on s.source_id = c.source_id \
               join chatbots b on b.id = s.chatbot_id where b.slug = 'shop' and c.body like '%30 days%'";
    assert_eq!(database.number(old).await, 0);
}

async fn a_mistake_names_file_line_and_key_and_changes_nothing(database: &Database) {
    let server = Server::start(database).await;
    let before = state(database).await;
    let epoch = database.number("select epoch from config_epoch").await;
    // Every file also changes something that is right, so that half of it would be noticed.
    let good = shop().replacen("name = \"Shop assistant\"", "name = \"Changed\"", 1);
    let with = |old: &str, new: &str| {
        let text = good.replacen(old, new, 1);
        assert_ne!(text, good, "{old}");
        let before = &good[..good.find(old).unwrap()];
        (text, before.matches('\n').count() + 1 + new.matches('\n').count())
    };
    for ((text, line), key) in [
        (with("slug = \"shop\"", "slug = \"shop\"\ncolour = \"red\""), "colour"),
        (with("origins = [\"*\"]", "origins = [\"free.example\"]"), "origins"),
        (with("origins = [\"*\"]", "origins = [\"https://*.com\"]"), "origins"),
        (
            with(
                "[chatbots.widget.privacy]",
                "[chatbots.widget.branding]\ntheme_color = \"red\"\n[chatbots.widget.privacy]",
            ),
            "theme_color",
        ),
        (with("slug = \"free\"", "slug = \"shop\""), "shop"),
        (with("slug = \"free\"", "slug = \"not a slug\""), "slug"),
        (with("number = 2", "number = 1"), "number"),
        (with("project = 2", "project = 3"), "project"),
        (with("chatbot = \"free-1\"", "chatbot = \"nobody\""), "api_keys.chatbot"),
        (with("url = \"https://shop.example/returns\"", "url = \"javascript:alert(1)\""), "url"),
        (with("public_id = \"other-1\"", "public_id = 7"), "string"),
        (with("title = \"Counter notes\"", "title = \"Counter\\u0000notes\""), "null character"),
        (with("text = \"Umbrellas", "text = \"\\u0000Umbrellas"), "null character"),
        (with("name = \"Free assistant\"", "name = \"Free\\u0000\""), "null character"),
    ] {
        let error = file(&server.service, &text).await.unwrap_err();
        assert!(error.starts_with("natter.toml:"), "{error}");
        assert!(error.contains(key), "{key}: {error}");
        // Where a table is wrong its head is named, which stands a line or two above.
        let said: usize = error.split(':').nth(1).unwrap().parse().unwrap();
        assert!((said..said + 3).contains(&line), "{line}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    assert_eq!(state(database).await, before);
    assert_eq!(database.number("select epoch from config_epoch").await, epoch);
    assert_eq!(server.handshake("shop").await.data.chatbots[0].agent_name, "Shop assistant");
}

async fn a_file_that_is_no_text_is_not_taught(database: &Database) {
    let server = Server::start(database).await;
    let before = state(database).await;
    let text = shop().replace("text = \"Umbrellas", "file = \"notes.md\"\n# \"Umbrellas");
    let read = |_: &str| Ok("Umbrellas\0 are repaired".to_owned());
    let refused = server.service.apply("natter.toml", &text, &read, &|_| None).await.unwrap_err();
    assert!(refused.to_string().contains("\"Counter notes\" contains a null"), "{refused}");
    assert_eq!(state(database).await, before);
    // What only looks like one is text.
    let literal = shop().replace("name = \"Free assistant\"", "name = 'Free \\u0000'");
    file(&server.service, &literal).await.unwrap();
}

async fn a_source_or_variable_that_is_missing_changes_nothing(database: &Database) {
    let server = Server::start(database).await;
    let before = state(database).await;
    let good = shop().replacen("name = \"Shop assistant\"", "name = \"Changed\"", 1);
    let missing_file =
        format!("{good}\n[[chatbots.sources]]\ntitle = \"Gone\"\nfile = \"gone.md\"\n");
    let error = file(&server.service, &missing_file).await.unwrap_err();
    assert!(error.contains("natter.toml:") && error.contains("gone.md"), "{error}");
    let variable = format!(
        "{good}\n[chatbots.answerer]\nkind = \"openai\"\nbase_url = \"https://api.example/v1\"\nmodel = \"m\"\n\
         api_key_env = \"NO_SUCH_VARIABLE\"\n"
    );
    let error = file(&server.service, &variable).await.unwrap_err();
    assert!(error.contains("natter.toml:") && error.contains("NO_SUCH_VARIABLE"), "{error}");
    let off = format!("{good}\n[chatbots.identity]\nsecret_env = \"SITE_SECRET\"\n");
    let error = file(&server.service, &off).await.unwrap_err();
    assert!(error.contains("natter.toml:") && error.contains("enabled = true"), "{error}");
    let empty = format!("{good}\n[[chatbots.sources]]\ntitle = \"Empty\"\ntext = \"  \"\n");
    let error = file(&server.service, &empty).await.unwrap_err();
    assert!(error.contains("natter.toml:") && error.contains("Empty"), "{error}");
    assert_eq!(state(database).await, before);
    assert_eq!(server.handshake("shop").await.data.chatbots[0].agent_name, "Shop assistant");
}

async fn what_belongs_to_another_organization_is_left_alone(database: &Database) {
    let server = Server::start(database).await;
    let before = state(database).await;
    let other = shop().replacen("name = \"Test\"", "name = \"Another\"", 1);
    let error = file(&server.service, &other).await.unwrap_err();
    assert!(error.contains("natter.toml:") && error.contains("another organization"), "{error}");
    let renumbered =
        other.replace("number = 1", "number = 11").replace("number = 2", "number = 12");
    let renumbered =
        renumbered.replace("project = 1", "project = 11").replace("project = 2", "project = 12");
    let error = file(&server.service, &renumbered).await.unwrap_err();
    assert!(error.contains("natter.toml:") && error.contains("shop-1"), "{error}");
    assert_eq!(state(database).await, before);
}

async fn a_running_server_notices_what_another_process_applies(database: &Database) {
    let server = Server::start(database).await;
    let changed = shop().replacen("name = \"Shop assistant\"", "name = \"Changed\"", 1);
    std::fs::write(database.folder().join("shop.toml"), changed).unwrap();
    let applied = natter(database, &["apply", "shop.toml"]).output().await.unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let noticed = async {
        while server.handshake("shop").await.data.chatbots[0].agent_name != "Changed" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), noticed).await.expect("it never noticed");
}

async fn the_command_prints_what_it_did_and_a_new_key_once(database: &Database) {
    let path = database.folder().join("shop.toml");
    std::fs::write(&path, shop()).unwrap();
    let run = async || {
        let output = natter(database, &["apply", "shop.toml"]).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (first, second) = (run().await, run().await);
    assert_eq!(first.matches("nt_live_").count(), 2, "{first}");
    assert_eq!(second.matches("nt_live_").count(), 0, "{second}");
    assert!(first.contains("chatbot shop-1 bot_") && first.contains("project 1 prj_"), "{first}");
}

async fn the_command_fails_in_one_line_that_says_what_to_do(database: &Database) {
    std::fs::write(database.folder().join("bad.toml"), "[organization]\nnam = \"Test\"\n").unwrap();
    for (arguments, code, said) in [
        (["apply", "bad.toml"], 1, "bad.toml:2: "),
        (["apply", "gone.toml"], 1, "gone.toml"),
        (["apply", "--nonsense"], 2, "--nonsense"),
    ] {
        let output = natter(database, &arguments).output().await.unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.contains(said), "{error}");
        assert!(code == 2 || error.lines().count() == 1, "{error}");
    }
}

/// The configuration with a provider that needs a key.
fn with_key(provider: &MockProvider) -> String {
    with_models(provider, &["cite"])
        .replace("model = \"cite\"", "model = \"cite\", api_key_env = \"KEY\"")
}

async fn apply_with_key(server: &Server, text: &str) {
    let missing = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let variable = |name: &str| (name == "KEY").then(|| "sk-of-the-provider".to_owned());
    server.service.apply("natter.toml", text, &missing, &variable).await.unwrap();
}

async fn a_providers_key_reaches_the_provider(database: &Database) {
    let provider = MockProvider::start().await;
    let server = Server::start(database).await;
    apply_with_key(&server, &with_key(&provider)).await;
    server.visitor("llm-0").await.ask("How long do I have to return something?").await;
    let sent = provider.stats().last_authorization;
    assert_eq!(sent.as_deref(), Some("Bearer sk-of-the-provider"));
}

async fn secrets_are_not_in_the_files_as_they_are(database: &Database) {
    let provider = MockProvider::start().await;
    let server = Server::start(database).await;
    apply_with_key(&server, &with_key(&provider)).await;
    let visitor = server.plain("shop").await;
    assert!(database.holds("api_key_env"), "the search finds what is there");
    assert!(!database.holds("sk-of-the-provider"));
    assert!(!database.holds(server.key("server")));
    assert!(!database.holds(&visitor.secret));
}
