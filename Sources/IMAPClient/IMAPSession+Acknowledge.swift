internal import IMAPProtocol
internal import Logging
package import Vocabulary

// Telling the server that a message is dealt with. All of it may be repeated without harm, but for a COPY.

extension IMAPSession {
    /// Sets a keyword. `.notKept` when the mailbox keeps none: then the caller's ledger is all there is.
    package func add(keyword: String, to uids: [UID]) throws(IMAPError) -> KeywordOutcome {
        guard let selected else { throw error(.notReady, "UID STORE", "no mailbox is selected") }
        guard !uids.isEmpty else { return .stored }
        guard Command.isKeyword(keyword), selected.keeps(keyword: keyword) else {
            tellThatKeywordsAreNotKept(selected.mailbox)
            return .notKept
        }
        do throws(IMAPError) {
            let names = [keyword] + (mark.map { selected.keeps(keyword: $0) ? [$0] : [] } ?? [])
            for piece in UIDSet(uids).pieces() { try run(.addFlags(names, to: piece)) }
        } catch let error
            where error.reason == .notUnderstood || error.serverCode == "LIMIT" || error.serverCode == "CANNOT"
        {
            // Servers that say nothing in PERMANENTFLAGS and refuse what they do not know.
            tellThatKeywordsAreNotKept(selected.mailbox)
            return .notKept
        }
        return .stored
    }

    private func tellThatKeywordsAreNotKept(_ mailbox: MailboxName) {
        guard !toldThatKeywordsAreNotKept else { return }
        toldThatKeywordsAreNotKept = true
        logger.notice("mailbox keeps no keywords, ledger alone is used", metadata: ["mailbox": "\(mailbox)"])
    }

    /// Moves messages to another mailbox, which is made when it does not exist.
    ///
    /// With MOVE (RFC 6851) in one step. Without it by COPY, `\\Deleted` and UID EXPUNGE, and for those of `begun`
    /// the target is searched first: what an earlier try has copied is not copied again. Where UIDPLUS is missing too, or expunging is refused, the
    /// originals stay, marked, because a bare EXPUNGE would also remove what others have marked.
    package func move(
        _ uids: [UID], to mailbox: MailboxName, begun: Set<UID> = []
    ) throws(IMAPError) -> MoveOutcome {
        guard let selected else { throw error(.notReady, "UID MOVE", "no mailbox is selected") }
        guard !uids.isEmpty else { return .moved }
        let target = try wireName(of: mailbox)
        if movesInOneStep {
            for piece in UIDSet(uids).pieces() { try runCreating(target, .move(piece, to: target)) }
            return .moved
        }
        let present = try copied(uids.filter(begun.contains), in: target, from: selected)
        for piece in UIDSet(uids.filter { !present.contains($0) }).pieces() {
            try runCreating(target, .copy(piece, to: target))
        }
        var isMoved = capabilities.contains("UIDPLUS")
        for piece in UIDSet(uids).pieces() {
            try run(.addFlag("\\Deleted", to: piece))
            if isMoved { isMoved = try expunge(piece) }
        }
        if !isMoved {
            logger.warning(
                "messages were copied and not removed",
                metadata: [
                    "mailbox": "\(mailbox)", "count": "\(uids.count)",
                    "error": "the server lacks UIDPLUS or refuses to expunge",
                ])
        }
        return isMoved ? .moved : .copiedOnly
    }

    /// The server has MOVE, which may be repeated.
    package var movesInOneStep: Bool { capabilities.contains("MOVE") || capabilities.contains("IMAP4REV2") }

    private func expunge(_ piece: UIDSet) throws(IMAPError) -> Bool {
        do throws(IMAPError) {
            try run(.expunge(piece))
            return true
        } catch let error where !error.endsSession && !error.isPassing {
            return false
        }
    }

    /// RFC 9051 section 6.4.7: NO with TRYCREATE says that only the mailbox is missing.
    private func runCreating(_ target: MailboxName, _ command: Command) throws(IMAPError) {
        do throws(IMAPError) {
            try run(command)
        } catch let error where error.serverCode == "TRYCREATE" || error.serverCode == "NONEXISTENT" {
            try create(wireName: target)
            try run(command)
        }
    }

    // MARK: - Mailbox names

    /// In our configuration the levels of a name are divided by `/`. The server has its own delimiter, and perhaps a
    /// prefix for everything that is ours (`INBOX.`). A name that already looks like the server's is left alone.
    func wireName(of mailbox: MailboxName) throws(IMAPError) -> MailboxName {
        let name = mailbox.rawValue
        if asciiLowercased(name) == "inbox" { return MailboxName("INBOX") }
        if self.hierarchy == nil { self.hierarchy = try askHierarchy() }
        guard let hierarchy else { return mailbox }
        var result = name
        if let delimiter = hierarchy.delimiter, delimiter != "/" {
            result = result.split(separator: "/", omittingEmptySubsequences: false).joined(separator: delimiter)
        }
        if !hierarchy.prefix.isEmpty && !result.hasPrefix(hierarchy.prefix) { result = hierarchy.prefix + result }
        return MailboxName(result)
    }

    private func askHierarchy() throws(IMAPError) -> Namespace {
        var found: Namespace?
        if capabilities.contains("NAMESPACE") || capabilities.contains("IMAP4REV2") {
            try run(.namespace) { response in
                if case .namespace(let personal, _, _) = response { found = personal.first }
            }
        }
        if let found { return found }
        try run(.delimiter) { response in
            if case .list(let entry) = response { found = Namespace(prefix: "", delimiter: entry.delimiter) }
        }
        return found ?? Namespace(prefix: "", delimiter: "/")
    }
}
