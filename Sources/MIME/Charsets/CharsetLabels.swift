// What the labels of charsets mean in mail: the registered names (RFC 2978), the labels of the WHATWG Encoding
// Standard, those that mail programs made up, and glibc's for all that is left.

/// Reads a charset label.
enum CharsetLabel {
    /// The charset that a label stands for; nil when nobody knows it.
    static func charset(_ label: String) -> Charset? {
        let bytes = label.utf8Span.span
        for usual in usual where isNamed(bytes, 0..<bytes.count, usual.name) { return usual.charset }
        guard let label = CharsetLabel.trimmed(label) else { return nil }
        var key = squeezed(label)
        if let known = table[key] { return known }
        if key.first == 120, let known = table[[UInt8](key.dropFirst())] { return known }  // `x-gbk` is `gbk`.
        // `charset=utf-8`, where the name of the parameter slipped into its value.
        if key.starts(with: charsetWord) {
            key.removeFirst(charsetWord.count)
            return table[key]
        }
        guard let name = iconvName(label) else { return nil }
        switch CharsetRegistry.kind(of: name) {
        case .singleByte: return .singleByte(name)
        case .other: return .other(name)
        case .unknown: return nil
        }
    }

    /// What nearly every mail is labelled: found by comparing, without making a key.
    private static let usual: [(name: String, charset: Charset)] = [
        ("utf-8", .utf8), ("us-ascii", .ascii), ("gb2312", .gb18030), ("gbk", .gb18030), ("gb18030", .gb18030),
        ("iso-8859-1", .singleByte("ISO-8859-1")), ("windows-1252", .singleByte("CP1252")), ("big5", .big5),
        ("iso-2022-jp", .iso2022JP), ("shift_jis", .cp932), ("euc-kr", .cp949),
    ]

    private static let charsetWord = Array("charset".utf8)

    /// Lower case, without quotes and blanks; nil when it is too long to be a name or holds what no name holds.
    private static func trimmed(_ label: String) -> [UInt8]? {
        var name: [UInt8] = []
        for byte in label.utf8 {
            switch lowercased(byte) {
            case 32, 9, 34, 39: continue
            case 33...126: name.append(lowercased(byte))
            default: return nil
            }
            if name.count > 40 { return nil }
        }
        return name.isEmpty ? nil : name
    }

    /// Letters and digits alone: programs agree on them and on little else (`iso8859_1`, `ISO-8859-1`).
    private static func squeezed(_ name: [UInt8]) -> [UInt8] { name.filter { isLetter($0) || isDigit($0) } }

    /// What may be handed to iconv: a slash would be read as an instruction.
    private static func iconvName(_ name: [UInt8]) -> String? {
        for byte in name {
            switch byte {
            case 97...122, 48...57, 40, 41, 43, 45, 46, 58, 95: continue
            default: return nil
            }
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// By squeezed name.
    private static let table: [[UInt8]: Charset] = {
        var table: [[UInt8]: Charset] = [:]
        for (charset, labels) in unicode + chinese + japaneseAndKorean + westernAndOther {
            for label in labels.utf8.split(separator: 32) { table[squeezed([UInt8](label))] = charset }
        }
        for number in 1250...1258 {
            for label in ["windows\(number)", "cp\(number)", "win\(number)", "ms\(number)"] {
                table[[UInt8](label.utf8)] = .windows(number)
            }
        }
        return table
    }()

    private static let unicode: [(Charset, String)] = [
        (
            .ascii,
            "us-ascii ascii ansi_x3.4-1968 ansi_x3.4-1986 iso_646.irv:1991 iso646-us iso-ir-6 646 us csascii 7bit"
        ),
        (
            .utf8,
            """
            utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 uft-8 utf-8n utf8mb4 cp65001 windows-65001 65001 \
            iso-10646/utf-8 iso-10646/utf8
            """
        ),
        // The WHATWG reads these as little-endian; in mail the mark or the zero bytes tell.
        (
            .utf16(bigEndian: nil),
            "utf-16 ucs-2 iso-10646-ucs-2 iso-10646/ucs2 unicode csunicode cp1200 ucs2 unicodefeff osf00010100"
        ),
        (.utf16(bigEndian: true), "utf-16be ucs-2be unicodebig unicodefffe cp1201"),
        (.utf16(bigEndian: false), "utf-16le ucs-2le unicodelittle"),
        (.utf32(bigEndian: nil), "utf-32 ucs-4 iso-10646-ucs-4 iso-10646 csucs4 10646-1:1993 iso-10646/ucs4"),
        (.utf32(bigEndian: nil), "10646-1:1993/ucs4"),
        (.utf32(bigEndian: true), "utf-32be ucs-4be"),
        (.utf32(bigEndian: false), "utf-32le ucs-4le wchar_t"),
        (.other("UTF-7"), "utf-7 unicode-1-1-utf-7 unicode-2-0-utf-7 csunicode11utf7 utf7 cp65000 65000"),
    ]

    private static let chinese: [(Charset, String)] = [
        // In China mail is labelled gb2312 and written in GBK or GB18030, which contain it.
        (
            .gb18030,
            """
            gb18030 gb2312 gbk gb_2312 gb_2312-80 cp936 ms936 windows-936 936 euc-cn chinese csgb2312 cn-gb gb gb13000 \
            gb18030-2000 gb18030-2005 gb18030-2022 gb2312-1980 csiso58gb231280 iso-ir-58 csgbk csgb18030
            """
        ),
        // Hong Kong and Taiwan label both of their supplements alike.
        (
            .big5,
            """
            big5 big5-hkscs big5-hkscs:2004 cn-big5 csbig5 csbig5hkscs x-x-big5 big-five bigfive cp950 ms950 windows-950 \
            950 big5-eten big5-tw
            """
        ),
        (.hz, "hz-gb-2312 hz hzgb"),
        (.other("ISO-2022-CN-EXT"), "iso-2022-cn iso-2022-cn-ext csiso2022cn"),
        (.other("EUC-TW"), "euc-tw cns11643 cseuctw"),
    ]

    private static let japaneseAndKorean: [(Charset, String)] = [
        // The Windows code pages contain the standards whose names they go by.
        (
            .cp932,
            """
            shift_jis sjis cp932 932 ms932 ms_kanji windows-31j windows-932 csshiftjis cswindows31j cp943 ibm-943 \
            sjis-win sjis-open x-ms-cp932
            """
        ),
        (
            .eucJP,
            "euc-jp eucjp eucjp-ms euc-jp-ms eucjp-win eucjp-open cseucpkdfmtjapanese ujis cp51932 51932 euc-j"
        ),
        (
            .iso2022JP,
            """
            iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 iso-2022-jp-ms csiso2022jp csiso2022jp2 \
            cp50220 cp50221 cp50222 50220 50221 50222 jis junet
            """
        ),
        (
            .cp949,
            """
            ks_c_5601-1987 ks_c_5601 ks_c_5601-1989 ksc5601 ksc_5601 ks_x_1001 kscu5601 euc-kr cseuckr csksc56011987 \
            iso-ir-149 korean cp949 ms949 mscp949 windows-949 949 uhc cp51949 51949 euc-kr-ms
            """
        ),
        (.other("SHIFT_JISX0213"), "shift_jisx0213 shift_jis-2004 sjis-2004"),
        (.other("EUC-JISX0213"), "euc-jisx0213 euc-jis-2004"),
        (.other("ISO-2022-KR"), "iso-2022-kr csiso2022kr cp50225 50225"),
    ]

    private static let westernAndOther: [(Charset, String)] = [
        (
            .singleByte("ISO-8859-1"),
            "iso-8859-1 iso_8859-1:1987 latin1 l1 iso-8859 iso-ir-100 csisolatin1 cp819 ibm819"
        ),
        (.singleByte("ISO-8859-1"), "iso-8859-1-windows-3.1-latin-1"),
        (.singleByte("ISO-8859-2"), "iso-8859-2 iso_8859-2:1987 latin2 l2 iso-ir-101 csisolatin2"),
        (.singleByte("ISO-8859-3"), "iso-8859-3 iso_8859-3:1988 latin3 l3 iso-ir-109 csisolatin3"),
        (.singleByte("ISO-8859-4"), "iso-8859-4 iso_8859-4:1988 latin4 l4 iso-ir-110 csisolatin4"),
        (.singleByte("ISO-8859-5"), "iso-8859-5 iso_8859-5:1988 cyrillic iso-ir-144 csisolatincyrillic"),
        // The order of reading or of display (RFC 1555, RFC 1556) changes no character.
        (
            .singleByte("ISO-8859-6"),
            """
            iso-8859-6 iso_8859-6:1987 arabic iso-ir-127 csisolatinarabic ecma-114 asmo-708 iso-8859-6-i iso-8859-6-e \
            csiso88596i csiso88596e
            """
        ),
        (
            .singleByte("ISO-8859-7"),
            "iso-8859-7 iso_8859-7:1987 greek greek8 iso-ir-126 csisolatingreek ecma-118 elot_928 sun_eu_greek"
        ),
        (
            .singleByte("ISO-8859-8"),
            """
            iso-8859-8 iso_8859-8:1988 hebrew iso-ir-138 csisolatinhebrew iso-8859-8-i iso-8859-8-e csiso88598i csiso88598e \
            logical visual
            """
        ),
        (.singleByte("ISO-8859-9"), "iso-8859-9 iso_8859-9:1989 latin5 l5 iso-ir-148 csisolatin5"),
        (.singleByte("ISO-8859-10"), "iso-8859-10 iso_8859-10:1992 latin6 l6 iso-ir-157 csisolatin6"),
        (.singleByte("ISO-8859-13"), "iso-8859-13 latin7 l7 iso-ir-179"),
        (.singleByte("ISO-8859-14"), "iso-8859-14 iso_8859-14:1998 latin8 l8 iso-ir-199"),
        (.singleByte("ISO-8859-15"), "iso-8859-15 iso_8859-15:1998 latin9 l9 csisolatin9 iso-ir-203"),
        (.singleByte("ISO-8859-16"), "iso-8859-16 iso_8859-16:2001 latin10 l10 iso-ir-226"),
        (.singleByte("CP1252"), "ansi win-ansi ms-ansi user-defined western"),
        // The code page of Thailand contains the standard.
        (.singleByte("CP874"), "windows-874 cp874 874 dos-874 tis-620 tis-620-2533 iso-8859-11 thai"),
        // What the bare name means in mail; iconv has another KOI-8.
        (.singleByte("KOI8-R"), "koi8-r koi8 koi cskoi8r"),
        (.singleByte("KOI8-U"), "koi8-u"),
        (.singleByte("CP866"), "cp866 866 ibm866 csibm866 dos-866"),
        (.singleByte("MACINTOSH"), "macintosh mac mac-roman csmacintosh"),
        (.singleByte("MAC-CYRILLIC"), "mac-cyrillic mac-ukrainian"),
        (.singleByte("MAC-CENTRALEUROPE"), "mac-ce mac-centraleurope mac-centraleurroman"),
        (.singleByte("MAC-IS"), "mac-is mac-iceland macis"),
        (.singleByte("RK1048"), "rk1048 kz-1048 strk1048-2002"),
        (.singleByte("ISO_11548-1"), "iso/tr_11548-1 iso_11548-1"),
    ]
}
