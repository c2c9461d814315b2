package import FoundationEssentials
package import Vocabulary

// Commands about the messages of the selected mailbox, all of them by UID.

// MARK: - Which there are

extension Command {
    /// What an ESEARCH shall tell (RFC 4731 section 3.1).
    package enum SearchReturn: String, Sendable {
        case minimum = "MIN"
        case maximum = "MAX"
        case count = "COUNT"
        case all = "ALL"
    }

    /// Which of these exist. `returning` needs ESEARCH; without it the answer is SEARCH.
    package static func search(_ uids: UIDSet, returning: [SearchReturn] = []) -> Command {
        search(returning).with("UID \(uids)")
    }

    /// The same of a range; nil for an upper end without limit.
    package static func search(from first: UID, to last: UID?, returning: [SearchReturn] = []) -> Command {
        search(returning).with("UID \(range(first, last))")
    }

    /// Messages whose Message-ID holds this text: servers look for a substring (RFC 9051 section 6.4.4), so what is found
    /// must be compared. An empty text would find all that have the field.
    package static func search(messageID: String, returning: [SearchReturn] = []) -> Command {
        let isASCII = messageID.utf8.allSatisfy { $0 < 0x80 }
        let command = isASCII ? search(returning) : search(returning).withCharset()
        return command.with("HEADER Message-ID").with(string: messageID)
    }

    /// Messages whose INTERNALDATE is on that day, in the server's zone, or later.
    package static func search(since date: Date) -> Command { search([]).with("SINCE \(searchDate(date))") }

    private static func search(_ returning: [SearchReturn]) -> Command {
        let command = Command("UID SEARCH")
        if returning.isEmpty { return command }
        return command.with("RETURN (\(returning.map(\.rawValue).joined(separator: " ")))")
    }

    private static func range(_ first: UID, _ last: UID?) -> String { "\(first):\(last.map(\.description) ?? "*")" }
}

// MARK: - What they are

extension Command {
    /// The messages of a range, as a listing needs them; nil for an upper end without limit.
    package static func list(from first: UID, to last: UID?) -> Command {
        Command("UID FETCH").with("\(range(first, last)) (UID FLAGS INTERNALDATE RFC822.SIZE)")
    }

    /// Only which there are, from a server whose SEARCH is not to be trusted.
    package static func listUIDs(from first: UID, to last: UID?) -> Command {
        Command("UID FETCH").with("\(range(first, last)) (UID)")
    }

    /// The flags of a range; with `changedSince` only of messages that have changed (RFC 7162 section 3.1.4.1). A
    /// mod-sequence of 0 is older than all and may not be sent.
    package static func fetchFlags(from first: UID, to last: UID?, changedSince modSeq: UInt64? = nil) -> Command {
        let command = Command("UID FETCH").with("\(range(first, last)) (UID FLAGS)")
        guard let modSeq, modSeq > 0 else { return command }
        return command.with("(CHANGEDSINCE \(modSeq))")
    }

    /// Whole messages. PEEK, or the server would mark them as seen.
    package static func fetch(_ uids: UIDSet) -> Command {
        Command("UID FETCH").with("\(uids) (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])")
    }

    /// The first bytes of one message.
    package static func fetchHead(_ uid: UID, bytes: Int) -> Command {
        Command("UID FETCH").with("\(uid) (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.\(bytes)>)")
    }

    /// The header of one message and which parts it has: what is known of a message that is too large to be fetched.
    package static func fetchOutline(_ uid: UID) -> Command {
        Command("UID FETCH").with("\(uid) (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER])")
    }

    /// One part (`BodyPart.number`) of a message, its transfer encoding untouched; at most its first bytes.
    package static func fetchPart(_ uid: UID, number: String, bytes: Int) -> Command {
        Command("UID FETCH").with("\(uid) (UID BODY.PEEK[\(number)]<0.\(bytes)>)")
    }

    /// By what a copy of a message is known.
    package static func fetchCopyMarks(_ uids: UIDSet) -> Command {
        Command("UID FETCH").with("\(uids) (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
    }

    /// These fields of the headers.
    package static func fetchFields(_ names: [String], of uids: UIDSet) -> Command {
        Command("UID FETCH").with("\(uids) (UID BODY.PEEK[HEADER.FIELDS (\(names.joined(separator: " ")))])")
    }
}

// MARK: - What becomes of them

extension Command {
    package static func addFlag(_ flag: String, to uids: UIDSet) -> Command { addFlags([flag], to: uids) }

    /// With `unchangedSince` only where nothing has changed since (RFC 7162 section 3.1.3): the result then names the others in
    /// `ResponseCode.modified`.
    package static func addFlags(_ flags: [String], to uids: UIDSet, unchangedSince modSeq: UInt64? = nil) -> Command {
        store("+", flags, uids, modSeq)
    }

    package static func removeFlags(
        _ flags: [String], from uids: UIDSet, unchangedSince modSeq: UInt64? = nil
    ) -> Command {
        store("-", flags, uids, modSeq)
    }

    private static func store(_ sign: String, _ flags: [String], _ uids: UIDSet, _ modSeq: UInt64?) -> Command {
        let condition = modSeq.map { " (UNCHANGEDSINCE \($0))" } ?? ""
        return Command("UID STORE").with("\(uids)\(condition) \(sign)FLAGS.SILENT (\(flags.joined(separator: " ")))")
    }

    package static func copy(_ uids: UIDSet, to mailbox: MailboxName) -> Command {
        Command("UID COPY").with("\(uids)").with(mailbox: mailbox)
    }

    package static func move(_ uids: UIDSet, to mailbox: MailboxName) -> Command {
        Command("UID MOVE").with("\(uids)").with(mailbox: mailbox)
    }

    /// RFC 4315 section 2.1.
    package static func expunge(_ uids: UIDSet) -> Command { Command("UID EXPUNGE").with("\(uids)") }
}
