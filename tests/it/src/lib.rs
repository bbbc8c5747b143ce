//! The suite stands in `main.rs`; this library only gives the package a target.
