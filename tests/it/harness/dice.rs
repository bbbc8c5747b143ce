//! Randomness that can be had again.

use std::time::{SystemTime, UNIX_EPOCH};

/// Random numbers from a seed, which a failing test prints; `NATTER_TEST_SEED` repeats them.
pub(crate) struct Dice(u64);

impl Dice {
    #[expect(clippy::print_stderr, reason = "shown with the output of a test that fails")]
    pub(crate) fn new() -> Self {
        let told = std::env::var("NATTER_TEST_SEED").ok().map(|seed| seed.parse().unwrap());
        let seed = told.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            u64::from(now.subsec_nanos())
        });
        eprintln!("NATTER_TEST_SEED={seed}");
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
