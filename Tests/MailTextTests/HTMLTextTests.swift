import Testing

@testable import MailText

@Suite struct HTMLTextTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let says: String
        let html: String
        let plain: String

        init(_ says: String, _ html: String, gives plain: String) {
            self.says = says
            self.html = html
            self.plain = plain
        }

        var testDescription: String { says }
    }

    @Test(
        "HTML becomes the lines that a person reads",
        arguments: [
            Row("text without tags", "Hello   world", gives: "Hello world"),
            Row("line breaks and blocks", "<div>one</div><div>two<br>three</div>", gives: "one\ntwo\nthree"),
            Row("paragraphs have a blank line between", "<p>one</p><p>two</p>", gives: "one\n\ntwo"),
            Row(
                "styles, scripts and the title are dropped",
                "<head><title>T</title><style>p{}</style></head><body>x<script>1<2</script>y</body>", gives: "xy"),
            Row("a head that is never closed ends at the body", "<head><title>T<body>text", gives: "text"),
            Row("comments, also conditional ones", "a<!-- no --><!--[if mso]><p>no</p><![endif]-->b", gives: "ab"),
            Row(
                "entities", "a&nbsp;b &lt;c&gt; &amp;amp; &#20013;&#x6587; &eacute; &unknown; &copy",
                gives: "a b <c> &amp; 中文 é &unknown; ©"),
            Row("Windows numbers in references", "&#150;&#128;", gives: "–€"),
            Row(
                "a blockquote is a quote",
                "<p>Yes</p><blockquote type=cite><p>Old</p><blockquote>Older</blockquote></blockquote>No",
                gives: "Yes\n\n> Old\n>\n>> Older\nNo"),
            Row(
                "Gmail's indentation is no quote",
                "<blockquote style=\"margin:0 0 0 40px;border:none\">mine</blockquote>", gives: "mine"),
            Row("lists", "<ul><li>a<li>b</ul><ol><li>c</li><li>d</li></ol>", gives: "- a\n- b\n1. c\n2. d"),
            Row(
                "cells of a row stand side by side",
                "<table><tr><td>电话</td><td>021</td></tr><tr><td>x</td></tr></table>", gives: "电话\t021\nx"),
            Row(
                "a tracking pixel leaves nothing, nor does the link around it",
                "<p>Thanks</p><img src=\"https://track.example/o?id=7\" width=1 height=1 alt=\"\"><a href=\"https://track.example/c\"><img src=x width=1></a>",
                gives: "Thanks"),
            Row(
                "a link shows where it leads", "<a href=\"https://example.com/a\">here</a>.",
                gives: "here <https://example.com/a>."),
            Row(
                "a link that shows its own address", "<a href='https://example.com/'>example.com</a>",
                gives: "example.com"),
            Row(
                "a mail link with a name", "<a href=\"mailto:a@example.com?subject=x\">Ada</a>",
                gives: "Ada <a@example.com>"),
            Row(
                "hidden preheaders are dropped", "<div style=\"display: none\">secret<div>more</div></div>shown",
                gives: "shown"),
            Row(
                "what Outlook answers follows its element to the end",
                "<p>Yes</p><div id=appendonsend></div><hr><div id=\"divRplyFwdMsg\">From: A</div><p>Old</p>",
                gives: "Yes\n\n> ________________\n> From: A\n>\n> Old\n>"),
            Row(
                "Outlook's line above the header of the answered mail",
                "<p>Yes</p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0\">From: A</div>Old",
                gives: "Yes\n\n> From: A\n> Old"),
            Row(
                "elements of Yahoo, Proton and NetEase hold the quote, and text may follow",
                "Yes<div class=\"yahoo_quoted\"><div>Old</div></div>No<div id='isReplyContent'>Older</div>",
                gives: "Yes\n> Old\nNo\n> Older"),
            Row("QQ Mail's element of its own", "Yes<includetail><div>Old</div></includetail>", gives: "Yes\n> Old"),
            Row(
                "an answer inside Gmail's quote stays",
                "<div class=gmail_quote><div class=gmail_attr>On 3 Aug 2026 A wrote:</div><blockquote>Old</blockquote>Mine</div>",
                gives: "> On 3 Aug 2026 A wrote:\n> Old\nMine"),
            Row(
                "what cannot be seen is dropped",
                "<div style=\"max-height:0px; overflow:hidden\">pre</div><span style='visibility: hidden'>x</span>shown",
                gives: "shown"),
            Row("preformatted text keeps its blanks", "<pre>a  b\n  c</pre>", gives: "a  b\n  c"),
            Row("a quotation mark in an attribute hides a bracket", "<a title=\"a>b\" href=x>t</a>", gives: "t"),
            Row("a lone < is text", "1 < 2 and <3", gives: "1 < 2 and <3"),
            Row("an unclosed tag at the end is text", "a <b", gives: "a <b"),
            Row("empty", "", gives: ""),
        ])
    func rendering(_ row: Row) {
        #expect(HTMLText(row.html).plain == row.plain)
    }

    /// Work is counted in bytes looked at, not in time: twice the input must not need more than about twice the looks.
    @Test(
        "hostile HTML takes work in proportion to its size",
        arguments: [
            "<div", "<div>", "<!--", "<a href=\"", "<a \"'>", "<![", "</", "&", "&#", "<blockquote>", "<ul><li>",
            "<a href='", "<p style=\"display:none\">", "<<", ">",
            "<div class=yahoo_quoted>", "<div id=appendonsend>", "<includetail>",
        ])
    func linear(_ unit: String) {
        let half = HTMLText(String(repeating: unit, count: 100_000 / unit.utf8.count))
        let whole = HTMLText(String(repeating: unit, count: 200_000 / unit.utf8.count))
        #expect(whole.work < half.work * 5 / 2 + 10_000)
        #expect(whole.plain.utf8.count < 3_000_000)
    }
}

@Suite struct FlowedTextTests {
    @Test("format=flowed is joined (RFC 3676)") func flowed() {
        #expect(unflowed("one \ntwo\nthree", deletingSpace: false) == "one two\nthree")
        #expect(unflowed("一二 \n三", deletingSpace: true) == "一二三")
        #expect(unflowed("> a \n> b\nc", deletingSpace: false) == "> a b\nc")
        #expect(unflowed("x \n-- \nAda", deletingSpace: false) == "x \n-- \nAda")
        #expect(unflowed(" >not a quote", deletingSpace: false) == ">not a quote")
    }
}
