//! The install doctor: looks at a page as a browser would, without running it, and says whether the chat works there and
//! what to change. It knows the API only as any client does.

mod answers;
mod csp;
mod fetch;
mod reasons;
mod tags;

pub use self::fetch::{FetchError, Fetcher};

use natter_shared::page::Boot;
use serde::Serialize;
use serde_json::json;
use url::Url;

use self::answers::{boot_of, empty_boot, refusal};
use self::csp::{Element, Place, Policies, Refusal};
use self::reasons::said;
use self::tags::{Markup, Script, ScriptKind};

/// What the doctor found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The page, after redirects.
    pub page: String,
    /// Its origin, which the owner must allow.
    pub origin: String,
    /// Whether the chat works there.
    pub ok: bool,
    /// Everything that was looked at, in order.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub level: Level,
    /// A stable machine code.
    pub code: &'static str,
    /// One plain sentence.
    pub text: String,
    /// What to change, exactly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub change: Vec<String>,
}

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Good,
    /// The chat works, but less well than it could.
    Warning,
    /// The chat does not work.
    Problem,
}

/// How the page is looked at.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Address of the loader, when a script puts the tag into the page.
    pub tag: Option<String>,
}

struct Doctor<'f> {
    fetcher: &'f Fetcher,
    page: Url,
    policies: Policies,
    findings: Vec<Finding>,
}

/// Looks at a page.
///
/// # Errors
/// [`FetchError`] when the page cannot be fetched at all.
pub async fn check(fetcher: &Fetcher, url: &Url, options: &Options) -> Result<Report, FetchError> {
    let answer = fetcher.get(url).await?;
    let mut policies = Policies::default();
    for value in answer.headers.get_all("content-security-policy") {
        policies.add_header(&String::from_utf8_lossy(value.as_bytes()));
    }
    let markup = Markup::read(&answer.body);
    for content in &markup.policies {
        policies.add_meta(content);
    }
    let mut doctor = Doctor { fetcher, page: answer.url.clone(), policies, findings: Vec::new() };
    if answer.status >= 400 {
        let text =
            format!("The page answers {}; what follows is about that error page.", answer.status);
        doctor.note(Level::Warning, "page_status", text);
    }
    if answer.headers.contains_key("content-security-policy-report-only") {
        let text = "A policy that only reports (Content-Security-Policy-Report-Only) refuses nothing and is not looked at.";
        doctor.note(Level::Good, "policy_report_only", text);
    }
    if markup.late_policy {
        let text = "A <meta> policy in the body is ignored by browsers, and here.";
        doctor.note(Level::Warning, "policy_late", text);
    }
    doctor.examine(&markup, options).await?;
    let ok = doctor.findings.iter().all(|finding| finding.level != Level::Problem);
    let origin = doctor.page.origin().ascii_serialization();
    Ok(Report { page: doctor.page.to_string(), origin, ok, findings: doctor.findings })
}

impl Doctor<'_> {
    fn note(&mut self, level: Level, code: &'static str, text: impl Into<String>) {
        self.advise(level, code, text, Vec::new());
    }

    fn advise(
        &mut self,
        level: Level,
        code: &'static str,
        text: impl Into<String>,
        change: Vec<String>,
    ) {
        self.findings.push(Finding { level, code, text: text.into(), change });
    }

    async fn examine(&mut self, markup: &Markup, options: &Options) -> Result<(), FetchError> {
        let given = options.tag.as_ref().map(|src| Script {
            kind: ScriptKind::Natter,
            src: src.clone(),
            nonce: None,
            integrity: None,
            inert_type: None,
            api: None,
            in_template: false,
        });
        let mut scripts = markup.scripts.clone();
        scripts.extend(given.clone());
        let live: Vec<&Script> = scripts
            .iter()
            .filter(|script| !script.in_template && script.inert_type.is_none())
            .collect();
        let Some(script) = given.as_ref().or_else(|| live.first().copied()) else {
            self.no_tag(&scripts);
            return Ok(());
        };
        let base = markup.base.as_deref().and_then(|base| self.page.join(base).ok());
        let Ok(url) = base.as_ref().unwrap_or(&self.page).join(&script.src) else {
            let text = format!("The tag's address {:?} is none.", script.src);
            self.note(Level::Problem, "tag_address", text);
            return Ok(());
        };
        self.note(Level::Good, "tag_found", format!("The page has the tag {url}."));
        if live.iter().filter(|other| other.src == script.src).count() > 1 {
            let text = "The tag stands there more than once; the same chat appears once only.";
            self.note(Level::Warning, "tag_twice", text);
        }
        if self.page.scheme() == "https" && url.scheme() == "http" {
            let mut secure = url.clone();
            let change = match secure.set_scheme("https") {
                Ok(()) => vec![format!("write src=\"{secure}\" in the tag")],
                Err(()) => Vec::new(),
            };
            let text = "The page is served by https and the script by http, which browsers refuse.";
            self.advise(Level::Problem, "mixed_content", text, change);
        }
        self.sandbox();
        let loaded = self.script_policy(script, &url);
        let boot = self.loader(script, &url).await?;
        let Some(boot) = boot else { return Ok(()) };
        let own = url.origin().ascii_serialization();
        let api = script.api.clone().or(Some(boot.api.clone()).filter(|api| !api.is_empty()));
        let Ok(api) = Url::parse(&api.unwrap_or(own)) else {
            self.note(
                Level::Problem,
                "api_address",
                "data-natter-api is no address; write it like https://chat.example",
            );
            return Ok(());
        };
        if loaded {
            self.chat_policy(&api, &boot.slug);
        }
        self.files(&api, &boot).await;
        self.handshake(&api, &boot).await
    }

    fn no_tag(&mut self, scripts: &[Script]) {
        match scripts.first() {
            Some(Script { inert_type: Some(kind), .. }) => {
                let text = format!(
                    "The tag has type={kind:?}, so browsers do not run it; a consent tool may change that later."
                );
                let change = vec!["remove the type, or let the consent tool allow the chat: it stores nothing before a visitor turns to it".into()];
                self.advise(Level::Problem, "tag_inert", text, change);
            }
            Some(_) => {
                let text = "The tag stands in a <template>, which browsers do not run.";
                self.advise(
                    Level::Problem,
                    "tag_inert",
                    text,
                    vec!["move the tag out of the <template>".into()],
                );
            }
            None => {
                let change = vec![
                    "put <script src=\"https://HOST/w/SLUG.js\" async></script> into the page".into(),
                    "if a script or a tag manager puts it there, name it: natter check URL --tag https://HOST/w/SLUG.js".into(),
                ];
                self.advise(
                    Level::Problem,
                    "tag_missing",
                    "The page has no tag of the chat.",
                    change,
                );
            }
        }
    }

    fn sandbox(&mut self) {
        for missing in self.policies.sandboxed() {
            let (code, text) = match missing {
                "allow-scripts" => (
                    "csp_sandbox",
                    "The page's policy says sandbox without allow-scripts: no script runs.".into(),
                ),
                _ => ("origin", sentence(&said("origin.null", &[]).what)),
            };
            let change =
                vec![format!("in the header Content-Security-Policy, add {missing} to sandbox")];
            self.advise(Level::Problem, code, text, change);
        }
    }

    /// Whether the loader is let through.
    fn script_policy(&mut self, script: &Script, url: &Url) -> bool {
        if self.policies.is_empty() {
            self.note(Level::Good, "policy_none", "The page has no Content-Security-Policy.");
        }
        let element =
            Element { nonce: script.nonce.as_deref(), integrity: script.integrity.as_deref() };
        match self.policies.script(&self.page, url, element) {
            Ok(()) => true,
            Err(refusals) => {
                let of = [("script", url.as_str()), ("directive", &directive(&refusals))];
                let text = sentence(&said("csp_script", &of).what);
                let mut change = self.policies.mended(&self.all_refusals(url, refusals));
                change.push("or put the page's nonce on the tag, where it has one".into());
                self.advise(Level::Problem, "csp_script", text, change);
                false
            }
        }
    }

    /// Everything that the chat needs and is refused, so that what is to be written is said once and whole.
    fn all_refusals(&self, api: &Url, mut refusals: Vec<Refusal>) -> Vec<Refusal> {
        for other in [self.policies.wasm(), self.policies.connect(&self.page, api)] {
            refusals.extend(other.err().into_iter().flatten());
        }
        refusals
    }

    /// Whether what the loader loads is let through, or what takes its place.
    fn chat_policy(&mut self, api: &Url, slug: &str) {
        let below = |path: &str| api.join(path).unwrap_or_else(|_| api.clone());
        let connect = self.policies.connect(&self.page, &below("/v1/widget/handshake"));
        let wasm = self.policies.wasm();
        if connect.is_ok() && wasm.is_ok() {
            if !self.policies.is_empty() {
                let types = if self.policies.requires_trusted_types() {
                    ", with Trusted Types"
                } else {
                    ""
                };
                let text = format!(
                    "The page's policy allows the script, WebAssembly and connections{types}."
                );
                self.note(Level::Good, "policy_good", text);
            }
            return;
        }
        let own = api.origin().ascii_serialization();
        let of = |refusals: &[Refusal]| [("api", own.clone()), ("directive", directive(refusals))];
        let mut wrong = Vec::new();
        if let Err(refusals) = &wasm {
            wrong.push(said("csp_wasm", &borrowed(&of(refusals))).what);
        }
        if let Err(refusals) = &connect {
            wrong.push(said("csp_connect", &borrowed(&of(refusals))).what);
        }
        let code = if wasm.is_err() { "csp_wasm" } else { "csp_connect" };
        let change = self.policies.mended(&self.all_refusals(api, Vec::new()));
        match self.policies.frame(&self.page, &below(&format!("/f/{slug}"))) {
            Ok(()) => {
                let text = format!("{}. The chat appears in a frame instead.", wrong.join(". "));
                self.advise(Level::Warning, code, text, change);
            }
            Err(refusals) => {
                wrong.push(said("csp_frame", &borrowed(&of(&refusals))).what);
                let text = sentence(&wrong.join(". "));
                self.advise(Level::Problem, "csp_frame", text, change);
            }
        }
    }

    /// Fetches the loader, and reads what the server wrote into it.
    async fn loader(&mut self, script: &Script, url: &Url) -> Result<Option<Boot>, FetchError> {
        let fetched = match self.fetcher.get(url).await {
            Ok(fetched) => fetched,
            Err(error) => {
                self.note(
                    Level::Problem,
                    "script_unreachable",
                    format!("The script cannot be fetched: {error}."),
                );
                return Ok(None);
            }
        };
        if fetched.status != 200 {
            let change = match fetched.status {
                404 => vec!["check the slug in the tag: no published chatbot has it".into()],
                _ => vec!["look at the server's log".into()],
            };
            let text = format!("The script {url} answers {}.", fetched.status);
            self.advise(Level::Problem, "script_status", text, change);
            return Ok(None);
        }
        if !fetched.content_type().contains("javascript") {
            let text = format!("{url} is no script but {:?}.", fetched.content_type());
            self.note(Level::Problem, "script_type", text);
            return Ok(None);
        }
        let named = |project: &str, chatbot: &str| Boot {
            slug: chatbot.to_owned(),
            chatbot_id: chatbot.to_owned(),
            project_id: project.to_owned(),
            ..empty_boot()
        };
        let boot = match &script.kind {
            ScriptKind::Natter => boot_of(&fetched.body),
            ScriptKind::Owari { slug } => Some(named("", slug)),
            ScriptKind::Robofy { project, chatbot } => Some(named(project, chatbot)),
        };
        if boot.is_none() {
            let change = vec!["load it from https://HOST/w/SLUG.js, as the server gives it".into()];
            let text = format!("{url} is not the script that a Natter server gives.");
            self.advise(Level::Problem, "script_foreign", text, change);
        }
        Ok(boot)
    }

    /// Whether the server still has what the script will ask for.
    async fn files(&mut self, api: &Url, boot: &Boot) {
        for path in [&boot.glue, &boot.wasm, &boot.host] {
            // A predecessor's tag does not say it.
            let Some(url) = (!path.is_empty()).then(|| api.join(path).ok()).flatten() else {
                continue;
            };
            // A server that does not answer is told of below.
            let Ok(answer) = self.fetcher.get(&url).await else { return };
            if answer.status == 200 {
                continue;
            }
            let error = format!("{} {path}", answer.status);
            let own = api.origin().ascii_serialization();
            let texts =
                said("version.files", &[("error", &error), ("api", &own), ("slug", &boot.slug)]);
            self.advise(Level::Problem, "version", sentence(&texts.what), vec![texts.fix]);
            return;
        }
    }

    /// Shakes hands as the page would.
    async fn handshake(&mut self, api: &Url, boot: &Boot) -> Result<(), FetchError> {
        let origin = self.page.origin().ascii_serialization();
        // A predecessor's tag may name no project; its configuration is held to the same rules.
        let (path, body) = if boot.project_id.is_empty() {
            (format!("/v1/public/widgets/{}/config", boot.slug), None)
        } else {
            let body = json!({
                "chatbot_id": boot.chatbot_id, "project_id": boot.project_id, "version": 2,
            });
            ("/v1/widget/handshake".to_owned(), Some(body))
        };
        let Ok(url) = api.join(&path) else { return Ok(()) };
        let answer = match &body {
            Some(body) => self.fetcher.post(&url, &origin, body).await,
            None => self.fetcher.get_from(&url, &origin).await,
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.note(
                    Level::Problem,
                    "api_unreachable",
                    format!("The server cannot be asked: {error}."),
                );
                return Ok(());
            }
        };
        if answer.status == 200 {
            self.note(
                Level::Good,
                "origin_allowed",
                format!("The chatbot is published and allows {origin}."),
            );
            return Ok(());
        }
        let (code, detail) = refusal(&answer.body);
        if code.starts_with("origin_") {
            let texts = said("origin", &[("origin", &origin)]);
            let text = sentence(&format!("{}: {detail}", texts.what));
            self.advise(Level::Problem, "origin", text, vec![texts.fix]);
        } else if answer.status == 404 {
            let text = "The server knows no such published chatbot.";
            self.advise(
                Level::Problem,
                "chatbot_unknown",
                text,
                vec!["check slug, public id and project in the tag".into()],
            );
        } else {
            let text = format!("The server answers {}: {detail}.", answer.status);
            self.note(Level::Problem, "handshake_refused", text);
        }
        Ok(())
    }
}

/// The directive that refuses, and where it stands when that is not the header.
fn directive(refusals: &[Refusal]) -> String {
    refusals.first().map_or_else(String::new, |refusal| match refusal.place {
        Place::Header => refusal.directive.clone(),
        Place::Meta => format!("{} in the page's <meta>", refusal.directive),
    })
}

fn borrowed<'a>(values: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    values.iter().map(|(word, value)| (*word, value.as_str())).collect()
}

fn sentence(text: &str) -> String {
    format!("{text}.")
}
