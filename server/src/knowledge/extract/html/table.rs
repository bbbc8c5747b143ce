//! Tables: data tables become Markdown tables, tables that only lay out the page are read as if they were not there.

use super::super::dom::NodeId;
use super::super::tree::{self, Node};
use super::Walker;

/// Wider or taller cells are taken as this wide or tall.
const MAX_SPAN: usize = 30;

struct Cell {
    text: String,
    is_header: bool,
    columns: usize,
    rows: usize,
}

impl Walker<'_> {
    pub(super) fn table(&mut self, id: NodeId, depth: usize) {
        let rows = self.rows(id);
        if self.is_layout(id, &rows) {
            self.block(id, depth);
            return;
        }
        let dom = self.dom;
        if let Some(caption) = dom.children(id).find(|&child| dom.tag(child) == Some("caption")) {
            self.block(caption, depth);
        }
        let mut read: Vec<Vec<Cell>> = Vec::new();
        let mut head = 0;
        for &(row, in_head) in &rows {
            let cells: Vec<Cell> = dom
                .children(row)
                .filter(|&cell| matches!(dom.tag(cell), Some("td" | "th")))
                .map(|cell| self.cell(cell, depth + 2))
                .collect();
            if cells.iter().all(|cell| cell.text.is_empty()) {
                continue;
            }
            read.push(cells);
            if in_head {
                head = read.len();
            }
        }
        let node = build(&read, head);
        self.push(node);
    }

    /// The table's own rows, and whether each stands in `thead`.
    fn rows(&self, id: NodeId) -> Vec<(NodeId, bool)> {
        let mut rows = Vec::new();
        for child in self.dom.children(id) {
            match self.dom.tag(child) {
                Some("tr") => rows.push((child, false)),
                Some(part @ ("thead" | "tbody" | "tfoot")) => rows.extend(
                    self.dom
                        .children(child)
                        .filter(|&row| self.dom.tag(row) == Some("tr"))
                        .map(|row| (row, part == "thead")),
                ),
                _ => {}
            }
        }
        rows
    }

    fn is_layout(&self, id: NodeId, rows: &[(NodeId, bool)]) -> bool {
        let columns = rows
            .iter()
            .map(|&(row, _)| {
                self.dom
                    .children(row)
                    .filter(|&cell| matches!(self.dom.tag(cell), Some("td" | "th")))
                    .count()
            })
            .max()
            .unwrap_or(0);
        columns < 2
            || matches!(self.dom.attribute(id, "role"), Some("presentation" | "none"))
            || self.dom.subtree(id).skip(1).any(|node| {
                matches!(
                    self.dom.tag(node),
                    Some("table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "form")
                )
            })
    }

    fn cell(&mut self, id: NodeId, depth: usize) -> Cell {
        let nodes = self.gather(id, depth);
        let span = |name| {
            self.dom
                .attribute(id, name)
                .and_then(|span| span.trim().parse::<usize>().ok())
                .unwrap_or(1)
                .clamp(1, MAX_SPAN)
        };
        Cell {
            text: one_line(&nodes),
            is_header: self.dom.tag(id) == Some("th"),
            columns: span("colspan"),
            rows: span("rowspan"),
        }
    }
}

fn one_line(nodes: &[Node]) -> String {
    let mut parts = Vec::new();
    for node in nodes {
        match node {
            Node::List { items, .. } => parts.extend(items.iter().map(|item| one_line(item))),
            other => parts.push(tree::render_one(other).replace("  \n", "; ").replace('\n', " ")),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// A cell that spans rows is repeated in each, so that every row can be quoted alone.
fn build(read: &[Vec<Cell>], head: usize) -> Node {
    let mut carried: Vec<(usize, String)> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for cells in read {
        let mut row: Vec<String> = Vec::new();
        let mut take_carried = |row: &mut Vec<String>| {
            while let Some((left, text)) = carried.get_mut(row.len()).filter(|(left, _)| *left > 0)
            {
                *left -= 1;
                row.push(text.clone());
            }
        };
        let mut spans = Vec::new();
        for cell in cells {
            take_carried(&mut row);
            if cell.rows > 1 {
                spans.push((row.len(), cell.rows - 1, cell.text.clone()));
            }
            row.push(cell.text.clone());
            row.extend(std::iter::repeat_n(String::new(), cell.columns - 1));
        }
        take_carried(&mut row);
        for (column, left, text) in spans {
            if carried.len() <= column {
                carried.resize(column + 1, (0, String::new()));
            }
            carried[column] = (left, text);
        }
        rows.push(row);
    }
    let starts_with_key =
        |cells: &Vec<Cell>| cells[0].is_header && !cells.iter().all(|cell| cell.is_header);
    let first_is_header = read.first().is_some_and(|cells| !starts_with_key(cells));
    let header = if head > 0 && head < rows.len() {
        let header = rows.drain(..head).next_back();
        header.unwrap_or_default()
    } else if first_is_header && rows.len() > 1 {
        rows.remove(0)
    } else {
        Vec::new()
    };
    if header.is_empty() && rows.iter().all(|row| row.len() == 2) {
        return key_values(rows);
    }
    Node::Table { header, rows }
}

/// Two columns without a header are names and values, which read better as a list.
fn key_values(rows: Vec<Vec<String>>) -> Node {
    let items = rows
        .into_iter()
        .map(|row| {
            let key = row[0].trim_end_matches(':');
            let text = match (key.is_empty(), row[1].is_empty()) {
                (true, _) => row[1].clone(),
                (_, true) => key.to_owned(),
                _ => format!("{key}: {}", row[1]),
            };
            vec![Node::Paragraph(text)]
        })
        .collect();
    Node::List { start: None, items }
}
