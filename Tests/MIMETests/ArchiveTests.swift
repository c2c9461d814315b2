import TestSupport
import Testing

@testable import MIME

/// What is found out about a file while it goes by.
struct ProbeCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: String
    let type: FileType
    let isEncrypted: Bool

    init(_ description: String, _ file: String, _ type: FileType, isEncrypted: Bool = false) {
        testDescription = description
        self.file = file
        self.type = type
        self.isEncrypted = isEncrypted
    }

    static let all = [
        ProbeCase("a zip archive", "plain.zip", .zip),
        ProbeCase("a zip with a password of the old kind", "password.zip", .zip, isEncrypted: true),
        ProbeCase("a zip with AES", "aes.zip", .zip, isEncrypted: true),
        ProbeCase("a 7z archive", "plain.7z", .sevenZip),
        ProbeCase("a 7z with a password, names readable", "password.7z", .sevenZip, isEncrypted: true),
        ProbeCase("a 7z with a password, names hidden", "password-names.7z", .sevenZip, isEncrypted: true),
        ProbeCase("a PDF", "plain.pdf", .pdf),
        ProbeCase("a PDF with a password", "password.pdf", .pdf, isEncrypted: true),
        ProbeCase("a PDF with a password and object streams", "password-streams.pdf", .pdf, isEncrypted: true),
        ProbeCase("a workbook", "plain.xlsx", .excelWorkbook),
        ProbeCase("a workbook with a password", "password.xlsx", .compound, isEncrypted: true),
        ProbeCase("an OpenDocument text", "plain.odt", .openText),
    ]
}

func probe(_ bytes: [UInt8], chunk: Int) -> ContentProbe.Result {
    var probe = ContentProbe()
    var index = 0
    while index < bytes.count {
        let end = min(bytes.count, index + chunk)
        probe.take(bytes.span.extracting(index..<end))
        index = end
    }
    return probe.finish()
}

@Test("an archive or document says whether it is encrypted", arguments: ProbeCase.all)
func probes(_ row: ProbeCase) {
    let bytes = Checkout.fixture("attachments/\(row.file)")
    let expected = ContentProbe.Result(type: row.type, isEncrypted: row.isEncrypted, size: bytes.count)
    for chunk in [bytes.count, 1, 7, 128, 1000] { #expect(probe(bytes, chunk: chunk) == expected) }
}

extension TypeCase {
    private static let openXML = "application/vnd.openxmlformats-officedocument."
    private static let workbook = openXML + "spreadsheetml.sheet"

    static let wrapped = [
        TypeCase("as declared", workbook, "pay.xlsx", workbook, [.encrypted]),
        TypeCase("as declared, also under no name that tells", workbook, "pay", workbook, [.encrypted]),
        TypeCase("by its name", "application/octet-stream", "pay.xlsx", workbook, [.encrypted]),
        TypeCase(
            "by a name of another kind", "application/octet-stream", "pay.docx",
            openXML + "wordprocessingml.document", [.encrypted]),
        TypeCase("by its name before an old type", "application/vnd.ms-excel", "pay.xlsx", workbook, [.encrypted]),
        TypeCase(
            "as an old type before nothing", "application/vnd.ms-excel", "pay.xls", "application/vnd.ms-excel",
            [.encrypted]),
        TypeCase(
            "as a compound file where nobody says more", "application/octet-stream", "pay", "application/x-ole-storage",
            [.encrypted]),
        TypeCase(
            "not as a picture", "image/png", "pay.png", "application/x-ole-storage",
            [.encrypted, .misnamed, .misdeclared]),
    ]
}

@Test("an office document with a password is the kind that it is said to be", arguments: TypeCase.wrapped)
func tellsWrapped(_ row: TypeCase) throws {
    let facts = try row.facts(compoundFile(["Root Entry", "EncryptionInfo", "EncryptedPackage"]))
    #expect(facts.mediaType == row.type)
    #expect(facts.flags == row.flags)
    #expect(facts.sniffed == .compound)
}

@Test("one cut anywhere, or with a byte changed, is looked at without harm", arguments: ProbeCase.all)
func probesDamaged(_ row: ProbeCase) {
    let bytes = Checkout.fixture("attachments/\(row.file)")
    let step = max(1, bytes.count / 400)
    for place in stride(from: 0, to: bytes.count, by: step) {
        #expect(probe(Array(bytes[..<place]), chunk: 4096).size == place)
        for value in [0x00, 0x7F, 0xFF] as [UInt8] {
            var damaged = bytes
            damaged[place] = value
            #expect(probe(damaged, chunk: 4096).size == bytes.count)
        }
    }
}

@Test("a directory behind more than the window is found")
func probesLongArchive() {
    // A stored entry of 300,000 bytes, then the encrypted entry and the directory of the fixture moved behind it.
    let archive = Checkout.fixture("attachments/aes.zip")
    let filler = [UInt8](repeating: 0x20, count: 300_000)
    let result = probe(Array(archive.prefix(4)) + filler + archive, chunk: 65_536)
    #expect(result.type == .zip)
    #expect(result.isEncrypted)
    let pdf = Checkout.fixture("attachments/password.pdf")
    let long = Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 0x2F, count: 200_000) + pdf
    #expect(probe(long, chunk: 10_000).isEncrypted)
}

@Test("macros are seen by the names of what is inside")
func macros() {
    var archive = zipArchive(["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"])
    #expect(probe(archive, chunk: 100) == .init(type: .wordDocument, hasMacros: true, size: archive.count))
    archive = zipArchive(["META-INF/MANIFEST.MF", "Main.class"])
    #expect(probe(archive, chunk: 100).type == .jar)
    archive = zipArchive(["classes.dex", "AndroidManifest.xml", "META-INF/MANIFEST.MF"])
    #expect(probe(archive, chunk: 100).type == .apk)
    let document = compoundFile(["Root Entry", "WordDocument", "Macros", "VBA"])
    for chunk in [1, 100, 4096] {
        #expect(probe(document, chunk: chunk) == .init(type: .oldWord, hasMacros: true, size: document.count))
    }
    let mail = compoundFile(["Root Entry", "__nameid_version1.0", "__properties_version1.0"])
    #expect(probe(mail, chunk: 4096).type == .outlookMessage)
}

@Test(
    "what is far from both ends of an archive is found, in chunks of any size", arguments: [100, 3000, 65_536, 1 << 22])
func probesLongDirectory(_ chunk: Int) {
    let names = ["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]
    let picture = [UInt8](repeating: 1, count: 70_000)
    let comment = [UInt8](repeating: 0x63, count: 65_535)
    var archive = zipArchive(names, behind: picture, comment: comment)
    #expect(probe(archive, chunk: chunk) == .init(type: .wordDocument, hasMacros: true, size: archive.count))
    let others = (0..<4_000).map { "word/media/picture-number-\($0).png" }
    archive = zipArchive(names + others, behind: picture)
    #expect(probe(archive, chunk: chunk) == .init(type: .wordDocument, hasMacros: true, size: archive.count))
    archive = zipArchive(["a"], behind: picture, comment: comment, flags: 1)
    #expect(probe(archive, chunk: chunk) == .init(type: .zip, isEncrypted: true, size: archive.count))
}

@Test("a directory that is not whole is said to be so", arguments: [1000, 65_536, 1 << 22])
func probesUnreadDirectory(_ chunk: Int) {
    let names = ["word/vbaProject.bin"] + (0..<20_000).map { "pictures/number-\($0).png" }
    let archive = zipArchive(names, behind: [UInt8](repeating: 1, count: 70_000))
    #expect(probe(archive, chunk: chunk) == .init(type: .zip, isUnread: true, size: archive.count))
    let cut = Array(zipArchive(["a", "b"]).dropLast(30))
    #expect(probe(cut, chunk: chunk) == .init(type: .zip, isUnread: true, size: cut.count))
    #expect(probe(zipArchive([]), chunk: chunk) == .init(type: .zip, size: 22))
    let seven = Checkout.fixture("attachments/password-names.7z").dropLast(20)
    #expect(probe(Array(seven), chunk: chunk) == .init(type: .sevenZip, isUnread: true, size: seven.count))
}

@Test("of two directories both are read")
func probesTwoDirectories() {
    // The end record's length leads to the second, its offset to the first.
    let first = zipArchive(["word/vbaProject.bin"])
    var archive = zipArchive(["a.txt"], behind: Array(first.dropLast(22)))
    #expect(!probe(archive, chunk: 10).hasMacros)
    let offset = archive.firstRange(of: [0x50, 0x4B, 1, 2])?.lowerBound ?? 0
    archive[archive.count - 6] = UInt8(offset)
    archive[archive.count - 5] = 0
    #expect(probe(archive, chunk: 10).hasMacros)
    #expect(!probe(archive, chunk: 10).isUnread)
    // By its length and count it is empty.
    for place in archive.count - 14..<archive.count - 6 { archive[place] = 0 }
    #expect(probe(archive, chunk: 10).hasMacros)
}

@Test("a large archive tells of its directory in a longer record")
func probesLongRecord() {
    var archive = zipArchive(["a.txt", "word/vbaProject.bin"])
    let end = archive.count - 22
    let number = { (value: Int) in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let start = archive.firstRange(of: [0x50, 0x4B, 1, 2])?.lowerBound ?? 0
    var record: [UInt8] = [0x50, 0x4B, 6, 6] + number(44) + [45, 0, 45, 0] + number(0) + number(2) + number(2)
    record += number(end - start) + number(start)
    record += [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + number(end) + [1, 0, 0, 0]
    archive.replaceSubrange(end + 8..<end + 20, with: [UInt8](repeating: 0xFF, count: 12))
    #expect(probe(archive, chunk: 10).isUnread)
    archive.insert(contentsOf: record, at: end)
    #expect(probe(archive, chunk: 10) == .init(type: .zip, hasMacros: true, size: archive.count))
}

@Test(
    "the key of an encrypted PDF may be escaped",
    arguments: ["/#45ncrypt 5 0 R", "/Encryp#74<</V 1>>", "/#45#6e#63#72#79#70#54 5 0 R"])
func readsEscapedKey(_ key: String) {
    let bytes = Array("%PDF-1.4\n\(String(repeating: "x", count: 70_000))trailer<<\(key)>>".utf8)
    for chunk in [1, 9, 70_020, 100_000] {
        #expect(probe(bytes, chunk: chunk).isEncrypted == !key.hasSuffix("#54 5 0 R"))
    }
}

/// Stored entries with their directory (APPNOTE section 4.3): first one with this content, if any, then empty ones.
func zipArchive(
    _ names: [String], behind content: [UInt8] = [], comment: [UInt8] = [], flags: UInt8 = 0
) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    var archive: [UInt8] = []
    if !content.isEmpty {
        let sizes = number(content.count, 4) + number(content.count, 4)
        archive += [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0] + number(0, 8) + sizes + [1, 0, 0, 0, 0x78] + content
    }
    var directory: [UInt8] = []
    for name in names {
        let sizes = [UInt8](repeating: 0, count: 12) + [UInt8(name.utf8.count), 0, 0, 0]
        let common: [UInt8] = [20, 0, flags, 0, 0, 0, 0, 0, 0, 0] + sizes
        archive += [0x50, 0x4B, 3, 4] + common + name.utf8
        directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 14) + name.utf8
    }
    let count = number(names.count, 2)
    let place = number(directory.count, 4) + number(archive.count, 4)
    let end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + place + number(comment.count, 2)
    return archive + directory + end + comment
}

/// A header and one sector of directory (MS-CFB section 2.6.1).
func compoundFile(_ names: [String]) -> [UInt8] {
    var file = CompoundFile.magic + [UInt8](repeating: 0, count: 504)
    for (number, name) in names.enumerated() {
        var entry: [UInt8] = name.utf8.flatMap { [$0, 0] as [UInt8] }
        entry += [UInt8](repeating: 0, count: 64 - entry.count)
        entry += [UInt8(name.utf8.count * 2 + 2), 0, number == 0 ? 5 : 2, 1] as [UInt8]
        file += entry + [UInt8](repeating: 0, count: 128 - entry.count)
    }
    return file
}

@Test("RAR archives say whether they are encrypted, by hand-made headers")
func rar() {
    func encrypted(_ archive: [UInt8]) -> Bool { isEncryptedRAR(archive.span) }
    let four: [UInt8] = Array("Rar!\u{1A}\u{7}".utf8) + [0]
    func header4(_ type: UInt8, _ flags: UInt8, size: UInt8) -> [UInt8] {
        [0, 0, type, flags, 0, size, 0] + [UInt8](repeating: 0, count: Int(size) - 7)
    }
    #expect(!encrypted(four + header4(0x73, 0, size: 13) + header4(0x74, 0, size: 40)))
    #expect(encrypted(four + header4(0x73, 0, size: 13) + header4(0x74, 4, size: 40)))
    #expect(encrypted(four + header4(0x73, 0x80, size: 13)))
    let five: [UInt8] = Array("Rar!\u{1A}\u{7}".utf8) + [1, 0]
    let main: [UInt8] = [0, 0, 0, 0, 3, 1, 0, 0]
    // A file header with an extra area of one record, of type 1 (encryption) or 3 (times).
    func file5(_ record: UInt8) -> [UInt8] { [0, 0, 0, 0, 6, 2, 1, 3, 2, record, 0] }
    #expect(encrypted(five + [0, 0, 0, 0, 3, 4, 0, 0]))
    #expect(encrypted(five + main + file5(1)))
    #expect(!encrypted(five + main + file5(3)))
    #expect(!encrypted(five + main))
}

@Test("LZMA and LZMA2 are unpacked as they were packed")
func unpacksLZMA() {
    let words = Checkout.fixture("attachments/words.txt")
    let files = [Checkout.fixture("attachments/words.lzma1"), Checkout.fixture("attachments/words.lzma2")]
    func unpack(_ which: Int, _ bytes: [UInt8]) -> [UInt8]? {
        var decoder = LZMADecoder(outputSize: words.count)
        return which == 0
            ? decoder.decodeLZMA(bytes.span, bytes.indices, properties: [0x5D])
            : decoder.decodeLZMA2(bytes.span, bytes.indices)
    }
    for (which, file) in files.enumerated() {
        #expect(unpack(which, file) == words)
        for end in stride(from: 0, to: file.count - 8, by: 13) { #expect(unpack(which, Array(file[..<end])) != words) }
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 0x55
            _ = unpack(which, damaged)
        }
    }
}
