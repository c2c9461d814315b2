/// A byte for each word that means something in mail: what libFuzzer makes of it is mail-like from the first try.
///
/// Printable ASCII, tab and line feed stand for themselves; the other bytes, 159 of them, are words.
enum MailAlphabet {
    static let words: [[UInt8]] = {
        var table = (0..<256).map { [UInt8($0)] }
        let free = (0..<256).filter { !isItself(UInt8($0)) }
        for (place, word) in zip(free, longWords) { table[place] = Array(word.utf8) }
        return table
    }()

    static func text(of input: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in input { result.append(contentsOf: words[Int(byte)]) }
        return result
    }

    /// The other way, the longest word first; bytes above 127 that are no word become question marks.
    static func input(of text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            let word = longest.first { rest.starts(with: words[Int($0)]) }
            result.append(word ?? (isItself(byte) ? byte : 63))
            rest = rest.dropFirst(word.map { words[Int($0)].count } ?? 1)
        }
        return result
    }

    private static let longest: [UInt8] = (0...255).filter { !isItself($0) && !words[Int($0)].isEmpty }
        .sorted { words[Int($0)].count > words[Int($1)].count }

    private static func isItself(_ byte: UInt8) -> Bool { byte == 9 || byte == 10 || (32..<127).contains(byte) }

    private static let longWords = [
        // Fields
        "From: ", "To: ", "Cc: ", "Sender: ", "Reply-To: ", "Subject: ", "Date: ", "Message-ID: ", "In-Reply-To: ",
        "References: ", "Received: ", "MIME-Version: 1.0\n", "Content-Type: ", "Content-Transfer-Encoding: ",
        "Content-Disposition: ", "Content-ID: ", "Authentication-Results: ", "Auto-Submitted: ", "List-Unsubscribe: ",
        "Reporting-MTA: ", "Final-Recipient: ", "Action: ", "Status: ", "Diagnostic-Code: ", "From ", ">From ",
        // Media types and parameters
        "multipart/mixed; boundary=b\n", "multipart/alternative; boundary=c\n", "multipart/report; boundary=\"d e\"\n",
        "multipart/digest; boundary=b\n", "multipart/related", "multipart/signed", "multipart/", "message/rfc822\n",
        "message/delivery-status\n", "message/disposition-notification\n", "message/partial", "message/external-body",
        "text/plain", "text/html", "text/rfc822-headers", "text/calendar", "application/octet-stream",
        "application/ms-tnef", "application/applefile", "multipart/appledouble; boundary=c\n", "image/png",
        "; charset=",
        "; boundary=", "; name=", "; filename=", "; filename*=", "; filename*0*=", "; filename*1=", "; name*0=",
        "utf-8''", "gb18030''", "attachment", "inline", "; report-type=delivery-status",
        // Delimiters and blank lines
        "--b\n", "--b--\n", "--c\n", "--c--\n", "--d e\n", "--d e--\n", "\n--b\n", "\n--b--\n", "\n\n", "\n ", "\n\t",
        "\r\n", "\r", "\r\n\r\n", "\r\n ", "--", " \n", "\0",
        // Transfer encodings and their texts
        "base64\n", "quoted-printable\n", "x-uuencode\n", "7bit\n", "8bit\n", "binary\n", "begin 644 a.txt\n",
        "\nend\n",
        "begin 644 ", "#86)C\n", "`\n", "YWJj", "TVFu", "44GC", "QUJDRA==", "=\n", "=3D", "=0D=0A", "=E4", "=B8", "=AD",
        // Encoded words
        "=?utf-8?Q?", "=?utf-8?B?", "=?gb2312?B?", "=?iso-2022-jp?B?", "=?big5?Q?", "=?utf-16?B?", "=?hz?Q?", "=?",
        "?=",
        "?= =?", "?Q?", "?B?", "_", "\u{1B}$B", "\u{1B}(B", "\u{1B}$)C", "~{", "~}",
        // Charsets
        "utf-8", "us-ascii", "gb18030", "big5", "shift_jis", "euc-kr", "iso-2022-jp", "utf-7", "utf-16", "hz",
        "windows-1252", "koi8-r",
        // Addresses, identifiers, dates
        "<a@b.example>", "a@b.example", "\"a, b\" ", ", ", "group: ", ";", "<", ">", "(", ")", "\\\"", "\\", "<>", "@b",
        "<a@b> ",
        "rfc822; ", "dns; ", "smtp; 550 5.1.1 ", "Mon, 1 Jan 2024 ", "12:34:56 ", "+0800", "GMT", "(CST)",
        "; auto-replied", "failed\n", "5.1.1\n", "spf=pass ", "<mailto:a@b.example>", "<https://a.example/>",
        // Eight-bit text: UTF-8, GB18030, Shift_JIS
        "\u{4E2D}\u{6587}", "\u{E9}", "\u{1F4E7}", "\u{FEFF}", "a", "multipart/mixed; boundary=b; boundary=c\n", "=22",
    ]
}
