/// A file name from a mail, made fit to be shown and to be written to a disk: no path, nothing invisible, no name that
/// Windows keeps for devices, not too long, never empty, and the extension that counts is the one that is seen.
package struct CleanFilename: Sendable, Hashable {
    /// What had to be cleaned away, or is odd about what is left.
    package enum Oddity: String, Sendable, Hashable, CaseIterable {
        /// Folders stood before it.
        case path
        /// Control characters, characters without width, fillers, tags.
        case hiddenCharacters
        /// Characters that change the direction of writing, so that `gpj.exe` shows as `exe.jpg`.
        case bidirectionalControl
        /// A device of Windows: `CON`, `LPT1.txt`.
        case reservedName
        /// An extension of a document before one that runs: `invoice.pdf.exe`.
        case doubleExtension
        case cut
    }

    package let text: String
    /// Of `text`, in lower case, without the dot; empty when there is none.
    package let fileExtension: String
    package let oddities: Set<Oddity>

    /// Bytes of `text`: what file systems take.
    static let byteLimit = 255
    /// A longer ending is not what anybody calls an extension.
    static let extensionLimit = 32
    /// Bytes of the name as it was sent that are read.
    static let readLimit = 16 << 10

    /// `type`: what the content is, where that is known. A name without an extension gets its extension, unless it is of
    /// a kind that runs: we make nothing easier to start. `README` and `Makefile` stay as they are.
    package init(_ sent: String, type: FileType? = nil) {
        var cleaner = FilenameCleaner()
        cleaner.read(sent)
        var (stem, ending) = cleaner.parts()
        let hadName = !stem.isEmpty
        if !hadName { stem = Array("attachment".utf8) }
        if FilenameCleaner.isDevice(stem) {
            cleaner.oddities.insert(.reservedName)
            stem.insert(UInt8(ascii: "_"), at: 0)
        }
        if ending.isEmpty, let type, CleanFilename.addsExtension(type, toName: hadName),
            let usual = type.extensions.first
        {
            ending = Array(usual.utf8)
        }
        let room = CleanFilename.byteLimit - (ending.isEmpty ? 0 : ending.count + 1)
        if stem.count > room {
            cleaner.oddities.insert(.cut)
            stem = FilenameCleaner.cut(stem, to: room)
            // What a name without an extension is cut to may end in one.
            if ending.isEmpty { (stem, ending) = FilenameCleaner.parts(of: stem) }
        }
        let lower = ending.map { lowercased($0) }
        fileExtension = String(decoding: lower, as: UTF8.self)
        if FilenameCleaner.isDoubled(stem, before: fileExtension) { cleaner.oddities.insert(.doubleExtension) }
        text = String(decoding: ending.isEmpty ? stem : stem + [UInt8(ascii: ".")] + ending, as: UTF8.self)
        oddities = cleaner.oddities
    }

    private static func addsExtension(_ type: FileType, toName hadName: Bool) -> Bool {
        !type.isRunnable && type.family != .diskImage && !(hadName && type == .plainText)
    }
}

/// The work on one name: scalars in, UTF-8 out.
private struct FilenameCleaner {
    private var bytes: [UInt8] = []
    var oddities: Set<CleanFilename.Oddity> = []
    /// The scalar before, if it was taken as it is.
    private var last: Unicode.Scalar?

    mutating func read(_ sent: String) {
        var read = 0
        var rest = sent.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            read += UTF8.width(scalar)
            if read > CleanFilename.readLimit {
                oddities.insert(.cut)
                break
            }
            take(scalar, before: rest.first)
        }
        trimEnd()
    }

    private mutating func take(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) {
        let count = bytes.count
        defer { last = bytes.count > count ? scalar : nil }
        switch scalar.value {
        case 0x2F, 0x5C:
            // POSIX and Windows paths alike; a name that ends with a separator has nothing behind it.
            if !bytes.isEmpty { oddities.insert(.path) }
            bytes.removeAll(keepingCapacity: true)
        case 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x2800, 0x3000:
            // One blank for many: names hide their extension behind a long row.
            if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C:
            oddities.insert(.bidirectionalControl)
        case 0..<0x20, 0x7F..<0xA0: oddities.insert(.hiddenCharacters)
        // `<>:"|?*`, which Windows does not take; a colon would name a stream of the file before it.
        case 0x3C, 0x3E, 0x3A, 0x22, 0x7C, 0x3F, 0x2A: bytes.append(UInt8(ascii: "_"))
        case 0x21..<0x7F: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        case 0xFE0E...0xFE0F where joinsEmoji(scalar, next), 0x200D where joinsEmoji(scalar, next):
            bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
        default:
            if isInvisible(scalar) {
                oddities.insert(.hiddenCharacters)
            } else {
                bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
            }
        }
    }

    /// What emoji are put together with (UTS #51 section 1.4.4): a style behind one (or behind the digit of a keycap), a
    /// joiner between two.
    private func joinsEmoji(_ scalar: Unicode.Scalar, _ next: Unicode.Scalar?) -> Bool {
        guard let last else { return false }
        if scalar.value != 0x200D { return isEmoji(last) || last.properties.isEmoji && next?.value == 0x20E3 }
        guard let next, isEmoji(next) else { return false }
        return isEmoji(last) || last.value == 0xFE0F
    }

    /// Not the digits, which are emoji too.
    private func isEmoji(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isEmoji && !scalar.isASCII }

    private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        // Zero width, soft hyphen, joiners, variation selectors, fillers, tags.
        if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return true }
        switch properties.generalCategory {
        case .format, .control, .surrogate, .privateUse: return true
        default: return false
        }
    }

    private mutating func trimEnd() {
        // Windows drops dots and blanks at the end: `a.exe. ` opens as `a.exe`.
        while let last = bytes.last, last == 0x20 || last == 0x2E { bytes.removeLast() }
    }

    func parts() -> (stem: [UInt8], ending: [UInt8]) { Self.parts(of: bytes) }

    /// The name before the last dot, and behind it where that is an extension.
    static func parts(of bytes: [UInt8]) -> (stem: [UInt8], ending: [UInt8]) {
        guard let dot = bytes.lastIndex(of: 0x2E) else { return (trimmedStem(bytes[...]), []) }
        let ending = bytes[(dot + 1)...]
        let isExtension =
            ending.count <= CleanFilename.extensionLimit && !ending.isEmpty && !ending.contains(0x20)
        if !isExtension { return (trimmedStem(bytes[...]), []) }
        return (trimmedStem(bytes[..<dot]), Array(ending))
    }

    /// Without blanks around, dots that hide a file, or the hyphen of an option at the begin.
    private static func trimmedStem(_ stem: ArraySlice<UInt8>) -> [UInt8] {
        var stem = stem.drop { $0 == 0x20 || $0 == 0x2E }
        while let last = stem.last, last == 0x20 || last == 0x2E { stem.removeLast() }
        var result = Array(stem)
        if result.first == UInt8(ascii: "-") { result[0] = UInt8(ascii: "_") }
        return result
    }

    /// Microsoft, "Naming Files, Paths, and Namespaces": device names are reserved with any extension.
    static func isDevice(_ stem: [UInt8]) -> Bool {
        let end = stem.firstIndex(of: 0x2E) ?? stem.count
        var name = stem[..<end]
        while name.last == 0x20 { name.removeLast() }
        // The longest is CONOUT$; the digits may be superscript.
        guard name.count <= 8 else { return false }
        let word = String(decoding: name.map { lowercased($0) }, as: UTF8.self)
        if ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"].contains(word) { return true }
        guard word.hasPrefix("com") || word.hasPrefix("lpt") else { return false }
        return "0123456789¹²³".unicodeScalars.contains { word.unicodeScalars.dropFirst(3).elementsEqual([$0]) }
    }

    /// Up to so many bytes, not within a character.
    static func cut(_ stem: [UInt8], to room: Int) -> [UInt8] {
        var end = Swift.min(room, stem.count)
        while end > 0 && end < stem.count && stem[end] & 0xC0 == 0x80 { end -= 1 }
        // A joiner with nothing behind it joins nothing.
        if end >= 3 && stem[..<end].suffix(3).elementsEqual([0xE2, 0x80, 0x8D]) { end -= 3 }
        while end > 0 && (stem[end - 1] == 0x20 || stem[end - 1] == 0x2E) { end -= 1 }
        return Array(stem[..<end])
    }

    /// A document's extension, then one that runs or that a browser runs.
    static func isDoubled(_ stem: [UInt8], before ending: String) -> Bool {
        guard FileType.isRunnable(ending) || FileType.isMarkup(ending), let dot = stem.lastIndex(of: 0x2E) else {
            return false
        }
        // Signs and numbers behind it are read over: `invoice.pdf_.exe`, `invoice.pdf (1).exe`.
        let behind = stem[(dot + 1)...].drop { !isLetter($0) && !isDigit($0) }
        let word = behind.prefix { isLetter($0) || isDigit($0) }
        if behind.dropFirst(word.count).contains(where: { isLetter($0) || $0 >= 0x80 }) { return false }
        let inner = String(decoding: word.map { lowercased($0) }, as: UTF8.self)
        return FileType.named(inner).contains { type in
            switch type.family {
            case .office, .pdf, .rtf, .image, .audio, .video, .text, .archive, .calendar, .contact, .email: true
            default: false
            }
        }
    }
}
