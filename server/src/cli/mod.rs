//! The command line.

mod admin;
mod apply;
mod check;
mod demo;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// An AI chat bubble for any website, and the server that answers.
#[derive(Debug, Parser)]
#[command(name = "natter", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a taught demo chatbot and an example shop that embeds it
    Demo(demo::DemoArgs),
    /// Serve
    Serve(crate::config::ServeArgs),
    /// Create or update an organization with its chatbots and their content from a file
    Apply(apply::ApplyArgs),
    /// Make accounts, list what pages report
    Admin(admin::AdminArgs),
    /// Look at a page: does the chat work there, and what must be changed
    Check(check::CheckArgs),
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the command line: 0 done, 1 failed, 2 wrong usage.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(args).await?,
            Command::Serve(args) => serve::run(args).await?,
            Command::Apply(args) => apply::run(args).await?,
            Command::Admin(args) => admin::run(args).await?,
            Command::Check(args) => return check::run(args).await,
            Command::Openapi => openapi()?,
        }
        Ok(ExitCode::SUCCESS)
    });
    done.unwrap_or_else(|error| failed(&error))
}

/// One line that says what failed and why.
fn failed(error: &anyhow::Error) -> ExitCode {
    let mut line = String::from("natter: ");
    let mut last = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Errors often repeat their source's text.
        if !last.contains(&cause) {
            if !last.is_empty() {
                line.push_str(": ");
            }
            line.push_str(&cause.replace('\n', " "));
        }
        last = cause;
    }
    say_error(&line);
    ExitCode::FAILURE
}

#[expect(clippy::print_stderr, reason = "the command line's errors")]
fn say_error(line: &str) {
    eprintln!("{line}");
}

/// Prints a line of a command's result.
#[expect(clippy::print_stdout, reason = "the command line's result")]
fn say(line: &str) {
    println!("{line}");
}

fn openapi() -> anyhow::Result<()> {
    say(&crate::http::document().to_pretty_json()?);
    Ok(())
}
