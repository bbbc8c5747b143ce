//! Licence expressions as packages state them (SPDX, with the older `A/B`), evaluated against a list of allowed ones.

use anyhow::{Result, bail};

/// Whether the terms of an expression can be met with allowed licences alone.
pub(super) fn is_allowed(expression: &str, allowed: &[String]) -> Result<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, allowed };
    let answer = parser.any_of()?;
    match parser.words.first() {
        None => Ok(answer),
        Some(word) => bail!("licence expression `{expression}` has a stray `{word}`"),
    }
}

struct Parser<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl<'a> Parser<'a> {
    fn any_of(&mut self) -> Result<bool> {
        let mut answer = self.all_of()?;
        while self.take("OR") {
            answer |= self.all_of()?;
        }
        Ok(answer)
    }

    fn all_of(&mut self) -> Result<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool> {
        if self.take("(") {
            let answer = self.any_of()?;
            if !self.take(")") {
                bail!("a licence expression has an unclosed parenthesis");
            }
            return Ok(answer);
        }
        let mut name = self.next()?.to_owned();
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.next()?);
        }
        Ok(self.allowed.contains(&name))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }

    fn next(&mut self) -> Result<&'a str> {
        match self.words.split_first() {
            Some((word, rest)) => {
                self.words = rest;
                Ok(word)
            }
            None => bail!("a licence expression ends too early"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str) -> bool {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"]
            .map(str::to_owned);
        is_allowed(expression, &allowed).unwrap()
    }

    #[test]
    fn one_allowed_choice_is_enough_and_every_part_is_needed() {
        assert!(
            check("MIT OR GPL-3.0")
                && check("GPL-3.0/MIT")
                && check("Apache-2.0 WITH LLVM-exception")
        );
        assert!(check("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(
            !check("MIT AND GPL-3.0") && !check("GPL-3.0") && !check("MIT WITH Some-exception")
        );
    }

    #[test]
    fn nonsense_is_an_error() {
        assert!(
            is_allowed("MIT OR", &[]).is_err()
                && is_allowed("(MIT", &[]).is_err()
                && is_allowed("MIT MIT", &[]).is_err()
        );
    }
}
