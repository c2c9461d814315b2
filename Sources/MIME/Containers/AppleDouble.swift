/// Files of a Macintosh (RFC 1740, with the format of RFC 1740 appendix A): data fork, resource fork, name.
///
/// AppleSingle holds all of them in one; AppleDouble holds all but the data fork, which stands beside it in a
/// multipart/appledouble. What a person elsewhere wants is the data fork under the file's name.
struct AppleFile {
    let isSingle: Bool
    private(set) var name: String?
    /// The place of the data fork.
    private(set) var dataFork: Range<Int>?

    /// Nil when the bytes are no such file. An entry that lies behind their end is left out.
    init?(_ bytes: Bytes) {
        guard isFound(bytes, [0, 5, 0x16], at: 0), bytes.count >= 26, bytes[3] == 0 || bytes[3] == 7 else { return nil }
        isSingle = bytes[3] == 0
        let count = Int(bytes[24]) << 8 | Int(bytes[25])
        for number in 0..<Swift.min(count, AppleFile.entryLimit) {
            let place = 26 + number * 12
            guard place + 12 <= bytes.count else { return }
            let offset = AppleFile.number(bytes, at: place + 4)
            let length = AppleFile.number(bytes, at: place + 8)
            guard offset <= bytes.count, length <= bytes.count - offset else { continue }
            // Entry 1 is the data fork, 3 the file's name on its home file system.
            switch AppleFile.number(bytes, at: place) {
            case 1: dataFork = offset..<offset + length
            case 3 where length > 0: name = AppleFile.text(bytes, offset..<offset + Swift.min(length, 1000))
            default: break
            }
        }
    }

    /// Entries that are read; the format knows fifteen.
    private static let entryLimit = 64

    /// Big-endian, of four bytes that are there.
    private static func number(_ bytes: Bytes, at index: Int) -> Int {
        Int(bytes[index]) << 24 | Int(bytes[index + 1]) << 16 | Int(bytes[index + 2]) << 8 | Int(bytes[index + 3])
    }

    /// Names were written in Mac OS Roman, later in UTF-8.
    private static func text(_ bytes: Bytes, _ range: Range<Int>) -> String {
        validText(bytes, range) ?? decodeDeclared(bytes, range, Charset(label: "macintosh")).text
    }
}
