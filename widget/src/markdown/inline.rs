//! Inline elements: a first walk over the text finds code, links and the pairs of delimiters; [`super::tree`] builds
//! from its tokens. The rules are `CommonMark`'s, each step bounded so that the whole stays linear.

use super::class::{Class, class};
use super::text::{byte, count, cut, from, starts_with};
use super::{Inline, link, tree};

/// A piece of the text, in order.
#[derive(Debug)]
pub(super) enum Token {
    /// Text, from and to.
    Text(usize, usize),
    /// A character that was written otherwise.
    Char(char),
    /// Something without parts.
    Leaf(Inline),
    /// A run of `*`, `_` or `~`.
    Run(Run),
    /// `[` or `![`.
    Bracket(Bracket),
    /// Closes the latest bracket that became a link or an image.
    End,
}

/// A run of delimiters.
#[derive(Debug)]
pub(super) struct Run {
    /// The character.
    pub(super) byte: u8,
    /// How many there were.
    length: usize,
    /// How many are text.
    pub(super) left: usize,
    /// Whether it may open.
    opens: bool,
    /// Whether it may close.
    closes: bool,
    /// Elements that it closes.
    pub(super) closed: usize,
    /// How many characters each element took that it opens, the innermost first.
    pub(super) opened: Vec<u8>,
}

/// What became of an opening bracket.
#[derive(Debug)]
pub(super) enum Bracket {
    /// Text; whether with a `!`.
    Text(bool),
    /// Nothing: its address may not be followed, its content stays.
    Dropped,
    /// A link to this address.
    Link(String),
    /// An image from this address.
    Image(String),
}

/// An opening bracket that may still find its end.
struct Opener {
    /// Its token.
    token: usize,
    /// Whether of an image.
    image: bool,
    /// How many runs stood before it.
    runs: usize,
}

/// Longest run of backticks that makes code.
const TICKS: usize = 32;

/// The walk.
struct Scanner<'a> {
    /// The text.
    text: &'a str,
    /// Where the text not yet in a token begins.
    start: usize,
    /// What was found.
    tokens: Vec<Token>,
    /// Tokens of the runs that are not yet paired.
    runs: Vec<usize>,
    /// Open brackets.
    brackets: Vec<Opener>,
    /// So many of them stand before a link and cannot become one.
    inactive: usize,
    /// Where the last run of each number of backticks stands, once known.
    ticks: Option<[usize; TICKS]>,
    /// Whether the text may go on where it ends now.
    grows: bool,
}

/// Parses the text of a block.
pub(super) fn parse(text: &str, grows: bool) -> Vec<Inline> {
    let mut end = text.len();
    // Marks at the very end may open or close something, or be only half there.
    while grows && end > 0 && matches!(byte(text, end - 1), b'*' | b'_' | b'~' | b'`') {
        end -= 1;
    }
    let text = cut(text, 0, end);
    let mut scanner = Scanner {
        text,
        start: 0,
        tokens: Vec::new(),
        runs: Vec::new(),
        brackets: Vec::new(),
        inactive: 0,
        ticks: None,
        grows,
    };
    scanner.walk();
    for opener in scanner.pair(0) {
        if let Some(Token::Run(run)) = scanner.tokens.get_mut(opener)
            && grows
            && !run.closes
        {
            // The tree closes what is open at its end.
            while run.left > 0 {
                let used = if run.left > 1 { 2 } else { 1 };
                run.left -= usize::from(used);
                run.opened.push(used);
            }
        }
    }
    tree::build(text, scanner.tokens)
}

impl Scanner<'_> {
    /// Walks over the text.
    fn walk(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            at = match byte(self.text, at) {
                b'\\' => self.escape(at),
                b'`' => self.code(at),
                mark @ (b'*' | b'_' | b'~') => self.run(at, mark),
                b'[' => self.bracket(at, false),
                b'!' if byte(self.text, at + 1) == b'[' => self.bracket(at, true),
                b']' => self.end(at),
                b'<' => self.angle(at),
                b'&' => self.entity(at),
                b'\n' => self.newline(at),
                b'h' | b'H' => self.address(at),
                _ => at + 1,
            };
        }
        self.flush(at);
    }

    /// Makes a token of the text before `at`.
    fn flush(&mut self, at: usize) {
        if self.start < at {
            self.tokens.push(Token::Text(self.start, at));
        }
    }

    /// Adds a token that stands from `at` to `next`, and goes on there.
    fn push(&mut self, at: usize, next: usize, token: Token) -> usize {
        self.flush(at);
        self.tokens.push(token);
        self.start = next;
        next
    }

    /// A backslash: takes the next character as text, or breaks the line.
    fn escape(&mut self, at: usize) -> usize {
        match byte(self.text, at + 1) {
            b'\n' => self.push(at, at + 2, Token::Leaf(Inline::Break)),
            next if next.is_ascii_punctuation() => {
                self.flush(at);
                self.start = at + 1;
                at + 2
            }
            _ => at + 1,
        }
    }

    /// The end of a line: two spaces before it make it a hard one.
    fn newline(&mut self, at: usize) -> usize {
        let mut end = at;
        while end > self.start && byte(self.text, end - 1) == b' ' {
            end -= 1;
        }
        if at - end >= 2 {
            return self.push(end, at + 1, Token::Leaf(Inline::Break));
        }
        if at > end {
            self.flush(end);
            self.start = at;
        }
        at + 1
    }

    /// A named character.
    fn entity(&mut self, at: usize) -> usize {
        match link::entity(self.text, at) {
            Some((char, length)) => self.push(at, at + length, Token::Char(char)),
            None => at + 1,
        }
    }

    /// Code, if as many backticks follow later.
    fn code(&mut self, at: usize) -> usize {
        let length = count(self.text, at, b'`');
        let content = at + length;
        if length >= TICKS || self.last_ticks(length) <= at {
            if !self.grows {
                return content;
            }
            let end = self.text.len();
            let code = tree::code(cut(self.text, content, end));
            return self.push(at, end, Token::Leaf(Inline::Code(code)));
        }
        let mut end = content;
        while end < self.text.len() {
            let run = count(self.text, end, b'`');
            if run == length {
                let code = tree::code(cut(self.text, content, end));
                return self.push(at, end + length, Token::Leaf(Inline::Code(code)));
            }
            end += run.max(1);
        }
        content
    }

    /// Where the last run of so many backticks stands.
    fn last_ticks(&mut self, length: usize) -> usize {
        let text = self.text;
        let ticks = self.ticks.get_or_insert_with(|| {
            let mut ticks = [0; TICKS];
            let mut at = 0;
            while at < text.len() {
                let run = count(text, at, b'`');
                if let Some(last) = ticks.get_mut(run) {
                    *last = at;
                }
                at += run.max(1);
            }
            ticks
        });
        ticks.get(length).copied().unwrap_or_default()
    }

    /// An address or a line break in angle brackets.
    fn angle(&mut self, at: usize) -> usize {
        for tag in ["<br>", "<br/>", "<br />"] {
            if starts_with(self.text, at, tag) {
                return self.push(at, at + tag.len(), Token::Leaf(Inline::Break));
            }
        }
        let Some((href, text, length)) = link::bracketed(self.text, at) else { return at + 1 };
        let content = vec![Inline::Text(text.into())];
        self.push(at, at + length, Token::Leaf(Inline::Link { href, content }))
    }

    /// An address that stands bare.
    fn address(&mut self, at: usize) -> usize {
        if at > 0 && byte(self.text, at - 1).is_ascii_alphanumeric() {
            return at + 1;
        }
        let Some(text) = link::bare(self.text, at) else { return at + 1 };
        let link = Inline::Link { href: text.into(), content: vec![Inline::Text(text.into())] };
        self.push(at, at + text.len(), Token::Leaf(link))
    }

    /// A run of delimiters. What it may do depends on its neighbours; beside East Asian script, which has no spaces,
    /// punctuation does not forbid it.
    fn run(&mut self, at: usize, mark: u8) -> usize {
        let length = count(self.text, at, mark);
        let end = at + length;
        if mark == b'~' && length != 2 {
            return end;
        }
        let before = cut(self.text, 0, at).chars().next_back().map_or(Class::Space, class);
        let after = from(self.text, end).chars().next().map_or(Class::Space, class);
        let flanks = |inner, outer| {
            inner != Class::Space && (inner != Class::Mark || outer != Class::Letter)
        };
        let (left, right) = (flanks(after, before), flanks(before, after));
        let (opens, closes) = match mark {
            b'_' => (
                left && (!right || before == Class::Mark),
                right && (!left || after == Class::Mark),
            ),
            _ => (left, right),
        };
        let run =
            Run { byte: mark, length, left: length, opens, closes, closed: 0, opened: Vec::new() };
        self.push(at, end, Token::Run(run));
        self.runs.push(self.tokens.len() - 1);
        end
    }

    /// `[` or `![`: a citation or the possible beginning of a link or an image.
    fn bracket(&mut self, at: usize, image: bool) -> usize {
        if !image && let Some((number, length)) = citation(self.text, at) {
            return self.push(at, at + length, Token::Leaf(Inline::Citation(number)));
        }
        let next = self.push(at, at + 1 + usize::from(image), Token::Bracket(Bracket::Text(image)));
        self.brackets.push(Opener { token: self.tokens.len() - 1, image, runs: self.runs.len() });
        next
    }

    /// `]`: ends a link or an image if an address follows.
    fn end(&mut self, at: usize) -> usize {
        let Some(Opener { token, image, runs }) = self.brackets.pop() else { return at + 1 };
        let inactive = self.brackets.len() < self.inactive;
        self.inactive = self.inactive.min(self.brackets.len());
        if inactive && !image {
            return at + 1;
        }
        let (bracket, next) = match link::target(self.text, at + 1) {
            Some((address, next)) => {
                let bracket = match link::safe(&address, image) {
                    Some(href) if image => Bracket::Image(href),
                    Some(href) => Bracket::Link(href),
                    None => Bracket::Dropped,
                };
                (bracket, next)
            }
            None if self.grows && begins_address(from(self.text, at + 1)) => {
                (Bracket::Dropped, self.text.len())
            }
            None => return at + 1,
        };
        if !image {
            self.inactive = self.brackets.len();
        }
        if let Bracket::Dropped = bracket {
            self.flush(at);
            self.start = next;
        } else {
            self.push(at, next, Token::End);
        }
        self.pair(runs);
        if let Some(token) = self.tokens.get_mut(token) {
            *token = Token::Bracket(bracket);
        }
        next
    }

    /// Pairs the runs from `first` on, and gives the tokens of those that are left open.
    fn pair(&mut self, first: usize) -> Vec<usize> {
        let mut stack: Vec<usize> = Vec::new();
        // Below these places in the stack nothing matches, by kind of closer.
        let mut floors = [0; 18];
        for index in self.runs.split_off(first) {
            let (before, after) = self.tokens.split_at_mut(index);
            let Some(Token::Run(closer)) = after.first_mut() else { continue };
            let kind = 6 * usize::from(closer.byte == b'_') + 12 * usize::from(closer.byte == b'~');
            let kind = kind + 3 * usize::from(closer.opens) + closer.length % 3;
            let Some(floor) = floors.get(kind).copied() else { continue };
            let mut floor = floor;
            while closer.closes && closer.left > 0 {
                let place = (floor..stack.len()).rev().find(|place| {
                    let opener = stack.get(*place).and_then(|opener| before.get(*opener));
                    matches!(opener, Some(Token::Run(opener)) if fits(opener, closer))
                });
                let Some(place) = place else {
                    floor = stack.len();
                    break;
                };
                stack.truncate(place + 1);
                if let Some(Token::Run(opener)) =
                    stack.last().and_then(|opener| before.get_mut(*opener))
                {
                    let used = if opener.left > 1 && closer.left > 1 { 2 } else { 1 };
                    opener.left -= usize::from(used);
                    opener.opened.push(used);
                    closer.left -= usize::from(used);
                    closer.closed += 1;
                    if opener.left == 0 {
                        stack.pop();
                    }
                }
            }
            if let Some(slot) = floors.get_mut(kind) {
                *slot = floor;
            }
            for floor in &mut floors {
                *floor = stack.len().min(*floor);
            }
            if closer.opens && closer.left > 0 {
                stack.push(index);
            }
        }
        stack
    }
}

/// Whether a text is the beginning of a link's address, which is not shown before its end has come.
fn begins_address(text: &str) -> bool {
    byte(text, 0) == b'(' && !text.bytes().any(|byte| matches!(byte, b')' | b' ' | b'\n'))
}

/// Whether the two make a pair.
fn fits(opener: &Run, closer: &Run) -> bool {
    let both = opener.closes || closer.opens;
    let thirds = |length: usize| length.is_multiple_of(3);
    let odd =
        thirds(opener.length + closer.length) && !(thirds(opener.length) && thirds(closer.length));
    opener.byte == closer.byte && !(both && odd && opener.byte != b'~')
}

/// `[1]` to `[99]`, not followed by an address or a reference; another citation may follow.
fn citation(text: &str, at: usize) -> Option<(u32, usize)> {
    let (number, length) = numbered(text, at)?;
    let other = match byte(text, at + length) {
        b'(' => true,
        b'[' => numbered(text, at + length).is_none(),
        _ => false,
    };
    (!other).then_some((number, length))
}

/// A number of one or two digits in brackets, and their length.
#[inline(never)]
fn numbered(text: &str, at: usize) -> Option<(u32, usize)> {
    let (mut number, mut length) = (0, 1);
    while length < 3 && byte(text, at + length).is_ascii_digit() {
        number = number * 10 + u32::from(byte(text, at + length) - b'0');
        length += 1;
    }
    let good = byte(text, at + 1) != b'0' && length > 1 && byte(text, at + length) == b']';
    good.then_some((number, length + 1))
}
