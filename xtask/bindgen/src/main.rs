//! The part of the `wasm-bindgen` command line that `cargo xtask` and Trunk use.
//!
//! The published tool is a much larger program (test runner, HTTP server); building it costs a newcomer minutes more.
//! This one is its library behind the handful of flags that are passed to it, so the version is the one in our lock
//! file. It is a crate of its own because only commands that build the widget should wait for it.

mod slim;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// The version of the library this is built with; the manifest pins it.
const VERSION: &str = "0.2.130";

/// The flags that take no value.
const SWITCHES: [&str; 6] = [
    "--keep-debug",
    "--no-demangle",
    "--no-typescript",
    "--omit-default-module-path",
    "--remove-name-section",
    "--remove-producers-section",
];

/// What one run is asked to do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    input: PathBuf,
    out_dir: PathBuf,
    out_name: Option<String>,
    target: Option<String>,
    switches: BTreeSet<&'static str>,
    /// Whether a panic traps at once, without a message. Nor has it this one.
    slim: bool,
    /// How names of exports begin that nobody calls, so that an optimizer can remove what is behind them. The real
    /// tool has no such flag.
    dropped: Vec<String>,
}

impl Options {
    /// Reads the arguments, `--flag value` and `--flag=value` alike.
    fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let (flag, inline) = match argument.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            let mut value = || {
                inline.clone().or_else(|| arguments.next()).context(format!("{flag} needs a value"))
            };
            match flag {
                "--out-dir" => options.out_dir = value()?.into(),
                "--out-name" => options.out_name = Some(value()?),
                "--drop-exports" => options.dropped.push(value()?),
                "--slim-panics" => options.slim = true,
                "--target" => options.target = Some(value()?),
                _ if flag.starts_with('-') => match SWITCHES.iter().find(|known| **known == flag) {
                    Some(switch) => drop(options.switches.insert(switch)),
                    None => bail!("{flag} is not supported: add it to xtask/bindgen/src/main.rs"),
                },
                _ if options.input.as_os_str().is_empty() => options.input = argument.into(),
                _ => bail!("one input file at a time: {argument} is the second"),
            }
        }
        if options.input.as_os_str().is_empty() || options.out_dir.as_os_str().is_empty() {
            bail!(
                "usage: wasm-bindgen FILE.wasm --out-dir DIR [--out-name NAME] [--target web|no-modules|bundler]"
            );
        }
        Ok(options)
    }

    /// Generates the JavaScript glue and the processed module.
    fn run(&self) -> Result<()> {
        let mut bindgen = Bindgen::new();
        match self.target.as_deref() {
            Some("web") => bindgen.web(true)?,
            Some("no-modules") => bindgen.no_modules(true)?,
            None | Some("bundler") => bindgen.bundler(true)?,
            Some(other) => {
                bail!("--target {other} is not supported: use web, no-modules or bundler")
            }
        };
        if let Some(name) = &self.out_name {
            bindgen.out_name(name);
        }
        let switch = |name: &str| self.switches.contains(name);
        bindgen
            .input_path(&self.input)
            .typescript(!switch("--no-typescript"))
            .keep_debug(switch("--keep-debug"))
            .demangle(!switch("--no-demangle"))
            .remove_name_section(switch("--remove-name-section"))
            .remove_producers_section(switch("--remove-producers-section"))
            .omit_default_module_path(switch("--omit-default-module-path"));
        let mut output = bindgen.generate_output()?;
        if self.slim {
            let slimmed = slim::slim(output.wasm_mut());
            ensure!(
                slimmed.functions > 10 && slimmed.positions > 0,
                "the functions that begin a panic are not called as they were: look at xtask/bindgen/src/slim.rs ({slimmed:?})"
            );
            ensure!(
                slimmed.formatting.is_empty(),
                "the widget formats text with `format!` or `to_string`, which costs every visitor two kilobytes: join \
                 texts, and use `digits` and the ids' `text`. It happens in {}",
                slimmed.formatting.join(", ")
            );
        }
        let exports = &mut output.wasm_mut().exports;
        let dropped = |name: &str| self.dropped.iter().any(|prefix| name.starts_with(prefix));
        let mut unused = Vec::new();
        for export in exports.iter() {
            if dropped(&export.name) {
                unused.push(export.id());
            }
        }
        for export in unused {
            exports.delete(export);
        }
        output.emit(&self.out_dir)
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the version goes to standard output, as the real tool's does"
)]
fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if matches!(arguments.as_slice(), [only] if only == "--version" || only == "-V") {
        println!("wasm-bindgen {VERSION}");
        return Ok(());
    }
    Options::parse(arguments)?.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_call_that_trunk_makes_is_understood() {
        let options =
            parse("--target=web --out-dir=/o --out-name=natter /in/a.wasm --no-typescript")
                .unwrap();
        let expected = Options {
            input: "/in/a.wasm".into(),
            out_dir: "/o".into(),
            out_name: Some("natter".to_owned()),
            target: Some("web".to_owned()),
            switches: BTreeSet::from(["--no-typescript"]),
            slim: false,
            dropped: Vec::new(),
        };
        assert_eq!(options, expected);
    }

    #[test]
    fn a_flag_without_its_value_or_an_unknown_one_is_refused() {
        assert!(parse("in.wasm --out-dir").is_err());
        assert!(parse("in.wasm --out-dir o --split-linked-modules").is_err());
        assert!(parse("--out-dir o").is_err());
    }
}
