/// What the entries of a zip archive tell (PKWARE APPNOTE): whether any is encrypted, and what kind of file is built on it.
///
/// Read from the beginning (local headers, APPNOTE section 4.3.7) and from the end (the central directory, 4.3.12); what
/// lies between is not needed.
struct ZipDirectory: Sendable {
    private(set) var isEncrypted = false
    private(set) var hasMacros = false
    private var marks: Set<Mark> = []
    /// Content of the entry `mimetype`, which OpenDocument and EPUB store first and uncompressed.
    private var openType: String?

    private enum Mark: Sendable {
        case contentTypes, word, excel, powerPoint, visio, manifest, android, classes, windowsApp, apple
    }

    /// Entries that are looked at, of each end.
    private static let entryLimit = 20_000

    init(head: Bytes, tail: Bytes) {
        readLocalHeaders(head)
        readCentralDirectory(tail)
    }

    var type: FileType {
        if let openType, let type = ZipDirectory.openTypes[openType] { return type }
        if marks.contains(.contentTypes) {
            if marks.contains(.word) { return .wordDocument }
            if marks.contains(.excel) { return .excelWorkbook }
            if marks.contains(.powerPoint) { return .powerPointShow }
            if marks.contains(.visio) { return .visioDrawing }
        }
        if marks.contains(.android) { return .apk }
        if marks.contains(.windowsApp) { return .windowsApp }
        if marks.contains(.manifest) || marks.contains(.classes) { return .jar }
        if marks.contains(.apple) { return .appleOffice }
        return .zip
    }

    private static let openTypes: [String: FileType] = [
        "application/vnd.oasis.opendocument.text": .openText,
        "application/vnd.oasis.opendocument.text-template": .openText,
        "application/vnd.oasis.opendocument.spreadsheet": .openSpreadsheet,
        "application/vnd.oasis.opendocument.spreadsheet-template": .openSpreadsheet,
        "application/vnd.oasis.opendocument.presentation": .openPresentation,
        "application/vnd.oasis.opendocument.presentation-template": .openPresentation,
        "application/vnd.oasis.opendocument.graphics": .openGraphics,
        "application/epub+zip": .epub,
    ]

    private mutating func readLocalHeaders(_ bytes: Bytes) {
        var index = 0
        for _ in 0..<ZipDirectory.entryLimit {
            guard isFound(bytes, [0x50, 0x4B, 3, 4], at: index), let flags = number16(bytes, at: index + 6),
                let method = number16(bytes, at: index + 8), let size = number32(bytes, at: index + 18),
                let nameLength = number16(bytes, at: index + 26), let extraLength = number16(bytes, at: index + 28)
            else { return }
            let name = index + 30
            let content = name + nameLength + extraLength
            guard name + nameLength <= bytes.count else { return }
            note(bytes, name..<name + nameLength, flags)
            if method == 0, size < 100, content + size <= bytes.count, hasWord(bytes, at: name, "mimetype") {
                openType = text(bytes, trimmed(bytes, content..<content + size))
            }
            // With bit 3 the size stands behind the content.
            if flags & 8 != 0 { return }
            index = content + size
        }
    }

    private mutating func readCentralDirectory(_ bytes: Bytes) {
        var index = directoryStart(bytes)
        for _ in 0..<ZipDirectory.entryLimit {
            guard isFound(bytes, [0x50, 0x4B, 1, 2], at: index), let flags = number16(bytes, at: index + 8),
                let nameLength = number16(bytes, at: index + 28), let extraLength = number16(bytes, at: index + 30),
                let commentLength = number16(bytes, at: index + 32)
            else { return }
            let name = index + 46
            guard name + nameLength <= bytes.count else { return }
            note(bytes, name..<name + nameLength, flags)
            index = name + nameLength + extraLength + commentLength
        }
    }

    /// The end record (APPNOTE 4.3.16) says how long the directory is that stands before it. Where it started before
    /// these bytes, reading begins at the first entry that is whole.
    private func directoryStart(_ bytes: Bytes) -> Int {
        var end = bytes.count - 22
        while end >= 0 && !(bytes[end] == 0x50 && isFound(bytes, [0x50, 0x4B, 5, 6], at: end)) { end -= 1 }
        if end >= 0, let size = number32(bytes, at: end + 12) {
            let start = end - size
            if isFound(bytes, [0x50, 0x4B, 1, 2], at: start) { return start }
        }
        var from = 0
        while from < bytes.count {
            let hit = findByte(bytes, 0x50, from: from, to: bytes.count)
            if hit < 0 { break }
            if isFound(bytes, [0x50, 0x4B, 1, 2], at: hit) { return hit }
            from = hit + 1
        }
        return bytes.count
    }

    private mutating func note(_ bytes: Bytes, _ name: Range<Int>, _ flags: Int) {
        // APPNOTE 4.4.4: bit 0 for an encrypted entry (AES too), bit 13 for an encrypted directory.
        if flags & 0x2001 != 0 { isEncrypted = true }
        let start = name.lowerBound
        func begins(_ text: String) -> Bool {
            name.count >= text.utf8.count && hasWord(bytes, at: start, text)
        }
        func ends(_ text: String) -> Bool {
            name.count >= text.utf8.count && hasWord(bytes, at: name.upperBound - text.utf8.count, text)
        }
        // ECMA-376 part 2: the content types stand in every Open XML file, then a folder for each program.
        if begins("[content_types].xml") { marks.insert(.contentTypes) }
        if begins("word/") { marks.insert(.word) }
        if begins("xl/") { marks.insert(.excel) }
        if begins("ppt/") { marks.insert(.powerPoint) }
        if begins("visio/") { marks.insert(.visio) }
        if ends("/vbaproject.bin") || begins("xl/macrosheets/") || begins("basic/") { hasMacros = true }
        if begins("meta-inf/manifest.mf") { marks.insert(.manifest) }
        if begins("androidmanifest.xml") || begins("classes.dex") { marks.insert(.android) }
        if ends(".class") { marks.insert(.classes) }
        if begins("appxmanifest.xml") { marks.insert(.windowsApp) }
        if begins("index/document.iwa") || begins("index.zip") { marks.insert(.apple) }
        // OpenDocument 1.4 part 2 section 4: the whole package is encrypted.
        if begins("encrypted-package") { isEncrypted = true }
    }
}
