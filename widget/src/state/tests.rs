//! What the rules do.
