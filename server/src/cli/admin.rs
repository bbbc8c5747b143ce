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
    /// List what kept the chat from working on pages: day, chatbot, site, reason, how often
    Reports {
        /// Slug of a chatbot [default: all]
        #[arg(long)]
        chatbot: Option<String>,
        /// How many days back, at most 90
        #[arg(long, default_value_t = 30)]
        days: u32,
        #[command(flatten)]
        serve: Box<ServeArgs>,
    },
}

pub(super) async fn run(args: AdminArgs) -> anyhow::Result<()> {
    match args.command {
        AdminCommand::Create { email, serve } => create(&email, *serve).await,
        AdminCommand::Reports { chatbot, days, serve } => {
            reports(chatbot.as_deref(), days, *serve).await
        }
    }
}

async fn reports(chatbot: Option<&str>, days: u32, serve: ServeArgs) -> anyhow::Result<()> {
    let service = super::apply::open(serve).await?;
    let found = service.all_install_reports(days).await;
    service.shut_down(Duration::ZERO).await;
    for report in found?.reports {
        if chatbot.is_none_or(|slug| slug == report.slug) {
            let (reason, detail) = (report.reason.as_str(), report.detail.unwrap_or_default());
            let line = format!(
                "{} {} {} {reason} {} {detail}",
                report.day, report.slug, report.origin, report.times
            );
            super::say(line.trim_end());
        }
    }
    Ok(())
}

async fn create(email: &str, serve: ServeArgs) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut password)
        .context("cannot read the password; give it on standard input")?;
    let password = SecretString::from(password.trim_end_matches(['\n', '\r']));
    let service = super::apply::open(serve).await?;
    let created = service.create_admin(email, &password).await;
    service.shut_down(Duration::ZERO).await;
    super::say(&format!("account {}", created?));
    Ok(())
}
