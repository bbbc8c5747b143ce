//! `mock-provider --listen ADDRESS`: runs the mock by itself and prints its base URL.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use natter_mock_provider::MockProvider;

const USAGE: &str = "usage: mock-provider [--listen ADDRESS:PORT]";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            writeln!(std::io::stderr(), "mock-provider: {problem}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let provider = MockProvider::listen(address()?)
        .await
        .map_err(|error| format!("cannot listen: {error}"))?;
    writeln!(std::io::stdout(), "{}", provider.base_url).map_err(|error| error.to_string())?;
    provider.run().await;
    Ok(())
}

fn address() -> Result<SocketAddr, String> {
    let mut arguments = std::env::args().skip(1);
    let text = match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (None, None, None) => "127.0.0.1:0".to_owned(),
        (Some("--listen"), Some(address), None) => address,
        _ => return Err(USAGE.to_owned()),
    };
    text.parse().map_err(|_| format!("`{text}` is not an address; {USAGE}"))
}
