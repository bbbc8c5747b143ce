//! Content Security Policy, as far as the chat meets it: whether a page's policies allow a script, WebAssembly, a connection
//! and a frame. Follows CSP level 3: every policy must allow it, in each the first directive of a name counts, and what is
//! not said is said by a more general directive or by none.

use url::Url;

/// All policies of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Policies(Vec<Policy>);

/// One policy.
#[derive(Debug, Clone)]
struct Policy {
    place: Place,
    directives: Vec<(String, Vec<String>)>,
}

/// Where a policy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the header `Content-Security-Policy`.
    Header,
    /// In a `<meta http-equiv>`.
    Meta,
}

/// What a policy may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A script element, or a module that a script loads.
    Script,
    /// Compiling WebAssembly.
    Wasm,
    /// A connection.
    Connect,
    /// A frame.
    Frame,
}

impl Kind {
    /// The directives that say it, the most special first. `default-src` says the rest.
    const fn directives(self) -> &'static [&'static str] {
        match self {
            Self::Script => &["script-src-elem", "script-src", "default-src"],
            Self::Wasm => &["script-src", "default-src"],
            Self::Connect => &["connect-src", "default-src"],
            Self::Frame => &["frame-src", "child-src", "default-src"],
        }
    }

    /// The directive to write when only `default-src` says it.
    const fn own(self) -> &'static str {
        match self {
            Self::Script | Self::Wasm => "script-src",
            Self::Connect => "connect-src",
            Self::Frame => "frame-src",
        }
    }
}

/// A refusal: which directive of which policy, and what it should say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Number of the policy.
    policy: usize,
    /// Where that policy stands.
    pub(super) place: Place,
    /// The directive that refuses.
    pub(super) directive: String,
    /// The directive that must be written.
    own: &'static str,
    /// The source that must be added to it.
    source: String,
}

/// The element that loads a script.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    /// Its `nonce`.
    pub(super) nonce: Option<&'a str>,
    /// Its `integrity`.
    pub(super) integrity: Option<&'a str>,
}

impl Policies {
    /// Adds a header, which may hold several policies.
    pub(super) fn add_header(&mut self, value: &str) {
        self.0.extend(value.split(',').filter_map(|policy| Policy::parse(policy, Place::Header)));
    }

    /// Adds the content of a `<meta>`.
    pub(super) fn add_meta(&mut self, content: &str) {
        self.0.extend(Policy::parse(content, Place::Meta));
    }

    /// Whether there are none.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the element may load the script, and that the modules that it needs.
    ///
    /// # Errors
    /// What refuses.
    pub(super) fn script(
        &self,
        page: &Url,
        url: &Url,
        element: Element<'_>,
    ) -> Result<(), Vec<Refusal>> {
        self.each(Kind::Script, url, |sources| {
            let named = |source: &&String| names_element(source, element);
            if sources.iter().any(|source| named(&source)) {
                return true;
            }
            // It trusts what trusted scripts load, and nothing for its address.
            !has(sources, "'strict-dynamic'") && matches_any(sources, page, url)
        })
    }

    /// Whether WebAssembly may be compiled.
    ///
    /// # Errors
    /// What refuses.
    pub(super) fn wasm(&self) -> Result<(), Vec<Refusal>> {
        let allows = |sources: &[String]| {
            has(sources, "'wasm-unsafe-eval'") || has(sources, "'unsafe-eval'")
        };
        self.refusals(Kind::Wasm, "'wasm-unsafe-eval'", allows)
    }

    /// Whether the page may connect to an address.
    ///
    /// # Errors
    /// What refuses.
    pub(super) fn connect(&self, page: &Url, url: &Url) -> Result<(), Vec<Refusal>> {
        self.each(Kind::Connect, url, |sources| matches_any(sources, page, url))
    }

    /// Whether the page may frame an address.
    ///
    /// # Errors
    /// What refuses.
    pub(super) fn frame(&self, page: &Url, url: &Url) -> Result<(), Vec<Refusal>> {
        self.each(Kind::Frame, url, |sources| matches_any(sources, page, url))
    }

    /// What the page is not allowed by `sandbox`, which counts in headers only: `allow-scripts`, `allow-same-origin`.
    #[must_use]
    pub(super) fn sandboxed(&self) -> Vec<&'static str> {
        let headers = self.0.iter().filter(|policy| policy.place == Place::Header);
        let boxes: Vec<&[String]> =
            headers.filter_map(|policy| policy.directive("sandbox")).collect();
        ["allow-scripts", "allow-same-origin"]
            .into_iter()
            .filter(|flag| boxes.iter().any(|sandbox| !has(sandbox, flag)))
            .collect()
    }

    /// Whether Trusted Types are required.
    #[must_use]
    pub(super) fn requires_trusted_types(&self) -> bool {
        self.0.iter().any(|policy| policy.directive("require-trusted-types-for").is_some())
    }

    /// The directives as they should be written, so that nothing of this is refused.
    #[must_use]
    pub(super) fn mended(&self, refusals: &[Refusal]) -> Vec<String> {
        let mut lines: Vec<(usize, &str, Vec<String>)> = Vec::new();
        for refusal in refusals {
            let at = (refusal.policy, refusal.own);
            let known = lines.iter().position(|(policy, own, _)| (*policy, *own) == at);
            let index = known.unwrap_or_else(|| {
                let before =
                    self.0[refusal.policy].sources_to_keep(refusal.own, &refusal.directive);
                lines.push((refusal.policy, refusal.own, before));
                lines.len() - 1
            });
            if !has(&lines[index].2, &refusal.source) {
                lines[index].2.push(refusal.source.clone());
            }
        }
        lines
            .into_iter()
            .map(|(policy, own, sources)| {
                let place = match self.0[policy].place {
                    Place::Header => "in the header Content-Security-Policy",
                    Place::Meta => "in the page's <meta> policy",
                };
                format!("{place}, write: {own} {};", sources.join(" "))
            })
            .collect()
    }

    fn each(
        &self,
        kind: Kind,
        url: &Url,
        allows: impl Fn(&[String]) -> bool,
    ) -> Result<(), Vec<Refusal>> {
        self.refusals(kind, &url.origin().ascii_serialization(), allows)
    }

    fn refusals(
        &self,
        kind: Kind,
        source: &str,
        allows: impl Fn(&[String]) -> bool,
    ) -> Result<(), Vec<Refusal>> {
        let mut found = Vec::new();
        for (policy, rules) in self.0.iter().enumerate() {
            let said =
                kind.directives().iter().find_map(|name| Some((*name, rules.directive(name)?)));
            let Some((directive, sources)) = said else { continue };
            if !allows(sources) {
                found.push(Refusal {
                    policy,
                    place: rules.place,
                    directive: directive.to_owned(),
                    own: if directive == "default-src" {
                        kind.own()
                    } else {
                        static_name(directive)
                    },
                    source: source.to_owned(),
                });
            }
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

fn static_name(directive: &str) -> &'static str {
    ["script-src-elem", "script-src", "connect-src", "frame-src", "child-src"]
        .into_iter()
        .find(|name| *name == directive)
        .unwrap_or("default-src")
}

impl Policy {
    fn parse(text: &str, place: Place) -> Option<Self> {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in text.split(';') {
            let mut words = directive.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
            // Of two with the same name the first counts.
            if !directives.iter().any(|(known, _)| *known == name) {
                directives.push((name, words.map(String::from).collect()));
            }
        }
        (!directives.is_empty()).then_some(Self { place, directives })
    }

    fn directive(&self, name: &str) -> Option<&[String]> {
        self.directives
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, sources)| sources.as_slice())
    }

    /// What a directive already says, or what `default-src` says in its place: writing it anew must not take that away.
    fn sources_to_keep(&self, own: &str, said_by: &str) -> Vec<String> {
        let sources = self.directive(own).or_else(|| self.directive(said_by)).unwrap_or_default();
        sources.iter().filter(|source| !source.eq_ignore_ascii_case("'none'")).cloned().collect()
    }
}

/// Whether a keyword is among the sources.
fn has(sources: &[String], keyword: &str) -> bool {
    sources.iter().any(|source| source.eq_ignore_ascii_case(keyword))
}

/// Whether a source names the element itself, by its nonce or its hash.
fn names_element(source: &str, element: Element<'_>) -> bool {
    let Some(inner) = source.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) else {
        return false;
    };
    if inner.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("nonce-")) {
        return element.nonce.is_some_and(|nonce| !nonce.is_empty() && inner[6..] == *nonce);
    }
    let is_hash = ["sha256-", "sha384-", "sha512-"].iter().any(|start| inner.starts_with(start));
    is_hash
        && element
            .integrity
            .is_some_and(|hashes| hashes.split_ascii_whitespace().any(|hash| hash == inner))
}

fn matches_any(sources: &[String], page: &Url, url: &Url) -> bool {
    sources.iter().any(|source| matches(source, page, url))
}

/// Whether one source expression matches an address.
fn matches(source: &str, page: &Url, url: &Url) -> bool {
    let source = source.to_ascii_lowercase();
    if source == "*" {
        return matches!(url.scheme(), "http" | "https" | "ws" | "wss")
            || url.scheme() == page.scheme();
    }
    if source == "'self'" {
        let upgraded = page.host() == url.host()
            && page.scheme() == "http"
            && url.scheme() == "https"
            && page.port().is_none()
            && url.port().is_none();
        return page.origin() == url.origin() || upgraded;
    }
    if source.starts_with('\'') {
        return false;
    }
    if let Some(scheme) =
        source.strip_suffix(':').filter(|scheme| !scheme.contains(['/', ':', '.']))
    {
        return scheme_matches(scheme, url.scheme());
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => (page.scheme(), source.as_str()),
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    scheme_matches(scheme, url.scheme())
        && host_matches(host, url.host_str().unwrap_or_default())
        && port_matches(scheme, port, url)
        && path_matches(path, url.path())
}

/// A source of a weaker scheme matches its stronger one.
fn scheme_matches(source: &str, scheme: &str) -> bool {
    source == scheme
        || match source {
            "http" | "wss" => scheme == "https",
            "ws" => matches!(scheme, "wss" | "http" | "https"),
            _ => false,
        }
}

fn host_matches(source: &str, host: &str) -> bool {
    if source == "*" {
        return true;
    }
    match source.strip_prefix("*.") {
        Some(parent) => {
            host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        }
        None => source == host.to_ascii_lowercase(),
    }
}

fn port_matches(scheme: &str, source: Option<&str>, url: &Url) -> bool {
    let default = |scheme: &str| match scheme {
        "https" | "wss" => Some(443),
        "http" | "ws" => Some(80),
        _ => None,
    };
    let port = url.port_or_known_default();
    match source {
        Some("*") => true,
        Some(text) => match text.parse::<u16>() {
            Ok(wanted) => {
                let upgraded = default(scheme) == Some(wanted) && wanted == 80 && port == Some(443);
                port == Some(wanted) || upgraded
            }
            Err(_) => false,
        },
        None => port == default(url.scheme()),
    }
}

/// A path that ends with a slash is a folder; any other is one file. No path is any.
fn path_matches(source: &str, path: &str) -> bool {
    let source = source.split(['?', '#']).next().unwrap_or_default();
    if source.is_empty() {
        true
    } else if source.ends_with('/') {
        path.to_ascii_lowercase().starts_with(source)
    } else {
        path.eq_ignore_ascii_case(source)
    }
}

#[cfg(test)]
mod tests;
