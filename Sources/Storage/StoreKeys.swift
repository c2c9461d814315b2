internal import Digest
internal import Vocabulary

/// Tokens, Message-IDs and audit digests: everything that the store's key makes. Each purpose stands inside the MAC, so
/// that a token for one purpose is worth nothing for another.
struct StoreKeys: Sendable {
    let key: SecretKey

    /// 80 bits: nobody guesses that over SMTP, and a local part holds at most 64 octets (RFC 5321 section 4.5.3.1.1).
    private static let tokenBytes = 10

    private func seal(_ purpose: String, _ id: Int64) -> String {
        Base32.encode(key.mac(of: "\(purpose).\(id)", byteCount: Self.tokenBytes))
    }

    private func token(_ purpose: String, _ id: Int64) -> String { "\(purpose).\(id).\(seal(purpose, id))" }

    /// `c.1001.MAC`: mail to this extension belongs to the customer thread of the ticket.
    func customerToken(_ ticket: TicketNumber) -> String { token("c", ticket.rawValue) }
    /// `b.7.MAC`: the reverse path of an outgoing mail; what arrives there is a report on it.
    func bounceToken(outboxID: Int64) -> String { token("b", outboxID) }

    func ticket(customerToken text: String) -> TicketNumber? { verified(text, purpose: "c").map { TicketNumber($0) } }
    func outboxID(bounceToken text: String) -> Int64? { verified(text, purpose: "b") }

    /// Mail systems change the case of local parts, so it does not matter here.
    private func verified(_ text: String, purpose: String) -> Int64? {
        let parts = asciiLowercased(text).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == purpose, let id = Int64(parts[1]), id > 0, String(id) == parts[1] else {
            return nil
        }
        return equalInConstantTime(Array(parts[2].utf8), Array(seal(purpose, id).utf8)) ? id : nil
    }

    /// The Message-ID of an outbox row: `o.7.MAC@domain`. Keyed, so that nobody can name a mail of ours that he was not
    /// sent; with the row's number, so that a reference is found without an index.
    func messageID(outboxID: Int64, createdAt: Int64, domain: String) -> MessageID {
        let seal = Base32.encode(key.mac(of: "m.\(outboxID).\(createdAt)", byteCount: 16))
        guard let id = MessageID("o.\(outboxID).\(seal)@\(domain)") else { preconditionFailure("it has no controls") }
        return id
    }

    /// The Message-ID of a mail to the operators: `n.7.MAC@domain`.
    func messageID(noticeID: Int64, createdAt: Int64, domain: String) -> MessageID {
        let seal = Base32.encode(key.mac(of: "n.\(noticeID).\(createdAt)", byteCount: 16))
        guard let id = MessageID("n.\(noticeID).\(seal)@\(domain)") else { preconditionFailure("it has no controls") }
        return id
    }

    /// What our mail carries in a field of its own (`X-Postroom`), so that it is known when it comes back, also when a
    /// provider has given it another Message-ID: `o.7.MAC`, `n.7.MAC` for a mail to operators.
    func ownMark(outboxID: Int64) -> String { ownMark("o", outboxID) }
    func ownMark(noticeID: Int64) -> String { ownMark("n", noticeID) }
    func isOwnMark(_ text: String) -> Bool {
        let parts = asciiLowercased(text).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let id = Int64(parts[1]), parts[0] == "o" || parts[0] == "n" else { return false }
        return equalInConstantTime(Array(asciiLowercased(text).utf8), Array(ownMark(String(parts[0]), id).utf8))
    }

    private func ownMark(_ kind: String, _ id: Int64) -> String { "\(kind).\(id).\(seal("own.\(kind)", id))" }

    /// The row that a Message-ID of that form names. The row's own Message-ID must still be compared with it.
    static func outboxID(in id: MessageID) -> Int64? { number(id, "o.") }
    static func noticeID(in id: MessageID) -> Int64? { number(id, "n.") }

    private static func number(_ id: MessageID, _ prefix: String) -> Int64? {
        guard id.value.hasPrefix(prefix) else { return nil }
        return id.value.split(separator: ".", maxSplits: 2).dropFirst().first.flatMap { Int64($0) }
    }

    /// The address with this extension; nil when the local part would become too long.
    func address(_ address: EmailAddress, token: String, delimiter: Character) -> EmailAddress? {
        let plain = address.withoutExtension(delimiter: delimiter)
        return EmailAddress(localPart: "\(plain.localPart)\(delimiter)\(token)", domain: plain.domain)
    }

    /// What the audit keeps of a value: enough to see that it changed, nothing of what it was.
    func auditDigest(_ text: String) -> [UInt8] { key.mac(Array(("audit:" + text).utf8)) }
    func auditDigest(_ bytes: [UInt8]) -> [UInt8] { key.mac(Array("audit:".utf8) + bytes) }

    /// Seals the last row of the audit, so that rows cannot be cut off its end either.
    func auditHead(_ hash: [UInt8]) -> [UInt8] { key.mac(Array("head:".utf8) + hash) }

    /// Stored in the database, to tell whether key and database belong together.
    var fingerprint: String { Hexadecimal.encode(key.mac(of: "postroom.key", byteCount: 16)) }
}
