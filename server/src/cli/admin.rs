//! `natter admin`.

use std::io::Read as _;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use secrecy::SecretString;

use crate::config::ServeArgs;

/// Arguments of `natter admin`.
#[derive(Debug, Args)]
pub(super) struct AdminArgs {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Make an account that owns the first organization; the password comes on standard input
    Create {
        /// E-mail address
        #[arg(long)]
        email: String,
        #[command(flatten)]
        serve: Box<ServeArgs>,
    },
}

pub(super) async fn run(args: AdminArgs) -> anyhow::Result<()> {
    let AdminCommand::Create { email, serve } = args.command;
    let mut password = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut password)
        .context("cannot read the password; give it on standard input")?;
    let password = SecretString::from(password.trim_end_matches(['\n', '\r']));
    let service = super::apply::open(*serve).await?;
    let created = service.create_admin(&email, &password).await;
    service.shut_down(Duration::ZERO).await;
    super::say(&format!("account {}", created?));
    Ok(())
}
