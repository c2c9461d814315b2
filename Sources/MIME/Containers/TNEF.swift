/// TNEF: what Outlook and Exchange send as winmail.dat, `application/ms-tnef` (MS-OXTNEF). A signature, then attributes
/// one after the other; the body texts, the attachments and all that MAPI knows of the message are inside. The mail
/// around it often has nothing but this one part.
///
/// The stream is read to its end whatever its checksums say; a cut one is read as far as it goes. Contents stay ranges
/// of the stream, except texts that were compressed (PidTagRtfCompressed).

/// The body texts and attachments of a TNEF stream, bodies first; nothing, and a defect, when it is none.
func readTNEF(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> [EnclosedFile] {
    var allowance = TNEFAllowance(findings.limits)
    return readTNEFMessage(bytes, range, &allowance, &findings).files
}

/// What one stream may still bring, the messages embedded in it counted in: without this a small stream could fill the
/// memory.
struct TNEFAllowance {
    var files: Int
    var nesting: Int
    var richTextBytes: Int

    init(_ limits: Limits) {
        (files, nesting, richTextBytes) = (limits.parts, limits.enclosedNesting, limits.richTextBytes)
    }
}

/// A message as a TNEF stream has it.
struct TNEFMessage: Sendable {
    /// `IPM.Note`; others are meeting requests, reports, tasks.
    var messageClass: String?
    var subject: String?
    var files: [EnclosedFile] = []
}

func readTNEFMessage(
    _ bytes: Bytes, _ range: Range<Int>, _ allowance: inout TNEFAllowance, _ findings: inout Findings
) -> TNEFMessage {
    guard startsWithTNEF(bytes, range) else {
        findings.note(.badTNEF)
        return TNEFMessage()
    }
    var draft = TNEFDraft()
    var cursor = TNEFAttributeCursor(range)
    while let attribute = cursor.next(bytes, &findings) {
        draft.take(attribute, bytes, &allowance, &findings)
    }
    return draft.message(bytes, &allowance, &findings)
}

/// TNEF_SIGNATURE, 0x223E9F78, and the key that follows it.
func startsWithTNEF(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    range.count >= 6 && littleEndian32(bytes, at: range.lowerBound) == 0x223E_9F78
}

/// An attribute of the stream (MS-OXTNEF 2.1.3.1). The lower half of its identifier is its name; the upper half, a
/// type, follows from it.
struct TNEFAttribute: Sendable {
    enum Identifier {
        static let subject: UInt16 = 0x8004
        static let messageClass: UInt16 = 0x8008
        static let body: UInt16 = 0x800C
        static let attachData: UInt16 = 0x800F
        static let attachTitle: UInt16 = 0x8010
        static let attachTransportFilename: UInt16 = 0x9001
        static let attachRenderingData: UInt16 = 0x9002
        static let messageProperties: UInt16 = 0x9003
        static let attachment: UInt16 = 0x9005
        static let oemCodePage: UInt16 = 0x9007
    }

    let identifier: UInt16
    let data: Range<Int>
}

/// Walks over the attributes: level, identifier, length, data, checksum.
private struct TNEFAttributeCursor {
    private var index: Int
    private let end: Int

    init(_ range: Range<Int>) { (index, end) = (range.lowerBound + 6, range.upperBound) }

    mutating func next(_ bytes: Bytes, _ findings: inout Findings) -> TNEFAttribute? {
        guard index < end else { return nil }
        // LVL_MESSAGE and LVL_ATTACHMENT; anything else is what some gateway hung on, most often a line end.
        guard bytes[index] == 1 || bytes[index] == 2 else {
            while index < end && (isSpace(bytes[index]) || bytes[index] == 0) { index += 1 }
            if index < end { findings.note(.badTNEF) }
            return nil
        }
        guard end - index >= 9 else {
            findings.note(.truncatedTNEF)
            return nil
        }
        let identifier = littleEndian16(bytes, at: index + 1)
        let length = Int(littleEndian32(bytes, at: index + 5))
        let start = index + 9
        let data = start..<Swift.min(end, start + length)
        if end - data.upperBound < 2 {
            findings.note(.truncatedTNEF)
            index = end
        } else {
            index = data.upperBound + 2
            if checksum(bytes, data) != littleEndian16(bytes, at: data.upperBound) { findings.note(.badTNEFChecksum) }
        }
        findings.work += data.count
        return TNEFAttribute(identifier: identifier, data: data)
    }

    /// The sum of the bytes modulo 65,536.
    private func checksum(_ bytes: Bytes, _ range: Range<Int>) -> UInt16 {
        var index = range.lowerBound
        var sum: UInt64 = 0
        // Eight bytes at once: those at even and at odd places are added up side by side.
        while index + 8 <= range.upperBound {
            let word = load64(bytes, at: index)
            let pairs = (word & 0x00FF_00FF_00FF_00FF) &+ (word >> 8 & 0x00FF_00FF_00FF_00FF)
            sum &+= (pairs &* 0x0001_0001_0001_0001) >> 48
            index += 8
        }
        while index < range.upperBound {
            sum &+= UInt64(bytes[index])
            index += 1
        }
        return UInt16(truncatingIfNeeded: sum)
    }
}

/// What the attributes said so far. The code pages may stand behind the texts that need them, so texts stay ranges
/// until the end.
private struct TNEFDraft {
    private var text = TNEFText()
    private var html = TNEFText()
    private var subject = TNEFText()
    private var messageClass = TNEFText()
    private var richText: Range<Int>?
    private var oemCodePage: UInt32?
    private var messageCodePage: UInt32?
    private var internetCodePage: UInt32?
    private var attachments: [TNEFAttachment] = []
    /// The limit was reached: what comes now belongs to an attachment that is not kept.
    private var isFull = false

    mutating func take(
        _ attribute: TNEFAttribute, _ bytes: Bytes, _ allowance: inout TNEFAllowance, _ findings: inout Findings
    ) {
        switch attribute.identifier {
        case TNEFAttribute.Identifier.oemCodePage: oemCodePage = word(bytes, attribute.data)
        case TNEFAttribute.Identifier.subject: subject.propose(attribute.data, isUnicode: false)
        case TNEFAttribute.Identifier.messageClass: messageClass.propose(attribute.data, isUnicode: false)
        case TNEFAttribute.Identifier.body: text.propose(attribute.data, isUnicode: false)
        case TNEFAttribute.Identifier.messageProperties: takeProperties(bytes, attribute.data, &findings)
        case TNEFAttribute.Identifier.attachRenderingData: open(&allowance, &findings)
        case TNEFAttribute.Identifier.attachData, TNEFAttribute.Identifier.attachTitle,
            TNEFAttribute.Identifier.attachTransportFilename, TNEFAttribute.Identifier.attachment:
            // Each attachment begins with attAttachRenddata (MS-OXTNEF 2.1.3.3); some writers forget the first.
            if attachments.isEmpty { open(&allowance, &findings) }
            guard !attachments.isEmpty && !isFull else { return }
            attachments[attachments.count - 1].take(attribute, bytes, &findings)
        default: break
        }
    }

    private mutating func open(_ allowance: inout TNEFAllowance, _ findings: inout Findings) {
        isFull = allowance.files <= 0
        if isFull { return findings.note(.partLimit) }
        allowance.files -= 1
        attachments.append(TNEFAttachment())
    }

    private mutating func takeProperties(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) {
        var cursor = TNEFPropertyCursor(bytes, range, &findings)
        while let property = cursor.next(bytes, &findings) {
            switch property.identifier {
            case TNEFProperty.Identifier.subject: subject.prefer(property)
            case TNEFProperty.Identifier.messageClass: messageClass.prefer(property)
            case TNEFProperty.Identifier.body: text.prefer(property)
            case TNEFProperty.Identifier.htmlBody: html.prefer(property)
            case TNEFProperty.Identifier.richTextBody where property.type == .binary: richText = property.value
            case TNEFProperty.Identifier.messageCodePage: messageCodePage = word(bytes, property.value)
            case TNEFProperty.Identifier.internetCodePage: internetCodePage = word(bytes, property.value)
            default: break
            }
        }
    }

    private func word(_ bytes: Bytes, _ range: Range<Int>) -> UInt32? {
        range.count >= 4 ? littleEndian32(bytes, at: range.lowerBound) : nil
    }

    func message(
        _ bytes: Bytes, _ allowance: inout TNEFAllowance, _ findings: inout Findings
    ) -> TNEFMessage {
        // MS-OXTNEF 2.1.3.3: attOemCodepage is that of all eight-bit texts but HTML.
        let charset = [oemCodePage, messageCodePage].lazy.compactMap { $0 }.compactMap { charsetLabel(codePage: $0) }
            .first
        var message = TNEFMessage()
        message.messageClass = messageClass.string(bytes, charset)
        message.subject = subject.string(bytes, charset)
        message.files = bodies(bytes, charset, &allowance, &findings)
        for attachment in attachments {
            message.files.append(attachment.file(bytes, charset, &allowance, &findings))
        }
        return message
    }

    /// The texts, plain before HTML. Rich text is read where it has what is missing: the HTML or the text it was made
    /// from, or the only text there is.
    private func bodies(
        _ bytes: Bytes, _ charset: String?, _ allowance: inout TNEFAllowance, _ findings: inout Findings
    ) -> [EnclosedFile] {
        var plain = text.body(bytes, "text/plain", charset)
        var markup = html.body(bytes, "text/html", internetCodePage.flatMap { charsetLabel(codePage: $0) })
        if markup == nil, let reading = rich(bytes, &allowance, &findings) {
            let isHTML = reading.kind == .encapsulatedHTML
            let body = EnclosedFile(
                mediaType: isHTML ? "text/html" : "text/plain", charset: "utf-8", content: .bytes(reading.text),
                isBody: true)
            if isHTML { markup = body } else if plain == nil { plain = body }
        }
        return [plain, markup].compactMap { $0 }
    }

    /// PidTagRtfCompressed; nil when there is none or nothing to see in it.
    private func rich(
        _ bytes: Bytes, _ allowance: inout TNEFAllowance, _ findings: inout Findings
    ) -> RTFReading? {
        guard let richText else { return nil }
        let limit = allowance.richTextBytes
        guard limit > 0 else {
            findings.note(.richTextLimit)
            return nil
        }
        guard let rtf = decompressRTF(bytes, richText, limit: limit, &findings) else { return nil }
        let reading = readRTF(rtf.span, 0..<rtf.count, limit: limit, &findings)
        guard !reading.text.allSatisfy({ isSpace($0) }) else { return nil }
        allowance.richTextBytes -= reading.text.count
        return reading
    }
}

/// A text of the stream that is not decoded yet.
struct TNEFText: Sendable {
    private(set) var range: Range<Int>?
    private var isUnicode = false

    /// Takes an attribute's text unless there is a better one.
    mutating func propose(_ range: Range<Int>, isUnicode: Bool) {
        if self.range == nil { (self.range, self.isUnicode) = (range, isUnicode) }
    }

    /// Takes a property's text: it may be Unicode where the attribute of the same meaning is not.
    mutating func prefer(_ property: TNEFProperty) {
        switch property.type {
        case .unicode: (range, isUnicode) = (property.value, true)
        case .string8, .binary: if range == nil || !isUnicode { (range, isUnicode) = (property.value, false) }
        default: break
        }
    }

    /// As a name or a line: up to the NUL that ends it, white space around it taken off; nil when nothing is left.
    func string(_ bytes: Bytes, _ charset: String?) -> String? {
        guard let range else { return nil }
        let text = range.lowerBound..<end(bytes, Swift.min(range.upperBound, range.lowerBound + 4096))
        var output: [UInt8] = []
        if isUnicode {
            _ = Charset.utf16(bigEndian: false).decode(bytes, text, into: &output)
        } else {
            output.append(contentsOf: decodeDeclared(bytes, text, charset.flatMap { Charset(label: $0) }).text.utf8)
        }
        let kept = trimmed(output.span, 0..<output.count)
        return kept.isEmpty ? nil : String(decoding: output[kept], as: UTF8.self)
    }

    /// As a body; nil when it is empty or nothing but white space.
    func body(_ bytes: Bytes, _ mediaType: String, _ charset: String?) -> EnclosedFile? {
        guard let range else { return nil }
        let text = range.lowerBound..<end(bytes, range.upperBound)
        var index = text.lowerBound
        while index < text.upperBound && (isSpace(bytes[index]) || bytes[index] == 0) { index += 1 }
        guard index < text.upperBound else { return nil }
        return EnclosedFile(
            mediaType: mediaType, charset: isUnicode ? "utf-16le" : charset, content: .range(text), isBody: true)
    }

    /// The place of the first NUL; UTF-16 ends at a whole unit.
    private func end(_ bytes: Bytes, _ limit: Int) -> Int {
        guard let start = range?.lowerBound else { return limit }
        if !isUnicode {
            let end = findByte(bytes, 0, from: start, to: limit)
            return end < 0 ? limit : end
        }
        var index = start
        while index + 2 <= limit && (bytes[index] != 0 || bytes[index + 1] != 0) { index += 2 }
        return index
    }
}
