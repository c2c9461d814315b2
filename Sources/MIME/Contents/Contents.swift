import Vocabulary

/// A message as its reader sees it: the texts that are the mail, the files that come with it, and what is signed or
/// encrypted. Made of the parts of the message and of what stands inside some of them: files uuencoded in the text,
/// the body and files of a winmail.dat, files of a Macintosh.
///
/// Embedded messages are files here; what is inside them belongs to them.
package struct Contents: Sendable {
    /// In their order; of those with the same `alternative` one is to be shown.
    package let texts: [Part]
    /// In their order, without signatures, control information and resource forks.
    package let attachments: [Attachment]
    package let protections: [Protection]
    /// What was wrong inside the leaves that had to be opened.
    package let defects: [Defect]
}

extension Message {
    /// Looks into the leaves. Linear; contents that stand in the message as they are, or uuencoded, are not copied.
    package var contents: Contents {
        var reader = ContentsReader(self)
        reader.read()
        return reader.contents
    }
}

private struct ContentsReader {
    private let message: Message
    private var texts: [Part] = []
    private var attachments: [Attachment] = []
    private var protections: [Protection] = []
    private var findings = Findings(limits: .standard)
    /// Bodies that a TNEF stream brought: shown where the message has no text of its own.
    private var enclosedTexts: [Part] = []
    private var enclosedCount = 0
    /// Parts that belong to another: signatures, control information, resource forks.
    private var hidden: Set<String> = []
    /// Names of data forks by path.
    private var forkNames: [String: String] = [:]
    private var relatedPaths: Set<String> = []
    private var forkPaths: Set<String> = []

    init(_ message: Message) { self.message = message }

    var contents: Contents {
        let own = texts.contains { !isBlank($0) } || enclosedTexts.isEmpty
        return Contents(
            texts: own ? texts : enclosedTexts, attachments: attachments, protections: protections,
            defects: findings.defects)
    }

    mutating func read() {
        readMultiparts()
        for part in message.parts where !part.isEmbedded && !hidden.contains(part.path) {
            findings.part = part.path
            switch part.kind {
            case .multipart: if part.isBodyText { texts.append(part) }
            case .message: attach(part)
            case .leaf: leaf(part)
            }
        }
    }

    // MARK: Structure

    private static let pairs: Set<String> = [
        "multipart/signed", "multipart/encrypted", "multipart/appledouble", "multipart/x-appledouble",
        "multipart/related",
    ]

    /// Multiparts whose parts depend on each other.
    private mutating func readMultiparts() {
        let special = message.parts.filter {
            $0.kind == .multipart && !$0.isEmbedded && ContentsReader.pairs.contains($0.mediaType)
        }
        guard !special.isEmpty else { return }
        let wanted = Set(special.map(\.path))
        var children: [String: [Part]] = [:]
        for part in message.parts.dropFirst() where !part.isEmbedded {
            let parent = parentPath(part.path)
            if wanted.contains(parent) { children[parent, default: []].append(part) }
        }
        for part in special { readMultipart(part, children[part.path] ?? []) }
    }

    private mutating func readMultipart(_ part: Part, _ children: [Part]) {
        if let protection = Protection(multipart: part, children: children) {
            protections.append(protection)
            if let control = children.first(where: { $0.path == protection.control }), isControl(control, protection) {
                hidden.insert(control.path)
            }
        } else if part.mediaType == "multipart/related" {
            relatedPaths.insert(part.path)
        } else if let header = children.first(where: { $0.mediaType == "application/applefile" }),
            let fork = children.first(where: { $0.mediaType != "application/applefile" })
        {
            // RFC 1740 section 4: the header comes first, but not always.
            hidden.insert(header.path)
            forkPaths.insert(fork.path)
            if fork.filename == nil {
                forkNames[fork.path] = header.filename ?? AppleFile(beginning(of: header, 64 << 10).span)?.name
            }
        }
    }

    /// Only what is a signature or control information is kept from view: a file in its place is shown.
    private func isControl(_ part: Part, _ protection: Protection) -> Bool {
        switch part.mediaType {
        case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
            "application/pgp-encrypted":
            true
        default: part.kind == .leaf && !protection.protocolType.isEmpty && part.mediaType == protection.protocolType
        }
    }

    private func parentPath(_ path: String) -> String {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        return String(path[..<dot])
    }

    // MARK: Leaves

    private mutating func leaf(_ part: Part) {
        if let protection = Protection(leaf: part, kind: { pkcs7Kind(beginning(of: part, 64).span) }) {
            protections.append(protection)
        }
        if forkPaths.contains(part.path) {
            attach(part.named(part.filename ?? forkNames[part.path]), from: .appleDouble)
        } else if part.isBodyText {
            text(part)
        } else if isTNEF(part) {
            openTNEF(part)
        } else if part.mediaType == "application/applefile" {
            openAppleSingle(part)
        } else if part.isAttachment {
            attach(part)
        }
    }

    private mutating func attach(_ part: Part, from source: Attachment.Source = .part, contentID: String? = nil) {
        let contentID = contentID ?? part.header.first("Content-ID").map(withoutBrackets)
        let isInline =
            contentID != nil && part.disposition != "attachment"
            && (source == .tnef || relatedPaths.contains(parentPath(part.path)))
        attachments.append(Attachment(part: part, source: source, isInline: isInline, contentID: contentID))
    }

    private func withoutBrackets(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "<"), bytes[bytes.count - 1] == UInt8(ascii: ">") else {
            return text
        }
        return String(decoding: bytes[1..<bytes.count - 1], as: UTF8.self)
    }

    private func isTNEF(_ part: Part) -> Bool {
        if FileType.declared(part.mediaType) == .tnef { return true }
        return part.mediaType == "application/octet-stream"
            && part.filename.map { asciiLowercased($0) == "winmail.dat" } ?? false
    }

    /// Whether nothing but white space stands in a text: by its bytes as they are, which is enough for the empty texts
    /// that programs put beside a winmail.dat.
    private func isBlank(_ part: Part) -> Bool { trimmed(part.header.bytes.span, part.body).isEmpty }

    /// The first bytes of a decoded body.
    private func beginning(of part: Part, _ count: Int) -> [UInt8] {
        var head: [UInt8] = []
        _ = message.decode(part) { chunk in
            let room = Swift.min(count - head.count, chunk.count)
            if room > 0 { head.append(contentsOf: [UInt8](copying: chunk, 0..<room)) }
        }
        return head
    }

    /// A body decoded as a whole, its defects noted.
    private mutating func opened(_ part: Part) -> MessageBytes {
        let body = message.decodedBody(part)
        for defect in body.defects { findings.note(defect.kind) }
        return MessageBytes(body.bytes)
    }

    // MARK: Files in text

    private mutating func text(_ part: Part) {
        guard part.mediaType == "text/plain", part.kind == .leaf, mayHoldFiles(part) else {
            texts.append(part)
            return
        }
        // Where nothing has to be undone, files stay ranges of the message.
        let isPlain = part.transferEncoding.flatMap { TransferCoding(named: $0) }.map { !$0.changesBytes } ?? true
        let bytes = isPlain ? part.header.bytes : opened(part)
        let range = isPlain ? part.body : 0..<bytes.count
        let reading = UuencodedText(bytes.span, range, limit: room)
        guard !reading.files.isEmpty else {
            texts.append(part)
            return
        }
        if reading.files.count == room { findings.note(.enclosedLimit) }
        let rest = MessageBytes(reading.rest(bytes.span))
        texts.append(part.derived(path: part.path, bytes: rest, body: 0..<rest.count))
        for (number, file) in reading.files.enumerated() {
            if !file.isComplete { findings.note(.badUuencode) }
            attach(
                Part(
                    path: below(part, number + 1), mediaType: "application/octet-stream", filename: file.name,
                    transferEncoding: file.isBase64 ? "base64" : "x-uuencode", bytes: bytes, body: file.lines),
                from: .uuencode)
        }
        enclosedCount += reading.files.count
    }

    /// Whether a line of the body as it stands starts with `begin`; base64 must be opened to know.
    private func mayHoldFiles(_ part: Part) -> Bool {
        if part.transferEncoding == "base64" { return !part.body.isEmpty }
        let bytes = part.header.bytes.span
        var line = part.body.lowerBound
        while line < part.body.upperBound {
            if bytes[line] == UInt8(ascii: "b"), line + 6 < part.body.upperBound, hasWord(bytes, at: line, "begin") {
                return true
            }
            let end = findByte(bytes, 10, from: line, to: part.body.upperBound)
            if end < 0 { return false }
            line = end + 1
        }
        return false
    }

    private var room: Int { Swift.max(0, findings.limits.enclosedFiles - enclosedCount) }

    private func below(_ part: Part, _ number: Int) -> String {
        part.path.isEmpty ? "\(number)" : "\(part.path).\(number)"
    }

    // MARK: Containers

    private mutating func openTNEF(_ part: Part) {
        let bytes = opened(part)
        let files = readTNEF(bytes.span, 0..<bytes.count, &findings)
        // What cannot be opened is a file like any other.
        guard !files.isEmpty else {
            attach(part)
            return
        }
        enclose(files, in: part.path, bytes, alternative: part.path, showsTexts: true)
    }

    private mutating func enclose(
        _ files: [EnclosedFile], in path: String, _ bytes: MessageBytes, alternative: String, showsTexts: Bool
    ) {
        for (number, file) in files.enumerated() {
            if file.isBody && !showsTexts { continue }
            guard room > 0 else {
                findings.note(.enclosedLimit)
                return
            }
            enclosedCount += 1
            let place = path.isEmpty ? "\(number + 1)" : "\(path).\(number + 1)"
            var part = Part(
                path: place, mediaType: file.mediaType, filename: file.filename, charset: file.charset,
                alternative: file.isBody ? alternative : nil, bytes: bytes, body: 0..<0)
            switch file.content {
            case .range(let range): part.body = range
            case .bytes(let own):
                let own = MessageBytes(own)
                part = part.derived(path: place, bytes: own, body: 0..<own.count)
            }
            if file.isBody {
                enclosedTexts.append(part)
            } else {
                attach(part, from: .tnef, contentID: file.contentID)
                // No other program opens an embedded message of this form: its files are listed behind it.
                enclose(file.enclosed, in: place, bytes, alternative: alternative, showsTexts: false)
            }
        }
    }

    private mutating func openAppleSingle(_ part: Part) {
        let bytes = opened(part)
        guard let file = AppleFile(bytes.span), let fork = file.dataFork, room > 0 else {
            attach(part)
            return
        }
        enclosedCount += 1
        attach(
            Part(
                path: below(part, 1), mediaType: "application/octet-stream", filename: file.name ?? part.filename,
                bytes: bytes, body: fork),
            from: .appleSingle)
    }
}

extension Part {
    /// A leaf that was found inside another: bytes of its own, or a range of those that were opened.
    fileprivate init(
        path: String, mediaType: String, filename: String?, charset: String? = nil, transferEncoding: String? = nil,
        alternative: String? = nil, bytes: MessageBytes, body: Range<Int>
    ) {
        let charset = charset.map { ParameterList(parameters: [ParameterList.Parameter(name: "charset", value: $0)]) }
        self.init(
            path: path, kind: .leaf, mediaType: mediaType, parameters: charset ?? .none, disposition: nil,
            filename: filename?.isEmpty == true ? nil : filename, transferEncoding: transferEncoding,
            header: Header(bytes: bytes, entries: []), body: body, isEmbedded: false, alternative: alternative,
            isUndivided: false)
    }

    /// The same part with other content, of which nothing has to be undone.
    fileprivate func derived(path: String, bytes: MessageBytes, body: Range<Int>) -> Part {
        Part(
            path: path, kind: kind, mediaType: mediaType, parameters: parameters, disposition: disposition,
            filename: filename, transferEncoding: nil, header: Header(bytes: bytes, entries: []), body: body,
            isEmbedded: isEmbedded, alternative: alternative, isUndivided: isUndivided)
    }

    fileprivate func named(_ name: String?) -> Part {
        Part(
            path: path, kind: kind, mediaType: mediaType, parameters: parameters, disposition: disposition,
            filename: name, transferEncoding: transferEncoding, header: header, body: body, isEmbedded: isEmbedded,
            alternative: alternative, isUndivided: isUndivided)
    }
}
