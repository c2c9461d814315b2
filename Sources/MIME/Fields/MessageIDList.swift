import Vocabulary

/// Reads the identifiers of Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4): what stands in angle
/// brackets. In-Reply-To once held phrases and dates too (section 4.5.4); those are passed over.
///
/// `allowsBare`: a Message-ID without brackets is taken as it stands; its writer forgot them, and no other text is
/// allowed there.
func readMessageIDs(_ bytes: Bytes, _ range: Range<Int>, limit: Int, allowsBare: Bool) -> [MessageID] {
    var ids: [MessageID] = []
    var index = range.lowerBound
    while ids.count < limit {
        let open = findByte(bytes, 60, from: index, to: range.upperBound)
        if open < 0 { break }
        let close = findByte(bytes, 62, from: open, to: range.upperBound)
        if close < 0 {
            // The closing bracket was forgotten or cut off.
            let end = endOfUnclosed(bytes, open + 1, range.upperBound)
            if let end, let id = messageID(bytes, open + 1..<end) { ids.append(id) }
            break
        }
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

/// Where an identifier without its closing bracket ends; nil when it is none, having no at sign.
private func endOfUnclosed(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int? {
    var index = start
    while index < end {
        switch bytes[index] {
        case 32, 9, 10, 13, 34, 40, 44, 59: break
        default:
            index += 1
            continue
        }
        break
    }
    return findByte(bytes, 64, from: start, to: index) > start ? index : nil
}

/// The identifier between the brackets, without the white space that folding put into it and the comments that the
/// obsolete syntax allows (section 4.5.4); quoted strings and literals are kept as they stand.
private func messageID(_ bytes: Bytes, _ range: Range<Int>) -> MessageID? {
    var isFolded = false
    for index in range where isSpace(bytes[index]) { isFolded = true }
    // Without white space there is neither folding nor a comment.
    if !isFolded { return MessageID(text(bytes, range)) }
    var value: [UInt8] = []
    value.reserveCapacity(range.count)
    var isQuoted = false
    var depth = 0
    // A parenthesis that is never closed begins no comment.
    let hasComment = commentsClose(bytes, range)
    for index in range {
        let byte = bytes[index]
        if byte == 34 && depth == 0 { isQuoted.toggle() }
        if byte == 40 && !isQuoted && hasComment { depth += 1 }
        if depth == 0 && !isSpace(byte) { value.append(byte) }
        if byte == 41 && depth > 0 { depth -= 1 }
    }
    return MessageID(text(value.span, 0..<value.count))
}

/// Outside of quoted strings every parenthesis has its partner, and white space sets off the comment: programs that put
/// parentheses into an identifier mean them as letters.
private func commentsClose(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var depth = 0
    var isQuoted = false
    var hasBlank = false
    for index in range {
        switch bytes[index] {
        case 34: isQuoted.toggle()
        case 40 where !isQuoted: depth += 1
        case 41 where !isQuoted:
            depth -= 1
            if depth < 0 { return false }
        case 32, 9, 10, 13: hasBlank = true
        default: break
        }
    }
    return depth == 0 && hasBlank
}
