internal import FoundationEssentials
internal import IMAPProtocol
internal import Vocabulary

// COPY is the one thing that may not be repeated blindly.

extension IMAPSession {
    /// Which of these messages, that an earlier try may have copied, stand in `target` already: the same Message-ID, size and
    /// INTERNALDATE, which COPY keeps (RFC 9051 section 6.4.7). The mailbox that was selected is selected again afterwards.
    ///
    /// The originals of those that are found will be removed, so it is looked closely: where a server does not keep the
    /// date, a mail stands there twice, and none is missing.
    func copied(_ uids: [UID], in target: MailboxName, from source: MailboxStatus) throws(IMAPError) -> Set<UID> {
        guard !uids.isEmpty else { return [] }
        let originals = try outlines(of: UIDSet(uids))
        guard !originals.isEmpty else { return [] }
        do throws(IMAPError) {
            _ = try select(target, readOnly: true)
        } catch let error where !error.endsSession {
            _ = try select(source.mailbox)
            // There is no such mailbox yet, so nothing in it. Any other trouble is no answer to the question.
            if error.reason == .mailboxUnavailable { return [] }
            throw error
        }
        var known: [Outline: Int] = [:]
        for outline in try outlinesInTarget(like: originals) { known[outline, default: 0] += 1 }
        let again = try select(source.mailbox)
        guard again.uidValidity == source.uidValidity else {
            throw error(.mailboxUnavailable, "SELECT", "the mailbox has got a new UIDVALIDITY meanwhile")
        }
        hasNews = true  // what came while the target was open was not announced
        var present: Set<UID> = []
        for (uid, outline) in originals.sorted(by: { $0.key < $1.key }) where known[outline, default: 0] > 0 {
            known[outline, default: 0] -= 1
            present.insert(uid)
        }
        return present
    }

    private struct Outline: Hashable {
        let size: UInt64
        let messageID: String
        let date: Date?
    }

    private func outlines(of uids: UIDSet) throws(IMAPError) -> [UID: Outline] {
        var found: [UID: Outline] = [:]
        for piece in uids.pieces() {
            var parts: [UID: FetchData] = [:]
            let take: (Response) -> Void = { response in
                guard case .fetch(let data) = response, let uid = data.uid, piece.contains(UID(uid)) else { return }
                var known = parts[UID(uid)] ?? FetchData(sequence: data.sequence)
                known.size = data.size ?? known.size
                known.internalDate = data.internalDate ?? known.internalDate
                known.sections += data.sections
                parts[UID(uid)] = known
            }
            try run(.fetchCopyMarks(piece), take: take)
            for (uid, data) in parts { found[uid] = Self.outline(data) }
        }
        return found
    }

    private static func outline(_ data: FetchData) -> Outline {
        var id = ""
        for section in data.sections {
            if case .bytes(let bytes) = section.content, let body = messageID(in: bytes) { id = body }
        }
        return Outline(size: data.size ?? 0, messageID: id, date: data.internalDate)
    }

    /// The body of the field without spaces. Some servers hand over more fields than they were asked for.
    private static func messageID(in header: [UInt8]) -> String? {
        var body: [UInt8]?
        for line in header.split(separator: 0x0A) {
            if let known = body {
                guard let first = line.first, first == 0x20 || first == 0x09 else { break }
                body = known + line
            } else if asciiLowercased(String(decoding: line.prefix(11), as: UTF8.self)) == "message-id:" {
                body = Array(line.dropFirst(11))
            }
        }
        return body.map { String(decoding: $0.filter { $0 > 0x20 }, as: UTF8.self) }
    }

    /// Searched by Message-ID, one after the other, while that is few; else, and for messages without one, all are looked
    /// at that came on the day of the oldest original or later.
    private func outlinesInTarget(like originals: [UID: Outline]) throws(IMAPError) -> [Outline] {
        let ids = Set(originals.values.map(\.messageID))
        var found = UIDSet()
        let take: (Response) -> Void = { response in
            if case .search(let numbers, _) = response { found = found.union(UIDSet(numbers: numbers)) }
        }
        if ids.count <= 50 && !ids.contains("") {
            for id in ids.sorted() { try run(.search(messageID: id), take: take) }
        } else {
            let dates = originals.values.map(\.date)
            // A day earlier, because a server counts days in a zone of its own.
            let oldest = dates.contains(nil) ? nil : dates.compactMap { $0 }.min()?.addingTimeInterval(-86_400)
            try run(oldest.map { .search(since: $0) } ?? .search(from: UID(1), to: nil), take: take)
        }
        return try Array(outlines(of: found).values)
    }
}
