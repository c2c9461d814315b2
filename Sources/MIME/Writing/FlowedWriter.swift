// Text as `format=flowed` (RFC 3676 section 4.2): long paragraphs in short lines, which the reader joins again.

/// The flowed form of a text with CRLF line ends, if that is what lets its long lines travel as plain seven-bit text.
///
/// Nil when no line is long, or when quoted-printable is needed anyway, because of what is not ASCII or a word longer than
/// a line. Spaces at the end of lines are lost, the signature separator `-- ` stays (section 4.3).
func flowedText(_ text: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    var start = 0
    var isNeeded = false
    while start < text.count {
        let newline = findByte(text.span, 10, from: start, to: text.count)
        // `canonicalText` ends every line with CRLF.
        guard newline > start else { return nil }
        let line = text[start..<newline - 1]
        guard line.allSatisfy({ $0 >= 32 && $0 < 127 || $0 == 9 }), appendFlowed(line, to: &output) else { return nil }
        if line.count > 78 { isNeeded = true }
        start = newline + 1
    }
    return isNeeded ? output : nil
}

/// False when the line cannot be broken.
private func appendFlowed(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) -> Bool {
    // Section 4.5: quote marks, then one space that is not content.
    let marks = line.prefix { $0 == 62 }
    guard marks.count <= 8 else { return false }
    var content = line.dropFirst(marks.count)
    if !marks.isEmpty && content.first == 32 { content = content.dropFirst() }
    if !content.elementsEqual("-- ".utf8) { content = content.dropLastSpaces() }
    let room = 75 - marks.count
    repeat {
        guard let end = endOfChunk(content, room: room) else { return false }
        let chunk = content[..<end]
        output += marks
        if !marks.isEmpty && !chunk.isEmpty || needsStuffing(chunk) { output.append(32) }
        output += chunk
        output += [13, 10]
        content = content[end...]
    } while !content.isEmpty
    return true
}

/// Where the longest chunk that fits ends: behind the spaces after a word, or at the end.
private func endOfChunk(_ content: ArraySlice<UInt8>, room: Int) -> Int? {
    if content.count <= room { return content.endIndex }
    // A chunk of spaces only would be read as an empty line.
    let word = content.firstIndex { $0 != 32 } ?? content.endIndex
    var index = content.startIndex + room
    while index > word && content[index - 1] != 32 { index -= 1 }
    return index > word && content[index] != 32 ? index : nil
}

/// Section 4.4: what a reader or a transport would take for something else gets a space before it.
private func needsStuffing(_ chunk: ArraySlice<UInt8>) -> Bool {
    chunk.first == 32 || chunk.first == 62 || chunk.starts(with: "From ".utf8)
}

extension ArraySlice where Element == UInt8 {
    fileprivate func dropLastSpaces() -> ArraySlice<UInt8> {
        var end = endIndex
        while end > startIndex && self[end - 1] == 32 { end -= 1 }
        return self[..<end]
    }
}
