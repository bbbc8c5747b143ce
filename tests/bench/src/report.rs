//! The report: a table of figures with their goals.

use std::time::Duration;

use anyhow::Result;

/// Prints a line.
#[expect(clippy::print_stdout, reason = "the report is what this program is for")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// What a figure should be, in which unit, and what it is.
pub(crate) enum Goal {
    /// At most the first number.
    AtMost(&'static str, f64, f64),
    /// At least the first number.
    AtLeast(&'static str, f64, f64),
    /// Nothing was promised.
    None(&'static str, f64),
}

/// One line of the table.
pub(crate) struct Row<'a> {
    pub(crate) name: &'a str,
    pub(crate) floor: String,
    pub(crate) natter: String,
    pub(crate) goal: Goal,
}

/// The table's head.
pub(crate) fn heading(flush: Duration) {
    say(&format!(
        "Server. The floor passes the provider's stream through and keeps nothing; Natter keeps every turn in SQLite with\n\
         synchronous=FULL, on a disk that takes {:.2} ms to make 4 KiB durable.\n",
        flush.as_secs_f64() * 1e3
    ));
    say(&format!("{:<38}{:>11}{:>11}  {:<22}goal", "", "floor", "natter", "figure"));
}

/// Prints one line.
pub(crate) fn row(row: &Row) {
    let (unit, value, goal, met) = match row.goal {
        Goal::AtMost(unit, goal, value) => {
            (unit, value, format!("<= {goal:.3}"), Some(value <= goal))
        }
        Goal::AtLeast(unit, goal, value) => {
            (unit, value, format!(">= {goal:.3}"), Some(value >= goal))
        }
        Goal::None(unit, value) => (unit, value, String::new(), None),
    };
    let goal = goal.trim_end_matches('0').trim_end_matches('.');
    let word = match met {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "",
    };
    let figure = format!("{value:.2} {unit}");
    say(format!(
        "{:<38}{:>11}{:>11}  {figure:<22}{goal:<10}{word}",
        row.name, row.floor, row.natter
    )
    .trim_end());
}

/// Measures both sides in turn, so that what else the machine does falls on both. Gives the medians of the figures.
pub(crate) async fn alternate<S, const N: usize>(
    rounds: usize,
    sides: &[S; 2],
    measure: impl AsyncFn(&S) -> Result<[f64; N]>,
) -> Result<[[f64; N]; 2]> {
    let mut rows = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (side, rows) in sides.iter().zip(&mut rows) {
            rows.push(measure(side).await?);
        }
    }
    Ok(rows.map(|rows| std::array::from_fn(|at| median(rows.iter().map(|row| row[at]).collect()))))
}

/// The figure in the middle.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
