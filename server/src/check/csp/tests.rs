//! Policies of real pages, and what they let of the chat through.

use super::*;

const PAGE: &str = "https://shop.example/products/1";
const API: &str = "https://chat.example";

fn policies(headers: &[&str]) -> Policies {
    let mut policies = Policies::default();
    for header in headers {
        match header.strip_prefix("meta ") {
            Some(content) => policies.add_meta(content),
            None => policies.add_header(header),
        }
    }
    policies
}

/// What is let through, as letters: script, WebAssembly, connection, frame.
fn allowed(headers: &[&str], nonce: Option<&str>, integrity: Option<&str>) -> String {
    let policies = policies(headers);
    let page = Url::parse(PAGE).unwrap();
    let url = |path: &str| Url::parse(&format!("{API}{path}")).unwrap();
    let element = Element { nonce, integrity };
    let found = [
        ('s', policies.script(&page, &url("/w/shop.js"), element).is_ok()),
        ('w', policies.wasm().is_ok()),
        ('c', policies.connect(&page, &url("/v1/widget/handshake")).is_ok()),
        ('f', policies.frame(&page, &url("/f/shop")).is_ok()),
    ];
    found.iter().filter(|(_, allowed)| *allowed).map(|(letter, _)| *letter).collect()
}

#[test]
fn a_policy_lets_through_what_browsers_let_through() {
    let full =
        "script-src https://chat.example 'wasm-unsafe-eval'; connect-src https://chat.example";
    let cases: &[(&[&str], &str)] = &[
        // No policy, and policies that say nothing about it.
        (&[], "swcf"),
        (&["img-src 'none'; style-src 'self'; frame-ancestors 'none'"], "swcf"),
        (&["upgrade-insecure-requests"], "swcf"),
        // The documented one.
        (&[full], "swcf"),
        (
            &[
                "default-src 'none'; script-src https://chat.example 'wasm-unsafe-eval'; connect-src https://chat.example",
            ],
            "swc",
        ),
        // The fallbacks.
        (&["default-src 'self'"], ""),
        (&["default-src https://chat.example"], "scf"),
        (&["default-src 'none'; script-src https://chat.example"], "s"),
        (&["default-src 'none'; frame-src https://chat.example"], "f"),
        (&["default-src 'none'; child-src https://chat.example"], "f"),
        (&["child-src https://chat.example; frame-src 'none'"], "swc"),
        (&["script-src 'self'; script-src-elem https://chat.example"], "scf"),
        (&["script-src https://chat.example 'unsafe-eval'; script-src-elem 'self'"], "wcf"),
        // Keywords.
        (&["script-src https://chat.example 'unsafe-eval'"], "swcf"),
        (&["script-src https://chat.example 'WASM-UNSAFE-EVAL'"], "swcf"),
        (&["script-src 'unsafe-inline' 'wasm-unsafe-eval'"], "wcf"),
        (&["script-src 'none'"], "cf"),
        (&["script-src"], "cf"),
        // Wildcards and schemes.
        (&["default-src *"], "scf"),
        (&["default-src https:"], "scf"),
        (&["default-src http:"], "scf"),
        (&["default-src wss:"], "scf"),
        (&["default-src data: blob:"], ""),
        (&["default-src https://*.example"], "scf"),
        (&["default-src https://*.chat.example"], ""),
        (&["default-src *.example"], "scf"),
        (&["default-src chat.example"], "scf"),
        (&["default-src http://chat.example"], "scf"),
        (&["default-src http://chat.example:80"], "scf"),
        (&["default-src https://CHAT.example:443"], "scf"),
        (&["default-src https://chat.example:8443"], ""),
        (&["default-src https://chat.example:*"], "scf"),
        (&["default-src https://evil-chat.example"], ""),
        (&["default-src https://chat.example.evil"], ""),
        // Paths.
        (&["script-src https://chat.example/w/ 'wasm-unsafe-eval'"], "swcf"),
        (&["script-src https://chat.example/w/shop.js"], "scf"),
        (&["script-src https://chat.example/w/other.js"], "cf"),
        (&["script-src https://chat.example/w"], "cf"),
        (&["connect-src https://chat.example/v1/"], "swcf"),
        // Several policies: all must allow it.
        (&[full, "script-src 'self'"], "cf"),
        (&["script-src https:, connect-src 'self'"], "sf"),
        (&[full, "meta connect-src 'none'"], "swf"),
        (&["meta default-src 'self' https://chat.example"], "scf"),
        // The first of two directives of a name counts, and names have no case.
        (&["connect-src 'none'; connect-src https://chat.example"], "swf"),
        (&["Connect-Src 'none'; DEFAULT-SRC *"], "sf"),
        (&["  ;; script-src\t https://chat.example \n 'wasm-unsafe-eval' ;"], "swcf"),
        // Trusted Types do not matter.
        (&["require-trusted-types-for 'script'; trusted-types 'none'"], "swcf"),
    ];
    for (headers, expected) in cases {
        assert_eq!(allowed(headers, None, None), *expected, "{headers:?}");
    }
}

#[test]
fn a_script_is_named_by_nonce_or_hash_and_strict_dynamic_ignores_addresses() {
    let cases: &[(&str, Option<&str>, Option<&str>, bool)] = &[
        ("script-src 'nonce-abc'", Some("abc"), None, true),
        ("script-src 'nonce-abc'", Some("ABC"), None, false),
        ("script-src 'nonce-abc'", None, None, false),
        ("script-src 'nonce-'", Some(""), None, false),
        ("script-src 'nonce-abc' https://chat.example", None, None, true),
        ("script-src 'nonce-abc' 'strict-dynamic' https://chat.example", None, None, false),
        ("script-src 'nonce-abc' 'strict-dynamic'", Some("abc"), None, true),
        ("script-src 'strict-dynamic' https: 'unsafe-inline'", None, None, false),
        ("script-src 'sha256-x'", None, Some("sha256-x"), true),
        ("script-src 'sha256-x' 'strict-dynamic'", None, Some("sha384-y sha256-x"), true),
        ("script-src 'sha256-x'", None, Some("sha256-y"), false),
        ("script-src 'sha256-x'", None, None, false),
    ];
    for (header, nonce, integrity, expected) in cases {
        let let_through = allowed(&[header], *nonce, *integrity).contains('s');
        assert_eq!(let_through, *expected, "{header} {nonce:?} {integrity:?}");
    }
}

#[test]
fn its_own_host_is_compared_with_scheme_and_port() {
    let policies = policies(&["default-src 'self'"]);
    for (page, url, expected) in [
        ("https://a.example/x", "https://a.example/w/s.js", true),
        ("https://a.example:8443/", "https://a.example:8443/w/s.js", true),
        ("https://a.example:8443/", "https://a.example/w/s.js", false),
        ("http://a.example/", "https://a.example/w/s.js", true),
        ("https://a.example/", "http://a.example/w/s.js", false),
        ("https://www.a.example/", "https://a.example/w/s.js", false),
        ("http://127.0.0.1:8788/", "http://127.0.0.1:8787/w/s.js", false),
    ] {
        let (page, url) = (Url::parse(page).unwrap(), Url::parse(url).unwrap());
        assert_eq!(policies.connect(&page, &url).is_ok(), expected, "{page} {url}");
    }
}

#[test]
fn what_is_to_be_written_keeps_what_was_allowed_before() {
    let page = Url::parse(PAGE).unwrap();
    let url = Url::parse(&format!("{API}/w/shop.js")).unwrap();
    let element = Element { nonce: None, integrity: None };
    let mended = |headers: &[&str]| {
        let policies = policies(headers);
        let all =
            [policies.script(&page, &url, element), policies.wasm(), policies.connect(&page, &url)];
        let refusals: Vec<Refusal> = all.into_iter().filter_map(Result::err).flatten().collect();
        let lines = policies.mended(&refusals);
        lines
            .iter()
            .map(|line| line.rsplit_once("write: ").unwrap().1.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        mended(&["default-src 'self' https://cdn.example"]),
        [
            "script-src 'self' https://cdn.example https://chat.example 'wasm-unsafe-eval';",
            "connect-src 'self' https://cdn.example https://chat.example;",
        ]
    );
    assert_eq!(
        mended(&["default-src 'none'; connect-src 'none'; script-src https://chat.example"]),
        [
            "script-src https://chat.example 'wasm-unsafe-eval';",
            "connect-src https://chat.example;"
        ]
    );
    assert!(mended(&["script-src https: 'unsafe-eval'"]).is_empty());
    // What is mended lets the chat through.
    let before = "default-src 'self'; script-src 'self' 'unsafe-inline'";
    let after = format!("{} {before}", mended(&[before]).join(" "));
    assert_eq!(allowed(&[&after], None, None), "swc", "{after}");
}

#[test]
fn a_sandbox_counts_in_headers_only() {
    let both = vec!["allow-scripts", "allow-same-origin"];
    assert_eq!(policies(&["sandbox"]).sandboxed(), both);
    assert_eq!(policies(&["sandbox allow-scripts"]).sandboxed(), ["allow-same-origin"]);
    assert!(policies(&["sandbox allow-scripts allow-same-origin"]).sandboxed().is_empty());
    assert!(policies(&["meta sandbox"]).sandboxed().is_empty());
    assert!(policies(&["require-trusted-types-for 'script'"]).requires_trusted_types());
}
