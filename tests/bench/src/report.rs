//! The report.

use anyhow::Result;

use crate::load::{Held, Target};
use crate::process::{self, Floor, Natter};

/// Prints a line.
#[expect(clippy::print_stdout, reason = "the report is what this program is for")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Medians of the floor and of Natter.
pub(crate) struct Pair {
    floor: f64,
    natter: f64,
}

/// Measures both in turn, so that what else the machine does falls on both.
pub(crate) async fn alternate(
    rounds: usize,
    targets: &[Target; 2],
    measure: impl AsyncFn(&Target) -> Result<f64>,
) -> Result<Pair> {
    let mut figures = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (target, figures) in targets.iter().zip(&mut figures) {
            figures.push(measure(target).await?);
        }
    }
    let [floor, natter] = figures.map(median);
    Ok(Pair { floor, natter })
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn first_token(pair: &Pair) {
    say(&format!(
        "first token, one at a time:   floor {:.2} ms, natter {:.2} ms, ratio {:.2} (goal 1.5)",
        pair.floor * 1e3,
        pair.natter * 1e3,
        pair.natter / pair.floor,
    ));
}

pub(crate) fn turns(pair: &Pair, floor: &Floor, natter: &Natter) {
    say(&format!(
        "turns, 32 connections x 20 tokens: floor {:.0}/s, natter {:.0}/s, floor / natter {:.2} (goal 2)",
        pair.floor,
        pair.natter,
        pair.floor / pair.natter,
    ));
    if let (Ok(floor), Ok(natter)) = (process::cpu(floor.id()), process::cpu(natter.id())) {
        say(&format!(
            "processor time so far:        floor {:.1} s, natter {:.1} s",
            floor.as_secs_f64(),
            natter.as_secs_f64(),
        ));
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) fn held(target: &Target, count: usize, before: u64, held: &Held) {
    let each = held.memory.saturating_sub(before) as f64 / 1024.0 / count as f64;
    say(&format!(
        "{count} held streams, {}: {} ended, {} failed, {each:.1} KiB each (goal 48)",
        target.name(),
        held.ended,
        held.failed,
    ));
}
