import MIME
import Testing
import Vocabulary

struct AddressCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let field: String
    let expected: [ParsedAddress]

    init(_ sentence: String, _ field: String, gives expected: (String, String)...) {
        testDescription = sentence
        self.field = field
        self.expected = expected.map { ParsedAddress(displayName: $0.0, address: $0.1) }
    }
}

@Test(
    "an address list is read as its writer meant it",
    arguments: [
        AddressCase("a bare address", "ada@example.com", gives: ("", "ada@example.com")),
        AddressCase("a name in atoms", "Ada Example <ada@example.com>", gives: ("Ada Example", "ada@example.com")),
        AddressCase(
            "a quoted name with a comma and an escaped quote", #""Example, \"Ada\"" <ada@example.com>"#,
            gives: ("Example, \"Ada\"", "ada@example.com")),
        AddressCase(
            "a comment is the name when there is no other", "ada@example.com (Ada)", gives: ("Ada", "ada@example.com")),
        AddressCase(
            "a comment inside a name is not", "Ada (the first) Example <ada@example.com>",
            gives: ("Ada Example", "ada@example.com")),
        AddressCase(
            "comments nest", "Ada <ada@example.com> (a (b) \\) c), bob@example.org",
            gives: ("Ada", "ada@example.com"), ("", "bob@example.org")),
        AddressCase(
            "a group is flattened (RFC 5322 section 3.4)", "Team: a@example.com, B <b@example.com>;, c@example.com",
            gives: ("", "a@example.com"), ("B", "b@example.com"), ("", "c@example.com")),
        AddressCase("an empty group", "undisclosed-recipients:;"),
        AddressCase(
            "empty elements (section 4.4)", ", a@example.com,, b@example.com,",
            gives: ("", "a@example.com"), ("", "b@example.com")),
        AddressCase("a route is dropped", "<@a.example,@b.example:c@example.com>", gives: ("", "c@example.com")),
        AddressCase("white space around dots", "ada . q @ example . com", gives: ("", "ada.q@example.com")),
        AddressCase("a quoted local part", "\"a b\"@example.com", gives: ("", "\"a b\"@example.com")),
        AddressCase("a domain literal", "ada@[192.0.2.1]", gives: ("", "ada@[192.0.2.1]")),
        AddressCase("a missing bracket", "Ada <ada@example.com", gives: ("Ada", "ada@example.com")),
        AddressCase("a bracket too many", "ada@example.com>", gives: ("", "ada@example.com")),
        AddressCase("doubled brackets", "<<ada@example.com>>", gives: ("", "ada@example.com")),
        AddressCase(
            "a copied link", "Ada <ada@example.com<mailto:ada@example.com>>, b@example.com",
            gives: ("Ada", "ada@example.com"), ("", "b@example.com")),
        AddressCase(
            "white space instead of a comma", "a@example.com b@example.com",
            gives: ("", "a@example.com"), ("", "b@example.com")),
        AddressCase("a name without brackets", "Ada ada@example.com", gives: ("Ada", "ada@example.com")),
        AddressCase("a local name", "root", gives: ("", "root")),
        AddressCase("only a name", "Ada Example", gives: ("Ada Example", "")),
        AddressCase("the null address", "MAILER-DAEMON <>", gives: ("MAILER-DAEMON", "")),
        AddressCase("a comment before an address is no name", "(x) ada@example.com", gives: ("", "ada@example.com")),
        AddressCase(
            "a domain ends before a lost bracket", "ada@example.com), b@example.com",
            gives: ("", "ada@example.com"), ("", "b@example.com")),
        AddressCase(
            "a stray quote in a domain swallows nothing", "A <a@example\"com>, b@example.com",
            gives: ("A", "a@example"), ("", "b@example.com")),
        AddressCase("an IPv6 literal", "<ada@[IPv6:2001:db8::1]>", gives: ("", "ada@[IPv6:2001:db8::1]")),
        AddressCase("a domain without a person", "<@example.com>, b@example.com", gives: ("", "b@example.com")),
        AddressCase("a local name with a lost bracket", "root>", gives: ("", "root")),
        AddressCase("an unclosed quote", "\"Ada <ada@example.com>", gives: ("\"Ada", "ada@example.com")),
        AddressCase("an unclosed comment", "Ada (x <ada@example.com>", gives: ("Ada (x", "ada@example.com")),
        AddressCase(
            "an encoded word with a comma in it", "=?utf-8?Q?Example,_Ada?= <ada@example.com>",
            gives: ("Example, Ada", "ada@example.com")),
        AddressCase(
            "an encoded word inside quotes", "\"=?utf-8?B?5p2O5aic?=\" <li@example.com>",
            gives: ("李娜", "li@example.com")),
        AddressCase("UTF-8 (RFC 6532)", "李娜 <用户@例子.测试>", gives: ("李娜", "用户@例子.测试")),
        AddressCase(
            "an address as name", "\"a@example.com\" <a@example.com>", gives: ("a@example.com", "a@example.com")),
        AddressCase("folded", "Ada\r\n Example\r\n\t<ada@example.com>", gives: ("Ada Example", "ada@example.com")),
        AddressCase("nothing", ""),
    ])
func readsAddressLists(_ row: AddressCase) {
    let message = Message(parsing: Array("To: \(row.field)\r\n\r\n".utf8))
    #expect(message.to == row.expected)
}

@Test func severalFieldsOfOneNameAreOneList() {
    let message = Message(parsing: Array("To: a@example.com\nTo: b@example.com\n\n".utf8))
    #expect(message.to.map(\.address) == ["a@example.com", "b@example.com"])
}

@Test func onlyValidAddressesBecomeEmailAddresses() {
    let message = Message(parsing: Array("From: root, Ada <Ada@Example.com>\n\n".utf8))
    #expect(message.from.map { $0.email } == [nil, EmailAddress("Ada@example.com")])
}
