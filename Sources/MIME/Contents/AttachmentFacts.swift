/// What a policy can ask of an attachment without opening it: what it says it is, what it is, under which name it can be
/// shown and saved, whether anybody but its recipient could look inside.
package struct AttachmentFacts: Sendable, Hashable {
    package enum Flag: String, Sendable, Hashable, CaseIterable {
        /// It asks for a password, or is encrypted for somebody.
        case encrypted
        /// An office document with a program inside.
        case macros
        /// An archive, or a document built as one, whose directory could not be read whole: it may be encrypted or hold
        /// macros without being flagged so.
        case unread
        /// Opening it can start something: by its content or by the extension of its name.
        case runnable
        /// The content is of another kind than the extension of the name says.
        case misnamed
        /// The content is of another kind than Content-Type says.
        case misdeclared
        case hiddenCharacters = "hidden-characters"
        case bidirectionalControl = "bidirectional-control"
        case doubleExtension = "double-extension"
        case reservedName = "reserved-name"
        case path, cut
        /// The HTML text shows it.
        case inline
    }

    /// As sent: `application/octet-stream`.
    package let declaredType: String
    /// What the first bytes say; nil where they say nothing.
    package let sniffed: FileType?
    /// The best that is known: by the content, else as declared, else by the name. Of an encrypted office document the
    /// content does not say which it is.
    package let mediaType: String
    /// Made clean. Never empty: see `filename` of the attachment for what was sent.
    package let name: CleanFilename
    /// Of the decoded content, exactly; of an embedded message, of the message.
    package let size: Int
    package let flags: Set<Flag>
    /// What was wrong with its transfer encoding.
    package let defects: [Defect]
}

extension Message {
    /// Reads an attachment through, once, without keeping it. `take` gets the decoded content in chunks, for whoever
    /// wants its digest or wants to save it.
    package func facts(of attachment: Attachment, _ take: (Span<UInt8>) -> Void = { _ in }) -> AttachmentFacts {
        let part = attachment.part
        var probe = ContentProbe()
        let defects = decodeFile(part) { chunk in
            probe.take(chunk)
            take(chunk)
        }
        let content = probe.finish()
        let declared = part.kind == .message ? .email : FileType.declared(part.mediaType)
        let sent = sentName(of: part)
        let found = content.isWrapped ? wrappedType(declared, CleanFilename(sent)) : content.type
        let told = type(sniffed: found, declared: declared)
        let name = CleanFilename(sent, type: told)
        return AttachmentFacts(
            declaredType: part.mediaType, sniffed: content.type,
            mediaType: (specialType(told, name) ?? told)?.mediaType ?? part.mediaType, name: name, size: content.size,
            flags: flags(attachment, content, declared, name), defects: defects)
    }

    /// An embedded message without a name goes by its subject.
    private func sentName(of part: Part) -> String {
        if let filename = part.filename { return filename }
        guard part.kind == .message, let index = parts.firstIndex(where: { $0.path == part.path }),
            index + 1 < parts.count
        else { return "" }
        return parts[index + 1].header.first("Subject").map { subject in
            // A slash in a subject separates no folders, a dot no extension.
            String(subject.unicodeScalars.map { $0 == "/" || $0 == "\\" || $0 == "." ? "_" : Character($0) })
        } ?? ""
    }

    /// What an encrypted office document is: as declared, else as named; an Open XML kind first, since no other is wrapped.
    private func wrappedType(_ declared: FileType?, _ name: CleanFilename) -> FileType {
        let promised = (declared.map { [$0] } ?? []) + FileType.named(name.fileExtension)
        let office = promised.filter { $0.family == .office }
        return office.first { $0.container == .zip } ?? office.first ?? .compound
    }

    /// The content goes before the declaration, but bytes that are text may be text of the declared kind.
    private func type(sniffed: FileType?, declared: FileType?) -> FileType? {
        guard let declared else { return sniffed }
        return sniffed == nil || isText(sniffed) && declared.container == .text ? declared : sniffed
    }

    /// What the name says of text, and of bytes of which nothing else says anything.
    private func specialType(_ told: FileType?, _ name: CleanFilename) -> FileType? {
        guard told == nil || isText(told) else { return nil }
        let named = FileType.named(name.fileExtension).first { told == nil || $0.container == .text }
        // A table may be called `.txt`.
        return told == .csv && named == .plainText ? nil : named
    }

    private func isText(_ type: FileType?) -> Bool { type == .plainText || type == .csv || type == .xml }

    private func flags(
        _ attachment: Attachment, _ content: ContentProbe.Result, _ declared: FileType?, _ name: CleanFilename
    ) -> Set<AttachmentFacts.Flag> {
        var flags: Set<AttachmentFacts.Flag> = []
        if content.isEncrypted { flags.insert(.encrypted) }
        if content.hasMacros { flags.insert(.macros) }
        if content.isUnread { flags.insert(.unread) }
        if attachment.isInline { flags.insert(.inline) }
        if content.type?.isRunnable == true || content.type?.family == .diskImage
            || FileType.isRunnable(name.fileExtension)
        {
            flags.insert(.runnable)
        }
        if let type = content.type {
            if type.fits(name.fileExtension) == false && !(content.isWrapped && isOffice(name.fileExtension)) {
                flags.insert(.misnamed)
            }
            // Windows with Office declares every .csv as a workbook.
            let isTable = type == .plainText && name.fileExtension == "csv" && declared == .oldExcel
            if let declared, !agrees(type, declared), !isTable, !(content.isWrapped && declared.family == .office) {
                flags.insert(.misdeclared)
            }
        }
        for oddity in name.oddities {
            switch oddity {
            case .path: flags.insert(.path)
            case .hiddenCharacters: flags.insert(.hiddenCharacters)
            case .bidirectionalControl: flags.insert(.bidirectionalControl)
            case .reservedName: flags.insert(.reservedName)
            case .doubleExtension: flags.insert(.doubleExtension)
            case .cut: flags.insert(.cut)
            }
        }
        return flags
    }

    private func isOffice(_ fileExtension: String) -> Bool {
        FileType.named(fileExtension).contains { $0.family == .office }
    }

    private func agrees(_ type: FileType, _ declared: FileType) -> Bool {
        declared.extensions.isEmpty || declared.extensions.contains { type.fits($0) ?? true }
    }
}
