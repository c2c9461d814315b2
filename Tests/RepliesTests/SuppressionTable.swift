import Correspondence
import Foundation
import MIME
import Replies
import Testing
import Vocabulary

/// A set of header fields as a real program or provider writes them, in words of our own, and what follows from it.
struct HeaderSet: Sendable, CustomTestStringConvertible {
    let name: String
    let header: String
    let body: String
    let kind: WriterKind
    /// Nil: it is answered.
    let silence: ReplySuppression?
    var testDescription: String { name }

    init(_ name: String, _ header: String, _ kind: WriterKind, _ silence: ReplySuppression?, body: String = "Hello\n") {
        self.name = name
        self.header = header
        self.kind = kind
        self.silence = silence
        self.body = body
    }
}

/// From the bytes of a mail to "answer or not", over all that decides on it but what was sent before.
@Suite("Header sets of real programs: who wrote, and is it answered")
struct SuppressionTable {
    static let identity = OwnIdentity(
        addresses: ["support@example.com", "sales@example.com"].compactMap { EmailAddress($0) },
        agents: ["li.na@example.com"].compactMap { EmailAddress($0) }, messageIDDomain: "post.example.com",
        authservID: "mx.example.com", forms: ["form@shop.example.net"].compactMap { EmailAddress($0) })

    @Test("automatic answers", arguments: autoReplies)
    func answers(_ row: HeaderSet) { check(row) }

    @Test("lists and mass mail", arguments: lists)
    func distributed(_ row: HeaderSet) { check(row) }

    @Test("reports", arguments: reports)
    func reported(_ row: HeaderSet) { check(row) }

    @Test("portals, calendars, notices and spam", arguments: machines)
    func written(_ row: HeaderSet) { check(row) }

    @Test("people, however odd their mail looks", arguments: people)
    func human(_ row: HeaderSet) { check(row) }

    @Test("the table is as large as promised, and names each set once")
    func size() {
        let rows = Self.autoReplies + Self.lists + Self.reports + Self.machines + Self.people
        #expect(rows.count >= 80)
        #expect(Set(rows.map(\.name)).count == rows.count)
        #expect(Self.people.filter { $0.silence == nil }.count >= 15)
    }

    private func check(_ row: HeaderSet) {
        var lines = row.header
        for (name, line) in [
            ("from", "From: Ada Stone <ada@customer.example>"), ("to", "To: support@example.com"),
            ("subject", "Subject: Where is my order?"),
        ] where !lines.lowercased().split(separator: "\n").contains(where: { $0.hasPrefix(name + ":") }) {
            lines += (lines.isEmpty ? "" : "\n") + line
        }
        let origin = origin(of: Message(parsing: Array((lines + "\n\n" + row.body).utf8)), identity: Self.identity)
        #expect(origin.kind == row.kind, "\(origin.reasons)")
        let now = Date(timeIntervalSince1970: 1_795_399_200)
        let input = SuppressionInput(
            kind: origin.kind, trust: origin.trust, reversePath: origin.reversePath, automatic: origin.automatic,
            replyTo: origin.replyTo?.address, addressedToUs: origin.addressedToUs, isDuplicate: false,
            arrivedAt: now - 60, sentAt: nil, now: now, lastReplyToWriter: nil, repliesOnTicketInWindow: 0,
            repliesInProcessWindow: 0, isParticipant: true)
        let found = suppression(of: input, options: SuppressionTests.options)
        #expect(found?.0 == row.silence, "\(origin.automatic)")
        if let reason = found?.1 { #expect(!reason.because.isEmpty && reason.source != nil) }
    }
}
