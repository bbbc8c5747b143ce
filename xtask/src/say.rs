//! What the commands print: progress to standard error, results to standard output.

use std::io::Write as _;
use std::time::{Duration, Instant};

/// Says what is being done now.
pub(crate) fn step(text: &str) {
    error(&format!("xtask: {text}"));
}

/// Says what went wrong.
pub(crate) fn error(text: &str) {
    // A reader that went away has nothing to be told.
    writeln!(std::io::stderr(), "{text}").ok();
}

/// One line of a result.
pub(crate) fn line(text: &str) {
    writeln!(std::io::stdout(), "{text}").ok();
}

/// Runs `work` and says how long it took; its value names what came out.
pub(crate) fn timed<T, E>(
    what: &str,
    work: impl FnOnce() -> Result<T, E>,
    came_out: impl FnOnce(&T) -> String,
) -> Result<T, E> {
    let start = Instant::now();
    let value = work()?;
    step(&format!("{what}: {} in {}", came_out(&value), duration(start.elapsed())));
    Ok(value)
}

/// A duration as people read it.
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// A number of bytes with its thousands set apart.
pub(crate) fn bytes(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [bytes(0), bytes(999), bytes(1000), bytes(1_234_567)],
            ["0", "999", "1 000", "1 234 567"]
        );
    }
}
