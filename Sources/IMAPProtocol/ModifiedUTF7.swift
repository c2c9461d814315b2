/// Mailbox names on the wire (RFC 3501 section 5.1.3): printable ASCII stands for itself, `&` is `&-`, all else is
/// UTF-16 in base64 with `,` for `/`, between `&` and `-`.
package enum ModifiedUTF7 {
    package static func encode(_ name: String) -> String {
        var result: [UInt8] = []
        var pending: [UInt16] = []
        for scalar in name.unicodeScalars {
            guard (0x20...0x7E).contains(scalar.value) else {
                pending.append(contentsOf: UTF16.encode(scalar).map { Array($0) } ?? [])
                continue
            }
            appendShifted(&pending, to: &result)
            result.append(UInt8(scalar.value))
            if scalar == "&" { result.append(UInt8(ascii: "-")) }
        }
        appendShifted(&pending, to: &result)
        return String(decoding: result, as: UTF8.self)
    }

    /// A name that is not well-formed is given as it is: some servers send UTF-8, and it must be possible to name what
    /// they have.
    package static func decode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result = ""
        var index = 0
        while index < bytes.count {
            guard let ampersand = bytes[index...].firstIndex(of: UInt8(ascii: "&")) else { break }
            result += String(decoding: bytes[index..<ampersand], as: UTF8.self)
            guard let end = bytes[ampersand...].firstIndex(of: UInt8(ascii: "-")) else { return text }
            let shifted = bytes[(ampersand + 1)..<end]
            if shifted.isEmpty {
                result += "&"
            } else {
                guard let decoded = decodeShifted(shifted) else { return text }
                result += decoded
            }
            index = end + 1
        }
        return result + String(decoding: bytes[index...], as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,".utf8)

    private static func appendShifted(_ units: inout [UInt16], to result: inout [UInt8]) {
        guard !units.isEmpty else { return }
        result.append(UInt8(ascii: "&"))
        var bits: UInt32 = 0
        var count = 0
        for unit in units {
            bits = bits << 16 | UInt32(unit)
            count += 16
            while count >= 6 {
                count -= 6
                result.append(alphabet[Int(bits >> UInt32(count)) & 63])
            }
            bits &= 1 << UInt32(count) - 1
        }
        if count > 0 { result.append(alphabet[Int(bits << UInt32(6 - count)) & 63]) }
        result.append(UInt8(ascii: "-"))
        units = []
    }

    private static func decodeShifted(_ digits: ArraySlice<UInt8>) -> String? {
        var bits: UInt32 = 0
        var count = 0
        var units: [UInt16] = []
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 16 {
                count -= 16
                units.append(UInt16(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= 1 << UInt32(count) - 1
            }
        }
        guard count < 6, bits == 0 else { return nil }
        return String(validating: units, as: UTF16.self)
    }
}
