//! What every source format is read into: a tree of blocks whose text is already inline Markdown. It is written out
//! as canonical Markdown, so that whatever reads a block later meets one style of list, table and code.

use super::inline::longest_run;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Opens a section. The text is plain.
    Heading { level: u8, text: String, anchor: Option<String> },
    /// Closes all sections of this level or deeper, as the end of an HTML `details` does.
    Close(u8),
    /// Inline Markdown.
    Paragraph(String),
    /// Items in order; the number is the first item's when they are counted.
    List { start: Option<u64>, items: Vec<Vec<Node>> },
    /// Cells are inline Markdown.
    Table { header: Vec<String>, rows: Vec<Vec<String>> },
    /// Verbatim text with the name of its language, which may be empty.
    Code { language: String, text: String },
    /// Quoted blocks.
    Quote(Vec<Node>),
}

/// Writes blocks with a blank line between them.
pub(super) fn render(nodes: &[Node]) -> String {
    let mut out = String::new();
    for node in nodes {
        let text = render_one(node);
        if !text.is_empty() {
            if !out.is_empty() {
                out.push_str("\n\n");
            }
            out.push_str(&text);
        }
    }
    out
}

/// Writes one block.
pub(super) fn render_one(node: &Node) -> String {
    match node {
        Node::Heading { text, .. } if text.is_empty() => String::new(),
        Node::Heading { text, .. } => {
            let mut line = super::inline::Inline::default();
            line.text(text);
            format!("**{}**", line.finish())
        }
        Node::Close(_) => String::new(),
        Node::Paragraph(text) => text.clone(),
        Node::List { start, items } => render_list(*start, items),
        Node::Table { header, rows } => render_table(header, rows),
        Node::Code { language, text } => render_code(language, text),
        Node::Quote(nodes) => prefix_lines(&render(nodes), "> ", ">"),
    }
}

fn render_list(start: Option<u64>, items: &[Vec<Node>]) -> String {
    let mut out = String::new();
    for (number, item) in (start.unwrap_or_default()..).zip(items) {
        let body = render_item(item);
        if body.is_empty() {
            continue;
        }
        let marker = start.map_or_else(|| "- ".to_owned(), |_| format!("{number}. "));
        if !out.is_empty() {
            out.push('\n');
        }
        let indent = " ".repeat(marker.len());
        out.push_str(&marker);
        out.push_str(prefix_lines(&body, &indent, "").trim_start());
    }
    out
}

/// A nested list follows its item's text directly; other blocks need a blank line.
fn render_item(nodes: &[Node]) -> String {
    let mut out = String::new();
    for node in nodes {
        let text = render_one(node);
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if matches!(node, Node::List { .. }) { "\n" } else { "\n\n" });
        }
        out.push_str(&text);
    }
    out
}

fn prefix_lines(text: &str, prefix: &str, empty: &str) -> String {
    let mut out = String::with_capacity(text.len() + prefix.len() * 4);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(if line.is_empty() { empty } else { prefix });
        out.push_str(line);
    }
    out
}

fn render_table(header: &[String], rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    if columns == 0 {
        return String::new();
    }
    let mut out = table_row(header, columns);
    out.push('\n');
    out.push_str(&"| --- ".repeat(columns));
    out.push('|');
    for row in rows {
        out.push('\n');
        out.push_str(&table_row(row, columns));
    }
    out
}

fn table_row(cells: &[String], columns: usize) -> String {
    let mut out = String::from("|");
    for column in 0..columns {
        let cell = cells.get(column).map_or("", String::as_str);
        let cell = cell.replace("  \n", "; ").replace('\n', " ").replace('|', "\\|");
        out.push(' ');
        out.push_str(&cell);
        out.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    out
}

fn render_code(language: &str, text: &str) -> String {
    let text = text.trim_matches('\n').trim_end();
    if text.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    let language: String =
        language.chars().filter(|c| c.is_ascii_alphanumeric() || "+#-_.".contains(*c)).collect();
    format!("{fence}{language}\n{text}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Node {
        Node::Paragraph(text.to_owned())
    }

    #[test]
    fn lists_are_indented_by_the_width_of_their_marker() {
        let inner = Node::List { start: None, items: vec![vec![paragraph("deep")]] };
        let list = Node::List {
            start: Some(9),
            items: vec![vec![paragraph("nine"), inner], vec![paragraph("ten"), paragraph("more")]],
        };
        assert_eq!(render(&[list]), "9. nine\n   - deep\n10. ten\n\n    more");
    }

    #[test]
    fn tables_escape_pipes_and_fill_short_rows() {
        let table = Node::Table {
            header: vec!["a|b".to_owned(), "c".to_owned()],
            rows: vec![vec!["1".to_owned()]],
        };
        assert_eq!(render(&[table]), "| a\\|b | c |\n| --- | --- |\n| 1 | |");
    }

    #[test]
    fn code_keeps_its_lines_and_gets_a_fence_that_it_does_not_contain() {
        let code = Node::Code { language: "rust".to_owned(), text: "\n  a\n\n```\n".to_owned() };
        assert_eq!(render(&[code]), "````rust\n  a\n\n```\n````");
    }

    #[test]
    fn quotes_keep_their_inner_blocks() {
        let quote = Node::Quote(vec![paragraph("one"), paragraph("two")]);
        assert_eq!(render(&[quote]), "> one\n>\n> two");
    }
}
