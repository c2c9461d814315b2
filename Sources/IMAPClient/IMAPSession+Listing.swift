package import IMAPProtocol
package import Vocabulary

// What is in the mailbox.

extension IMAPSession {
    /// Everything above a UID, in UID order: about `limit` messages at most, so that a backlog of any size needs a bounded
    /// memory; ask again above `through` while it is not complete.
    ///
    /// The mailbox is walked in windows of UIDs and never by message numbers, dates or flags: paging by number loses mail
    /// when something is deleted meanwhile.
    package func messages(above uid: UID, limit: Int = 20_000) throws(IMAPError) -> MailboxListing {
        guard let selected else { throw error(.notReady, "UID FETCH", "no mailbox is selected") }
        hasNews = false
        var found: [UID: ListedMessage] = [:]
        var through = uid
        var isComplete = uid.rawValue == .max
        var width = UInt32(clamping: max(limit, 100))
        while through.rawValue < .max {
            let first = UID(through.rawValue + 1)
            let last = lastOfWindow(from: first, width: width, uidNext: selected.uidNext)
            let window = try listWindow(from: first, to: last)
            found.merge(window) { _, new in new }
            guard let last else {
                isComplete = true
                break
            }
            through = last
            if found.count >= limit { break }
            if window.isEmpty && width < 1 << 24 { width *= 2 }  // a gap in the UIDs
        }
        let messages = found.values.sorted { $0.uid < $1.uid }
        // Only what was seen counts as listed, whatever UIDNEXT promises.
        let highest = messages.last?.uid ?? uid
        if highest.rawValue < .max, let known = knownNext, highest >= known { knownNext = UID(highest.rawValue + 1) }
        return MailboxListing(messages: messages, through: isComplete ? highest : through, isComplete: isComplete)
    }

    /// Nil for the last window, which is open: there may be more than UIDNEXT said at SELECT.
    private func lastOfWindow(from first: UID, width: UInt32, uidNext: UID?) -> UID? {
        guard let uidNext, uidNext > first, uidNext.rawValue - first.rawValue > width else { return nil }
        return UID(first.rawValue + width - 1)
    }

    private func listWindow(from first: UID, to last: UID?) throws(IMAPError) -> [UID: ListedMessage] {
        var found: [UID: ListedMessage] = [:]
        var isBroken = false
        do throws(IMAPError) {
            try run(.list(from: first, to: last)) { response in
                switch response {
                case .fetch(let data):
                    guard let message = ListedMessage(data), message.uid >= first, message.uid <= last ?? message.uid
                    else { return }
                    // n:* also gives the last message when its UID is below n (RFC 9051 section 6.4.9).
                    if data.size != nil || found[message.uid] == nil { found[message.uid] = message }
                case .malformed: isBroken = true
                default: break
                }
            }
        } catch let error where !error.endsSession {
            isBroken = true
        }
        guard isBroken else { return found }
        // One message that the server cannot describe must not make its neighbours, or itself, invisible.
        for uid in try search(from: first, to: last) where found[uid] == nil {
            found[uid] = ListedMessage(uid: uid, size: ListedMessage.assumedSize, internalDate: nil, flags: [])
        }
        return found
    }

    private func search(from first: UID, to last: UID?) throws(IMAPError) -> [UID] {
        var uids: [UID] = []
        try run(.search(from: first, to: last)) { response in
            if case .search(let numbers, _) = response { uids += numbers.map { UID($0) } }
        }
        return uids.filter { $0 >= first && $0 <= last ?? $0 }
    }

    /// Every UID of the selected mailbox. With ESEARCH (RFC 4731) as ranges, so that a full mailbox costs a line.
    package func allUIDs() throws(IMAPError) -> UIDSet {
        let returning: [Command.SearchReturn] =
            capabilities.contains("ESEARCH") || capabilities.contains("IMAP4REV2") ? [.all] : []
        var numbers: [UInt32] = []
        var ranges: UIDSet?
        try run(.search(from: UID(1), to: nil, returning: returning)) { response in
            switch response {
            case .search(let found, _): numbers += found
            case .esearch(let result): ranges = result.all ?? ranges
            default: break
            }
        }
        return ranges ?? UIDSet(numbers: numbers)
    }

    /// Which of these the server has. NOOP first, so that it may tell itself what is gone.
    func existing(of uids: UIDSet) throws(IMAPError) -> Set<UID> {
        try run(.noop)
        var found: Set<UID> = []
        for piece in uids.pieces() {
            try run(.search(piece)) { response in
                if case .search(let numbers, _) = response { found.formUnion(numbers.map { UID($0) }) }
            }
        }
        return found.filter(uids.contains)
    }
}

extension ListedMessage {
    /// For the making of batches, when the server does not say.
    static let assumedSize = 1 << 20

    fileprivate init?(_ data: FetchData) {
        guard let uid = data.uid else { return nil }
        self.init(
            uid: UID(uid), size: data.size.map { Int(clamping: $0) } ?? Self.assumedSize,
            internalDate: data.internalDate, flags: data.flags ?? [])
    }
}
