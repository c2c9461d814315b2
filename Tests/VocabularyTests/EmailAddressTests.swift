import Testing
import Vocabulary

struct AddressCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let expected: String?
    init(_ sentence: String, _ text: String, gives expected: String?) {
        (testDescription, self.text, self.expected) = (sentence, text, expected)
    }
}

@Test(
    "an address is what may stand in an SMTP command",
    arguments: [
        AddressCase("the domain is lower-cased, the local part kept", "Ada@Example.COM", gives: "Ada@example.com"),
        AddressCase("the last at sign divides", "\"a@b\"@example.com", gives: "\"a@b\"@example.com"),
        AddressCase("a dot at the end of the domain is dropped", "a@example.com.", gives: "a@example.com"),
        AddressCase("UTF-8 is allowed (RFC 6531)", "用户@例子.测试", gives: "用户@例子.测试"),
        AddressCase("a line break would inject a command", "a@example.com\r\nRCPT", gives: nil),
        AddressCase("white space is refused", "a b@example.com", gives: nil),
        AddressCase("brackets are refused", "<a@example.com>", gives: nil),
        AddressCase("nothing left of the at sign", "@example.com", gives: nil),
        AddressCase("nothing right of it", "a@", gives: nil),
        AddressCase("no at sign", "example.com", gives: nil),
    ])
func readsAddresses(_ row: AddressCase) {
    #expect(EmailAddress(row.text)?.description == row.expected)
}

@Test func addressesCompareWithoutCaseAndExtensionsComeApart() throws {
    let address = try #require(EmailAddress("Support+c.TOKEN@example.com"))
    #expect(address == EmailAddress("support+C.token@EXAMPLE.com"))
    #expect(address != EmailAddress("support@example.com"))
    #expect(address != EmailAddress("support+c.token@example.org"))
    #expect(address.withoutExtension().description == "Support@example.com")
    #expect(address.localPartExtension() == "c.TOKEN")
    #expect(EmailAddress("+odd@example.com")?.localPartExtension() == nil)
}

@Test func ticketNumbersAreReadAsPeopleWriteThem() {
    #expect(TicketNumber(parsing: "1001") == TicketNumber(1001))
    #expect(TicketNumber(parsing: "#1001") == TicketNumber(1001))
    #expect(TicketNumber(parsing: "[#1001]") == TicketNumber(1001))
    #expect(TicketNumber(parsing: "#10a1") == nil)
    #expect(TicketNumber(parsing: "") == nil)
    #expect(TicketNumber(parsing: "99999999999999999999") == nil)
}

@Test func messageIDsLoseTheirBracketsAndRefuseControlCharacters() {
    #expect(MessageID(" <a.b@Example.com> ")?.value == "a.b@Example.com")
    #expect(MessageID("<a.b@Example.com>")?.domain == "example.com")
    #expect(MessageID("<>") == nil)
    #expect(MessageID("a\r\nBcc: x@example.com") == nil)
}
