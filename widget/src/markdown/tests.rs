//! What documents become, by section of the specification; and that no input, whole or cut short, is too much.

use std::time::{Duration, Instant};

use super::{Align, Block, Inline, parse};

mod cases;

/// Writes a document down in the manner of HTML.
fn show(blocks: &[Block]) -> String {
    blocks.iter().map(show_block).collect()
}

fn wrap(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{}>", name.split(' ').next().unwrap_or_default())
}

fn show_block(block: &Block) -> String {
    match block {
        Block::Paragraph(content) => wrap("p", &show_inlines(content)),
        Block::Heading { level, content } => wrap(&format!("h{level}"), &show_inlines(content)),
        Block::List { ordered, start, items } => {
            let name = if *ordered { format!("ol {start}") } else { "ul".into() };
            wrap(&name, &items.iter().map(|item| wrap("li", &show(item))).collect::<String>())
        }
        Block::Code { language, text } => wrap(format!("pre {language}").trim(), text),
        Block::Quote(blocks) => wrap("q", &show(blocks)),
        Block::Table { align, head, rows } => {
            let letter = |align: &Align| match align {
                Align::None => '-',
                Align::Left => 'l',
                Align::Center => 'c',
                Align::Right => 'r',
            };
            let row = |cells: &Vec<Vec<Inline>>| {
                wrap(
                    "tr",
                    &cells.iter().map(|cell| wrap("td", &show_inlines(cell))).collect::<String>(),
                )
            };
            let name = format!("table {}", align.iter().map(letter).collect::<String>());
            wrap(&name, &(row(head) + &rows.iter().map(row).collect::<String>()))
        }
        Block::Rule => "<hr>".into(),
    }
}

fn show_inlines(content: &[Inline]) -> String {
    content.iter().map(show_inline).collect()
}

fn show_inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => text.clone(),
        Inline::Strong(content) => wrap("b", &show_inlines(content)),
        Inline::Emphasis(content) => wrap("i", &show_inlines(content)),
        Inline::Strike(content) => wrap("s", &show_inlines(content)),
        Inline::Code(text) => wrap("code", text),
        Inline::Link { href, content } => wrap(&format!("a {href}"), &show_inlines(content)),
        Inline::Image { src, alt } => wrap(&format!("img {src}"), alt),
        Inline::Citation(number) => format!("<cite {number}>"),
        Inline::Break => "<br>".into(),
    }
}

#[test]
fn documents_become_what_the_specification_says() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (section, cases) in cases::SECTIONS {
        for (markdown, expected) in *cases {
            count += 1;
            let found = show(&parse(markdown, false));
            if found != *expected {
                wrong.push(format!(
                    "{section}: {markdown:?}\n  expected {expected}\n  found    {found}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn neighbouring_text_is_one_piece() {
    assert_eq!(
        parse("a * b [c] \\* &amp; _d", false),
        [Block::Paragraph(vec![Inline::Text("a * b [c] * & _d".into())])]
    );
}

#[test]
fn complete_blocks_stay_as_they_are_while_more_is_coming() {
    let text = cases::DOCUMENT;
    let whole = parse(text, false);
    for (at, _) in text.char_indices().filter(|(at, _)| text[..*at].ends_with("\n\n")) {
        let part = parse(&text[..at], true);
        let kept = part.len().saturating_sub(1);
        assert_eq!(part[..kept], whole[..kept], "{at}");
    }
}

#[test]
fn every_beginning_of_a_document_has_its_text() {
    let text = cases::DOCUMENT;
    for (at, char) in text.char_indices() {
        let end = at + char.len_utf8();
        for grows in [false, true] {
            // An address that is still being written is left out.
            let address = text[..end].rfind("](").filter(|at| !text[*at..end].contains(')'));
            let seen = address.filter(|_| grows).unwrap_or(end);
            let shown = show(&parse(&text[..end], grows));
            for word in text[..seen]
                .split(|char: char| !char.is_alphanumeric())
                .filter(|word| word.len() > 4)
            {
                assert!(shown.contains(word), "{word} is missing from {shown}");
            }
        }
    }
}

#[test]
fn marks_of_emphasis_are_never_seen_while_their_text_is_being_written() {
    let text =
        "It is **very _good_** and `let a = 1;` is ***so*** ~~bad~~.\n\n- an **item\n  of** two";
    for at in 1..text.len() {
        let shown = show(&parse(&text[..at], true));
        assert!(!shown.contains(['*', '`', '~']), "{:?}: {shown}", &text[..at]);
    }
    assert_eq!(show(&parse("a **b", true)), "<p>a <b>b</b></p>");
    assert_eq!(
        show(&parse("see [our **page**](https://a.b/c", true)),
        "<p>see our <b>page</b></p>"
    );
    assert_eq!(
        show(&parse("see [x](https://a.b/c d", true)),
        "<p>see [x](<a https://a.b/c>https://a.b/c</a> d</p>"
    );
    assert_eq!(show(&parse("a **b `c", true)), "<p>a <b>b <code>c</code></b></p>");
    // What no closing mark could make emphasis of stays, and so does all that is not at the end.
    assert_eq!(show(&parse("2*3 is 6, 2 * 3 too", true)), "<p>2*3 is 6, 2 * 3 too</p>");
    assert_eq!(show(&parse("a **b\n\nc", true)), "<p>a **b</p><p>c</p>");
    assert_eq!(show(&parse("a **b", false)), "<p>a **b</p>");
}

/// A generator of the same numbers every time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// Checks what the renderer relies on.
fn check(blocks: &[Block], depth: usize) {
    assert!(depth <= super::MAX_DEPTH, "too deep");
    for block in blocks {
        match block {
            Block::Paragraph(content) => check_inlines(content, 0, false),
            Block::Heading { level, content } => {
                assert!((1..=6).contains(level));
                check_inlines(content, 0, false);
            }
            Block::List { items, .. } => items.iter().for_each(|item| check(item, depth + 1)),
            Block::Quote(blocks) => check(blocks, depth + 1),
            Block::Table { align, head, rows } => {
                assert!(align.len() == head.len() && !head.is_empty());
                for row in rows.iter().chain([head]) {
                    assert!(row.len() <= head.len());
                    for cell in row {
                        check_inlines(cell, 0, false);
                    }
                }
            }
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn check_inlines(content: &[Inline], depth: usize, linked: bool) {
    assert!(depth <= super::MAX_DEPTH, "too deep");
    for inline in content {
        match inline {
            Inline::Text(text) => assert!(!text.is_empty()),
            Inline::Strong(content) | Inline::Emphasis(content) | Inline::Strike(content) => {
                check_inlines(content, depth + 1, linked);
            }
            Inline::Link { href, content } => {
                let lower = href.to_ascii_lowercase();
                assert!(
                    ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|scheme| lower.starts_with(scheme))
                );
                assert!(!linked && !content.is_empty() && !href.contains(char::is_control));
                check_inlines(content, depth + 1, true);
            }
            Inline::Image { src, .. } => assert!(src.to_ascii_lowercase().starts_with("http")),
            Inline::Citation(number) => assert!(!linked && (1..=99).contains(number)),
            Inline::Code(_) | Inline::Break => {}
        }
    }
}

#[test]
fn garbled_input_never_breaks_a_promise() {
    let pieces = [
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "~~~",
        "[",
        "]",
        "(",
        ")",
        "](",
        "![",
        "<",
        ">",
        "> ",
        "- ",
        "1. ",
        "2) ",
        "# ",
        "\n",
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "|",
        "|-|-|",
        "---",
        "\\",
        "&amp;",
        "&",
        "a",
        "b c",
        "é",
        "漢字",
        "。",
        "🦀",
        "https://a.example/(b)",
        "javascript:",
        "mailto:x@y.z",
        "[1]",
        "[12][3]",
        "\"",
        "'",
        ":",
        "\r\n",
        "\0",
        "\u{202e}",
        "<br>",
    ];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..numbers.below(60) {
            text.push_str(pieces[numbers.below(pieces.len())]);
        }
        check(&parse(&text, false), 0);
        check(&parse(&text, true), 0);
    }
    for _ in 0..400 {
        let mut text: Vec<char> = cases::DOCUMENT.chars().collect();
        for _ in 0..20 {
            let (from, to) = (numbers.below(text.len()), numbers.below(text.len()));
            text.swap(from, to);
        }
        check(&parse(&text.iter().collect::<String>(), false), 0);
    }
}

#[test]
fn large_hostile_input_takes_linear_time() {
    let nested: String = (0..400).map(|depth| "  ".repeat(depth) + "- a\n").collect();
    let alternating: String =
        (0..50_000).map(|at| if at % 2 == 0 { "*a_ " } else { "_a* " }).collect();
    let ticks: String = (1..400).map(|length| "`".repeat(length) + " ").collect();
    let units = [
        "[",
        "]",
        "![",
        "[]",
        "[a](",
        "[a](b",
        "[](",
        "[a](<b",
        "[a](b \"",
        "[a](b 'c\"",
        "[1]",
        "[1][",
        "[a](https://b.c)",
        "![a",
        "*",
        "**a ",
        "*a **b ",
        "a**b",
        "_a",
        "~~a",
        "*a*_b",
        "> ",
        ">",
        "- ",
        "-",
        "1. ",
        "# ",
        "`",
        "`a``",
        "\\",
        "\\`",
        "&",
        "&amp;",
        "<",
        "<a",
        "<https:",
        "<a@b.c",
        "https://",
        "https://a)",
        "http://a.b/(",
        "|",
        "a|",
        "|-",
        "\t",
        " ",
        "\n",
        "a\n",
        "> a\n",
        "- a\n",
        "* * a\n",
        "```\n",
        "|a|\n|-|\n",
        "a\n|-|\n",
        "- a\n\n",
        "  \n- ",
        "!",
        "<br>",
        "漢**",
        "[[a](https://b.c)",
    ];
    let mut inputs: Vec<String> =
        units.iter().map(|unit| unit.repeat(100_000 / unit.len())).collect();
    inputs.extend([nested, alternating, ticks]);
    for open in ["![", "[", "*a ", "**a "] {
        let close = if open.contains('[') { "](https://b.c)" } else { " a**" };
        inputs.push(open.repeat(10_000) + "x" + &close.repeat(10_000));
    }
    let wide = ["|a".repeat(20_000), "|-".repeat(20_000)].join("\n") + &"\nb".repeat(20_000);
    inputs.push(wide);
    for input in inputs {
        let start = Instant::now();
        check(&parse(&input, false), 0);
        check(&parse(&input, true), 0);
        // Quadratic work would take minutes; a slow machine does not take seconds.
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", input.get(..20));
    }
}
