/// What the entries of a zip archive tell (PKWARE APPNOTE): whether any is encrypted, and what kind of file is built on it.
///
/// Read from the beginning (local headers, APPNOTE section 4.3.7), as far as they stand in `head`, and from the end (the
/// central directory, 4.3.12), as far as it stands in `tail`; `isWhole` says whether that is all of it.
struct ZipDirectory: Sendable {
    private(set) var isEncrypted = false
    private(set) var hasMacros = false
    /// Every entry of the central directory was read.
    private(set) var isWhole = false
    private var marks: Set<Mark> = []
    /// Content of the entry `mimetype`, which OpenDocument and EPUB store first and uncompressed.
    private var openType: String?

    private enum Mark: Sendable {
        case contentTypes, word, excel, powerPoint, visio, manifest, android, classes, windowsApp, apple
    }

    /// What stands before the first local header of a split archive, and of one that was to be split (8.5.3, 8.5.4).
    static let markers: [[UInt8]] = [[0x50, 0x4B, 7, 8], [0x50, 0x4B, 0x30, 0x30]]

    /// Whether these are the first bytes of an archive.
    static func isBeginning(_ bytes: Bytes) -> Bool {
        let start = firstHeader(bytes)
        return isFound(bytes, [0x50, 0x4B, 3, 4], at: start) || isFound(bytes, [0x50, 0x4B, 5, 6], at: start)
    }

    private static func firstHeader(_ bytes: Bytes) -> Int {
        markers.contains { isFound(bytes, $0, at: 0) } ? 4 : 0
    }

    /// `tail`: the last bytes of an archive of `size` bytes.
    init(head: Bytes, tail: Bytes, size: Int) {
        readLocalHeaders(head)
        readCentralDirectory(tail, dropped: size - tail.count)
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
        var index = ZipDirectory.firstHeader(bytes)
        while true {
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

    /// Readers find the directory by the length or by the offset that its end record tells; an archive that was made to
    /// deceive has two, so both are read. Where neither leads to it, reading begins at the first entry that is whole.
    private mutating func readCentralDirectory(_ bytes: Bytes, dropped: Int) {
        guard let end = EndRecord(bytes) else {
            _ = readEntries(bytes, from: EndRecord.firstEntry(bytes))
            return
        }
        var found = false
        isWhole = true
        for start in Set([end.place - end.size, end.offset - dropped]).sorted() {
            if start < 0 { isWhole = false }
            guard isFound(bytes, [0x50, 0x4B, 1, 2], at: start) else { continue }
            found = true
            if readEntries(bytes, from: start) < end.count { isWhole = false }
        }
        if found { return }
        isWhole = end.count == 0 && end.size == 0
        if isWhole { return }
        _ = readEntries(bytes, from: EndRecord.firstEntry(bytes))
    }

    /// Reads entries one behind the other; returns how many.
    private mutating func readEntries(_ bytes: Bytes, from start: Int) -> Int {
        var index = start
        var count = 0
        while isFound(bytes, [0x50, 0x4B, 1, 2], at: index), let flags = number16(bytes, at: index + 8),
            let nameLength = number16(bytes, at: index + 28), let extraLength = number16(bytes, at: index + 30),
            let commentLength = number16(bytes, at: index + 32)
        {
            let name = index + 46
            guard name + nameLength <= bytes.count else { break }
            note(bytes, name..<name + nameLength, flags)
            index = name + nameLength + extraLength + commentLength
            count += 1
        }
        return count
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

/// What the end of an archive tells of its central directory (APPNOTE 4.3.16; of large archives, 4.3.14 and 4.3.15).
private struct EndRecord {
    /// Where the directory ends.
    private(set) var place: Int
    /// Bytes of the directory, where it stands in the archive, and its entries.
    private(set) var size: Int
    private(set) var offset: Int
    private(set) var count: Int

    /// The last one: a comment of any bytes may stand behind it.
    init?(_ bytes: Bytes) {
        var index = bytes.count - 22
        while index >= 0 && !(bytes[index] == 0x50 && isFound(bytes, [0x50, 0x4B, 5, 6], at: index)) { index -= 1 }
        guard index >= 0, let count = number16(bytes, at: index + 10), let size = number32(bytes, at: index + 12),
            let offset = number32(bytes, at: index + 16)
        else { return nil }
        (place, self.size, self.offset, self.count) = (index, size, offset, count)
        guard count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF else { return }
        // The locator stands right before; its record of 56 bytes before it, as everybody writes them.
        let record = index - 76
        guard isFound(bytes, [0x50, 0x4B, 6, 7], at: index - 20), isFound(bytes, [0x50, 0x4B, 6, 6], at: record),
            let longCount = number64(bytes, at: record + 32), let longSize = number64(bytes, at: record + 40),
            let longOffset = number64(bytes, at: record + 48)
        else { return }
        (place, self.size, self.offset, self.count) = (record, longSize, longOffset, longCount)
    }

    /// Where the first entry stands, when its place is not known; the end of the bytes when there is none.
    static func firstEntry(_ bytes: Bytes) -> Int {
        var from = 0
        while from < bytes.count {
            let hit = findByte(bytes, 0x50, from: from, to: bytes.count)
            if hit < 0 { break }
            if isFound(bytes, [0x50, 0x4B, 1, 2], at: hit) { return hit }
            from = hit + 1
        }
        return bytes.count
    }
}
