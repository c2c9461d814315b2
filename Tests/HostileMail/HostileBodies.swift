/// Bodies that are dear to decode.
extension HostileMail {
    static let bodies = [
        body("equals signs", 10_000_000, "quoted-printable", "utf-8", "=="),
        body("soft line breaks", 5_000_000, "quoted-printable", "utf-8", "= \n"),
        body("white space behind equals signs", 2_000_000, "quoted-printable", "utf-8", "=          "),
        body("padding in base64", 5_000_000, "base64", "utf-8", "QQ==\n"),
        body("characters that are no base64", 10_000_000, "base64", "utf-8", "?\n"),
        body("short lines of uuencode", 5_000_000, "x-uuencode", "utf-8", "M\n"),
        body("bytes that are no UTF-8", 10_000_000, "8bit", "utf-8", "\u{FF}"),
        body("text without a charset", 10_000_000, "8bit", "", "\u{D6}\u{D0} "),
        body("half characters", 10_000_000, "8bit", "gb18030", "\u{81}\u{30}"),
        body("escape sequences", 5_000_000, "7bit", "iso-2022-jp", "\u{1B}$B\u{1B}(B"),
        body("shifts", 5_000_000, "7bit", "utf-7", "+-"),
        body("bytes that iconv refuses", 1_000_000, "8bit", "iso-2022-kr", "\u{FF}"),
        HostileMail("files that begin and never end", 1_000_000) { count, mail in
            mail.add("Content-Type: text/plain\n\n")
            mail.add("begin 644 a\n", times: count)
        },
        HostileMail("files in text", 500_000) { count, mail in
            mail.add("Content-Type: text/plain\n\n")
            mail.add("begin 644 a\n#86)C\n`\nend\n", times: count)
        },
        HostileMail("names of rare charsets in many parts", 5_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n")
            let words = String(repeating: "=?iso-2022-kr?Q?a?= =?tcvn?Q?b?= =?utf-7?Q?c?= ", count: 30)
            mail.add("--b\nContent-Type: text/plain; name=\"\(words)\"\n\na\n", times: count)
        },
        HostileMail("texts of rare charsets in many parts", 10_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n")
            for charset in ["iso-2022-kr", "utf-7", "tcvn"] {
                mail.add("--b\nContent-Type: text/plain; charset=\(charset)\n\na\u{E9}\n", times: count / 3)
            }
        },
    ]

    /// One text; its characters up to U+00FF stand for single bytes.
    private static func body(
        _ description: String, _ count: Int, _ encoding: String, _ charset: String, _ unit: String
    ) -> HostileMail {
        HostileMail(description, count) { count, mail in
            let label = charset.isEmpty ? "" : "; charset=\(charset)"
            mail.add("Content-Type: text/plain\(label)\nContent-Transfer-Encoding: \(encoding)\n\n")
            let bytes = unit.unicodeScalars.map { UInt8($0.value & 0xFF) }
            mail.reserveCapacity(mail.count + bytes.count * count)
            if encoding == "x-uuencode" { mail.add("begin 644 a\n") }
            for _ in 0..<count { mail.append(contentsOf: bytes) }
        }
    }
}
