/// Files that start with fixed bytes. The places are those of the formats' own documents; where one says more than the
/// first bytes do (a compound file, a zip, an old program), `SniffedType` looks further.
struct MagicNumber: Sendable {
    let offset: Int
    let bytes: [UInt8]
    let type: FileType

    init(_ bytes: [UInt8], _ type: FileType, at offset: Int = 0) {
        self.offset = offset
        self.bytes = bytes
        self.type = type
    }

    init(_ text: StaticString, _ type: FileType, at offset: Int = 0) {
        self.init(Array(text.description.utf8), type, at: offset)
    }

    /// The type that the first bytes of a file name; nil when they are no magic number.
    static func type(of bytes: Bytes) -> FileType? {
        for magic in all where isFound(bytes, magic.bytes, at: magic.offset) { return magic.type }
        return nil
    }

    private static let all: [MagicNumber] = programs + documents + pictures + sounds + archives

    private static let programs = [
        MagicNumber([0x7F, 0x45, 0x4C, 0x46], .elf),
        MagicNumber([0xFE, 0xED, 0xFA, 0xCE], .machO), MagicNumber([0xFE, 0xED, 0xFA, 0xCF], .machO),
        MagicNumber([0xCE, 0xFA, 0xED, 0xFE], .machO), MagicNumber([0xCF, 0xFA, 0xED, 0xFE], .machO),
        MagicNumber("dex\n03", .dex), MagicNumber([0x00, 0x61, 0x73, 0x6D], .wasm),
        // MS-SHLLINK section 2.1: header size and the class of shell links.
        MagicNumber([0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0], .shortcut),
        MagicNumber("!<arch>\ndebian", .debianPackage), MagicNumber([0xED, 0xAB, 0xEE, 0xDB], .rpm),
        MagicNumber("FWS", .flash), MagicNumber("CWS", .flash), MagicNumber("ZWS", .flash),
        MagicNumber("ITSF", .compiledHelp), MagicNumber("xar!", .macInstaller),
        // MS-ONESTORE section 2.3.1.
        MagicNumber([0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D], .oneNote),
    ]

    private static let documents = [
        MagicNumber("%PDF-", .pdf), MagicNumber("%!PS", .postScript),
        MagicNumber([0xC5, 0xD0, 0xD3, 0xC6], .postScript), MagicNumber("{\\rt", .rtf),
        MagicNumber([0x78, 0x9F, 0x3E, 0x22], .tnef), MagicNumber("!BDN", .outlookStore),
        MagicNumber("SQLite format 3\0", .sqlite),
        MagicNumber("Standard Jet DB", .accessDatabase, at: 4), MagicNumber("Standard ACE DB", .accessDatabase, at: 4),
        MagicNumber([0, 1, 0, 0, 0], .truetype), MagicNumber("OTTO", .truetype), MagicNumber("ttcf", .truetype),
        MagicNumber("wOFF", .woff), MagicNumber("wOF2", .woff),
    ]

    private static let pictures = [
        MagicNumber([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png), MagicNumber([0xFF, 0xD8, 0xFF], .jpeg),
        MagicNumber("GIF87a", .gif), MagicNumber("GIF89a", .gif),
        MagicNumber([0x49, 0x49, 0x2A, 0], .tiff), MagicNumber([0x4D, 0x4D, 0, 0x2A], .tiff),
        MagicNumber("8BPS", .photoshop), MagicNumber([0xD7, 0xCD, 0xC6, 0x9A], .wmf),
        MagicNumber([0xFF, 0x0A], .jpegXL), MagicNumber([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20], .jpegXL),
        MagicNumber(" EMF", .emf, at: 40), MagicNumber("WEBP", .webp, at: 8),
    ]

    private static let sounds = [
        MagicNumber("ID3", .mp3), MagicNumber("OggS", .ogg), MagicNumber("fLaC", .flac), MagicNumber("#!AMR", .amr),
        MagicNumber("MThd", .midi), MagicNumber("WAVE", .wav, at: 8), MagicNumber("AVI ", .avi, at: 8),
        MagicNumber([0x1A, 0x45, 0xDF, 0xA3], .matroska), MagicNumber([0, 0, 1, 0xBA], .mpeg),
        MagicNumber([0, 0, 1, 0xB3], .mpeg), MagicNumber([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], .asf),
        MagicNumber("FLV\u{1}", .flv),
    ]

    private static let archives = [
        MagicNumber("Rar!\u{1A}\u{7}", .rar), MagicNumber([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
        MagicNumber([0x1F, 0x8B, 8], .gzip), MagicNumber("BZh", .bzip2),
        MagicNumber([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz), MagicNumber([0x28, 0xB5, 0x2F, 0xFD], .zstd),
        MagicNumber([0x04, 0x22, 0x4D, 0x18], .lz4), MagicNumber([0x1F, 0x9D], .compress),
        MagicNumber("MSCF", .cabinet), MagicNumber([0x60, 0xEA], .arj), MagicNumber("**ACE**", .ace, at: 7),
        MagicNumber("ustar", .tar, at: 257), MagicNumber("!<arch>\n", .ar),
        MagicNumber("CD001", .iso, at: 0x8001), MagicNumber("conectix", .vhd), MagicNumber("vhdxfile", .vhdx),
    ]
}
