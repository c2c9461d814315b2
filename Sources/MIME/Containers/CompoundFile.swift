/// The directory of a compound file (MS-CFB): old Office documents, Outlook messages, installers, encrypted Open XML.
///
/// Directory entries (MS-CFB section 2.6.1) are 128 bytes long and start at multiples of 128, wherever their sector lies.
/// So the file is looked through in one pass, without following its chains; `take` gets the bytes as they come.
struct CompoundFile: Sendable {
    static let magic: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    private(set) var isEncrypted = false
    private(set) var hasMacros = false
    private(set) var type = FileType.compound
    /// Bytes of an entry that the last chunk began.
    private var pending: [UInt8] = []
    private var position = 0

    mutating func take(_ bytes: Bytes) {
        var index = 0
        if !pending.isEmpty {
            index = Swift.min(128 - pending.count, bytes.count)
            pending.append(contentsOf: [UInt8](copying: bytes, 0..<index))
            guard pending.count == 128 else { return }
            let whole = pending
            block(whole.span, at: 0)
            pending = []
        }
        while bytes.count - index >= 128 {
            block(bytes, at: index)
            index += 128
        }
        pending = [UInt8](copying: bytes, index..<bytes.count)
    }

    private mutating func block(_ bytes: Bytes, at start: Int) {
        defer { position += 128 }
        if position == 512 { firstSector(bytes, at: start) }
        // Name in UTF-16 of up to 31 characters, its length with the NUL, the kind of object (1 storage, 2 stream, 5 root).
        guard let length = number16(bytes, at: start + 64), length >= 4, length <= 64, length & 1 == 0,
            bytes[start + 66] == 1 || bytes[start + 66] == 2 || bytes[start + 66] == 5, bytes[start + 67] <= 1
        else { return }
        var name = ""
        for place in 0..<length / 2 - 1 {
            let low = bytes[start + place * 2]
            guard bytes[start + place * 2 + 1] == 0, low > 0, low < 0x80 else { return }
            name.unicodeScalars.append(Unicode.Scalar(low))
        }
        entry(name, kind: bytes[start + 66], bytes, at: start)
    }

    private mutating func entry(_ name: String, kind: UInt8, _ bytes: Bytes, at start: Int) {
        switch name {
        // MS-OFFCRYPTO section 2.3.1 and 2.3.4.4: what the document was stands encrypted in one stream.
        case "EncryptedPackage", "EncryptionInfo", "\u{6}DataSpaces": isEncrypted = true
        case "WordDocument": settle(.oldWord)
        case "Workbook", "Book": settle(.oldExcel)
        case "PowerPoint Document": settle(.oldPowerPoint)
        case "VisioDocument": settle(.oldVisio)
        case "__properties_version1.0", "__nameid_version1.0": settle(.outlookMessage)
        // MS-OVBA section 2.3.4.1; XL4 macros are only seen by reading the workbook.
        case "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros": hasMacros = true
        case "Root Entry" where kind == 5:
            // The class of Windows Installer packages: {000C1084-0000-0000-C000-000000000046}, and of patches.
            let tail: [UInt8] = [0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0]
            if bytes[start + 80] == 0x84 || bytes[start + 80] == 0x86, isFound(bytes, tail, at: start + 81) {
                settle(.windowsInstaller)
            }
        default: break
        }
    }

    /// The first that is found wins: an Outlook message may hold a document, an installer may hold anything.
    private mutating func settle(_ new: FileType) {
        if type == .compound || new == .windowsInstaller || new == .outlookMessage && type != .windowsInstaller {
            type = new
        }
    }

    /// What most programs write into the first sector: the begin of the document itself.
    private mutating func firstSector(_ bytes: Bytes, at start: Int) {
        // MS-DOC section 2.5.2: fEncrypted is bit 8 of the word at 10.
        if isFound(bytes, [0xEC, 0xA5], at: start), bytes[start + 11] & 1 != 0 { isEncrypted = true }
        // MS-XLS section 2.4.21 and 2.4.117: FilePass follows the first BOF at once, or after WriteProtect.
        if isFound(bytes, [0x09, 0x08, 0x10, 0], at: start) {
            var record = start + 20
            if number16(bytes, at: record) == 0x86 { record += 4 }
            if number16(bytes, at: record) == 0x2F { isEncrypted = true }
        }
    }
}
