import Digest
import Testing

struct DigestCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let input: [UInt8]
    let expected: String
    init(_ sentence: String, _ input: [UInt8], gives expected: String) {
        (testDescription, self.input, self.expected) = (sentence, input, expected)
    }
}

/// FIPS 180-4 examples.
let knownDigests = [
    DigestCase(
        "of nothing", [], gives: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    DigestCase(
        "of three letters", Array("abc".utf8),
        gives: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    DigestCase(
        "of more than one block", Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
        gives: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
]

@Test("SHA-256 is the standard's", arguments: knownDigests)
func hashes(_ row: DigestCase) throws {
    #expect(sha256(row.input).hex == row.expected)
    #expect(sha256(([0] + row.input).dropFirst()).hex == row.expected)
    for cut in 0...row.input.count {
        var hasher = SHA256Hasher()
        hasher.update(row.input[..<cut])
        hasher.update(Array(row.input[cut...]))
        #expect(hasher.finalize().hex == row.expected)
    }
    #expect(SHA256Digest(hex: row.expected.uppercased()) == sha256(row.input))
}

/// RFC 4231 section 4.
@Test(
    "HMAC-SHA-256 is the standard's",
    arguments: [
        (
            Array(repeating: UInt8(0x0B), count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            Array(repeating: UInt8(0xAA), count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
func signs(key: [UInt8], text: String, expected: String) {
    let key = SecretKey(bytes: key)
    #expect(Hexadecimal.encode(key.mac(Array(text.utf8))) == expected)
    #expect(Hexadecimal.encode(key.mac(of: text, byteCount: 10)) == String(expected.prefix(20)))
}

@Test func aKeyIsNeverShown() {
    let key = SecretKey(bytes: Array("secret secret secret".utf8))
    var dumped = ""
    dump(key, to: &dumped)
    for shown in ["\(key)", String(reflecting: key), dumped] { #expect(!shown.contains("115")) }
    #expect(SecretKey.random().reveal().count == 32)
    #expect(SecretKey.random().reveal() != SecretKey.random().reveal())
}

/// RFC 4648 section 10.
@Test(
    "base32 is the standard's, in lower case and without padding",
    arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
func writesBase32(text: String, expected: String) {
    #expect(Base32.encode(Array(text.utf8)) == expected)
    #expect(Base32.decode(expected) == Array(text.utf8))
    #expect(Base32.decode(expected.uppercased()) == Array(text.utf8))
}

@Test("what is no base32 is refused", arguments: ["m", "mz1w", "mzx", "mz", "my======", "m y", "é"])
func refusesBase32(text: String) { #expect(Base32.decode(text) == nil) }

@Test("what is no digest is refused", arguments: ["", "00", String(repeating: "0", count: 63) + "g", "0"])
func refusesDigests(text: String) {
    #expect(SHA256Digest(hex: text) == nil)
}

@Test func hexadecimalComesBack() {
    let all = Array(UInt8.min...UInt8.max)
    #expect(Hexadecimal.decode(Hexadecimal.encode(all)) == all)
    #expect(Hexadecimal.decode("0") == nil)
    #expect(Hexadecimal.decode("zz") == nil)
}

@Test func comparisonLooksAtEveryByte() {
    #expect(equalInConstantTime([1, 2], [1, 2]))
    #expect(!equalInConstantTime([1, 2], [1, 3]))
    #expect(!equalInConstantTime([1], [1, 2]))
}
