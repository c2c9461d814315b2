/// Masks what may name a person: the last net, for text that came from outside (a server's answer in an error). Our own
/// phrases and keys hold ids and domains only.
///
/// An address keeps its domain, because operators need it: `ada@example.com` becomes `…@example.com`. A run of seven or
/// more digits, with the usual separators of a phone number between them, becomes `…`.
package func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "@")) || bytes.contains(where: { $0 &- 48 < 10 }) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "@") {
            while let last = result.last, isAddressByte(last) { result.removeLast() }
            result.append(contentsOf: ellipsis)
        } else if byte &- 48 < 10, let end = endOfNumber(bytes, from: index) {
            result.append(contentsOf: ellipsis)
            index = end
            continue
        }
        result.append(byte)
        index += 1
    }
    return String(decoding: result, as: UTF8.self)
}

private let ellipsis = Array("…".utf8)

private func isAddressByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7F && !Array("<>()[],;:\"'=".utf8).contains(byte)
}

/// Where a phone-like number that starts here ends; nil when it has fewer than seven digits. A single separator may
/// stand between two digits.
private func endOfNumber(_ bytes: [UInt8], from start: Int) -> Int? {
    var index = start, digits = 0, end = start
    while index < bytes.count {
        if bytes[index] &- 48 < 10 {
            digits += 1
            index += 1
            end = index
        } else if bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: " "), index == end {
            index += 1
        } else {
            break
        }
    }
    return digits >= 7 ? end : nil
}
