//! `cargo xtask bench`: the performance report. It measures what `dist` builds, and is no check: figures depend on the
//! machine, so nothing fails when a goal is missed.

use anyhow::Result;

use crate::tools::{Need, ensure_apt, ensure_npm, ensure_npm_in};
use crate::workspace::Workspace;
use crate::{dist, process, say};

/// Which half to run, and how many streams to hold open at once.
pub(crate) struct Plan {
    server: bool,
    widget: bool,
    held: Option<String>,
}

impl Plan {
    /// Reads `[server|widget] [--held N]`; no half means both. `None` when that makes no sense.
    pub(crate) fn parse(arguments: &[String]) -> Option<Self> {
        let mut plan = Self { server: true, widget: true, held: None };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "server" if plan.server => plan.widget = false,
                "widget" if plan.widget => plan.server = false,
                "--held" => {
                    let number = arguments.next()?;
                    number.parse::<usize>().ok().filter(|number| *number > 0)?;
                    plan.held = Some(number.clone());
                }
                _ => return None,
            }
        }
        Some(plan)
    }

    /// Builds and measures.
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        if self.widget {
            ensure_apt(&["chromium"])?;
            ensure_npm(workspace)?;
            ensure_npm_in(workspace, "tests/bench/peers")?;
        }
        dist::build(workspace, Need::Always)?;
        if self.server {
            self.server(workspace)?;
        }
        if self.widget {
            say::step(
                "building the pretend provider (cargo build --release --package natter-mock-provider)",
            );
            let arguments = ["build", "--release", "--package", "natter-mock-provider"];
            process::run(&mut workspace.cargo(arguments))?;
            say::step("measuring the widget in Chromium");
            let script = workspace.root.join("tests/bench/widget.mjs");
            let mut node = workspace.program("node");
            node.arg(script).env("NATTER_TEST_BINARY", workspace.natter());
            let provider = workspace.target.join("release/mock-provider");
            node.env("NATTER_MOCK_PROVIDER", provider);
            if let Some(chromium) = process::find("chromium") {
                node.env("NATTER_TEST_CHROMIUM", chromium);
            }
            process::run(&mut node)?;
        }
        Ok(())
    }

    fn server(&self, workspace: &Workspace) -> Result<()> {
        say::step("building the load (cargo build --release --package natter-bench)");
        process::run(&mut workspace.cargo(["build", "--release", "--package", "natter-bench"]))?;
        say::step("measuring the server");
        let mut bench = workspace.program(workspace.target.join("release/natter-bench"));
        process::run(bench.arg(workspace.natter()).args(&self.held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> Option<(bool, bool, Option<String>)> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Plan::parse(&arguments).map(|plan| (plan.server, plan.widget, plan.held))
    }

    #[test]
    fn both_halves_run_unless_one_is_named() {
        assert_eq!(plan(""), Some((true, true, None)));
        assert_eq!(plan("widget"), Some((false, true, None)));
        assert_eq!(plan("server --held 9900"), Some((true, false, Some("9900".to_owned()))));
    }

    #[test]
    fn what_makes_no_sense_is_wrong_usage() {
        for line in ["server widget", "browser", "--held", "--held many", "--held 0"] {
            assert_eq!(plan(line), None, "{line}");
        }
    }
}
