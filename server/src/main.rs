//! The `natter` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    natter_server::cli::main()
}
