use super::*;

fn read(text: &str, format: SourceFormat) -> Document {
    extract(&Source {
        text,
        format,
        title: None,
        url: Some("https://shop.example/help/"),
        anchors: Anchors::Own,
    })
}

fn written(document: &Document) -> String {
    document.blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

fn html(text: &str) -> String {
    written(&read(text, SourceFormat::Html))
}

fn markdown(text: &str) -> String {
    written(&read(text, SourceFormat::Markdown))
}

/// Headings and anchors of every block, as `A > B #anchor: text`.
fn outline(document: &Document) -> Vec<String> {
    document
        .blocks
        .iter()
        .map(|block| {
            let anchor = block.anchor.as_ref().map(|anchor| format!(" #{anchor}"));
            let path = block.headings.join(" > ");
            format!("{path}{}: {}", anchor.unwrap_or_default(), block.text)
        })
        .collect()
}

#[test]
fn page_keeps_its_content_and_drops_what_surrounds_it() {
    let page = r#"<!doctype html><html lang="en-GB"><head><title>Returns – Fjell</title>
        <link rel="canonical" href="/returns"></head><body>
        <header><a href="/">Fjell</a><nav><ul><li><a href="/a">A</a></ul></nav></header>
        <div id="cookie-banner">We use cookies. <button>Accept</button></div>
        <div class="layout has-sidebar"><div class="sidebar">Popular posts</div>
        <main><nav class="breadcrumb">Home</nav><h1>Returns</h1>
        <p>Thirty days.</p><aside>Advertisement</aside>
        <form><label>Mail</label><input><p>Really free.</p><button>Go</button></form>
        <script>track()</script><p hidden>Secret</p><p style="display: none">Hidden</p></main></div>
        <footer>© Fjell</footer></body></html>"#;
    let document = read(page, SourceFormat::Html);
    assert_eq!(document.title.as_deref(), Some("Returns"));
    assert_eq!(document.canonical_url.as_deref(), Some("https://shop.example/returns"));
    assert_eq!(document.language.as_deref(), Some("en-GB"));
    assert_eq!(written(&document), "Thirty days.\n\nReally free.");
}

#[test]
fn page_without_main_is_read_without_its_furniture() {
    let page = "<body><header><h2>Shop</h2></header><div class=page><h1>Sizes</h1><p>Small.</p></div>\
                <div class='social-links'>Follow us</div><footer>Imprint</footer>";
    assert_eq!(html(page), "Small.");
}

#[test]
fn page_that_is_all_furniture_is_still_read() {
    assert_eq!(
        html("<header><p>We are open from 9 to 5.</p></header>"),
        "We are open from 9 to 5."
    );
}

#[test]
fn title_is_the_heading_when_the_head_repeats_it() {
    for (page, expected) in [
        ("<title>Returns | Fjell</title><h1>Returns</h1><p>x", "Returns"),
        ("<title>Fjell – gear</title><h1>Hello!</h1><p>x", "Fjell – gear"),
        ("<h1>Hello</h1><p>x", "Hello"),
        ("<meta property=og:title content='From meta'><p>x", "From meta"),
    ] {
        assert_eq!(read(page, SourceFormat::Html).title.as_deref(), Some(expected), "{page}");
    }
}

#[test]
fn anchors_are_found_wherever_tools_put_them() {
    for heading in [
        "<h2 id=x>T</h2>",
        "<h2><a name=x></a>T</h2>",
        "<h2>T <a class=headerlink href='#x'>¶</a></h2>",
        "<a id=x></a><h2>T</h2>",
        "<section id=x><h2>T</h2></section>",
        "<div id=x><div class=titlepage><h2>T</h2></div></div>",
        "<h2 id=x><a class=header href='#x'>T</a></h2>",
    ] {
        let document = read(&format!("<main>{heading}<p>body</main>"), SourceFormat::Html);
        assert_eq!(outline(&document), ["T #x: body"], "{heading}");
    }
}

#[test]
fn deeper_heading_without_anchor_uses_the_one_above() {
    let document = read("<h2 id=a>A</h2><h3>B</h3><p>x<h2>C</h2><p>y", SourceFormat::Html);
    assert_eq!(outline(&document), ["A > B #a: x", "C: y"]);
}

#[test]
fn accordions_give_headings_that_end_with_them() {
    let page = "<main><h2>FAQ</h2><details><summary>Why?</summary><p>Because.</details><p>After.\
                <button aria-controls=p1>How so?</button><div id=p1 hidden>Like so.</div>";
    let document = read(page, SourceFormat::Html);
    assert_eq!(
        outline(&document),
        ["FAQ > Why?: Because.", "FAQ: After.", "FAQ > How so?: Like so."]
    );
}

#[test]
fn headings_without_text_below_become_text() {
    let page =
        "<main><h2>Why us</h2><h3>Free returns within 30 days</h3><h3>Made in Norway</h3></main>";
    assert_eq!(
        outline(&read(page, SourceFormat::Html)),
        ["Why us: Free returns within 30 days", "Why us: Made in Norway"]
    );
}

#[test]
fn bold_line_above_text_is_its_heading() {
    let document =
        read("**Opening hours**\n\nDaily.\n\n**Important note**", SourceFormat::Markdown);
    assert_eq!(outline(&document), ["Opening hours: Daily.", "Opening hours: **Important note**"]);
}

#[test]
fn inline_markup_becomes_markdown() {
    for (page, expected) in [
        ("<p>a <b>bold</b> <i>word</i></p>", "a **bold** *word*"),
        (
            "<p><a href='/x y'>link</a> <a href='javascript:x'>no</a>",
            "[link](https://shop.example/x%20y) no",
        ),
        ("<p>run <code>a  b</code><br>now", "run `a b`  \nnow"),
        ("<p>fact<sup><a href='#n1'>[1]</a></sup>.", "fact."),
        ("<p>see [2] &amp; *this*", "see \\[2\\] & \\*this\\*"),
        ("<a href=/p><div><h3>Card title here</h3><p>Text</p></div></a>", "Text"),
        ("one <p>two</p> three", "one\n\ntwo\n\nthree"),
        ("<ruby>漢<rt>kan</rt></ruby>字", "漢字"),
    ] {
        assert_eq!(html(page), expected, "{page}");
    }
}

#[test]
fn lists_become_markdown_lists() {
    let page =
        "<ul><li>one<ul><li>deep</ul><li><p>two</p><p>more</p></ul><ol start=3><li>c<li>d</ol>";
    assert_eq!(html(page), "- one\n  - deep\n- two\n\n  more\n\n3. c\n4. d");
    assert_eq!(
        html("<dl><dt>Weight<dd>300 g<dt>Size<dd>M</dl>"),
        "- **Weight**: 300 g\n- **Size**: M"
    );
    assert_eq!(html("<p>x<ul><li><a href='#a'>A</a><li><a href='#b'>B</a></ul>"), "x");
}

#[test]
fn questions_in_definition_lists_become_headings() {
    let document = read("<dl><dt>Why?<dd>Because.<dt>How?<dd>Well.</dl><p>x", SourceFormat::Html);
    assert_eq!(outline(&document), ["Why?: Because.", "How?: Well.", ": x"]);
}

#[test]
fn data_tables_become_markdown_and_layout_tables_vanish() {
    for (page, expected) in [
        (
            "<table><tr><th>Size<th>EU<tr><td>M<td>48|50</table>",
            "| Size | EU |\n| --- | --- |\n| M | 48\\|50 |",
        ),
        (
            "<table><caption>Sizes<thead><tr><th>A<th>B<tbody><tr><td rowspan=2>x<td>1<tr><td>2</table>",
            "Sizes\n\n| A | B |\n| --- | --- |\n| x | 1 |\n| x | 2 |",
        ),
        ("<table><tr><th>Weight<td>300 g<tr><th>Size<td>M</table>", "- Weight: 300 g\n- Size: M"),
        ("<table><tr><td><h2>A</h2><p>x<td><p>y</table>", "x\n\ny"),
        ("<table><tr><td colspan=999999999>a<td>b<tr><td>c<td rowspan=-1>d</table>", ""),
    ] {
        if expected.is_empty() {
            assert!(html(page).len() < 1000);
        } else {
            assert_eq!(html(page), expected, "{page}");
        }
    }
}

#[test]
fn code_keeps_its_lines_and_language() {
    let page = "<pre><code class='language-rust hljs'>fn <span>main</span>() {\n\n    x();\n}\n</code></pre>";
    assert_eq!(html(page), "```rust\nfn main() {\n\n    x();\n}\n```");
}

#[test]
fn markdown_is_rebuilt_with_absolute_links_and_without_images() {
    for (text, expected) in [
        ("see [this][r].\n\n[r]: /x", "see [this](https://shop.example/x)."),
        ("![logo](a.png) Hello\nthere", "Hello there"),
        ("* a\n* b\n\n  c", "- a\n- b\n\n  c"),
        ("a | b\n--|--\n1 | `x`", "| a | b |\n| --- | --- |\n| 1 | `x` |"),
        ("~~~py\nx = 1\n~~~", "```py\nx = 1\n```"),
        ("> q\n> r", "> q r"),
        ("<div>raw <b>html</b></div>", "raw **html**"),
        ("- [x] done", "- ☑ done"),
    ] {
        assert_eq!(markdown(text), expected, "{text}");
    }
}

#[test]
fn front_matter_names_the_page() {
    let text = "---\ntitle: \"Returns\"\nlang: de\ncanonical: https://shop.example/r\n---\n# Other\n\nText.";
    let document = read(text, SourceFormat::Markdown);
    assert_eq!(document.title.as_deref(), Some("Returns"));
    assert_eq!(document.language.as_deref(), Some("de"));
    assert_eq!(document.canonical_url.as_deref(), Some("https://shop.example/r"));
    assert_eq!(outline(&document), ["Other: Text."]);
}

#[test]
fn markdown_headings_have_anchors_only_when_the_page_does() {
    let text = "# Shop\n\n## What's new?\n\na\n\n## What's new?\n\nb\n\n## Own {#mine}\n\nc";
    let anchors = |anchors| -> Vec<Option<String>> {
        let source =
            Source { text, format: SourceFormat::Markdown, title: None, url: None, anchors };
        extract(&source).blocks.into_iter().map(|block| block.anchor).collect()
    };
    assert_eq!(anchors(Anchors::Own), [None, None, Some("mine".to_owned())]);
    let slugs = ["whats-new", "whats-new-1", "mine"].map(|slug| Some(slug.to_owned()));
    assert_eq!(anchors(Anchors::Slugs), slugs);
}

#[test]
fn details_split_by_blank_lines_in_markdown_keep_their_heading() {
    let text = "<details>\n<summary>Why?</summary>\n\nBecause.\n\n</details>\n\nAfter.";
    assert_eq!(outline(&read(text, SourceFormat::Markdown)), ["Why?: Because.", ": After."]);
}

#[test]
fn plain_text_shows_its_structure() {
    let text = "Opening hours\n\nMon-Fri\n10-18\n\nDo you ship abroad?\n\nYes, to:\n- Norway\n- Sweden\n  and Åland\n\n\
                This line was wrapped by an editor that breaks lines at about seventy\ncharacters or so.";
    let document = read(text, SourceFormat::Text);
    assert_eq!(document.title.as_deref(), Some("Opening hours"));
    assert_eq!(
        outline(&document),
        [
            ": Mon-Fri  \n10-18",
            "Do you ship abroad?: Yes, to:",
            "Do you ship abroad?: - Norway\n- Sweden and Åland",
            "Do you ship abroad?: This line was wrapped by an editor that breaks lines at about seventy characters or so.",
        ]
    );
}

#[test]
fn plain_text_leaves_out_marks_and_targets() {
    let text = "**Bold** [link](https://x.example/y) `code`\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n![alt](i.png)";
    let plain = plain_text(text);
    assert_eq!(
        plain.split_whitespace().collect::<Vec<_>>(),
        ["Bold", "link", "code", "a", "b", "1", "2"]
    );
}

/// Cuts, repeats and garbles in a fixed order: whatever is fetched from the web must give some document.
#[test]
fn no_input_makes_it_panic() {
    let page = "<!doctype html><html lang=de><title>T</title><main><h1 id=a>Ü</h1><p>a <b>b<i>c</b>d</i> \
        <a href='/x'>y</a><ul><li>1<li>2<ol><li>3</ol></ul><table><tr><th>k<td>v<tr><td rowspan=3>1</table>\
        <pre><code>x\ny</code></pre><dl><dt>t?<dd>d</dl><details><summary>s</summary>z</details>\
        <blockquote>q</blockquote><svg><path/></svg><math><mi>x</mi></math><template><p>t</template></main>";
    let text = "---\ntitle: x\n---\n# A\n\n* b\n  1. c\n\n> q\n> - r\n\n| a | b |\n|---|---|\n| 1 |\n\n```x\ny\n```\n\n\
        [l]: <u> 'v'\n[l] ![i][l] **a *b** c* `d`` <div>\n\n<details>\n\n- [ ] t\n\n[^1] x\n\n[^1]: note\n";
    let noise = [
        "<",
        ">",
        "\"",
        "</",
        "&#x110000;",
        "\u{0}",
        "\u{202e}",
        "|",
        "***",
        "日本",
        "[",
        "](",
        "<table>",
        "</p>",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    for round in 0..200 {
        let whole = if round % 2 == 0 { page } else { text };
        let characters: Vec<char> = whole.chars().collect();
        let mut garbled: String = characters[..random(characters.len())].iter().collect();
        for _ in 0..random(6) {
            let mut at = random(garbled.len() + 1);
            while !garbled.is_char_boundary(at) {
                at -= 1;
            }
            garbled.insert_str(at, noise[random(noise.len())]);
        }
        for format in [SourceFormat::Html, SourceFormat::Markdown, SourceFormat::Text] {
            let document = read(&garbled, format);
            for chunk in super::super::chunk(&document, document.analysis_language(None)) {
                assert!(!super::super::sentences(&chunk.text).is_empty());
            }
        }
    }
}

#[test]
fn bottomless_nesting_ends_soon() {
    for text in [
        "<div>".repeat(50_000),
        "<ul><li>".repeat(50_000),
        "<table><tr><td>".repeat(20_000),
        "<blockquote>x".repeat(20_000),
        "<b><i>".repeat(20_000),
    ] {
        read(&text, SourceFormat::Html);
    }
    for text in [
        format!("{}x", "> ".repeat(5_000)),
        format!("{}x", "- ".repeat(5_000)),
        "*a **b ".repeat(5_000),
        "[".repeat(50_000),
    ] {
        read(&text, SourceFormat::Markdown);
    }
}
