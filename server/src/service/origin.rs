//! Origins and the rules that allow them. Both are parsed and compared by their parts, never as text.

use url::{Host, Url};

/// Why an origin was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginRefusal {
    /// No `Origin` header.
    #[error("the request names no origin; call this from a page in a browser")]
    Missing,
    /// `Origin: null`.
    #[error(
        "the page has no origin of its own (a sandboxed frame or a file); serve it from a web address"
    )]
    Null,
    /// Not an origin.
    #[error("the Origin header is not the origin of a web page")]
    Malformed,
    /// The chatbot allows nothing.
    #[error(
        "this chatbot allows no website yet; the owner must add this site's origin to its allowed origins"
    )]
    NoRules,
    /// The host is allowed under another scheme.
    #[error(
        "this site is allowed under another scheme; the owner must allow it with http or https as it is served"
    )]
    Scheme,
    /// The host is allowed under another port.
    #[error(
        "this site is allowed under another port; the owner must allow it with the port it is served from"
    )]
    Port,
    /// The host is not allowed.
    #[error(
        "this site is not allowed to use the chatbot; the owner must add its origin to the allowed origins"
    )]
    NotAllowed,
}

impl OriginRefusal {
    /// The machine's code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "origin_missing",
            Self::Null => "origin_null",
            Self::Malformed => "origin_malformed",
            Self::NoRules => "origin_list_empty",
            Self::Scheme => "origin_scheme_not_allowed",
            Self::Port => "origin_port_not_allowed",
            Self::NotAllowed => "origin_not_allowed",
        }
    }
}

/// An origin: scheme, host and port of a web page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
    text: String,
}

impl Origin {
    /// Reads an `Origin` header.
    ///
    /// # Errors
    /// [`OriginRefusal`] when it is absent, `null`, or anything but the plain origin of an http or https page.
    pub fn parse(header: Option<&str>) -> Result<Self, OriginRefusal> {
        let text = header.ok_or(OriginRefusal::Missing)?;
        if text == "null" {
            return Err(OriginRefusal::Null);
        }
        let origin = Self::from_url(text).ok_or(OriginRefusal::Malformed)?;
        // A browser sends exactly the serialization. Anything else (a path, user information, capitals, a default port)
        // is somebody trying.
        if origin.text == text { Ok(origin) } else { Err(OriginRefusal::Malformed) }
    }

    /// The origin of a URL that an owner or operator wrote.
    #[must_use]
    pub fn of_url(url: &Url) -> Option<Self> {
        let scheme = url.scheme();
        if scheme != "http" && scheme != "https" {
            return None;
        }
        let host = match url.host()? {
            Host::Domain(domain) => domain.to_ascii_lowercase(),
            other => other.to_string(),
        };
        let port = url.port_or_known_default()?;
        Some(Self {
            scheme: scheme.to_owned(),
            host,
            port,
            text: url.origin().ascii_serialization(),
        })
    }

    fn from_url(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        (plain && url.fragment().is_none() && url.path() == "/")
            .then(|| Self::of_url(&url))
            .flatten()
    }

    /// The header's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// One rule of a chatbot's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginRule {
    /// Any origin, but one must be sent.
    Any,
    /// Exactly this one.
    Exact(Origin),
    /// Every subdomain of this one, but not itself.
    Subdomains(Origin),
}

impl OriginRule {
    /// Reads what an owner wrote: `https://shop.example`, `https://*.shop.example` or `*`.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let wrong = || {
            format!(
                "{text:?} is not an origin rule; write it like https://shop.example, https://*.shop.example or *"
            )
        };
        if let Some((scheme, host)) = text.split_once("://*.") {
            if !host.contains('.') && host != "localhost" {
                return Err(format!(
                    "{text:?} would allow a whole top-level domain; name the domain"
                ));
            }
            return Origin::from_url(&format!("{scheme}://{host}"))
                .map(Self::Subdomains)
                .ok_or_else(wrong);
        }
        if text.contains('*') {
            return Err(wrong());
        }
        Origin::from_url(text).map(Self::Exact).ok_or_else(wrong)
    }

    fn allows(&self, origin: &Origin) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(allowed) => allowed == origin,
            Self::Subdomains(parent) => {
                parent.scheme == origin.scheme && parent.port == origin.port && self.names(origin)
            }
        }
    }

    /// Whether the rule names the origin's host, whatever its scheme and port.
    fn names(&self, origin: &Origin) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(allowed) => allowed.host == origin.host,
            Self::Subdomains(parent) => origin
                .host
                .strip_suffix(&parent.host)
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|label| !label.is_empty()),
        }
    }

    /// The rule as a source of a `frame-ancestors` policy.
    #[must_use]
    pub fn as_csp_source(&self) -> String {
        match self {
            Self::Any => "*".into(),
            Self::Exact(origin) => origin.text.clone(),
            Self::Subdomains(parent) => parent.text.replacen("://", "://*.", 1),
        }
    }
}

/// Whether `rules` allow `origin`.
///
/// # Errors
/// [`OriginRefusal`] that says why not.
pub fn check(rules: &[OriginRule], origin: &Origin) -> Result<(), OriginRefusal> {
    if rules.iter().any(|rule| rule.allows(origin)) {
        return Ok(());
    }
    if rules.is_empty() {
        return Err(OriginRefusal::NoRules);
    }
    let named = rules.iter().filter_map(|rule| match rule {
        OriginRule::Exact(allowed) | OriginRule::Subdomains(allowed) => {
            rule.names(origin).then_some(allowed)
        }
        OriginRule::Any => None,
    });
    let mut refusal = OriginRefusal::NotAllowed;
    for allowed in named {
        refusal = if allowed.scheme == origin.scheme {
            OriginRefusal::Port
        } else {
            OriginRefusal::Scheme
        };
    }
    Err(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(rules: &[&str], origin: Option<&str>) -> Result<(), OriginRefusal> {
        let rules: Vec<OriginRule> =
            rules.iter().map(|rule| OriginRule::parse(rule).unwrap()).collect();
        check(&rules, &Origin::parse(origin)?)
    }

    #[test]
    fn only_the_exact_origin_is_allowed() {
        let rules = ["https://shop.example", "http://localhost:3000", "https://münchen.example"];
        for allowed in
            ["https://shop.example", "http://localhost:3000", "https://xn--mnchen-3ya.example"]
        {
            assert_eq!(verdict(&rules, Some(allowed)), Ok(()), "{allowed}");
        }
        for (refused, why) in [
            (None, OriginRefusal::Missing),
            (Some("null"), OriginRefusal::Null),
            (Some(""), OriginRefusal::Malformed),
            (Some("shop.example"), OriginRefusal::Malformed),
            (Some("https://shop.example/"), OriginRefusal::Malformed),
            (Some("https://shop.example/path"), OriginRefusal::Malformed),
            (Some("https://SHOP.example"), OriginRefusal::Malformed),
            (Some("https://shop.example:443"), OriginRefusal::Malformed),
            (Some("https://shop.example@evil.example"), OriginRefusal::Malformed),
            (Some("https://evil.example@shop.example"), OriginRefusal::Malformed),
            (Some("https://shop.example https://evil.example"), OriginRefusal::Malformed),
            (Some("file://shop.example"), OriginRefusal::Malformed),
            (Some("http://shop.example"), OriginRefusal::Scheme),
            (Some("https://shop.example:8443"), OriginRefusal::Port),
            (Some("http://localhost:3001"), OriginRefusal::Port),
            (Some("https://shop.example.evil.example"), OriginRefusal::NotAllowed),
            (Some("https://evilshop.example"), OriginRefusal::NotAllowed),
            (Some("https://www.shop.example"), OriginRefusal::NotAllowed),
            (Some("https://shop.example."), OriginRefusal::NotAllowed),
            (Some("https://shop.exarnple"), OriginRefusal::NotAllowed),
        ] {
            assert_eq!(verdict(&rules, refused), Err(why), "{refused:?}");
        }
    }

    #[test]
    fn a_wildcard_allows_subdomains_and_not_the_apex() {
        let rules = ["https://*.shop.example"];
        for allowed in ["https://www.shop.example", "https://a.b.shop.example"] {
            assert_eq!(verdict(&rules, Some(allowed)), Ok(()), "{allowed}");
        }
        for refused in ["https://shop.example", "https://evilshop.example", "https://.shop.example"]
        {
            assert!(verdict(&rules, Some(refused)).is_err(), "{refused}");
        }
        assert_eq!(verdict(&rules, Some("http://www.shop.example")), Err(OriginRefusal::Scheme));
    }

    #[test]
    fn an_empty_list_allows_nothing_and_a_star_anything_that_is_sent() {
        assert_eq!(verdict(&[], Some("https://shop.example")), Err(OriginRefusal::NoRules));
        assert_eq!(verdict(&["*"], Some("https://shop.example")), Ok(()));
        assert_eq!(verdict(&["*"], None), Err(OriginRefusal::Missing));
        assert_eq!(verdict(&["*"], Some("null")), Err(OriginRefusal::Null));
    }

    #[test]
    fn a_rule_that_is_no_origin_is_refused_with_a_hint() {
        for wrong in [
            "shop.example",
            "https://shop.example/path",
            "https://*",
            "https://*.com",
            "ftp://a.example",
            "h*",
        ] {
            assert!(OriginRule::parse(wrong).is_err(), "{wrong}");
        }
    }
}
