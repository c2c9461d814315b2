/// What the bytes of libFuzzer are taken for. Every target makes a mail of them, so that all are checked alike and every
/// crash can become a fixture.
enum FuzzTarget: String, CaseIterable {
    /// They are the mail.
    case raw
    /// Each byte is a word of `MailAlphabet`: structure comes up much more often than by chance.
    case mail
    /// The first byte names a field and says how the rest becomes its body: as it stands or by the alphabet.
    case fields
    /// The first byte names a charset, the second a transfer encoding; the rest is a text in them, sometimes repeated until it
    /// is longer than the pieces that a body is decoded in.
    case charsets
    /// They are a winmail.dat.
    case tnef
    /// The first byte names what the file is said to be; the rest is the file.
    case files

    func mail(from input: [UInt8]) -> [UInt8] {
        switch self {
        case .raw: input
        case .mail: MailAlphabet.text(of: input[...])
        case .fields: FuzzedField.mail(from: input)
        case .charsets: FuzzedText.mail(from: input)
        case .tnef: Array("Content-Type: application/ms-tnef; name=winmail.dat\n\n".utf8) + input
        case .files: FuzzedFile.mail(from: input)
        }
    }
}

/// One field alone in a header.
enum FuzzedField {
    /// Fields whose body has a grammar.
    static let names = [
        "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type",
        "Content-Disposition", "Content-Transfer-Encoding", "Content-ID", "Received", "Return-Path",
        "Authentication-Results", "Auto-Submitted", "List-ID", "List-Unsubscribe", "List-Post", "Precedence",
        "Delivered-To", "Original-Recipient", "Final-Recipient", "Reporting-MTA", "Diagnostic-Code", "Status", "Action",
        "Arrival-Date", "Disposition", "Feedback-Type", "Thread-Topic",
    ]
    /// Set in the first byte when the rest is words of `MailAlphabet`.
    static let byAlphabet: UInt8 = 0x80
    /// Set when the field stands in a report part (RFC 3464), whose fields are read as data.
    static let inReport: UInt8 = 0x40

    static func mail(from input: [UInt8]) -> [UInt8] {
        guard let first = input.first else { return [] }
        let rest = input.dropFirst()
        let body = first & byAlphabet != 0 ? MailAlphabet.text(of: rest) : Array(rest)
        let name = names[Int(first & 0x3F) % names.count]
        let before =
            first & inReport == 0
            ? ""
            : """
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.org


            """
        return Array("\(before)\(name): ".utf8) + folded(body) + Array("\n\ntext\n".utf8)
    }

    /// Line ends become folds, so that the whole input stays in one field.
    private static func folded(_ body: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in body {
            result.append(byte)
            if byte == 10 { result.append(32) }
        }
        return result
    }
}

/// One text part, and the same text in an encoded word.
enum FuzzedText {
    static let charsets = [
        "", "us-ascii", "utf-8", "gb2312", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp", "iso-2022-jp", "hz",
        "utf-7", "utf-16", "utf-16le", "utf-32", "windows-1252", "iso-8859-1", "iso-8859-8-i", "koi8-r", "windows-874",
        "windows-1258", "tcvn", "macintosh", "iso-2022-kr", "iso-2022-cn", "iso-2022-jp-3", "euc-tw", "big5-hkscs",
        "johab", "ibm037", "ibm930", "utf-ebcdic", "x-unknown", "iso-8859-16", "armscii-8", "unicode-1-1-utf-7",
        "viscii",
        "cp1255", "euc-jisx0213", "shift_jisx0213", "gbk", "iso-ir-165", "iso_6937", "t.61", "ansi_x3.110", "ucs-2",
        "utf-16be", "x-mac-cyrillic",
    ]
    static let encodings = ["8bit", "quoted-printable", "base64", "x-uuencode"]
    /// Set in the second byte when the text is repeated up to this many bytes.
    static let repeated: UInt8 = 0xE0
    static let repeatedSize = 70_000

    static func mail(from input: [UInt8]) -> [UInt8] {
        guard input.count >= 2 else { return [] }
        let charset = charsets[Int(input[0]) % charsets.count]
        let encoding = encodings[Int(input[1]) % encodings.count]
        let text = input.dropFirst(2)
        let count = input[1] & repeated != repeated || text.isEmpty ? 1 : repeatedSize / text.count + 1
        let label = charset.isEmpty ? "" : "; charset=\"\(charset)\""
        let word = text.prefix(60).map { "=" + hexadecimal($0) }.joined()
        let head = """
            Subject: =?\(charset)?Q?\(word)?=
            Content-Type: text/plain\(label)
            Content-Transfer-Encoding: \(encoding)


            """
        return Array(head.utf8) + repeatElement(text, count: count).joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}

/// A file that is the whole mail, so that no byte of it has to be escaped.
enum FuzzedFile {
    static let types = [
        "application/octet-stream; name=a.bin", "application/octet-stream; name=winmail.dat", "application/applefile",
        "application/zip; name=a.docx", "application/pdf; name=invoice.pdf.exe", "text/calendar; method=REQUEST",
        "application/pkcs7-mime; smime-type=enveloped-data", "application/rtf; name=\"a\\b/c.rtf\"",
    ]

    static func mail(from input: [UInt8]) -> [UInt8] {
        guard let first = input.first else { return [] }
        let type = types[Int(first) % types.count]
        return Array("Content-Type: \(type)\nContent-Disposition: attachment\n\n".utf8) + input.dropFirst()
    }
}
