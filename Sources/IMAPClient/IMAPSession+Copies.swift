internal import FoundationEssentials
internal import IMAPProtocol
internal import Vocabulary

// COPY is the one thing that may not be repeated blindly.

extension IMAPSession {
    /// Which messages of the selected mailbox stand in `target` already: the same Message-ID and size, or without one the
    /// same size and INTERNALDATE, which COPY keeps (RFC 9051 section 6.4.7). The mailbox that was selected is selected
    /// again afterwards.
    ///
    /// A target of another message than the original would leave mail where it is, which a person sees; a second copy of a
    /// mail nobody would notice. So what is like it counts as it.
    func copied(_ uids: [UID], in target: MailboxName, from source: MailboxStatus) throws(IMAPError) -> Set<UID> {
        let originals = try outlines(of: UIDSet(uids))
        guard !originals.isEmpty else { return [] }
        do throws(IMAPError) {
            _ = try select(target, readOnly: true)
        } catch let error where !error.endsSession {
            _ = try select(source.mailbox)
            return []  // there is no such mailbox yet, so nothing in it
        }
        var known: [Outline: Int] = [:]
        for outline in try outlinesInTarget(like: originals) { known[outline, default: 0] += 1 }
        let again = try select(source.mailbox)
        guard again.uidValidity == source.uidValidity else {
            throw error(.mailboxUnavailable, "SELECT", "the mailbox has got a new UIDVALIDITY meanwhile")
        }
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
        /// Only where there is no Message-ID.
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
        return Outline(size: data.size ?? 0, messageID: id, date: id.isEmpty ? data.internalDate : nil)
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
    /// at that are newer than the oldest original.
    private func outlinesInTarget(like originals: [UID: Outline]) throws(IMAPError) -> [Outline] {
        let ids = Set(originals.values.map(\.messageID))
        var uids: Set<UID> = []
        if ids.count <= 50 && !ids.contains("") {
            for id in ids.sorted() {
                try run(.search(messageID: id)) { response in
                    if case .search(let numbers, _) = response { uids.formUnion(numbers.map { UID($0) }) }
                    if case .esearch(let result) = response { uids.formUnion(result.all.map(\.uids) ?? []) }
                }
            }
        } else {
            try run(.search(from: UID(1), to: nil)) { response in
                if case .search(let numbers, _) = response { uids.formUnion(numbers.map { UID($0) }) }
            }
        }
        return try Array(outlines(of: UIDSet(uids)).values)
    }
}
