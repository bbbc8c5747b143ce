//! The two compressed forms that browsers accept, as small as each can be made: it happens once per build.

use std::io::Write as _;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A file in both forms.
pub(super) struct Packed {
    pub(super) brotli: Vec<u8>,
    pub(super) gzip: Vec<u8>,
}

/// Compresses with brotli (quality 11, a window of 2^24) and gzip (level 9).
pub(super) fn both(content: &[u8]) -> Result<Packed> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut brotli, &parameters)?;

    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content)?;
    Ok(Packed { brotli, gzip: gzip.finish()? })
}
