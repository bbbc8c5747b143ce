//! Takes the panic messages out of a module: a panic traps at once instead.
//!
//! The widget is built with `panic = "abort"` and has no hook that would print a message, so the text of a panic is
//! never seen; yet every place that can panic hands a message and a source position over, which visitors download.
//! (The standard library can be built without them, but only with an unstable compiler.) Here the functions that
//! begin a panic are emptied, so that the optimizer drops what was made ready for them, and the source positions that
//! then nobody reads are blanked.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use walrus::ir::{Call, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, FunctionBuilder, FunctionId, FunctionKind, Module};

/// How the names of functions begin that never return: they are where a panic begins, or what it calls.
const DIVERGING: [&str; 14] = [
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_already",
    "core::cell::lazy::panic_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::index::slice_",
    "core::str::slice_error_fail",
    "std::alloc::rust_oom",
    "std::panicking::",
    "std::thread::local::panic_access_error",
];

/// A source file's name is no longer than this.
const LONGEST_NAME: usize = 200;

/// What was taken out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Slimmed {
    /// Functions that trap now.
    pub(crate) functions: usize,
    /// Source positions that are blank now.
    pub(crate) positions: usize,
    /// Functions that format something for another reason than a panic: because of them, formatting stays in.
    pub(crate) formatting: Vec<String>,
}

/// Empties the functions that begin a panic, and blanks the source positions.
pub(crate) fn slim(module: &mut Module) -> Slimmed {
    let panics: Vec<FunctionId> = module
        .funcs
        .iter()
        .filter(|function| is_panic(function))
        .map(walrus::Function::id)
        .collect();
    for id in &panics {
        trap(module, *id);
    }
    let formatters: HashSet<FunctionId> = module
        .funcs
        .iter()
        .filter(|function| is_formatter(function))
        .map(walrus::Function::id)
        .collect();
    let formatting = callers(module, &formatters);
    if formatting.is_empty() {
        for id in &formatters {
            trap(module, *id);
        }
    }
    Slimmed { functions: panics.len(), positions: blank_positions(module), formatting }
}

/// Whether a function is part of the standard library's formatting, which panics need for their messages. Only
/// formatting itself makes a `Formatter`, so where nothing calls in, none of it ever runs, though the function table
/// names much of it.
fn is_formatter(function: &walrus::Function) -> bool {
    let Some(name) = function.name.as_deref() else { return false };
    let name = plain(name);
    matches!(function.kind, FunctionKind::Local(_))
        && (name.starts_with("core::fmt::")
            || name.contains("<core::fmt::Formatter>")
            || name.contains(" as core::fmt::"))
}

/// Names of the functions outside of a set that call into it.
fn callers(module: &Module, set: &HashSet<FunctionId>) -> Vec<String> {
    struct Calls<'a>(&'a HashSet<FunctionId>, bool);
    impl Visitor<'_> for Calls<'_> {
        fn visit_call(&mut self, call: &Call) {
            self.1 |= self.0.contains(&call.func);
        }
    }
    let outside = module.funcs.iter_local().filter(|(id, _)| !set.contains(id));
    let calling = outside.filter(|(_, function)| {
        let mut calls = Calls(set, false);
        dfs_in_order(&mut calls, function, function.entry_block());
        calls.1
    });
    calling
        .map(|(id, _)| module.funcs.get(id).name.as_deref().map(plain).unwrap_or_default())
        .collect()
}

fn is_panic(function: &walrus::Function) -> bool {
    let Some(name) = function.name.as_deref() else { return false };
    let name = plain(name);
    let diverges = DIVERGING.iter().any(|begin| name.starts_with(begin));
    // A method of a collection that refuses an index outside of it.
    let refuses = name.starts_with("<alloc::") && name.ends_with("::assert_failed");
    matches!(function.kind, FunctionKind::Local(_)) && (diverges || refuses)
}

/// A demangled name without the numbers in brackets that tell two builds of a crate apart.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0_u32;
    for (at, letter) in name.char_indices() {
        match letter {
            // `core[0123abc]::`, but not the slice `[T]`.
            '[' if depth > 0 || name[..at].ends_with(|last: char| last.is_alphanumeric()) => {
                depth += 1;
            }
            ']' if depth > 0 => depth -= 1,
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

fn trap(module: &mut Module, id: FunctionId) {
    let kind = module.types.get(module.funcs.get(id).ty());
    let (params, results) = (kind.params().to_vec(), kind.results().to_vec());
    let arguments = params.iter().map(|kind| module.locals.add(*kind)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
}

/// Blanks each `core::panic::Location` and the file name that it points to. The count is of locations.
fn blank_positions(module: &mut Module) -> usize {
    let mut count = 0;
    let segments: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in segments {
        let data = module.data.get_mut(id);
        if let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind
            && let Ok(start) = u32::try_from(start)
        {
            count += blank(&mut data.value, start);
        }
    }
    count
}

/// A location is the address and the length of a file's name, a line and a column: four words. Nothing else in a module
/// points to the name of a source file.
fn blank(bytes: &mut [u8], start: u32) -> usize {
    let mut found = Vec::new();
    let mut names: BTreeSet<(usize, usize)> = BTreeSet::new();
    let words = |at: usize| -> Option<[u32; 4]> {
        let mut words = [0; 4];
        for (word, four) in words.iter_mut().zip(bytes.get(at..at + 16)?.chunks_exact(4)) {
            *word = u32::from_le_bytes(four.try_into().ok()?);
        }
        Some(words)
    };
    let mut at = 0;
    while let Some([address, length, line, column]) = words(at) {
        match name(bytes, start, address, length) {
            Some(name) if line < 100_000 && column < 1_000 => {
                found.push(at);
                names.insert((name.start, name.end));
                at += 16;
            }
            _ => at += 4,
        }
    }
    for at in &found {
        bytes[*at..at + 16].fill(0);
    }
    for (from, to) in names {
        bytes[from..to].fill(0);
    }
    found.len()
}

/// Where the name of a source file stands that these two words describe.
fn name(bytes: &[u8], start: u32, address: u32, length: u32) -> Option<Range<usize>> {
    let from = usize::try_from(address.checked_sub(start)?).ok()?;
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST_NAME)?;
    let range = from..from.checked_add(length)?;
    let text = bytes.get(range.clone())?;
    let is_name = text.ends_with(b".rs") && text.iter().all(|byte| matches!(byte, b' '..=b'~'));
    is_name.then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module() -> Module {
        let mut module = Module::default();
        for name in [
            "core[c593]::panicking::panic_fmt",
            "app::update",
            "<alloc[0]::vec::Vec<_, _>>::remove::assert_failed",
        ] {
            let mut builder = FunctionBuilder::new(&mut module.types, &[walrus::ValType::I32], &[]);
            builder.func_body().i32_const(7).drop();
            let argument = module.locals.add(walrus::ValType::I32);
            let id = builder.finish(vec![argument], &mut module.funcs);
            module.funcs.get_mut(id).name = Some(name.to_owned());
        }
        module
    }

    #[test]
    fn functions_that_begin_a_panic_trap_and_no_other_does() {
        let mut module = module();
        assert_eq!(slim(&mut module).functions, 2);
        let traps = module.funcs.iter_local().filter(|(_, function)| {
            let block = function.block(function.entry_block());
            block.instrs.iter().any(|(instr, _)| instr.is_unreachable())
        });
        assert_eq!(traps.count(), 2);
    }

    #[test]
    fn formatting_goes_unless_something_that_is_no_panic_formats() {
        let mut module = module();
        let add = |module: &mut Module, name: &str, callee: Option<FunctionId>| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            if let Some(callee) = callee {
                builder.func_body().call(callee);
            }
            let id = builder.finish(Vec::new(), &mut module.funcs);
            module.funcs.get_mut(id).name = Some(name.to_owned());
            id
        };
        let write = add(&mut module, "core[1]::fmt::write", None);
        add(&mut module, "<usize as core[1]::fmt::Display>::fmt", Some(write));
        assert!(slim(&mut module).formatting.is_empty());
        add(&mut module, "app::label", Some(write));
        assert_eq!(slim(&mut module).formatting, ["app::label"]);
    }

    #[test]
    fn a_source_position_is_blanked_with_its_file_and_other_texts_stay() {
        let mut bytes = b"src/view.rshello.rx".to_vec();
        bytes.resize(20, 0);
        for word in [1_000_u32, 11, 42, 7, 1_011, 8, 1, 1] {
            bytes.extend(word.to_le_bytes());
        }
        assert_eq!(blank(&mut bytes, 1_000), 1);
        assert!(bytes[..11].iter().all(|byte| *byte == 0));
        assert_eq!(&bytes[11..19], b"hello.rx");
        assert!(bytes[20..36].iter().all(|byte| *byte == 0));
        assert_eq!(bytes[36..40], 1_011_u32.to_le_bytes());
    }

    #[test]
    fn slices_keep_their_brackets_in_a_plain_name() {
        assert_eq!(plain("<[T] as core[c5]::cmp::Ord>::cmp"), "<[T] as core::cmp::Ord>::cmp");
    }
}
