//! Dependencies: their licences, and no crate twice in what we ship.
//!
//! `xtask/deps.toml` holds what is allowed, with a reason for each exception. An exception that is no longer needed is
//! an error too, so that the list stays true.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::licence;
use crate::metadata::{HOST, Metadata, WASM};
use crate::say;
use crate::workspace::Workspace;

/// What is built for others: the package, and the platform that it runs on.
const SHIPPED: [(&str, &str); 2] = [("natter-server", HOST), ("natter-widget", WASM)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Rules {
    licences: Vec<String>,
    #[serde(default)]
    licence_exceptions: BTreeMap<String, Exception>,
    /// By crate, why two versions of it are in what we ship.
    #[serde(default)]
    duplicates: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// The licence as the package states it; another one needs another look.
    licence: String,
    reason: String,
}

/// Checks the graphs of both platforms against the rules.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let text = std::fs::read_to_string(workspace.root.join("xtask/deps.toml"))
        .context("cannot read xtask/deps.toml")?;
    let rules: Rules = toml::from_str(&text).context("xtask/deps.toml is wrong")?;
    let graphs: BTreeMap<&str, Metadata> = SHIPPED
        .iter()
        .map(|(_, platform)| Ok((*platform, Metadata::load(workspace, platform)?)))
        .collect::<Result<_>>()?;

    let mut complaints = BTreeSet::new();
    let mut used = BTreeSet::new();
    for package in
        graphs.values().flat_map(|graph| &graph.packages).filter(|package| package.is_foreign())
    {
        let stated = package.license.as_deref().unwrap_or("none");
        if licence::is_allowed(stated, &rules.licences).with_context(|| package.name.clone())? {
            continue;
        }
        match rules.licence_exceptions.get(&package.name) {
            Some(exception) if exception.licence == stated => {
                used.insert(("licence-exceptions", package.name.as_str()));
            }
            _ => {
                complaints.insert(format!(
                    "{} {} has the licence `{stated}`",
                    package.name, package.version
                ));
            }
        }
    }
    for (ours, platform) in SHIPPED {
        for (name, versions) in duplicates(&graphs[platform], ours)? {
            if rules.duplicates.contains_key(name) {
                used.insert(("duplicates", name));
            } else {
                let versions = versions.into_iter().collect::<Vec<_>>().join(" and ");
                complaints.insert(format!(
                    "{ours} contains {name} {versions} (see `cargo tree -d -p {ours}`)"
                ));
            }
        }
    }
    let licences =
        rules.licence_exceptions.iter().map(|(name, it)| ("licence-exceptions", name, &it.reason));
    let duplicates = rules.duplicates.iter().map(|(name, reason)| ("duplicates", name, reason));
    for (table, name, reason) in licences.chain(duplicates) {
        if reason.trim().is_empty() {
            complaints.insert(format!("{table}.{name} gives no reason"));
        }
        if !used.contains(&(table, name.as_str())) {
            complaints.insert(format!("{table}.{name} is not needed any more"));
        }
    }
    for complaint in &complaints {
        say::error(&format!("  {complaint}"));
    }
    if !complaints.is_empty() {
        bail!(
            "{} findings: update the dependency, or say in xtask/deps.toml why it is fine",
            complaints.len()
        );
    }
    Ok(())
}

/// Crates that are linked in more than once, with their versions. Cargo only does so across incompatible versions.
fn duplicates<'a>(graph: &'a Metadata, ours: &str) -> Result<BTreeMap<&'a str, BTreeSet<&'a str>>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in graph.linked_into(ours)? {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    Ok(versions)
}
