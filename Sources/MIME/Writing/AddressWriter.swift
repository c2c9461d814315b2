import Vocabulary

// Addresses as header fields have them (RFC 5322 section 3.4.1).

/// The address with its local part quoted where it is no dot-atom, since a comma in it would end the address, and with its
/// domain in ASCII where that spares SMTPUTF8.
func writtenAddress(_ address: EmailAddress) -> [UInt8] {
    let address = address.withASCIIDomain
    let local = Array(address.localPart.utf8)
    let written = isDotAtom(local) || isQuotedString(local) ? local : quotedString(local)
    return written + [64] + writtenDomain(Array(address.domain.utf8))
}

/// `"a \"b\" c"` (RFC 5322 section 3.2.4).
func quotedString(_ bytes: [UInt8]) -> [UInt8] {
    var quoted: [UInt8] = [34]
    for byte in bytes {
        if byte == 34 || byte == 92 { quoted.append(92) }
        quoted.append(byte)
    }
    return quoted + [34]
}

/// RFC 5322 section 3.2.3, with RFC 6532 section 3.2.
func isAtomByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
}

private func isDotAtom(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: 46, omittingEmptySubsequences: false).allSatisfy { atom in
        !atom.isEmpty && atom.allSatisfy { isAtomByte($0) || $0 >= 0x80 }
    }
}

/// One quoted string from the first byte to the last.
private func isQuotedString(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 1, bytes.first == 34, bytes.last == 34 else { return false }
    var index = 1
    while index < bytes.count - 1 {
        if bytes[index] == 34 { return false }
        index += bytes[index] == 92 ? 2 : 1
    }
    return index == bytes.count - 1
}

/// A dot-atom or a literal such as `[192.0.2.1]`. What is neither cannot be delivered to; `?` for its specials keeps it so
/// and keeps the other addresses of the field apart.
private func writtenDomain(_ bytes: [UInt8]) -> [UInt8] {
    let isLiteral = bytes.count > 2 && bytes.first == 91 && bytes.last == 93
    if isLiteral && bytes.dropFirst().dropLast().allSatisfy({ isAtomByte($0) || $0 == 46 || $0 == 58 }) { return bytes }
    return bytes.map { isAtomByte($0) || $0 == 46 || $0 >= 0x80 ? $0 : 63 }
}
