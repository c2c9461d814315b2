// The characters that mail syntax is made of.

@inline(__always) func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

/// Space or tab (RFC 5322 WSP).
@inline(__always) func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

/// White space within a field body, line ends of folding included.
@inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 || byte == 10 }

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

@inline(__always) func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

/// The value of a hexadecimal digit, or 255.
@inline(__always) func hexValue(_ byte: UInt8) -> UInt8 {
    if byte &- 48 < 10 { return byte &- 48 }
    let letter = (byte | 0x20) &- 97
    return letter < 6 ? letter &+ 10 : 255
}

/// Printable ASCII without the colon: what a field name is made of (RFC 5322 section 3.6.8).
@inline(__always) func isFieldNameByte(_ byte: UInt8) -> Bool { byte > 32 && byte < 127 && byte != 58 }

/// The range without white space at both ends.
func trimmed(_ bytes: Bytes, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper && isSpace(bytes[lower]) { lower += 1 }
    while upper > lower && isSpace(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
}

/// The range as ASCII-lower-cased text.
func lowercasedText(_ bytes: Bytes, _ range: Range<Int>) -> String {
    // Nearly everything that is compared in lower case is written in it.
    var isLower = true
    for index in range where bytes[index] &- 65 < 26 { isLower = false }
    if isLower { return text(bytes, range) }
    var lower = [UInt8]()
    lower.reserveCapacity(range.count)
    for index in range { lower.append(lowercased(bytes[index])) }
    return text(lower.span, 0..<lower.count)
}

/// Whether the range holds this name, in either case of ASCII letters. `name` is in lower case.
func isNamed(_ bytes: Bytes, _ range: Range<Int>, _ name: String) -> Bool {
    let name = name.utf8Span.span
    guard name.count == range.count else { return false }
    for place in name.indices where lowercased(bytes[range.lowerBound + place]) != name[place] { return false }
    return true
}

/// Whether a text begins with these bytes of UTF-8.
func begins(_ text: String, with prefix: String) -> Bool {
    let bytes = text.utf8Span.span
    let wanted = prefix.utf8Span.span
    guard bytes.count >= wanted.count else { return false }
    for place in wanted.indices where bytes[place] != wanted[place] { return false }
    return true
}
