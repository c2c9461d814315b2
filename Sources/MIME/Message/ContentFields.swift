import Vocabulary

/// The fields of an entity that say what its body is: Content-Type, Content-Transfer-Encoding, Content-Disposition.
struct ContentFields {
    let header: Header
    let defaultType: String
    private(set) var mediaType = ""
    private(set) var parameters = ParameterList.none
    private(set) var disposition: String?
    private(set) var filename: String?
    private(set) var transferEncoding: String?
    private(set) var coding = TransferCoding.identity

    init(header: Header, defaultType: String) {
        self.header = header
        self.defaultType = defaultType
    }

    /// The boundary parameter; nil when it is missing or empty.
    var boundary: String? {
        guard let boundary = parameters["boundary"], !boundary.isEmpty else { return nil }
        return boundary
    }

    mutating func read(_ findings: inout Findings) {
        readType(&findings)
        readTransferEncoding(&findings)
        readDisposition(&findings)
        if filename == nil { filename = parameters["name"] }
        if filename?.isEmpty == true { filename = nil }
    }

    func part(
        path: String, kind: Part.Kind, body: Range<Int>, isEmbedded: Bool, alternative: String?
    ) -> Part {
        Part(
            path: path, kind: kind, mediaType: mediaType, parameters: parameters, disposition: disposition,
            filename: filename, transferEncoding: transferEncoding, header: header, body: body, isEmbedded: isEmbedded,
            alternative: alternative, isUndivided: false)
    }

    private func body(_ key: FieldKey, _ findings: inout Findings) -> Range<Int>? {
        guard let entry = header.entry(key) else { return nil }
        let body = entry.body(upTo: findings.limits.fieldBytes)
        if body != entry.body { findings.note(.fieldBytesLimit, field: key.name) }
        return body
    }

    private mutating func readType(_ findings: inout Findings) {
        mediaType = defaultType
        let header = header
        guard let body = body(.contentType, &findings) else { return }
        let bytes = header.bytes.span
        let type = tokenEnd(bytes, body)
        let range = body.lowerBound..<type
        if isMediaType(bytes, range) {
            mediaType = ContentFields.usualTypes.first { isNamed(bytes, range, $0) } ?? lowercasedText(bytes, range)
        } else {
            // RFC 2045 section 5.2 as practised: an unreadable type is plain text.
            mediaType = "text/plain"
            findings.note(.badMediaType, field: "Content-Type")
        }
        parameters = readParameters(bytes, type..<body.upperBound, field: "Content-Type", findings: &findings)
    }

    /// What most parts are: found by comparing, without making a text.
    private static let usualTypes = [
        "text/plain", "text/html", "multipart/alternative", "multipart/mixed", "multipart/related",
        "application/octet-stream", "application/pdf", "image/jpeg", "image/png",
    ]

    private mutating func readTransferEncoding(_ findings: inout Findings) {
        let header = header
        guard let body = body(.contentTransferEncoding, &findings) else { return }
        let bytes = header.bytes.span
        var end = body.lowerBound
        while end < body.upperBound && bytes[end] != 59 && bytes[end] != 40 && bytes[end] != 13 && bytes[end] != 10 {
            end += 1
        }
        let word = trimmed(bytes, body.lowerBound..<end)
        guard !word.isEmpty else { return }
        if let known = TransferCoding.named(bytes, word) {
            transferEncoding = known.name
            coding = known.coding
        } else {
            transferEncoding = lowercasedText(bytes, word)
            findings.note(.unknownTransferEncoding, field: "Content-Transfer-Encoding")
        }
    }

    private mutating func readDisposition(_ findings: inout Findings) {
        let header = header
        guard let body = body(.contentDisposition, &findings) else { return }
        let bytes = header.bytes.span
        let word = tokenEnd(bytes, body)
        disposition = asciiLowercased(
            decodedText(bytes, body.lowerBound..<word, findings: &findings, field: "Content-Disposition"))
        let list = readParameters(
            bytes, word..<body.upperBound, field: "Content-Disposition", findings: &findings)
        filename = list["filename"]
    }

    /// Where the first word of a field body ends.
    private func tokenEnd(_ bytes: Bytes, _ range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == 59 || byte == 40 || isSpace(byte) { break }
            index += 1
        }
        return index
    }

    private func isMediaType(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
        let slash = findByte(bytes, 47, from: range.lowerBound, to: range.upperBound)
        guard slash > range.lowerBound, slash + 1 < range.upperBound else { return false }
        for index in range where bytes[index] <= 32 || bytes[index] >= 127 { return false }
        return true
    }
}
