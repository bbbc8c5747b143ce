//! The `natter` command, exactly as the server's own binary runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    natter_server::cli::main()
}
