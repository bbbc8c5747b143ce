//! The workspace's build and check commands, called as `cargo xtask COMMAND`.
//!
//! Every command says what it does while it does it, installs what it needs when that is missing, and keeps it for
//! the next run. It depends on little, because every newcomer waits for it first: what is expensive to build
//! (`wasm-bindgen`) is a crate of its own that only the commands that need it build.

mod assets;
mod bench;
mod check;
mod demo;
mod dist;
mod http;
mod metadata;
mod process;
mod running;
mod say;
mod tools;
mod trunk;
mod types;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::tools::Need;
use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  assets               build the browser files into target/assets
  dist                 build target/dist/natter and check the size budgets
  bench [server|widget] [--held N]
                       build, then print the performance report; N streams are held at once (2000)
  demo [ARGS]          build, then run `natter demo ARGS`
  test [STEP]          run every check, or one; --keep-going does not stop at the first failure
  types                write the wire types as TypeScript into npm/wire.d.ts
  trunk [ARGS]         build the page with Trunk and check it, or run `trunk ARGS` (as in `trunk serve`)

steps of test, in order:";

/// How a command ended when nothing went wrong with running it.
enum Outcome {
    Done,
    /// A check said no; it has said why.
    Failed,
    /// The arguments make no sense.
    WrongUsage,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Ok(Outcome::WrongUsage) => {
            say::error(&format!("{USAGE}\n  {}", check::names().join(", ")));
            ExitCode::from(2)
        }
        Err(error) => {
            say::error(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<Outcome> {
    let Some((command, rest)) = arguments.split_first() else { return Ok(Outcome::WrongUsage) };
    let done = |()| Outcome::Done;
    match (command.as_str(), rest) {
        ("help" | "--help" | "-h", _) => {
            say::line(&format!("{USAGE}\n  {}", check::names().join(", ")));
            Ok(Outcome::Done)
        }
        ("assets", []) => {
            assets::build(&Workspace::discover()?, Need::WhenPossible).map(|_| Outcome::Done)
        }
        ("bench", rest) => {
            let Some(plan) = bench::Plan::parse(rest) else { return Ok(Outcome::WrongUsage) };
            plan.run(&Workspace::discover()?).map(done)
        }
        ("dist", []) => dist::command(&Workspace::discover()?).map(done),
        ("demo", rest) => demo::command(&Workspace::discover()?, rest).map(done),
        ("test", rest) => {
            let Some(plan) = check::Plan::parse(rest) else { return Ok(Outcome::WrongUsage) };
            Ok(if plan.run(&Workspace::discover()?) { Outcome::Done } else { Outcome::Failed })
        }
        ("types", []) => types::write(&Workspace::discover()?).map(done),
        ("trunk", rest) => trunk::command(&Workspace::discover()?, rest).map(done),
        _ => Ok(Outcome::WrongUsage),
    }
}
