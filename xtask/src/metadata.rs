//! What `cargo metadata` knows about our dependencies: only the fields that the commands read.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::process;
use crate::workspace::Workspace;

/// The platform that the server and the tools run on.
pub(crate) const HOST: &str = "x86_64-unknown-linux-gnu";
/// The platform of the widget.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The dependency graph for one platform.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    resolve: Resolve,
}

/// One package of the graph.
#[derive(Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `None` is an ordinary dependency, else `dev` or `build`.
    kind: Option<String>,
}

impl Package {
    /// Whether the package is somebody else's.
    pub(crate) fn is_foreign(&self) -> bool {
        self.source.is_some()
    }

    fn is_proc_macro(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
    }
}

impl Metadata {
    /// Reads the graph of one platform, downloading sources that are not there yet.
    pub(crate) fn load(workspace: &Workspace, platform: &str) -> Result<Self> {
        let mut command =
            workspace.cargo(["metadata", "--format-version", "1", "--filter-platform", platform]);
        serde_json::from_str(&process::output(&mut command)?)
            .context("cargo metadata answered something else")
    }

    /// The folders that hold unpacked sources of other people's packages.
    pub(crate) fn source_folders(&self) -> BTreeSet<&Path> {
        let foreign = self.packages.iter().filter(|package| package.is_foreign());
        foreign.filter_map(|package| package.manifest_path.parent()?.parent()).collect()
    }

    /// What is linked into a package of ours: its ordinary dependencies, and theirs. Procedural macros and build
    /// scripts run while compiling only, so they are left out with all that they need.
    pub(crate) fn linked_into(&self, name: &str) -> Result<Vec<&Package>> {
        let packages: HashMap<&str, &Package> =
            self.packages.iter().map(|package| (package.id.as_str(), package)).collect();
        let nodes: HashMap<&str, &Node> =
            self.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let start =
            self.packages.iter().find(|package| package.name == name && !package.is_foreign());
        let start =
            start.with_context(|| format!("there is no package {name} in the workspace"))?;

        let mut seen = BTreeSet::from([start.id.as_str()]);
        let mut waiting = vec![start.id.as_str()];
        let mut linked = Vec::new();
        while let Some(id) = waiting.pop() {
            let dependencies = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
            for dependency in dependencies {
                let ordinary = dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
                let Some(package) = packages.get(dependency.pkg.as_str()) else { continue };
                if ordinary && !package.is_proc_macro() && seen.insert(&dependency.pkg) {
                    linked.push(*package);
                    waiting.push(&dependency.pkg);
                }
            }
        }
        Ok(linked)
    }
}
