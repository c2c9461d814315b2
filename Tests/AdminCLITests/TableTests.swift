import Testing

@testable import AdminCLI

struct WidthCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let width: Int
    init(_ sentence: String, _ text: String, is width: Int) {
        (testDescription, self.text, self.width) = (sentence, text, width)
    }
}

@Test(
    "a terminal gives a text as many columns as it needs",
    arguments: [
        WidthCase("Latin letters take one", "refund", is: 6),
        WidthCase("Chinese characters take two", "退款", is: 4),
        WidthCase("Japanese kana take two", "カタカナ", is: 8),
        WidthCase("full-width digits take two", "１２", is: 4),
        WidthCase("half-width kana take one", "ｶﾅ", is: 2),
        WidthCase("a combining mark takes none", "e\u{301}", is: 1),
        WidthCase("an emoji takes two", "📦", is: 2),
    ])
func measuresText(_ row: WidthCase) {
    #expect(displayWidth(row.text) == row.width)
}

@Test func columnsLineUpWhateverTheScript() {
    var table = Table([.init("number", .right), .init("subject", maximum: 12), .init("owner")])
    table.add(["#1001", "申请退款", "li.na"])
    table.add(["#12", "Where is my order?", "wang"])
    #expect(
        table.rendered() == """
            number  subject       owner
             #1001  申请退款      li.na
               #12  Where is my…  wang
            """)
}

@Test func whatAMailSaysCannotMoveTheCursorOrTurnTheLine() {
    #expect(printable("a\u{1B}[2Jb\r\nc\u{202E}d") == "a[2Jb  cd")
}

@Test func aCutNeverSplitsAWideCharacter() {
    #expect(cut("退款申请", to: 5) == "退款…")
    #expect(displayWidth(cut("退款申请", to: 6)) <= 6)
}
