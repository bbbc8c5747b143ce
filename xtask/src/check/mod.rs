//! `cargo xtask test`: every check, cheap ones before those that build for release.

mod deps;
mod imports;
mod licence;
mod steps;
mod tidy;

use std::time::Instant;

use anyhow::Result;

use crate::assets;
use crate::say;
use crate::workspace::Workspace;

/// One check: its name, what it does in a few words, and the work.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const STEPS: [Step; 12] = [
    Step { name: "fmt", about: "formatting", run: steps::fmt },
    Step { name: "clippy", about: "lints, all crates and targets", run: steps::clippy },
    Step {
        name: "clippy-widget",
        about: "lints, the widget as browsers get it",
        run: steps::clippy_widget,
    },
    Step { name: "doc", about: "the documentation builds without a warning", run: steps::doc },
    Step { name: "deps", about: "licences and duplicate dependencies", run: deps::run },
    Step { name: "tidy", about: "the rules of the house that no compiler knows", run: tidy::run },
    Step {
        name: "types",
        about: "the declarations for TypeScript are those of the wire types",
        run: crate::types::check,
    },
    Step { name: "unit", about: "unit, HTTP and documentation tests", run: steps::unit },
    Step {
        name: "size",
        about: "the release build and its size budgets",
        run: crate::dist::command,
    },
    Step { name: "browser", about: "Playwright in Chromium", run: steps::browser },
    Step { name: "package", about: "the npm package, from its tarball", run: steps::package },
    Step { name: "compat", about: "other people's clients", run: steps::compat },
];

/// The names of all steps, in order.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Which steps to run, and whether to go on after a failure.
pub(crate) struct Plan {
    steps: Vec<&'static Step>,
    keep_going: bool,
}

/// How one step ended.
enum End {
    Passed,
    Failed,
    NotRun,
}

impl Plan {
    /// Reads `[STEP…] [--keep-going]`; no step means all of them. `None` when there is no such step.
    pub(crate) fn parse(arguments: &[String]) -> Option<Self> {
        let (flags, wanted): (Vec<&String>, Vec<&String>) =
            arguments.iter().partition(|text| text.starts_with("--"));
        if flags.iter().any(|flag| *flag != "--keep-going") {
            return None;
        }
        if wanted.iter().any(|name| !names().contains(&name.as_str())) {
            return None;
        }
        let steps = STEPS
            .iter()
            .filter(|step| wanted.is_empty() || wanted.iter().any(|name| *name == step.name));
        Some(Self { steps: steps.collect(), keep_going: !flags.is_empty() })
    }

    /// Runs the steps and prints a summary, whose last line counts them. Returns whether all passed.
    pub(crate) fn run(&self, workspace: &Workspace) -> bool {
        let mut ends = Vec::new();
        let mut stopped = false;
        for step in &self.steps {
            if stopped {
                ends.push((step.name, End::NotRun, String::new()));
                continue;
            }
            say::step(&format!("== {}: {}", step.name, step.about));
            let start = Instant::now();
            let result = assets::ensure_manifest(workspace).and_then(|()| (step.run)(workspace));
            let time = say::duration(start.elapsed());
            if let Err(error) = &result {
                say::error(&format!("xtask: {} failed: {error:#}", step.name));
                stopped = !self.keep_going;
            }
            ends.push((step.name, if result.is_ok() { End::Passed } else { End::Failed }, time));
        }
        summary(&ends)
    }
}

fn summary(ends: &[(&str, End, String)]) -> bool {
    say::line("");
    for (name, end, time) in ends {
        let word = match end {
            End::Passed => "passed",
            End::Failed => "FAILED",
            End::NotRun => "not run",
        };
        say::line(&format!("{name:<16}{word:<10}{time:>14}"));
    }
    let count = |wanted: fn(&End) -> bool| ends.iter().filter(|(_, end, _)| wanted(end)).count();
    let failed = count(|end| matches!(end, End::Failed));
    say::line(&format!("{} passed, {failed} failed", count(|end| matches!(end, End::Passed))));
    failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> Option<Vec<&'static str>> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Plan::parse(&arguments).map(|plan| plan.steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn no_name_means_every_step_and_order_is_ours() {
        assert_eq!(plan("").unwrap(), names());
        assert_eq!(plan("unit --keep-going fmt").unwrap(), ["fmt", "unit"]);
    }

    #[test]
    fn an_unknown_step_or_flag_is_wrong_usage() {
        assert!(plan("lint").is_none() && plan("--fast").is_none());
    }
}
