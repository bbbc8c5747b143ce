//! Documents and what they become. The examples are the specification's wherever it has one for what is supported.

/// Cases by section.
pub(super) const SECTIONS: &[(&str, &[(&str, &str)])] = &[
    ("rules", RULES),
    ("headings", HEADINGS),
    ("fenced code", FENCES),
    ("paragraphs", PARAGRAPHS),
    ("quotes", QUOTES),
    ("lists", LISTS),
    ("tables", TABLES),
    ("escapes and entities", ESCAPES),
    ("code spans", CODE),
    ("emphasis", EMPHASIS),
    ("strikethrough", STRIKE),
    ("links", LINKS),
    ("images", IMAGES),
    ("addresses", ADDRESSES),
    ("breaks", BREAKS),
    ("citations", CITATIONS),
    ("unfinished", UNFINISHED),
];

const RULES: &[(&str, &str)] = &[
    ("***\n---\n___", "<hr><hr><hr>"),
    ("+++", "<p>+++</p>"),
    ("--\n**\n__", "<p>--\n**\n__</p>"),
    (" **  * ** * ** * **", "<hr>"),
    ("- - -    -", "<hr>"),
    ("_ _ _ _ a", "<p>_ _ _ _ a</p>"),
    ("- foo\n***\n- bar", "<ul><li><p>foo</p></li></ul><hr><ul><li><p>bar</p></li></ul>"),
    ("Foo\n***\nbar", "<p>Foo</p><hr><p>bar</p>"),
    ("* Foo\n* * *\n* Bar", "<ul><li><p>Foo</p></li></ul><hr><ul><li><p>Bar</p></li></ul>"),
    ("- Foo\n- * * *", "<ul><li><p>Foo</p></li><li><hr></li></ul>"),
];

const HEADINGS: &[(&str, &str)] = &[
    ("# foo\n###### foo", "<h1>foo</h1><h6>foo</h6>"),
    ("####### foo", "<p>####### foo</p>"),
    ("#5 bolt\n\n#hashtag", "<p>#5 bolt</p><p>#hashtag</p>"),
    ("\\## foo", "<p>## foo</p>"),
    ("# foo *bar* \\*baz\\*", "<h1>foo <i>bar</i> *baz*</h1>"),
    ("#                  foo                     ", "<h1>foo</h1>"),
    ("## foo ##\n  ###   bar    ###", "<h2>foo</h2><h3>bar</h3>"),
    ("### foo ### b", "<h3>foo ### b</h3>"),
    ("# foo#", "<h1>foo#</h1>"),
    ("## \n#\n### ###", "<h2></h2><h1></h1><h3></h3>"),
    ("Foo bar\n# baz\nBar foo", "<p>Foo bar</p><h1>baz</h1><p>Bar foo</p>"),
];

const FENCES: &[(&str, &str)] = &[
    ("```\n<\n >\n```", "<pre><\n ></pre>"),
    ("~~~\n<\n~~~", "<pre><</pre>"),
    ("``\nfoo\n``", "<p><code>foo</code></p>"),
    ("```\naaa\n~~~\n```", "<pre>aaa\n~~~</pre>"),
    ("````\naaa\n```\n``````", "<pre>aaa\n```</pre>"),
    ("```\n\n  \n```", "<pre>\n  </pre>"),
    ("```\n```", "<pre></pre>"),
    ("  ```\naaa\n  aaa\n    aaa\n  ```", "<pre>aaa\naaa\n  aaa</pre>"),
    ("foo\n```\nbar\n```\nbaz", "<p>foo</p><pre>bar</pre><p>baz</p>"),
    ("```ruby startline=3\ndef foo\n```", "<pre ruby>def foo</pre>"),
    ("~~~ aa ``` ~~~\nfoo\n~~~", "<pre aa>foo</pre>"),
    ("``` aa ```\nfoo", "<p><code>aa</code>\nfoo</p>"),
    ("```\n``` aaa\n```", "<pre>``` aaa</pre>"),
    ("> ```\n> aaa\n\nbbb", "<q><pre>aaa</pre></q><p>bbb</p>"),
    ("- a\n  ```\n  b\n\n\n  ```", "<ul><li><p>a</p><pre>b\n\n</pre></li></ul>"),
];

const PARAGRAPHS: &[(&str, &str)] = &[
    ("aaa\n\nbbb", "<p>aaa</p><p>bbb</p>"),
    ("aaa\nbbb\n\nccc\nddd", "<p>aaa\nbbb</p><p>ccc\nddd</p>"),
    ("  aaa\n bbb", "<p>aaa\nbbb</p>"),
    ("aaa\n             bbb\n\tccc", "<p>aaa\nbbb\nccc</p>"),
    ("aaa \nbbb   ", "<p>aaa\nbbb</p>"),
    ("a\r\nb\r\n\r\nc", "<p>a\nb</p><p>c</p>"),
    ("<b>a</b> <!-- c -->", "<p><b>a</b> <!-- c --></p>"),
    ("", ""),
    ("  \n\t\n", ""),
];

const QUOTES: &[(&str, &str)] = &[
    ("> # Foo\n> bar\n> baz", "<q><h1>Foo</h1><p>bar\nbaz</p></q>"),
    ("># Foo\n>bar\n> baz", "<q><h1>Foo</h1><p>bar\nbaz</p></q>"),
    ("> # Foo\n> bar\nbaz", "<q><h1>Foo</h1><p>bar\nbaz</p></q>"),
    ("> foo\n---", "<q><p>foo</p></q><hr>"),
    ("> - foo\n- bar", "<q><ul><li><p>foo</p></li></ul></q><ul><li><p>bar</p></li></ul>"),
    ("> ```\nfoo\n```", "<q><pre></pre></q><p>foo</p><pre></pre>"),
    (">\n>  \n> ", "<q></q>"),
    ("> foo\n\n> bar", "<q><p>foo</p></q><q><p>bar</p></q>"),
    ("> foo\n>\n> bar", "<q><p>foo</p><p>bar</p></q>"),
    ("foo\n> bar", "<p>foo</p><q><p>bar</p></q>"),
    ("> bar\n\nbaz", "<q><p>bar</p></q><p>baz</p>"),
    ("> > > foo\nbar", "<q><q><q><p>foo\nbar</p></q></q></q>"),
    (">>> foo\n> bar\n>>baz", "<q><q><q><p>foo\nbar\nbaz</p></q></q></q>"),
];

const LISTS: &[(&str, &str)] = &[
    (
        "- foo\n- bar\n+ baz",
        "<ul><li><p>foo</p></li><li><p>bar</p></li></ul><ul><li><p>baz</p></li></ul>",
    ),
    (
        "1. foo\n2. bar\n3) baz",
        "<ol 1><li><p>foo</p></li><li><p>bar</p></li></ol><ol 3><li><p>baz</p></li></ol>",
    ),
    ("- one\n\n two", "<ul><li><p>one</p></li></ul><p>two</p>"),
    ("- one\n\n  two", "<ul><li><p>one</p><p>two</p></li></ul>"),
    ("   > > 1.  one\n>>\n>>     two", "<q><q><ol 1><li><p>one</p><p>two</p></li></ol></q></q>"),
    ("-one\n\n2.two", "<p>-one</p><p>2.two</p>"),
    ("- foo\n\n\n  bar", "<ul><li><p>foo</p><p>bar</p></li></ul>"),
    (
        "1.  foo\n\n    ```\n    bar\n    ```\n\n    > bam",
        "<ol 1><li><p>foo</p><pre>bar</pre><q><p>bam</p></q></li></ol>",
    ),
    (
        "123456789. ok\n\n1234567890. no",
        "<ol 123456789><li><p>ok</p></li></ol><p>1234567890. no</p>",
    ),
    ("0. ok", "<ol 0><li><p>ok</p></li></ol>"),
    ("-1. no", "<p>-1. no</p>"),
    ("-\n  foo\n-\n  ```\n  bar\n  ```", "<ul><li><p>foo</p></li><li><pre>bar</pre></li></ul>"),
    ("-\n\n  foo", "<ul><li></li></ul><p>foo</p>"),
    ("- foo\n-\n- bar", "<ul><li><p>foo</p></li><li></li><li><p>bar</p></li></ul>"),
    ("foo\n*\n\nfoo\n1.", "<p>foo\n*</p><p>foo\n1.</p>"),
    (
        "> 1. > Blockquote\ncontinued here.",
        "<q><ol 1><li><q><p>Blockquote\ncontinued here.</p></q></li></ol></q>",
    ),
    (
        "- foo\n  - bar\n    - baz",
        "<ul><li><p>foo</p><ul><li><p>bar</p><ul><li><p>baz</p></li></ul></li></ul></li></ul>",
    ),
    ("10) foo\n    - bar", "<ol 10><li><p>foo</p><ul><li><p>bar</p></li></ul></li></ol>"),
    ("- - foo", "<ul><li><ul><li><p>foo</p></li></ul></li></ul>"),
    ("- # Foo", "<ul><li><h1>Foo</h1></li></ul>"),
    ("Foo\n- bar\n- baz", "<p>Foo</p><ul><li><p>bar</p></li><li><p>baz</p></li></ul>"),
    ("in which the number is\n14.  The doors", "<p>in which the number is\n14.  The doors</p>"),
    (
        "- a\n - b\n  - c\n- d",
        "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li><li><p>d</p></li></ul>",
    ),
    ("- a\n- b\n\n- c", "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>"),
    ("* a\n  > b\n  >\n* c", "<ul><li><p>a</p><q><p>b</p></q></li><li><p>c</p></li></ul>"),
    (
        "1. a\n\n   - b\n\n2. c",
        "<ol 1><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol>",
    ),
    ("-\ta\n\t- b", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
];

const TABLES: &[(&str, &str)] = &[
    (
        "| foo | bar |\n| --- | --- |\n| baz | bim |",
        "<table --><tr><td>foo</td><td>bar</td></tr><tr><td>baz</td><td>bim</td></tr></table>",
    ),
    (
        "abc | def\n:-: | ----:\nbar | baz",
        "<table cr><tr><td>abc</td><td>def</td></tr><tr><td>bar</td><td>baz</td></tr></table>",
    ),
    (
        "| f\\|oo |\n| :- |\n| b `\\|` az |\n| b **\\|** im |",
        "<table l><tr><td>f|oo</td></tr><tr><td>b <code>|</code> az</td></tr><tr><td>b <b>|</b> im</td></tr></table>",
    ),
    (
        "| a | b |\n| - | - |\n| c |\n| d | e | f |\n\nbar",
        "<table --><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td><td>e</td></tr></table><p>bar</p>",
    ),
    (
        "| a | b |\n| - | - |\n> bar",
        "<table --><tr><td>a</td><td>b</td></tr></table><q><p>bar</p></q>",
    ),
    ("| abc | def |\n| --- |\n| bar |", "<p>| abc | def |\n| --- |\n| bar |</p>"),
    ("text\n| a |\n|---|\n||", "<p>text</p><table -><tr><td>a</td></tr><tr><td></td></tr></table>"),
];

const ESCAPES: &[(&str, &str)] = &[
    ("\\!\\\"\\#\\$\\%\\&\\'\\(\\)\\*\\+\\,\\-\\.\\/", "<p>!\"#$%&'()*+,-./</p>"),
    ("\\\t\\A\\a\\ \\3\\φ\\«", "<p>\\\t\\A\\a\\ \\3\\φ\\«</p>"),
    (
        "\\*not emphasized*\n\\[not a link](/foo)\n\\`not code`",
        "<p>*not emphasized*\n[not a link](/foo)\n`not code`</p>",
    ),
    ("\\\\*emphasis*", "<p>\\<i>emphasis</i></p>"),
    ("`` \\[\\` ``", "<p><code>\\[\\`</code></p>"),
    ("[foo](https://a.example/bar\\* \"ti\\*tle\")", "<p><a https://a.example/bar*>foo</a></p>"),
    ("&nbsp;&amp;&lt;&gt;&quot;&#39;", "<p>\u{a0}&<>\"'</p>"),
    ("&copy &nope; &", "<p>&copy &nope; &</p>"),
    ("`f&amp;f`", "<p><code>f&amp;f</code></p>"),
    ("*foo&#39;", "<p>*foo'</p>"),
    ("[a](https://a.example?b&amp;c)", "<p><a https://a.example?b&c>a</a></p>"),
];

const CODE: &[(&str, &str)] = &[
    ("`foo`", "<p><code>foo</code></p>"),
    ("`` foo ` bar ``", "<p><code>foo ` bar</code></p>"),
    ("` `` `\n`  ``  `", "<p><code>``</code>\n<code> `` </code></p>"),
    ("` a`\n` `", "<p><code> a</code>\n<code> </code></p>"),
    ("``\nfoo\nbar  \nbaz\n``", "<p><code>foo bar   baz</code></p>"),
    ("`foo\\`bar`", "<p><code>foo\\</code>bar`</p>"),
    ("*foo`*`", "<p>*foo<code>*</code></p>"),
    ("[not a `link](/foo`)", "<p>[not a <code>link](/foo</code>)</p>"),
    ("```foo``\n\n`foo``bar``", "<p>```foo``</p><p>`foo<code>bar</code></p>"),
];

const EMPHASIS: &[(&str, &str)] = &[
    ("*foo bar* a * foo bar*", "<p><i>foo bar</i> a * foo bar*</p>"),
    ("a*\"foo\"*", "<p>a*\"foo\"*</p>"),
    ("foo*bar*baz 5*6*78", "<p>foo<i>bar</i>baz 5<i>6</i>78</p>"),
    (
        "_foo bar_ foo_bar_ 5_6_78 пристаням_стремятся_",
        "<p><i>foo bar</i> foo_bar_ 5_6_78 пристаням_стремятся_</p>",
    ),
    ("foo-_(bar)_", "<p>foo-<i>(bar)</i></p>"),
    ("*(*foo*)*", "<p><i>(<i>foo</i>)</i></p>"),
    ("_foo_bar_baz_", "<p><i>foo_bar_baz</i></p>"),
    ("**foo bar** ** foo** foo**bar**", "<p><b>foo bar</b> ** foo** foo<b>bar</b></p>"),
    ("__foo, __bar__, baz__", "<p><b>foo, <b>bar</b>, baz</b></p>"),
    (
        "**Gomphocarpus (*Gomphocarpus physocarpus*, syn.)**",
        "<p><b>Gomphocarpus (<i>Gomphocarpus physocarpus</i>, syn.)</b></p>",
    ),
    ("*foo [bar](https://a.example)*", "<p><i>foo <a https://a.example>bar</a></i></p>"),
    (
        "*foo **bar** baz* *foo**bar**baz*",
        "<p><i>foo <b>bar</b> baz</i> <i>foo<b>bar</b>baz</i></p>",
    ),
    ("*foo**bar*", "<p><i>foo**bar</i></p>"),
    ("***foo** bar* *foo **bar***", "<p><i><b>foo</b> bar</i> <i>foo <b>bar</b></i></p>"),
    ("foo***bar***baz", "<p>foo<i><b>bar</b></i>baz</p>"),
    ("foo******bar*********baz", "<p>foo<b><b><b>bar</b></b></b>***baz</p>"),
    ("** is not an empty emphasis ****", "<p>** is not an empty emphasis ****</p>"),
    ("foo *** foo *\\**", "<p>foo *** foo <i>*</i></p>"),
    ("**foo*\n\n*foo**\n\n****foo*", "<p>*<i>foo</i></p><p><i>foo</i>*</p><p>***<i>foo</i></p>"),
    ("*foo _bar* baz_", "<p><i>foo _bar</i> baz_</p>"),
    ("*[bar*](https://a.example)", "<p>*<a https://a.example>bar*</a></p>"),
    ("**これは重要。**です", "<p><b>これは重要。</b>です</p>"),
    ("结果是**“好”**的", "<p>结果是<b>“好”</b>的</p>"),
];

const STRIKE: &[(&str, &str)] = &[
    ("~~Hi~~ Hello, world!", "<p><s>Hi</s> Hello, world!</p>"),
    ("This ~~has a\n\nnew paragraph~~.", "<p>This ~~has a</p><p>new paragraph~~.</p>"),
    ("3~5、10~20 and ~~~no~~~", "<p>3~5、10~20 and ~~~no~~~</p>"),
    ("~~a **b** c~~", "<p><s>a <b>b</b> c</s></p>"),
];

const LINKS: &[(&str, &str)] = &[
    ("[link](https://a.example/uri \"title\")", "<p><a https://a.example/uri>link</a></p>"),
    (
        "[a](HTTP://a.example 'b') [c](<https://c.example/d e> (f))",
        "<p><a HTTP://a.example>a</a> <a https://c.example/de>c</a></p>",
    ),
    ("[m](mailto:a@b.example)", "<p><a mailto:a@b.example>m</a></p>"),
    ("[](https://a.example)", "<p><a https://a.example>https://a.example</a></p>"),
    ("[link](/uri) [x](#a) [y](//a.example) [z]()", "<p>link x y z</p>"),
    ("[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x)", "<p>a b c</p>"),
    ("[a](<java\tscript:x>) [b](<ht\ttps://a.example>)", "<p>a <a https://a.example>b</a></p>"),
    ("[**a** `b`](javascript:x)", "<p><b>a</b> <code>b</code></p>"),
    (
        "[link](https://a.example/foo(and(bar))) [l](https://a.example/\\))",
        "<p><a https://a.example/foo(and(bar))>link</a> <a https://a.example/)>l</a></p>",
    ),
    ("[link] (https://a.example)", "<p>[link] (<a https://a.example>https://a.example</a>)</p>"),
    ("[link [foo [bar]]](https://a.example)", "<p><a https://a.example>link [foo [bar]]</a></p>"),
    (
        "[foo [bar](https://b.example)](https://a.example)",
        "<p>[foo <a https://b.example>bar</a>](<a https://a.example>https://a.example</a>)</p>",
    ),
    (
        "[a https://b.example <https://c.example>](https://a.example)",
        "<p><a https://a.example>a https://b.example https://c.example</a></p>",
    ),
    ("[foo *bar](https://a.example) baz*", "<p><a https://a.example>foo *bar</a> baz*</p>"),
    ("[foo`](https://a.example)`", "<p>[foo<code>](https://a.example)</code></p>"),
    ("[foo] [bar][baz] ]", "<p>[foo] [bar][baz] ]</p>"),
];

const IMAGES: &[(&str, &str)] = &[
    ("![foo](https://a.example/b.png \"title\")", "<p><img https://a.example/b.png>foo</img></p>"),
    (
        "![foo *bar* [x](https://y.example)](https://a.example)",
        "<p><img https://a.example>foo bar x</img></p>",
    ),
    (
        "[![moon](https://a.example/m.jpg)](https://b.example)",
        "<p><a https://b.example><img https://a.example/m.jpg>moon</img></a></p>",
    ),
    ("![x](data:image/png;base64,a) ![y](mailto:a@b.c) \\![z]", "<p>x y ![z]</p>"),
];

const ADDRESSES: &[(&str, &str)] = &[
    (
        "<https://foo.bar.example:80/test?q=hello&id=22>",
        "<p><a https://foo.bar.example:80/test?q=hello&id=22>https://foo.bar.example:80/test?q=hello&id=22</a></p>",
    ),
    (
        "<MAILTO:FOO@BAR.EXAMPLE> <foo@bar.example>",
        "<p><a MAILTO:FOO@BAR.EXAMPLE>MAILTO:FOO@BAR.EXAMPLE</a> <a mailto:foo@bar.example>foo@bar.example</a></p>",
    ),
    (
        "<https://foo.bar/baz bim> <> <m:abc> <javascript:x>",
        "<p><<a https://foo.bar/baz>https://foo.bar/baz</a> bim> <> <m:abc> <javascript:x></p>",
    ),
    (
        "Visit https://a.example/a.b.",
        "<p>Visit <a https://a.example/a.b>https://a.example/a.b</a>.</p>",
    ),
    (
        "(https://a.example/b_(c)) https://a.example/d).",
        "<p>(<a https://a.example/b_(c)>https://a.example/b_(c)</a>) <a https://a.example/d>https://a.example/d</a>).</p>",
    ),
    (
        "**https://a.example** xhttps://b https://",
        "<p><b><a https://a.example>https://a.example</a></b> xhttps://b https://</p>",
    ),
    (
        "見て https://a.example/b。はい",
        "<p>見て <a https://a.example/b>https://a.example/b</a>。はい</p>",
    ),
];

const BREAKS: &[(&str, &str)] = &[
    ("foo  \nbaz", "<p>foo<br>baz</p>"),
    ("foo\\\n     bar", "<p>foo<br>bar</p>"),
    ("*foo  \nbar*", "<p><i>foo<br>bar</i></p>"),
    ("`code  \nspan`", "<p><code>code   span</code></p>"),
    ("foo\\\n\n### foo\\", "<p>foo\\</p><h3>foo\\</h3>"),
    ("a<br>b<br/>c<br />d", "<p>a<br>b<br>c<br>d</p>"),
];

const CITATIONS: &[(&str, &str)] = &[
    ("Free returns [1], fast [2][13].", "<p>Free returns <cite 1>, fast <cite 2><cite 13>.</p>"),
    ("[0] [01] [100] [1a] [] \\[1\\] `[1]`", "<p>[0] [01] [100] [1a] [] [1] <code>[1]</code></p>"),
    ("[1](https://a.example) [1][a] a[1]", "<p><a https://a.example>1</a> [1][a] a<cite 1></p>"),
    (
        "**a [1]** [see [2] now](https://a.example)",
        "<p><b>a <cite 1></b> <a https://a.example>see [2] now</a></p>",
    ),
];

const UNFINISHED: &[(&str, &str)] = &[
    ("```rust\nfn main() {", "<pre rust>fn main() {</pre>"),
    ("```", "<pre></pre>"),
    ("some **bold te", "<p>some **bold te</p>"),
    ("some `code", "<p>some `code</p>"),
    ("see [the page](https://a.exam", "<p>see [the page](<a https://a.exam>https://a.exam</a></p>"),
    ("- one\n- ", "<ul><li><p>one</p></li><li></li></ul>"),
    ("| a | b |\n|---", "<p>| a | b |\n|---</p>"),
    (
        "| a | b |\n|---|---|\n| c",
        "<table --><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
    ),
];

/// A document with something of everything.
pub(super) const DOCUMENT: &str = "# Returns at *Maple & Pine*

You can send things back within **30 days** [1], even `SALE` items — see
[the returns page](https://shop.example/returns \"Returns\") or ~~write~~ mail <help@shop.example>.

1. Find your **order number**
   - in the mail
   - or at https://shop.example/orders.

2. Print the label:

   ```text
   label --order 4711
   ```

> Unworn shoes only.
> > Boxes count too.

| Size | EU \\| UK | In stock |
|:-----|:-------:|---------:|
| S    | 36      | *yes*    |
| M    | 38      | [later](https://shop.example/m) |

---

![Our shop](https://shop.example/shop.jpg) 返品は**30日以内**です。 🦀
";
