//! The HTTP suite.

fn main() {}
