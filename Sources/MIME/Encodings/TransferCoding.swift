/// What Content-Transfer-Encoding asks to be undone (RFC 2045 section 6).
enum TransferCoding: Sendable {
    case identity, base64, quotedPrintable, uuencode

    private static let names: [(name: String, coding: TransferCoding)] = [
        ("7bit", .identity), ("base64", .base64), ("quoted-printable", .quotedPrintable), ("8bit", .identity),
        ("binary", .identity), ("7-bit", .identity), ("8-bit", .identity), ("7 bit", .identity), ("8 bit", .identity),
        ("x-uuencode", .uuencode), ("uuencode", .uuencode), ("x-uue", .uuencode), ("uue", .uuencode),
    ]

    /// Nil for a name that nobody knows; its body is left as it is.
    init?(named name: String) {
        guard let known = TransferCoding.names.first(where: { $0.name == name }) else { return nil }
        self = known.coding
    }

    /// The coding that is named in this range, and its name in lower case.
    static func named(_ bytes: Bytes, _ range: Range<Int>) -> (name: String, coding: TransferCoding)? {
        names.first { isNamed(bytes, range, $0.name) }
    }

    var changesBytes: Bool { self != .identity }

    /// No more than this comes out of so many bytes, with room for writing eight at a time or a line of uuencode.
    func bound(_ count: Int) -> Int { (self == .base64 ? Base64Decoder.bound(count) : count) + 80 }

    /// The body of `range` with this encoding undone.
    func decoded(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> [UInt8] {
        findings.work += range.count
        if self == .identity { return Array(copying: bytes, range) }
        var result = [UInt8](repeating: 0, count: bound(range.count))
        var decoder = TransferDecoder(self, range)
        var output = result.mutableSpan
        let count = decoder.fill(bytes, into: &output, at: 0, &findings)
        result.removeLast(result.count - count)
        return result
    }
}

/// Undoes a transfer encoding piece by piece.
enum TransferDecoder: Sendable {
    case identity(Range<Int>)
    case base64(Base64Decoder)
    case quotedPrintable(QuotedPrintableDecoder)
    case uuencode(UuencodeDecoder)

    init(_ coding: TransferCoding, _ range: Range<Int>) {
        switch coding {
        case .identity: self = .identity(range)
        case .base64: self = .base64(Base64Decoder(range))
        case .quotedPrintable: self = .quotedPrintable(QuotedPrintableDecoder(range))
        case .uuencode: self = .uuencode(UuencodeDecoder(range))
        }
    }

    var isDone: Bool {
        switch self {
        case .identity(let left): left.isEmpty
        case .base64(let decoder): decoder.isDone
        case .quotedPrintable(let decoder): decoder.isDone
        case .uuencode(let decoder): decoder.isDone
        }
    }

    /// Writes from `start` on until the input is used up or the target is nearly full (it must have 80 bytes free); returns
    /// where it stopped.
    mutating func fill(
        _ bytes: Bytes, into output: inout MutableSpan<UInt8>, at start: Int, _ findings: inout Findings
    ) -> Int {
        switch self {
        case .identity(let left):
            let piece = left.lowerBound..<Swift.min(left.upperBound, left.lowerBound + output.count - start)
            for (place, index) in piece.enumerated() { output[start + place] = bytes[index] }
            self = .identity(piece.upperBound..<left.upperBound)
            return start + piece.count
        case .base64(var decoder):
            defer { self = .base64(decoder) }
            return decoder.fill(bytes, into: &output, at: start, &findings)
        case .quotedPrintable(var decoder):
            defer { self = .quotedPrintable(decoder) }
            return decoder.fill(bytes, into: &output, at: start, &findings)
        case .uuencode(var decoder):
            defer { self = .uuencode(decoder) }
            return decoder.fill(bytes, into: &output, at: start, &findings)
        }
    }
}
