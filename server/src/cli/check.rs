//! `natter check URL`.

use std::process::ExitCode;

use clap::Args;
use url::Url;

use crate::check::{self, Fetcher, Level, Options};

/// Arguments of `natter check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Address of a page that has the chat, or shall have it
    #[arg(value_parser = parse_page)]
    url: Url,
    /// Address of the loader, for pages where a script or a tag manager puts the tag
    #[arg(long)]
    tag: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn parse_page(text: &str) -> Result<Url, String> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    Url::parse(&whole)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| "write the address of a page, like https://shop.example/".into())
}

/// Looks at the page: 0 when the chat works there, 1 when it does not.
pub(super) async fn run(args: CheckArgs) -> anyhow::Result<ExitCode> {
    let options = Options { tag: args.tag };
    let report = check::check(&Fetcher::new()?, &args.url, &options).await?;
    let code = if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if args.json {
        super::say(&serde_json::to_string_pretty(&report)?);
        return Ok(code);
    }
    super::say(&format!("Page     {}", report.page));
    for finding in &report.findings {
        let level = match finding.level {
            Level::Good => "good",
            Level::Warning => "warning",
            Level::Problem => "problem",
        };
        super::say(&format!("{level:8} {}", finding.text));
        for change in &finding.change {
            super::say(&format!("         -> {change}"));
        }
    }
    super::say(if report.ok {
        "The chat works on this page."
    } else {
        "The chat does not work on this page."
    });
    Ok(code)
}
