import Vocabulary

/// Reads the identifiers of Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4): what stands in angle
/// brackets. In-Reply-To once held phrases and dates too (section 4.5.4); those are passed over.
///
/// `allowsBare`: a Message-ID without brackets is taken as it stands; its writer forgot them, and no other text is allowed
/// there.
func readMessageIDs(_ bytes: Bytes, _ range: Range<Int>, limit: Int, allowsBare: Bool) -> [MessageID] {
    var ids: [MessageID] = []
    var index = range.lowerBound
    while ids.count < limit {
        let open = findByte(bytes, 60, from: index, to: range.upperBound)
        if open < 0 { break }
        let close = findByte(bytes, 62, from: open, to: range.upperBound)
        if close < 0 { break }
        if let id = messageID(bytes, open + 1..<close) { ids.append(id) }
        index = close + 1
    }
    if allowsBare && ids.isEmpty && findByte(bytes, 60, from: range.lowerBound, to: range.upperBound) < 0 {
        var end = range.lowerBound
        while end < range.upperBound && !isSpace(bytes[end]) { end += 1 }
        if let id = messageID(bytes, range.lowerBound..<end) { ids.append(id) }
    }
    return ids
}

/// The identifier between the brackets, without the white space that folding put into it.
private func messageID(_ bytes: Bytes, _ range: Range<Int>) -> MessageID? {
    var value: [UInt8] = []
    value.reserveCapacity(range.count)
    for index in range where !isSpace(bytes[index]) { value.append(bytes[index]) }
    return MessageID(text(value.span, 0..<value.count))
}
