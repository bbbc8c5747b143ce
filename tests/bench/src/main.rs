//! `cargo xtask bench`: how much Natter adds to a provider, as ratios taken in one run against the floor: a bare axum
//! process that passes the provider's stream through, without a database. Rounds alternate between the two, and medians
//! are compared. Absolute figures are for orientation only.

mod floor;
mod load;
mod process;
mod report;

use std::time::Duration;

use anyhow::{Context as _, Result};
use natter_mock_provider::MockProvider;

use self::load::Target;
use self::process::{Floor, Natter};

/// Connections of the throughput rounds.
const CONNECTIONS: usize = 32;
/// Length of one throughput round.
const ROUND: Duration = Duration::from_secs(4);
/// How often the two are measured in turn.
const ROUNDS: usize = 3;
/// Questions of one first-token round.
const QUESTIONS: usize = 150;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.first().map(String::as_str) {
        Some("floor") => {
            let provider = arguments.get(1).context("usage: natter-bench floor PROVIDER")?;
            runtime.block_on(floor::serve(provider))
        }
        Some(binary) => {
            let held = arguments.get(1).map_or(Ok(2_000), |text| text.parse())?;
            runtime.block_on(bench(binary, held))
        }
        None => anyhow::bail!("usage: natter-bench NATTER_BINARY [HELD_STREAMS]"),
    }
}

async fn bench(binary: &str, held: usize) -> Result<()> {
    let provider = MockProvider::start().await;
    let base = provider.base_url.to_string();
    let floor = Floor::start(&base).await?;
    let natter = Natter::start(binary, &base).await?;
    let client = load::client()?;

    let fast = [Target::floor(&floor, "tokens:20:0"), natter.target("fast")];
    let first = report::alternate(ROUNDS, &fast, async |target| {
        load::first_token(&client, target, QUESTIONS).await
    })
    .await?;
    report::first_token(&first);

    let turns = report::alternate(ROUNDS, &fast, async |target| {
        load::turns(&client, target, CONNECTIONS, ROUND).await
    })
    .await?;
    report::turns(&turns, &floor, &natter);

    let slow = [Target::floor(&floor, "tokens:60:500"), natter.target("slow")];
    for target in &slow {
        let process = if target.is_floor() { floor.id() } else { natter.id() };
        let before = process::memory(process)?;
        let outcome = load::hold(&client, target, held, process).await?;
        report::held(target, held, before, &outcome);
    }
    Ok(())
}
