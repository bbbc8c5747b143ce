//! Streams that are held open at once.

use std::time::Duration;

use anyhow::Result;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::handshake::Handshake;
use crate::load::{self, Target};
use crate::process::Running;

/// What became of them.
pub(crate) struct Held {
    /// Memory that the process had more while they were open, for each of them, in bytes.
    pub(crate) memory_each: f64,
    /// Streams that broke off.
    pub(crate) failed: u32,
    /// What 99 of 100 handshakes took at most meanwhile, in seconds.
    pub(crate) handshake: f64,
}

/// Opens `count` slow streams at once, reads them to their end, and watches the process meanwhile.
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) async fn hold(
    target: &Target,
    process: &Running,
    handshake: &Handshake,
    count: usize,
) -> Result<Held> {
    let client = load::client()?;
    let conversations: Vec<_> = stream::iter(0..count)
        .map(|_| target.conversation(&client))
        .buffer_unordered(32)
        .try_collect()
        .await?;
    let before = process.memory()?;
    let streams = conversations.iter().map(|(url, body)| load::ask(&client, url, body));
    let mut streams = std::pin::pin!(futures_util::future::join_all(streams));
    let mut connection = handshake.connect().await?;
    let (mut most, mut times) = (before, Vec::new());
    let outcomes = loop {
        let look = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            handshake.once(&mut connection).await
        };
        tokio::select! {
            outcomes = &mut streams => break outcomes,
            time = look => times.push(time?.as_secs_f64()),
        }
        most = most.max(process.memory()?);
    };
    times.sort_by(f64::total_cmp);
    let late = times.len() * 99 / 100;
    let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    Ok(Held {
        memory_each: most.saturating_sub(before) as f64 / count as f64,
        failed: u32::try_from(failed)?,
        handshake: times.get(late).copied().unwrap_or(f64::NAN),
    })
}
