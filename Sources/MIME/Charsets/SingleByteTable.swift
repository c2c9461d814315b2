import Synchronization

/// A charset of one byte a character: the scalar of each byte, 0xFFFD for bytes without one.
struct SingleByteTable: Sendable {
    let scalars: [UInt32]
    /// The bytes below 128 are ASCII.
    let keepsASCII: Bool

    /// Asks iconv for each byte. Nil when the charset is not of this kind: some byte needs others or writes nothing.
    init?(iconv name: String) {
        guard let descriptor = IconvDescriptor(from: name) else { return nil }
        var scalars: [UInt32] = []
        var buffer = [UInt8](repeating: 0, count: 32)
        for byte in UInt8.min...UInt8.max {
            descriptor.reset()
            let source = [byte]
            var target = buffer.mutableSpan
            let step = descriptor.convert(source.span, 0..<1, into: &target, at: 0)
            if step.error == 0 && step.read == 1 && step.written > 0 {
                guard let scalar = onlyScalar(buffer.span, step.written) else { return nil }
                scalars.append(scalar)
            } else if step.error == illegalSequence {
                scalars.append(replacementScalar)
            } else {
                return nil
            }
        }
        self.scalars = scalars
        keepsASCII = scalars[..<128].elementsEqual(0..<128)
    }

    func decode(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
        let table = scalars.span
        precondition(table.count == 256)
        return decodeInPieces(range, into: &output) { index, end, target, written in
            var bad = 0
            while index < end && written + 8 <= target.count {
                let scalar = table[Int(bytes[index])]
                if scalar == replacementScalar { bad += 1 }
                store(scalar, &target, &written)
                index += 1
            }
            return bad
        }
    }
}

/// The one scalar that UTF-8 bytes are; nil when they are none or several.
func onlyScalar(_ bytes: Bytes, _ count: Int) -> UInt32? {
    guard let scalars = validText(bytes, 0..<count)?.unicodeScalars, let first = scalars.first, scalars.count == 1
    else { return nil }
    return first.value
}

/// Which labels iconv knows, and the tables read from it. Filled as labels are met; what it holds never changes what a
/// label means, so that reading stays a pure function.
enum CharsetRegistry {
    enum Kind: Sendable { case singleByte, other, unknown }

    private struct Entry: Sendable {
        let kind: Kind
        let table: SingleByteTable?
    }

    private static let entries = Mutex<[String: Entry]>([:])

    static func kind(of name: String) -> Kind { entry(name).kind }

    static func table(of name: String) -> SingleByteTable? { entry(name).table }

    private static func entry(_ name: String) -> Entry {
        if let known = entries.withLock({ $0[name] }) { return known }
        let made: Entry
        if let table = SingleByteTable(iconv: name) {
            made = Entry(kind: .singleByte, table: table)
        } else {
            made = Entry(kind: IconvDescriptor(from: name) == nil ? .unknown : .other, table: nil)
        }
        // Labels come from outside: what nobody knows is not kept, so that mail cannot fill the memory.
        if made.kind != .unknown { entries.withLock { $0[name] = made } }
        return made
    }
}
