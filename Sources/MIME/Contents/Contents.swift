import Vocabulary

/// A message as its reader sees it: the texts that are the mail, the files that come with it, and what is signed or
/// encrypted. Made of the parts of the message and of what stands inside some of them: files uuencoded in the text,
/// the body and files of a winmail.dat, files of a Macintosh.
///
/// Embedded messages are files here; what is inside them belongs to them.
package struct Contents: Sendable {
    /// In their order; of those with the same `alternative` one is to be shown.
    package let texts: [Part]
    /// In their order, without signatures, control information, resource forks and the machine-readable parts of a
    /// report; at the end the bodies of a winmail.dat that are not among the texts. A text with a name may be among both.
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
    /// Bodies that a TNEF stream brought.
    private var enclosedTexts: [Part] = []
    /// Attachments that are the text of a mail without any other.
    private var spareTexts: [Part] = []
    private var enclosedCount = 0
    /// Parts that belong to another: signatures, control information, resource forks.
    private var hidden: Set<String> = []
    /// Names of data forks by path.
    private var forkNames: [String: String] = [:]
    private var relatedPaths: Set<String> = []
    private var forkPaths: Set<String> = []

    init(_ message: Message) { self.message = message }

    var contents: Contents {
        Contents(texts: texts, attachments: attachments, protections: protections, defects: findings.defects)
    }

    mutating func read() {
        readMultiparts()
        for part in message.parts where !part.isEmbedded && !hidden.contains(part.path) {
            findings.part = part.path
            switch part.kind {
            case .multipart: if part.isUndivided { undivided(part) }
            case .message: attach(part)
            case .leaf: leaf(part)
            }
        }
        findings.part = ""
        settleTexts()
    }

    // MARK: Structure

    private static let pairs: Set<String> = [
        "multipart/signed", "multipart/encrypted", "multipart/appledouble", "multipart/x-appledouble",
        "multipart/related", "multipart/report",
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
            if let control = children.first(where: { $0.path == protection.control }),
                CompanionPart.isControl(control, head: beginning(of: control, CompanionPart.window).span)
            {
                hidden.insert(control.path)
            }
        } else if part.mediaType == "multipart/related" {
            relatedPaths.insert(part.path)
        } else if part.mediaType == "multipart/report" {
            for child in children where child.isReport {
                if CompanionPart.isReport(child, head: beginning(of: child, CompanionPart.window).span) {
                    hidden.insert(child.path)
                }
            }
        } else {
            readAppleDouble(children)
        }
    }

    private mutating func readAppleDouble(_ children: [Part]) {
        // RFC 1740 section 4: the header comes first, but not always.
        guard let header = children.first(where: { $0.mediaType == "application/applefile" }),
            let fork = children.first(where: { $0.mediaType != "application/applefile" }),
            let file = CompanionPart.appleHeader(header, head: beginning(of: header, 64 << 10).span)
        else { return }
        hidden.insert(header.path)
        forkPaths.insert(fork.path)
        if fork.filename == nil { forkNames[fork.path] = header.filename ?? file.name }
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
        } else {
            if isSpareText(part) { spareTexts.append(part) }
            attach(part)
        }
    }

    private mutating func undivided(_ part: Part) {
        if part.isBodyText { texts.append(part) } else { attach(part) }
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

    // MARK: The text of the mail

    /// Text that is shown where the mail has no other: with a file name, or of a subtype that we do not know, which is to
    /// be read as plain text (RFC 2046 section 4.1.4). Not what was attached on purpose, unless it is all there is.
    private func isSpareText(_ part: Part) -> Bool {
        part.isText && !ContentsReader.dataTypes.contains(part.mediaType)
            && (part.path.isEmpty || part.disposition != "attachment")
    }

    /// Text for programs.
    private static let dataTypes: Set<String> = [
        "text/calendar", "text/x-vcalendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv",
        "text/tab-separated-values", "text/rtf", "text/css", "text/javascript", "text/xml", "text/rfc822-headers",
    ]

    /// Bytes of visible text below which a text may be a line that a gateway put in.
    private static let shortText = 500

    /// Chooses between the texts of the mail itself, those of a winmail.dat, and those that look like files.
    private mutating func settleTexts() {
        guard !enclosedTexts.isEmpty || !spareTexts.isEmpty else { return }
        let own = texts.filter { !isBlank($0) }
        let enclosed = enclosedTexts.filter { !isBlank($0) }
        if own.isEmpty && enclosed.isEmpty {
            takeSpareTexts()
        } else if own.isEmpty {
            texts = enclosed
        } else if !enclosed.isEmpty {
            addEnclosed(enclosed, to: own)
        }
    }

    /// A winmail.dat mostly says what the text beside it says. Where it says something else, the text beside it may be
    /// no more than a notice ("scanned by", "external sender") that a gateway put into a mail it took for empty: behind
    /// a short text the enclosed one is shown, too. Behind a long one it is listed, so that it is not lost.
    private mutating func addEnclosed(_ enclosed: [Part], to own: [Part]) {
        let plain = own.filter { $0.mediaType == "text/plain" }
        let shown = plain.isEmpty ? own : plain
        let seen = shown.prefix(ContentsReader.compared).map { visible($0) }
        let isShort = shown.count == seen.count && seen.reduce(0) { $0 + $1.bytes.count } < ContentsReader.shortText
        let letters = seen.map(\.letters)
        for part in enclosed {
            let body = visible(part).letters
            if letters.contains(where: { says($0, body) }) { continue }
            if isShort { texts.append(part) } else { attach(part, from: .tnef) }
        }
    }

    /// Texts of the mail that an enclosed one is compared with.
    private static let compared = 4

    /// Whether a text has all of another, and perhaps a notice before or a footer behind it.
    private func says(_ text: [UInt8], _ other: [UInt8]) -> Bool {
        text.starts(with: other) || text.suffix(other.count).elementsEqual(other)
    }

    /// The first that has a name, and all of unknown subtypes. With a name, or marked as attachment, it stays one.
    private mutating func takeSpareTexts() {
        var hasNamed = false
        var unlisted: Set<String> = []
        for part in spareTexts where !isBlank(part) {
            if part.filename == nil && part.mediaType != "text/plain" && part.mediaType != "text/html" {
                texts.append(part)
                if part.disposition != "attachment" { unlisted.insert(part.path) }
            } else if !hasNamed {
                hasNamed = true
                texts.append(part)
            }
        }
        if !unlisted.isEmpty { attachments.removeAll { $0.source == .part && unlisted.contains($0.part.path) } }
    }

    private func visible(_ part: Part, limit: Int = .max) -> VisibleText {
        VisibleText(message.text(part), isHTML: part.mediaType == "text/html", limit: limit)
    }

    /// Whether a reader would see nothing of a text. Nearly every one shows at its beginning that it is not blank.
    private func isBlank(_ part: Part) -> Bool {
        var beginning = part
        beginning.body = part.body.prefix(4096)
        // Fewer bytes may be what is left of a character or a tag that was cut there.
        if visible(beginning, limit: 16).bytes.count >= 16 { return false }
        return visible(part, limit: 1).bytes.isEmpty
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
