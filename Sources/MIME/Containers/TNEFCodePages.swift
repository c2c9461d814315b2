/// The charset label of a Windows code page, as TNEF and RTF number them (MS-UCODEREF 2.2.1); nil where there is none
/// that we decode.
func charsetLabel(codePage: UInt32) -> String? {
    switch codePage {
    case 437, 737, 775, 850, 852, 855, 857, 858, 860...866, 869, 874, 1250...1258: "cp\(codePage)"
    case 932: "shift_jis"
    case 936, 20936, 51936: "gbk"
    case 949, 20949, 51949: "ks_c_5601-1987"
    case 950, 20000: "big5"
    case 1200: "utf-16le"
    case 1201: "utf-16be"
    case 1361: "johab"
    case 10000: "macintosh"
    case 10007: "mac-cyrillic"
    case 10006: "macgreek"
    case 10029: "mac-centraleurope"
    case 10001: "shift_jis"
    case 10002: "big5"
    case 10003: "ks_c_5601-1987"
    case 10008: "gbk"
    case 12000: "utf-32le"
    case 12001: "utf-32be"
    case 20127: "us-ascii"
    case 20866: "koi8-r"
    case 21866: "koi8-u"
    case 20932, 51932: "euc-jp"
    // Logical order is the order of the bytes: 38598 is ISO-8859-8-I.
    case 38598: "iso-8859-8"
    case 28591...28599, 28603, 28605: "iso-8859-\(codePage - 28590)"
    case 50220...50222: "iso-2022-jp"
    case 50225: "iso-2022-kr"
    case 52936: "hz-gb-2312"
    case 54936: "gb18030"
    case 65000: "utf-7"
    case 65001: "utf-8"
    default: nil
    }
}

/// The code page of a font's character set, `\fcharsetN` (RTF 1.9.1, Font Table); nil for "the default one". Some
/// writers put a code page in its place.
func codePage(fontCharset: Int) -> UInt32? {
    switch fontCharset {
    case 0: 1252
    case 2: symbolCodePage
    case 77: 10000
    case 78: 10001
    case 79: 10003
    case 80: 10008
    case 81: 10002
    case 85: 10006
    case 88: 10029
    case 89: 10007
    case 128: 932
    case 129: 949
    case 130: 1361
    case 134: 936
    case 136: 950
    case 161: 1253
    case 162: 1254
    case 163: 1258
    case 177: 1255
    case 178: 1256
    case 186: 1257
    case 204: 1251
    case 222: 874
    case 238: 1250
    case 254: 437
    case 255: 850
    case 1250...1258, 20127: UInt32(fontCharset)
    default: nil
    }
}

/// The code page number that Windows gives to fonts of pictures (Symbol, Wingdings).
let symbolCodePage: UInt32 = 42
