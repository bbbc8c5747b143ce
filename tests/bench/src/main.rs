//! The server half of `cargo xtask bench`: how much Natter adds to a provider, as ratios taken in one run against the
//! floor: a bare axum process that passes the provider's stream through, without a database. Rounds alternate between the
//! two, and medians are compared. Absolute figures are for orientation only. It is a report and never a test: a busy
//! machine is no fault.

mod floor;
mod handshake;
mod held;
mod load;
mod process;
mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use natter_mock_provider::MockProvider;

use self::load::Target;
use self::process::{Floor, Natter, Running};
use self::report::{Goal, Row, alternate};

/// Connections of the throughput rounds.
const CONNECTIONS: usize = 32;
/// Tokens of a short answer.
const TOKENS: u32 = 20;
/// Length of one throughput round.
const ROUND: Duration = Duration::from_secs(4);
/// How often the two are measured in turn.
const ROUNDS: usize = 5;
/// Questions of one first-token round.
const QUESTIONS: usize = 150;
/// Streams that are held open at once unless the caller says otherwise.
const HELD: usize = 2_000;

const USAGE: &str = "usage: natter-bench NATTER_BINARY [HELD_STREAMS]";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Nothing here speaks TLS, but the HTTP client is not made without it. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["floor", provider] => runtime.block_on(floor::serve(provider)),
        [binary] => runtime.block_on(bench(binary, HELD)),
        [binary, held] => {
            let held =
                held.parse().with_context(|| format!("{held} is no number of streams; {USAGE}"))?;
            runtime.block_on(bench(binary, held))
        }
        _ => anyhow::bail!(USAGE),
    }
}

async fn bench(binary: &str, held: usize) -> Result<()> {
    process::check_open_files(held)?;
    let provider = MockProvider::start().await;
    let base = provider.base_url.to_string();
    {
        let floor = Floor::start(&base).await?;
        let natter = Natter::start(binary, &base).await?;
        report::heading(flush_to_disk(natter.folder())?);
        first_token(&floor, &natter).await?;
        turns(&floor, &natter).await?;
        handshakes(&floor, &natter).await?;
    }
    // New processes: what the others still hold of earlier rounds would hide what a stream needs.
    let floor = Floor::start(&base).await?;
    let natter = Natter::start(binary, &base).await?;
    hold(&floor, &natter, held).await
}

/// Both sides with chatbots that answer at this pace.
fn sides<'a>(floor: &'a Floor, natter: &'a Natter, pace: &str) -> [(Target, &'a Running); 2] {
    [(floor.target(pace), &floor.process), (natter.target(pace), &natter.process)]
}

async fn first_token(floor: &Floor, natter: &Natter) -> Result<()> {
    let client = load::client()?;
    let [floor, natter] = alternate(ROUNDS, &sides(floor, natter, "fast"), async |side| {
        Ok([load::first_token(&client, &side.0, QUESTIONS).await?])
    })
    .await?;
    let text = |seconds: f64| format!("{:.2} ms", seconds * 1e3);
    report::row(&Row {
        name: "first token, one question at a time",
        floor: text(floor[0]),
        natter: text(natter[0]),
        goal: Goal::AtMost("x", 1.5, natter[0] / floor[0]),
    });
    Ok(())
}

async fn turns(floor: &Floor, natter: &Natter) -> Result<()> {
    let client = load::client()?;
    let [floor, natter] = alternate(ROUNDS, &sides(floor, natter, "fast"), async |side| {
        let before = side.1.cpu()?;
        let turns = load::turns(&client, &side.0, CONNECTIONS, ROUND).await?;
        let used = side.1.cpu()?.saturating_sub(before);
        Ok([turns.per_second, used.as_secs_f64() / f64::from(turns.count * TOKENS)])
    })
    .await?;
    report::row(&Row {
        name: "turns/s, 32 connections x 20 tokens",
        floor: format!("{:.0}", floor[0]),
        natter: format!("{:.0}", natter[0]),
        goal: Goal::AtMost("floor / natter", 2.0, floor[0] / natter[0]),
    });
    let text = |seconds: f64| format!("{:.1} us", seconds * 1e6);
    report::row(&Row {
        name: "processor time per token meanwhile",
        floor: text(floor[1]),
        natter: text(natter[1]),
        // 25 us where the floor needs 12.
        goal: Goal::AtMost("x", 25.0 / 12.0, natter[1] / floor[1]),
    });
    Ok(())
}

async fn handshakes(floor: &Floor, natter: &Natter) -> Result<()> {
    let sides = [(floor.handshake(), &floor.process), (natter.handshake(), &natter.process)];
    let [floor, natter] = alternate(ROUNDS, &sides, async |(shake, process)| {
        let before = process.cpu()?;
        let (count, per_second) = shake.many(CONNECTIONS, ROUND / 2).await?;
        let used = process.cpu()?.saturating_sub(before);
        Ok([per_second, used.as_secs_f64() / f64::from(count)])
    })
    .await?;
    report::row(&Row {
        name: "handshakes/s, 32 connections",
        floor: format!("{:.0}", floor[0]),
        natter: format!("{:.0}", natter[0]),
        goal: Goal::AtLeast("x", 0.6, natter[0] / floor[0]),
    });
    let text = |seconds: f64| format!("{:.1} us", seconds * 1e6);
    report::row(&Row {
        name: "processor time per handshake",
        floor: text(floor[1]),
        natter: text(natter[1]),
        goal: Goal::None("x", natter[1] / floor[1]),
    });
    Ok(())
}

async fn hold(floor: &Floor, natter: &Natter, count: usize) -> Result<()> {
    let [(floor_target, floor_process), (natter_target, natter_process)] =
        sides(floor, natter, "slow");
    let floor = held::hold(&floor_target, floor_process, &floor.handshake(), count).await?;
    let natter = held::hold(&natter_target, natter_process, &natter.handshake(), count).await?;
    let kib = |bytes: f64| bytes / 1024.0;
    report::row(&Row {
        name: "memory per held stream",
        floor: format!("{:.1} KiB", kib(floor.memory_each)),
        natter: format!("{:.1} KiB", kib(natter.memory_each)),
        goal: Goal::AtMost("KiB", 48.0, kib(natter.memory_each)),
    });
    report::row(&Row {
        name: &format!("streams of {count} that broke off"),
        floor: floor.failed.to_string(),
        natter: natter.failed.to_string(),
        goal: Goal::AtMost("", 0.0, f64::from(natter.failed)),
    });
    let text = |seconds: f64| format!("{:.1} ms", seconds * 1e3);
    report::row(&Row {
        name: "handshake meanwhile, 99th of 100",
        floor: text(floor.handshake),
        natter: text(natter.handshake),
        goal: Goal::AtMost("ms", 50.0, natter.handshake * 1e3),
    });
    Ok(())
}

/// How long the disk below `folder` takes to make 4 KiB durable: a part of every first token that the floor has not.
fn flush_to_disk(folder: &Path) -> Result<Duration> {
    use std::io::Write as _;

    let path = folder.join("flush");
    let mut file = std::fs::File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..50 {
        file.write_all(&[0; 4096])?;
        let started = std::time::Instant::now();
        file.sync_data()?;
        times.push(started.elapsed().as_secs_f64());
    }
    std::fs::remove_file(path)?;
    Ok(Duration::from_secs_f64(report::median(times)))
}
