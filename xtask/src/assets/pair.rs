//! Module and glue know each other by short names, which another build gives to other functions. So that files of two
//! builds, as a cache may bring them together after an upgrade, fail when they meet instead of calling the wrong thing, one
//! name carries a mark of the build.

use anyhow::{Context as _, Result, ensure};

/// The id of the section with a module's imports.
const IMPORTS: u8 = 2;
/// Length of a module's magic number and version.
const HEAD: usize = 8;

/// Appends the mark to the name of a module's first import. Returns the module and what the import was called.
pub(super) fn mark(wasm: &[u8], mark: &str) -> Result<(Vec<u8>, String)> {
    let mut at = HEAD;
    loop {
        let id = *wasm.get(at).context("the module imports nothing")?;
        let (size, start) = number(wasm, at + 1)?;
        let end = start + size;
        if id != IMPORTS {
            at = end;
            continue;
        }
        let (count, first) = number(wasm, start)?;
        ensure!(count > 0, "the module imports nothing");
        let (module, name_at) = text(wasm, first)?;
        let (name, rest) = text(wasm, name_at)?;
        let mut section = Vec::with_capacity(size + mark.len() + 1);
        write_number(&mut section, count);
        for word in [module, &[name, mark].concat()] {
            write_number(&mut section, word.len());
            section.extend(word.as_bytes());
        }
        section.extend(wasm.get(rest..end).context("the module is cut off")?);
        let mut out = Vec::with_capacity(wasm.len() + mark.len() + 2);
        out.extend(&wasm[..=at]);
        write_number(&mut out, section.len());
        out.extend(section);
        out.extend(&wasm[end..]);
        return Ok((out, name.to_owned()));
    }
}

/// A number in LEB128, and where it ends.
fn number(wasm: &[u8], mut at: usize) -> Result<(usize, usize)> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *wasm.get(at).context("the module is cut off")?;
        value |= usize::from(byte & 0x7f) << shift;
        at += 1;
        if byte & 0x80 == 0 {
            return Ok((value, at));
        }
        shift += 7;
        ensure!(shift < 32, "a number in the module is too long");
    }
}

fn write_number(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(0x80 | value.to_le_bytes()[0]);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn text(wasm: &[u8], at: usize) -> Result<(&str, usize)> {
    let (length, start) = number(wasm, at)?;
    let bytes = wasm.get(start..start + length).context("the module is cut off")?;
    Ok((std::str::from_utf8(bytes)?, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_import_gets_the_mark_and_nothing_else_changes() {
        // Types, then two imported functions of `a`, then no more.
        let head = *b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0";
        let module =
            [&head[..], b"\x02\x0b\x02\x01a\x01b\0\0\x01a\x01c\0\0", b"\x03\x01\0"].concat();
        let wanted =
            [&head[..], b"\x02\x0f\x02\x01a\x05bbeef\0\0\x01a\x01c\0\0", b"\x03\x01\0"].concat();
        assert_eq!(mark(&module, "beef").unwrap(), (wanted, "b".to_owned()));
        assert!(mark(&head, "beef").is_err() && mark(&module[..20], "beef").is_err());
    }

    #[test]
    fn numbers_of_several_bytes_come_back() {
        for value in [0, 127, 128, 300, 70_000] {
            let mut bytes = Vec::new();
            write_number(&mut bytes, value);
            assert_eq!(number(&bytes, 0).unwrap(), (value, bytes.len()));
        }
    }
}
