/// Header blocks, and the bodies of single fields.
extension HostileMail {
    static let headers = [
        HostileMail("header lines", 1_000_000) { count, mail in
            mail.add("X-A: b\n", times: count)
            mail.add("\n")
        },
        HostileMail("addresses in as many fields", 1_000_000) { count, mail in
            mail.add("To: a@b.c\n", times: count)
            mail.add("\n")
        },
        HostileMail("a long header line", 50_000_000 / 9) { count, mail in
            mail.add("Subject: ")
            mail.add("abcdefgh ", times: count)
            mail.add("\n\n")
        },
        HostileMail("a header that is one word", 50_000_000) { count, mail in mail.add("a", times: count) },
        HostileMail("folded lines", 1_000_000) { count, mail in
            mail.add("Subject: a\n")
            mail.add(" b\n", times: count)
            mail.add("\n")
        },
        HostileMail("trace fields", 100_000) { count, mail in
            mail.add("Received: from a (b [192.0.2.1]) by c; Mon, 1 Jan 2024 00:00:00 +0000\n", times: count)
            mail.add("\n")
        },
    ]

    static let fields = [
        field("encoded words", 200_000, "Subject: ", "=?utf-8?Q?a?= "),
        field("encoded words that never end", 200_000, "Subject: ", "=?utf-8?Q?a"),
        field("encoded words that never end, as names", 200_000, "To: ", "=?utf-8?Q?a,"),
        field(
            "encoded words of rare charsets", 100_000, "Subject: ", "=?iso-2022-kr?Q?a?= =?utf-7?Q?b?= =?tcvn?Q?c?= "),
        field("beginnings of encoded words", 1_000_000, "Subject: ", "=?"),
        field("addresses", 200_000, "To: ", "a@b.c, "),
        field("addresses without commas", 200_000, "To: ", "a@b.c "),
        field("nested comments", 100_000, "To: ", "(", " a@b.c"),
        field("closed nested comments", 100_000, "To: ", "(", ")", " a@b.c"),
        field("opening quotes and brackets", 500_000, "To: a", "\"<"),
        field("opening brackets", 1_000_000, "To: ", "<"),
        field("address literals", 500_000, "To: ", "[a"),
        field("colons", 500_000, "To: a@b ", ": "),
        field("groups", 200_000, "To: ", "g:a@b.c;"),
        field("parameters", 200_000, "Content-Type: text/plain", "; a=b"),
        field("names of parameters alone", 1_000_000, "Content-Type: text/plain", ";a"),
        field("white space in a parameter", 4_000_000, "Content-Type: text/plain; name=a", " ", "b"),
        field("words in a parameter", 2_000_000, "Content-Type: text/plain; name=a", " a"),
        field("comments in parameters", 1_000_000, "Content-Type: text/plain; name=a", "("),
        HostileMail("pieces of RFC 2231", 100_000) { count, mail in
            mail.add("Content-Type: text/plain")
            for piece in 0..<count { mail.add("; name*\(piece)*=a") }
            mail.add("\n\n")
        },
        HostileMail("pieces of RFC 2231, the last first", 100_000) { count, mail in
            mail.add("Content-Type: text/plain")
            for piece in (0..<count).reversed() { mail.add("; name*\(piece)*=a") }
            mail.add("\n\n")
        },
        field("identifiers", 500_000, "References: ", "<a@b> "),
        field("opening identifiers", 1_000_000, "References: ", "<"),
        field("a date without end", 500_000, "Date: ", "(1 Jan"),
        field(
            "results of authentication", 200_000, "Authentication-Results: a.example", "; spf=pass (b) smtp.mailfrom=c"),
        field("addresses of a list", 200_000, "List-Unsubscribe: ", "<mailto:a@b.example>, "),
        field("opening comments of a list", 500_000, "List-Post: ", "(<"),
    ]

    /// One field, its body made of many times the same.
    private static func field(
        _ description: String, _ count: Int, _ begin: String, _ unit: String, _ end: String = ""
    ) -> HostileMail {
        HostileMail(description, count) { count, mail in
            mail.add(begin)
            mail.add(unit, times: count)
            mail.add("\(end)\n\n")
        }
    }

    /// The same with two units, first all of the one, then all of the other.
    private static func field(
        _ description: String, _ count: Int, _ begin: String, _ unit: String, _ other: String, _ end: String
    ) -> HostileMail {
        HostileMail(description, count) { count, mail in
            mail.add(begin)
            mail.add(unit, times: count)
            mail.add(other, times: count)
            mail.add("\(end)\n\n")
        }
    }
}
