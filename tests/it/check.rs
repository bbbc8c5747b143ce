//! `natter check`: real pages over real sockets, against the real API.

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use natter_server::check::{Fetcher, Level, Options, Report, check};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

use crate::harness::{Database, Server, Setup, Wire, natter, on_sqlite, shop};

on_sqlite!(
    a_page_with_the_tag_is_good,
    a_page_without_it_is_told_what_to_add,
    a_policy_is_told_what_to_write,
    what_is_left_of_the_chat_is_said,
    an_origin_that_is_not_allowed_is_named,
    tags_that_do_not_run_or_lead_nowhere_are_found,
    a_script_of_another_version_is_found,
    the_predecessors_tags_are_held_to_the_same,
    pages_that_cannot_be_read_end_at_once,
    the_command_says_it_in_sentences_and_in_json,
);

/// Pages on one socket, the API on another.
struct World {
    pages: String,
    api: String,
    _tasks: JoinSet<()>,
}

/// A page: its path, its headers, its markup, in which API stands for the API's origin.
type Page<'a> = (&'a str, &'a [(&'static str, &'a str)], &'a str);

const TAG: &str = "<!doctype html><title>Shop</title><script src=\"API/w/shop.js\" async></script>";

async fn listen(tasks: &mut JoinSet<()>, router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// What stands in the place of the built loader, which not every build has.
async fn loader() -> impl IntoResponse {
    let boot = r##"{"version":"0.1.0","slug":"shop","chatbotId":"shop-1","projectId":"1","glue":"","wasm":"","color":"#2563EB","ink":"fff","mode":0,"position":"bottom-right","label":"Shop","locale":"en"}"##;
    let script = format!("(() => {{ const boot = {boot}; }})();");
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script)
}

impl World {
    async fn with(database: &Database, pages: &[Page<'_>]) -> Self {
        let mut tasks = JoinSet::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = format!("http://{}", listener.local_addr().unwrap());
        let file = Some(shop().replacen("http://localhost:3000", &site, 1));
        let server = Server::with(database, Setup { file, ..Setup::default() }).await;
        let Wire::Router(real) = server.wire.clone() else { unreachable!("it has no socket") };
        let api = Router::new()
            .route("/w/shop.js", get(loader))
            .route("/widget.js", get(loader))
            .route("/embed/agent-widget.js", get(loader))
            .fallback_service(real);
        let api = listen(&mut tasks, api).await;
        let mut router = Router::new();
        for (path, headers, markup) in pages {
            let markup = markup.replace("API", &api);
            let mut map = HeaderMap::new();
            for (name, value) in *headers {
                let value = value.replace("API", &api);
                map.append(HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap());
            }
            router = router.route(path, get(async move || (map.clone(), Html(markup.clone()))));
        }
        let again = get(async || (StatusCode::FOUND, [(header::LOCATION, "/loop")]));
        router = router.route("/loop", again);
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { pages: site, api, _tasks: tasks }
    }

    async fn look(&self, path: &str) -> Report {
        self.look_with(path, &Options::default()).await
    }

    async fn look_with(&self, path: &str, options: &Options) -> Report {
        let url = Url::parse(&format!("{}{path}", self.pages)).unwrap();
        check(&Fetcher::new().unwrap(), &url, options).await.unwrap()
    }
}

/// The codes of what is not good.
fn wrong(report: &Report) -> Vec<&'static str> {
    let wrong = report.findings.iter().filter(|finding| finding.level != Level::Good);
    wrong.map(|finding| finding.code).collect()
}

/// Everything that is to be changed.
fn changes(report: &Report) -> String {
    report.findings.iter().flat_map(|finding| finding.change.clone()).collect::<Vec<_>>().join("\n")
}

const CSP: &str = "content-security-policy";

async fn a_page_with_the_tag_is_good(database: &Database) {
    let full = "default-src 'none'; script-src API 'wasm-unsafe-eval'; connect-src API; require-trusted-types-for 'script'";
    let nonce = "<script nonce=abc src=API/w/shop.js></script>";
    let dynamic = "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'";
    let world = World::with(
        database,
        &[
            ("/", &[], TAG),
            ("/strict", &[(CSP, full)], TAG),
            ("/nonce", &[(CSP, dynamic)], nonce),
            ("/reports", &[("content-security-policy-report-only", "default-src 'none'")], TAG),
        ],
    )
    .await;
    for path in ["/", "/strict", "/nonce", "/reports"] {
        let report = world.look(path).await;
        assert!(report.ok, "{report:#?}");
        assert_eq!(wrong(&report), [""; 0], "{path}");
        assert_eq!(report.origin, world.pages);
        assert!(report.findings.iter().any(|finding| finding.code == "origin_allowed"));
    }
}

async fn a_page_without_it_is_told_what_to_add(database: &Database) {
    let world = World::with(
        database,
        &[("/", &[], "<p>No chat here"), ("/csp", &[(CSP, "script-src 'none'")], "")],
    )
    .await;
    let report = world.look("/").await;
    assert_eq!((report.ok, wrong(&report)), (false, vec!["tag_missing"]));
    assert!(changes(&report).contains("<script src=\"https://HOST/w/SLUG.js\" async></script>"));
    let options = Options { tag: Some(format!("{}/w/shop.js", world.api)) };
    assert!(world.look_with("/", &options).await.ok, "put there by a script");
    assert_eq!(wrong(&world.look_with("/csp", &options).await), ["csp_script"]);
}

async fn a_policy_is_told_what_to_write(database: &Database) {
    let meta = "<meta http-equiv=Content-Security-Policy content=\"connect-src 'self'\"><script src=API/w/shop.js></script>";
    let world = World::with(
        database,
        &[
            ("/default", &[(CSP, "default-src 'self'")], TAG),
            (
                "/two",
                &[
                    (CSP, "script-src API 'wasm-unsafe-eval'"),
                    (CSP, "script-src 'self', connect-src API"),
                ],
                TAG,
            ),
            ("/meta", &[], meta),
        ],
    )
    .await;
    let api = &world.api;
    let report = world.look("/default").await;
    assert_eq!((report.ok, wrong(&report)), (false, vec!["csp_script"]));
    let changes_of = changes(&report);
    let script = format!("write: script-src 'self' {api} 'wasm-unsafe-eval';");
    let connect = format!("write: connect-src 'self' {api};");
    assert!(changes_of.contains(&script) && changes_of.contains(&connect), "{changes_of}");
    let report = world.look("/two").await;
    assert_eq!(wrong(&report)[0], "csp_script");
    let report = world.look("/meta").await;
    assert_eq!((report.ok, wrong(&report)), (true, vec!["csp_connect"]), "a frame is left");
    assert!(changes(&report).contains(&format!("<meta> policy, write: connect-src 'self' {api};")));
}

async fn what_is_left_of_the_chat_is_said(database: &Database) {
    let world = World::with(
        database,
        &[
            ("/frame", &[(CSP, "script-src API; frame-src API")], TAG),
            ("/link", &[(CSP, "script-src API; frame-src 'none'")], TAG),
            ("/box", &[(CSP, "sandbox allow-scripts")], TAG),
        ],
    )
    .await;
    let framed = world.look("/frame").await;
    assert_eq!((framed.ok, wrong(&framed)), (true, vec!["csp_wasm"]));
    assert!(framed.findings.iter().any(|finding| finding.text.contains("in a frame instead")));
    let linked = world.look("/link").await;
    assert_eq!((linked.ok, wrong(&linked)), (false, vec!["csp_frame"]));
    assert!(
        linked.findings.iter().any(|finding| finding.text.contains("only leads to the full page"))
    );
    assert_eq!(wrong(&world.look("/box").await), ["origin"]);
}

async fn an_origin_that_is_not_allowed_is_named(database: &Database) {
    let world = World::with(database, &[("/", &[], TAG)]).await;
    let other = world.pages.replace("127.0.0.1", "localhost");
    let url = Url::parse(&other).unwrap();
    let report = check(&Fetcher::new().unwrap(), &url, &Options::default()).await.unwrap();
    assert_eq!((report.ok, wrong(&report)), (false, vec!["origin"]));
    assert!(changes(&report).contains(&format!("origins = [\"{other}\"]")));
}

async fn tags_that_do_not_run_or_lead_nowhere_are_found(database: &Database) {
    let world = World::with(
        database,
        &[
            ("/inert", &[], "<script type=text/plain src=API/w/shop.js></script>"),
            ("/template", &[], "<template><script src=API/w/shop.js></script></template>"),
            ("/unknown", &[], "<script src=API/w/nobody.js></script>"),
            ("/copied", &[], "<script src=/w/shop.js></script>"),
            ("/w/shop.js", &[], "a page"),
            (
                "/twice",
                &[],
                "<script src=API/w/shop.js></script><script src=API/w/shop.js></script>",
            ),
            ("/down", &[], "<script src=http://127.0.0.1:1/w/shop.js></script>"),
            ("/based", &[], "<base href=API/w/><script src=../w/shop.js></script>"),
        ],
    )
    .await;
    for (path, ok, codes) in [
        ("/inert", false, vec!["tag_inert"]),
        ("/template", false, vec!["tag_inert"]),
        ("/unknown", false, vec!["script_status"]),
        ("/copied", false, vec!["script_type"]),
        ("/twice", true, vec!["tag_twice"]),
        ("/down", false, vec!["script_unreachable"]),
        ("/based", true, vec![]),
        ("/nothing", false, vec!["page_status", "tag_missing"]),
    ] {
        let report = world.look(path).await;
        assert_eq!((report.ok, wrong(&report)), (ok, codes), "{path} {report:#?}");
    }
}

async fn a_script_of_another_version_is_found(database: &Database) {
    let javascript = ("content-type", "text/javascript");
    let copy = r##"boot = {"slug":"shop","chatbotId":"shop-1","projectId":"1","glue":"/assets/gone.js","wasm":"","color":"#2563EB","mode":0,"position":"bottom-right","label":"Shop","locale":"en"}"##;
    let tag = "<script src=/w/shop.js data-natter-api=API></script>";
    let world =
        World::with(database, &[("/", &[], tag), ("/w/shop.js", &[javascript], copy)]).await;
    let report = world.look("/").await;
    assert_eq!((report.ok, wrong(&report)), (false, vec!["version"]), "{report:#?}");
    let found = report.findings.iter().find(|finding| finding.code == "version").unwrap();
    assert!(found.text.contains("404 /assets/gone.js"), "{}", found.text);
    assert!(
        changes(&report).contains(&format!("Load the script from {}/w/shop.js itself", world.api))
    );
}

async fn the_predecessors_tags_are_held_to_the_same(database: &Database) {
    let world = World::with(
        database,
        &[
            ("/owari", &[], "<script defer src='API/widget.js?v=v1' data-robo=shop></script>"),
            (
                "/robofy",
                &[],
                "<script src=API/embed/agent-widget.js data-pid=1 data-cid=shop-1></script>",
            ),
            ("/slug", &[], "<script src=API/widget.js data-robo=nobody></script>"),
            (
                "/project",
                &[],
                "<script src=API/embed/agent-widget.js data-pid=2 data-cid=shop-1></script>",
            ),
            ("/closed", &[], "<script src=API/widget.js data-robo=closed></script>"),
        ],
    )
    .await;
    for path in ["/owari", "/robofy"] {
        let report = world.look(path).await;
        assert_eq!((report.ok, wrong(&report)), (true, vec![]), "{report:#?}");
    }
    assert_eq!(wrong(&world.look("/slug").await), ["chatbot_unknown"]);
    assert_eq!(wrong(&world.look("/project").await), ["chatbot_unknown"]);
    assert_eq!(wrong(&world.look("/closed").await), ["origin"]);
}

async fn pages_that_cannot_be_read_end_at_once(database: &Database) {
    let world = World::with(database, &[]).await;
    let look = async |url: &str| {
        let url = Url::parse(url).unwrap();
        check(&Fetcher::new().unwrap(), &url, &Options::default()).await.unwrap_err().to_string()
    };
    assert!(look("http://127.0.0.1:1/").await.contains("does not answer"));
    assert!(look(&format!("{}/loop", world.pages)).await.contains("redirects"));
}

async fn the_command_says_it_in_sentences_and_in_json(database: &Database) {
    let world = World::with(database, &[("/", &[], TAG), ("/none", &[], "")]).await;
    let run = async |arguments: &[&str]| {
        let mut all = vec!["check"];
        all.extend(arguments);
        let output = natter(database, &all).output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (good, none) = (format!("{}/", world.pages), format!("{}/none", world.pages));
    let (code, said) = run(&[&good]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("The chat works on this page.\n"), "{said}");
    let (code, said) = run(&[&none]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("problem  The page has no tag of the chat.\n         -> put <script"),
        "{said}"
    );
    let (code, said) = run(&["--json", &none]).await;
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &report["ok"]), (Some(1), &Value::Bool(false)));
    assert_eq!(report["findings"][0]["code"], "tag_missing");
    assert_eq!(run(&["ftp://shop.example"]).await.0, Some(2));
    assert_eq!(run(&["http://127.0.0.1:1/"]).await.0, Some(1));
}
