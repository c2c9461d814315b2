/// Parts within parts, and delimiters that are none.
extension HostileMail {
    static let structure = [
        HostileMail("nested multiparts", 10_000) { count, mail in
            for level in 0..<count { mail.add("Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n") }
            mail.add("\ntext\n")
            for level in (0..<count).reversed() { mail.add("--b\(level)--\n") }
        },
        HostileMail("nested multiparts, never closed", 10_000) { count, mail in
            for level in 0..<count { mail.add("Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n") }
        },
        HostileMail("nested multiparts with one boundary", 10_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n--b\n", times: count)
        },
        HostileMail("nested messages", 10_000) { count, mail in
            mail.add("Content-Type: message/rfc822\n\n", times: count)
            mail.add("Subject: in\n\ntext\n")
        },
        HostileMail("nested messages, each encoded", 10_000) { count, mail in
            let head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
            mail.add(head, times: count)
            mail.add("Subject: in\n\n")
            mail.add("text and more text and more text and more text\n", times: 40 * count)
        },
        HostileMail("an unterminated boundary", 4_000_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n")
            mail.add("line\n", times: count)
        },
        HostileMail("lines that begin like a boundary", 1_000_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=abcdefg\n\n")
            mail.add("--abcdefx\n--abcdef\n", times: count)
        },
        HostileMail("lines like a hundred boundaries at once", 200_000) { count, mail in
            let prefix = String(repeating: "x", count: 66)
            for level in 100..<200 {
                mail.add("Content-Type: multipart/mixed; boundary=\(prefix)\(level)\n\n--\(prefix)\(level)\n")
            }
            mail.add("\n")
            mail.add("--\(prefix)999\n", times: count)
        },
        HostileMail("dashes", 20_000_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n")
            mail.add("-", times: count)
        },
        HostileMail("empty parts", 100_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n")
            mail.add("--b\n\n", times: count)
        },
        HostileMail("doubled delimiters", 1_000_000) { count, mail in
            mail.add("Content-Type: multipart/mixed; boundary=b\n\n")
            mail.add("--b\n", times: count)
        },
        HostileMail("attached messages", 100_000) { count, mail in
            mail.add("Content-Type: multipart/digest; boundary=b\n\n")
            mail.add("--b\n\nSubject: a\n\nb\n", times: count)
        },
        HostileMail("reports about many recipients", 200_000) { count, mail in
            mail.add("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n")
            mail.add("Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n")
            mail.add("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", times: count)
            mail.add("--b--\n")
        },
    ]
}
