/// HostileMail: messages made to cost more than they are worth. The tests of MIME read them small, to see that twice the
/// input is at most twice the work; `scripts/bench-mime hostile` reads them big, to see what they cost.
package struct HostileMail: Sendable, CustomStringConvertible {
    /// A sentence; the name of the case everywhere.
    package let description: String
    /// How many of the thing it is about, when it is read big.
    package let count: Int
    private let make: @Sendable (Int, inout [UInt8]) -> Void

    init(_ description: String, _ count: Int, _ make: @escaping @Sendable (Int, inout [UInt8]) -> Void) {
        (self.description, self.count, self.make) = (description, count, make)
    }

    /// The message with `count` of the thing; nothing else is kept in memory.
    package func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        make(count, &bytes)
        return bytes
    }

    package static let all: [HostileMail] = structure + headers + fields + bodies
}

extension [UInt8] {
    mutating func add(_ text: String) { append(contentsOf: text.utf8) }

    mutating func add(_ text: String, times: Int) {
        let bytes = [UInt8](text.utf8)
        reserveCapacity(count + bytes.count * times)
        for _ in 0..<Swift.max(0, times) { append(contentsOf: bytes) }
    }
}
