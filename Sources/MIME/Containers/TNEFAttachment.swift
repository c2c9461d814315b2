/// One attachment of a TNEF stream while its attributes are read: first attAttachRenddata, then in any order the old
/// attributes (title, data) and attAttachment with the MAPI properties, which say more and go before them.
struct TNEFAttachment: Sendable {
    private var title = TNEFText()
    private var transportName = TNEFText()
    private var displayName = TNEFText()
    private var filename = TNEFText()
    private var longFilename = TNEFText()
    private var mediaType = TNEFText()
    private var contentID = TNEFText()
    private var encoding: Range<Int>?
    /// attAttachData.
    private var data: Range<Int>?
    /// PidTagAttachDataBinary or PidTagAttachDataObject.
    private var property: TNEFProperty?

    mutating func take(_ attribute: TNEFAttribute, _ bytes: Bytes, _ findings: inout Findings) {
        switch attribute.identifier {
        case TNEFAttribute.Identifier.attachTitle: title.propose(attribute.data, isUnicode: false)
        case TNEFAttribute.Identifier.attachTransportFilename: transportName.propose(attribute.data, isUnicode: false)
        case TNEFAttribute.Identifier.attachData: data = data ?? attribute.data
        default: takeProperties(bytes, attribute.data, &findings)
        }
    }

    private mutating func takeProperties(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) {
        var cursor = TNEFPropertyCursor(bytes, range, &findings)
        while let found = cursor.next(bytes, &findings) {
            switch found.identifier {
            case TNEFProperty.Identifier.displayName: displayName.prefer(found)
            case TNEFProperty.Identifier.attachFilename: filename.prefer(found)
            case TNEFProperty.Identifier.attachLongFilename: longFilename.prefer(found)
            case TNEFProperty.Identifier.attachMIMETag: mediaType.prefer(found)
            case TNEFProperty.Identifier.attachContentID: contentID.prefer(found)
            case TNEFProperty.Identifier.attachEncoding: encoding = found.value
            case TNEFProperty.Identifier.attachData: property = found
            default: break
            }
        }
    }

    func file(
        _ bytes: Bytes, _ charset: String?, _ allowance: inout TNEFAllowance, _ findings: inout Findings
    ) -> EnclosedFile {
        let content = content(bytes)
        var file = EnclosedFile(
            mediaType: declaredType(bytes, charset) ?? "application/octet-stream", filename: name(bytes, charset),
            contentID: bareContentID(bytes, charset), content: .range(content))
        if property?.type == .object && startsWithTNEF(bytes, content) {
            openEmbedded(&file, bytes, charset, content, &allowance, &findings)
        } else {
            takeMacBinary(&file, bytes, content)
        }
        return file
    }

    /// The long name, the short one, then what was meant to be shown.
    private func name(_ bytes: Bytes, _ charset: String?) -> String? {
        for candidate in [longFilename, filename, title, transportName, displayName] {
            if let name = candidate.string(bytes, charset) { return name }
        }
        return nil
    }

    /// PidTagAttachMimeTag without parameters, if it can be a media type and one that has no parts.
    private func declaredType(_ bytes: Bytes, _ charset: String?) -> String? {
        guard let tag = mediaType.string(bytes, charset) else { return nil }
        let type = Array(tag.utf8.prefix { $0 != UInt8(ascii: ";") && !isSpace($0) })
        guard type.count <= 127, type.split(separator: UInt8(ascii: "/")).count == 2,
            type.allSatisfy({ isFieldNameByte($0) && !#"()<>@,\"[]?="#.utf8.contains($0) })
        else { return nil }
        let name = lowercasedText(type.span, 0..<type.count)
        return name.utf8.starts(with: "multipart/".utf8) ? nil : name
    }

    private func bareContentID(_ bytes: Bytes, _ charset: String?) -> String? {
        guard var id = contentID.string(bytes, charset) else { return nil }
        if id.utf8.first == UInt8(ascii: "<") { id.removeFirst() }
        if id.utf8.last == UInt8(ascii: ">") { id.removeLast() }
        return id.isEmpty ? nil : id
    }

    /// Objects stand behind the identifier of their interface (MS-OXTNEF 2.1.3.4): an embedded message, a compound
    /// file. A plain file is in attAttachData, or in the property where a writer left that out.
    private func content(_ bytes: Bytes) -> Range<Int> {
        if let property, property.type == .object {
            let value = property.value
            let object = Swift.min(value.upperBound, value.lowerBound + 16)..<value.upperBound
            if startsWithTNEF(bytes, value) { return value }
            if !object.isEmpty { return object }
        }
        if let data, !data.isEmpty { return data }
        if let property, property.type == .binary { return property.value }
        return data ?? 0..<0
    }

    /// An embedded message (IID_IMessage) is a TNEF stream of its own. Past the limit it stays closed.
    private func openEmbedded(
        _ file: inout EnclosedFile, _ bytes: Bytes, _ charset: String?, _ content: Range<Int>,
        _ allowance: inout TNEFAllowance, _ findings: inout Findings
    ) {
        file.mediaType = "application/ms-tnef"
        guard allowance.nesting > 0 else { return findings.note(.nestingLimit) }
        allowance.nesting -= 1
        defer { allowance.nesting += 1 }
        let message = readTNEFMessage(bytes, content, &allowance, &findings)
        file.enclosed = message.files
        // The old attributes call every such attachment by the same words; its subject is what a person knows it by.
        file.filename = displayName.string(bytes, charset) ?? message.subject ?? file.filename
    }

    /// Files of old Macs come in MacBinary (MS-OXCMSG, PidTagAttachEncoding): a header of 128 bytes with name and
    /// lengths, the data fork, the resource fork. What a person wants is the data fork.
    private func takeMacBinary(_ file: inout EnclosedFile, _ bytes: Bytes, _ content: Range<Int>) {
        let oid: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0B, 0x01]
        guard let encoding, [UInt8](copying: bytes, encoding) == oid, content.count >= 128 else { return }
        let start = content.lowerBound
        let nameLength = Int(bytes[start + 1])
        let length = Int(littleEndian32(bytes, at: start + 83).byteSwapped)
        guard bytes[start] == 0, bytes[start + 74] == 0, (1...63).contains(nameLength), length <= content.count - 128
        else { return }
        file.content = .range(start + 128..<start + 128 + length)
        var name = TNEFText()
        name.propose(start + 2..<start + 2 + nameLength, isUnicode: false)
        file.filename = file.filename ?? name.string(bytes, "macintosh")
    }
}
