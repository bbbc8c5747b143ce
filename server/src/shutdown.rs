//! Being asked to end.

use tokio_util::sync::CancellationToken;

/// A token that is cancelled when the process is asked to end. A second request ends it at once.
///
/// # Errors
/// When the operating system gives no signals.
pub(crate) fn on_signal() -> std::io::Result<CancellationToken> {
    let end = CancellationToken::new();
    let token = end.clone();
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let wait = async move {
        for round in 0..2 {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
            if round == 0 {
                token.cancel();
            }
        }
        std::process::exit(1);
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends with the process and holds nothing to drain"
    )]
    tokio::spawn(wait);
    Ok(end)
}
