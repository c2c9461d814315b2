/// One MAPI property of a TNEF stream: its tag and where its first value stands.
struct TNEFProperty: Sendable {
    /// The identifiers that we read (MS-OXPROPS).
    enum Identifier {
        static let subject: UInt16 = 0x0037
        static let messageClass: UInt16 = 0x001A
        static let body: UInt16 = 0x1000
        static let richTextBody: UInt16 = 0x1009
        static let htmlBody: UInt16 = 0x1013
        static let displayName: UInt16 = 0x3001
        static let attachData: UInt16 = 0x3701
        static let attachEncoding: UInt16 = 0x3702
        static let attachFilename: UInt16 = 0x3704
        static let attachLongFilename: UInt16 = 0x3707
        static let attachMIMETag: UInt16 = 0x370E
        static let attachContentID: UInt16 = 0x3712
        static let internetCodePage: UInt16 = 0x3FDE
        static let messageCodePage: UInt16 = 0x3FFD
    }

    /// Types of values (MS-OXCDATA 2.11.1).
    enum ValueType: UInt16 {
        case unspecified = 0x0000, null = 0x0001, integer16 = 0x0002, integer32 = 0x0003, float32 = 0x0004
        case float64 = 0x0005, currency = 0x0006, floatingTime = 0x0007, errorCode = 0x000A, boolean = 0x000B
        case object = 0x000D, integer64 = 0x0014, string8 = 0x001E, unicode = 0x001F, time = 0x0040
        case guid = 0x0048, binary = 0x0102

        /// Bytes of one value, filled up to a multiple of four (MS-OXTNEF 2.1.3.4); nil where its length stands before
        /// it.
        var size: Int? {
            switch self {
            case .unspecified, .null: 0
            case .integer16, .integer32, .float32, .errorCode, .boolean: 4
            case .float64, .currency, .floatingTime, .integer64, .time: 8
            case .guid: 16
            case .object, .string8, .unicode, .binary: nil
            }
        }
    }

    let identifier: UInt16
    let type: ValueType
    /// The first value; empty when there is none.
    let value: Range<Int>
}

/// Walks over the property list of attMsgProps and attAttachment (MS-OXTNEF 2.1.3.4): a count, then properties without
/// an index, so that each must be understood to find the next.
struct TNEFPropertyCursor {
    private var index: Int
    private let end: Int
    private var left: Int

    init(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) {
        (index, end, left) = (range.lowerBound, range.upperBound, 0)
        if let count = take32(bytes) { left = Int(count) } else { findings.note(.badTNEF) }
    }

    /// The next property; nil at the end, and where the list cannot be followed any further.
    mutating func next(_ bytes: Bytes, _ findings: inout Findings) -> TNEFProperty? {
        guard left > 0 else { return nil }
        left -= 1
        guard let tag = take32(bytes), skipName(bytes, tag),
            // 0x1000 marks several values, 0x2000 an instance of them.
            let type = TNEFProperty.ValueType(rawValue: UInt16(tag & 0x0FFF)),
            let value = takeValues(bytes, type, several: tag & 0x1000 != 0, &findings)
        else {
            findings.note(.badTNEF)
            left = 0
            return nil
        }
        return TNEFProperty(identifier: UInt16(tag >> 16), type: type, value: value)
    }

    /// Skips the name that properties from 0x8000 on have before their value: a GUID, then a number or a text.
    private mutating func skipName(_ bytes: Bytes, _ tag: UInt32) -> Bool {
        guard tag >> 16 >= 0x8000 else { return true }
        guard skip(16), let kind = take32(bytes), let word = take32(bytes) else { return false }
        return kind == 0 || skip(padded(Int(word)))
    }

    /// Where the first value stands; the others are skipped. A value that runs out of the list is cut, and is the last.
    private mutating func takeValues(
        _ bytes: Bytes, _ type: TNEFProperty.ValueType, several: Bool, _ findings: inout Findings
    ) -> Range<Int>? {
        var count = 1
        if several || type.size == nil {
            guard let word = take32(bytes) else { return nil }
            count = Int(word)
        }
        if let size = type.size {
            let first = index..<Swift.min(end, index + (count > 0 ? size : 0))
            // Both factors fit in 32 bits, so the product cannot overflow.
            return skip(count * size) ? first : nil
        }
        var first: Range<Int>?
        while count > 0 {
            guard let length = take32(bytes) else {
                left = 0
                return first
            }
            let value = index..<Swift.min(end, index + Int(length))
            if first == nil { first = value }
            count -= 1
            if skip(padded(Int(length))) { continue }
            if value.count < Int(length) { findings.note(.truncatedTNEF) }
            (index, left, count) = (end, 0, 0)
        }
        return first ?? index..<index
    }

    private func padded(_ count: Int) -> Int { (count + 3) & ~3 }

    private mutating func skip(_ count: Int) -> Bool {
        guard count <= end - index else { return false }
        index += count
        return true
    }

    private mutating func take32(_ bytes: Bytes) -> UInt32? {
        guard end - index >= 4 else { return nil }
        defer { index += 4 }
        return littleEndian32(bytes, at: index)
    }
}
