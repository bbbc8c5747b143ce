//! `cargo xtask dist`: the binary to hand out, and what its pages cost a visitor.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::assets::{self, Manifest};
use crate::running::Running;
use crate::tools::Need;
use crate::workspace::Workspace;
use crate::{http, process, say};

/// The most that a page pays for the closed bubble, in bytes of brotli.
const LOADER_BUDGET: usize = 1_800;
/// The most that a visitor pays on top to chat, 75,000 in all; with the frame for pages that allow nothing else.
const APP_BUDGET: usize = 73_200;
const FRAME_BUDGET: usize = 79_500;

/// What each way to chat makes a visitor load besides the loader or the page's own HTML.
const WAYS: [(&str, &[&str]); 3] = [
    ("in a page", &["host.js", "natter.js", "natter.wasm"]),
    ("in a frame", &["host.js", "stand-in.js", "frame.js", "page.css", "natter.js", "natter.wasm"]),
    ("on the full page", &["icon.svg", "page.css", "page.js", "natter.js", "natter.wasm"]),
];

/// What no plain conversation loads: forms, behind the predecessors' tags, for pages whose scripts say something, and what
/// explains why a page refuses the widget.
const ON_DEMAND: [&str; 16] = [
    "alert.js",
    "alias.js",
    "answer.js",
    "contact.js",
    "doctor.js",
    "feedback.js",
    "files.js",
    "gone.js",
    "history.js",
    "invite.js",
    "menu.js",
    "page-api.js",
    "privacy.js",
    "rating.js",
    "script.js",
    "voice.js",
];

/// How the names of files end that hold the texts of a language: a visitor loads one of them, or none for English.
const TEXTS: &str = ".txt";

/// Builds, measures, and fails when a budget is exceeded.
pub(crate) fn command(workspace: &Workspace) -> Result<()> {
    let manifest = build(workspace, Need::Always)?;
    check_budgets(workspace, &manifest)
}

/// Builds the browser files and the binary with them inside.
pub(crate) fn build(workspace: &Workspace, need: Need) -> Result<Manifest> {
    let manifest = assets::build(workspace, need)?;
    say::step("building the server (cargo build --release)");
    process::run(&mut workspace.cargo([
        "build",
        "--release",
        "--package",
        "natter-server",
        "--bin",
        "natter",
    ]))?;
    let built = workspace.target.join("release/natter");
    let dist = workspace.natter();
    std::fs::create_dir_all(workspace.target.join("dist"))?;
    // Written beside and renamed: a running copy of the old one cannot be overwritten.
    let fresh = dist.with_extension("new");
    std::fs::copy(&built, &fresh).with_context(|| format!("cannot copy {}", built.display()))?;
    std::fs::rename(&fresh, &dist)?;
    say::step(&format!(
        "{} is ready ({} bytes)",
        dist.display(),
        say::bytes(usize::try_from(dist.metadata()?.len())?)
    ));
    Ok(manifest)
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Row {
    fn print(&self, budget: Option<usize>) {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(say::bytes);
        let budget = budget.map(say::bytes).unwrap_or_default();
        say::line(&format!("{:<24}{raw:>10}{gzip:>10}{brotli:>10}{budget:>10}", self.name));
    }
}

fn check_budgets(workspace: &Workspace, manifest: &Manifest) -> Result<()> {
    let loader = measure_loader(workspace)?;
    let files: Vec<Row> = manifest
        .files
        .iter()
        .filter(|file| !file.is_template())
        .map(|file| Row {
            name: file.logical.clone(),
            raw: file.bytes,
            gzip: file.gz,
            brotli: file.br,
        })
        .collect();
    let ways = add_up(&files)?;

    let [raw, gzip, brotli, budget] = ["raw", "gzip", "brotli", "budget"];
    say::line(&format!("{:<24}{raw:>10}{gzip:>10}{brotli:>10}{budget:>10}", "file"));
    loader.print(Some(LOADER_BUDGET));
    for row in &files {
        row.print(None);
    }
    for row in &ways {
        row.print(Some(budget_of(row)));
    }

    let mut over = Vec::new();
    for (row, budget) in
        [(&loader, LOADER_BUDGET)].into_iter().chain(ways.iter().map(|row| (row, budget_of(row))))
    {
        if row.brotli > budget {
            over.push(format!("{} by {} bytes", row.name, say::bytes(row.brotli - budget)));
        }
    }
    ensure!(over.is_empty(), "over the budget: {}", over.join(", "));
    Ok(())
}

/// What a way to chat may cost.
fn budget_of(way: &Row) -> usize {
    if way.name.ends_with("frame") { FRAME_BUDGET } else { APP_BUDGET }
}

/// Sums up what each way loads. A file that is in no list would escape the budget, so it is an error.
fn add_up(files: &[Row]) -> Result<Vec<Row>> {
    if let Some(file) = files
        .iter()
        .filter(|file| !ON_DEMAND.contains(&file.name.as_str()) && !file.name.ends_with(TEXTS))
        .find(|file| !WAYS.iter().any(|(_, names)| names.contains(&file.name.as_str())))
    {
        bail!("nobody knows who loads {}: add it to the lists in xtask/src/dist.rs", file.name);
    }
    WAYS.iter()
        .map(|(way, names)| {
            let mut sum = Row { name: format!("to chat {way}"), raw: 0, gzip: 0, brotli: 0 };
            for name in *names {
                let file = files.iter().find(|file| file.name == *name);
                let file = file
                    .with_context(|| format!("{name} should be loaded {way}, but is not built"))?;
                sum.raw += file.raw;
                sum.gzip += file.gzip;
                sum.brotli += file.brotli;
            }
            Ok(sum)
        })
        .collect()
}

/// The loader as a page gets it: the demo chatbot's, from the built binary, with the appearance inlined.
fn measure_loader(workspace: &Workspace) -> Result<Row> {
    let server = start_demo(workspace, http::free_address()?, http::free_address()?)?;
    let size = |encoding: &str| -> Result<usize> {
        let answer = http::get(server.address, "/w/demo.js", encoding)?;
        ensure!(
            answer.status == 200,
            "the demo server answered GET /w/demo.js with {}",
            answer.status
        );
        let got = answer.header("content-encoding").unwrap_or("identity");
        ensure!(
            got == encoding,
            "the demo server sent /w/demo.js as {got} where {encoding} was asked for"
        );
        Ok(answer.body.len())
    };
    Ok(Row {
        name: "/w/demo.js".to_owned(),
        raw: size("identity")?,
        gzip: size("gzip")?,
        brotli: size("br")?,
    })
}

/// A demo server of the built binary.
pub(crate) fn start_demo(
    workspace: &Workspace,
    address: SocketAddr,
    shop: SocketAddr,
) -> Result<Running> {
    let mut command = Command::new(workspace.natter());
    command.args(["demo", "--listen", &address.to_string(), "--shop-listen", &shop.to_string()]);
    Running::start("natter demo", &mut command, address, "/w/demo.js")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, brotli: usize) -> Row {
        Row { name: name.to_owned(), raw: 0, gzip: 0, brotli }
    }

    #[test]
    fn every_way_is_added_up_and_no_file_escapes() {
        let names = [
            "alias.js",
            "de.txt",
            "doctor.js",
            "frame.js",
            "host.js",
            "icon.svg",
            "natter.js",
            "natter.wasm",
            "page.css",
            "page.js",
            "stand-in.js",
        ];
        let mut files: Vec<Row> = names.iter().map(|name| row(name, 10)).collect();
        let sums: Vec<usize> = add_up(&files).unwrap().iter().map(|sum| sum.brotli).collect();
        assert_eq!(sums, [30, 60, 50]);

        files.push(row("surprise.js", 1));
        assert!(add_up(&files).is_err());
        assert!(add_up(&files[..3]).is_err());
    }
}
