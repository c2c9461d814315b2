import ConfigLoading
import CurlTransport
import Foundation
import Replies
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

@testable import Daemon

/// The fault matrix of sending: whatever a relay does, every mail ends in a named state, is handed over at most once, and
/// the other mails are not affected. `scripts/faults` prints it as a table.
@Suite("FaultMatrix of sending", .serialized) struct SubmissionMatrixTests {
    @Test("accepted", arguments: SubmissionMatrix.accepted) func accepted(_ row: SubmissionRow) async throws {
        try await run(row)
    }
    @Test("before a mail", arguments: SubmissionMatrix.beforeMail) func beforeMail(_ row: SubmissionRow) async throws {
        try await run(row)
    }
    @Test("refused", arguments: SubmissionMatrix.refused) func refused(_ row: SubmissionRow) async throws {
        try await run(row)
    }
    @Test("broken off", arguments: SubmissionMatrix.broken) func broken(_ row: SubmissionRow) async throws {
        try await run(row)
    }
    @Test("several relays", arguments: SubmissionMatrix.relays) func relays(_ row: SubmissionRow) async throws {
        try await run(row)
    }
    @Test("limits", arguments: SubmissionMatrix.limits) func limits(_ row: SubmissionRow) async throws {
        try await run(row)
    }

    private func run(_ row: SubmissionRow) async throws {
        let began = ContinuousClock.now
        let differences = try await row.play()
        for difference in differences { Issue.record("\(row.name): \(difference)") }
        FaultTable.add(
            row.name, expected: row.ends.joined(separator: ", "), differences: differences,
            took: ContinuousClock.now - began)
    }
}

/// The rows, by where the trouble is.
enum SubmissionMatrix {
    /// libcurl's EHLO, then ours.
    private static func hello(_ extensions: String...) -> String {
        let lines = ["relay.example"] + extensions
        let answers = lines.enumerated().map { "S: 250\($0.offset == lines.count - 1 ? " " : "-")\($0.element)" }
        return "S: 220 relay.example ESMTP\nC: EHLO *\nS: 250 relay.example\nC: EHLO *\n"
            + answers.joined(separator: "\n") + "\n"
    }

    private static let start = hello("PIPELINING", "ENHANCEDSTATUSCODES")
    private static let asked = "C: MAIL FROM:*\nC: RCPT TO:*\nC: DATA\n"
    private static let go = "S: 250 2.1.0 Ok\nS: 250 2.1.5 Ok\nS: 354 go on\n"
    private static let envelope = asked + go
    private static let taken = "MESSAGE\nS: 250 2.0.0 Ok: queued as 4XyZ12\n"
    private static let again = "C: RSET\n" + asked + "S: 250 2.0.0 Ok\n" + go
    private static let bye = "C: QUIT\nS: 221 bye\n"
    private static let one = start + envelope + taken + bye

    static let accepted: [SubmissionRow] = [
        .init(name: "one mail", relays: [one], ends: ["accepted 1"], got: [1]),
        .init(
            name: "three mails on one connection",
            relays: [start + envelope + taken + again + taken + again + taken + bye], mails: 3,
            ends: ["accepted 1", "accepted 1", "accepted 1"], got: [3]),
        .init(
            name: "no queue id in the answer", relays: [start + envelope + "MESSAGE\nS: 250 thanks\n" + bye],
            ends: ["accepted 1"], got: [1]),
        .init(
            name: "an odd queue id",
            relays: [
                start + envelope + "MESSAGE\nS: 250 2.0.0 <<id=\"a b\">> \(String(repeating: "x", count: 400))\n" + bye
            ],
            ends: ["accepted 1"], got: [1]),
        .init(
            name: "an answer of many lines",
            relays: [
                start + envelope + "MESSAGE\n" + (1...40).map { "S: 250-line \($0)\n" }.joined() + "S: 250 done\n" + bye
            ], ends: ["accepted 1"], got: [1]),
        .init(
            name: "no PIPELINING",
            relays: [
                hello() + "C: MAIL FROM:*\nS: 250 Ok\nC: RCPT TO:*\nS: 250 Ok\nC: DATA\nS: 354 go\n" + taken + bye
            ], ends: ["accepted 1"], got: [1]),
        .init(
            name: "EHLO is not understood",
            relays: [
                "S: 220 relay.example\nC: EHLO *\nS: 250 relay.example\nC: EHLO *\nS: 502 what\nC: HELO *\nS: 250 hi\n"
                    + "C: MAIL FROM:*\nS: 250 Ok\nC: RCPT TO:*\nS: 250 Ok\nC: DATA\nS: 354 go\n" + taken + bye
            ], ends: ["accepted 1"], got: [1]),
        .init(
            name: "reports are asked for where they are offered",
            relays: [
                hello("PIPELINING", "DSN")
                    + "C: MAIL FROM:<support+b.*@example.com> RET=HDRS ENVID=o.1.*\nC: RCPT TO:<ada1@shop1.example> NOTIFY=FAILURE,DELAY\nC: DATA\n"
                    + go + taken + bye
            ], ends: ["accepted 1"], got: [1]),
        .init(
            name: "no reports are wanted",
            relays: [
                hello("PIPELINING", "DSN") + "C: MAIL FROM:*\nC: RCPT TO:<ada1@shop1.example> NOTIFY=NEVER\nC: DATA\n"
                    + go
                    + taken + bye
            ], ends: ["accepted 1"], got: [1], change: { $0.outbox.deliveryReports = [] }),
    ]

    static let beforeMail: [SubmissionRow] = [
        .init(name: "nobody listens", relays: [nil], ends: ["queued 0"], got: [0]),
        .init(name: "greeting 421", relays: ["S: 421 4.3.2 too busy\nDROP"], ends: ["queued 0"], got: [0]),
        .init(name: "greeting 554", relays: ["S: 554 no service\nDROP"], ends: ["queued 0"], got: [0]),
        .init(name: "silence instead of a greeting", relays: ["STALL"], ends: ["queued 0"], got: [0]),
        .init(
            name: "EHLO 421", relays: ["S: 220 relay.example\nC: EHLO *\nS: 421 4.3.2 closing\nDROP"],
            ends: ["queued 0"], got: [0]),
        .init(
            name: "STARTTLS is not offered", relays: ["S: 220 relay.example\nC: EHLO *\nS: 250 relay.example\nDROP"],
            ends: ["queued 0"], got: [0], security: .startTLS),
        .init(
            name: "STARTTLS, and then no TLS",
            relays: [
                "S: 220 relay.example\nC: EHLO *\nS: 250-relay.example\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nS: 500 what is this\nDROP"
            ], ends: ["queued 0"], got: [0], security: .startTLS),
        .init(
            name: "no TLS on the port of TLS", relays: ["S: 220 relay.example\nDROP"], ends: ["queued 0"], got: [0],
            security: .implicitTLS),
        .init(
            name: "login refused",
            relays: ["S: 220 relay\nC: EHLO *\nS: 250-relay\nS: 250 AUTH PLAIN\nC: AUTH *\nS: 535 5.7.8 no\nDROP"],
            mails: 2, ends: ["queued 0", "queued 0"], got: [0], alarms: 1, credentials: true,
            // The server has no second connection: a second login would be a mismatch.
            then: { _ in }),
        .init(
            name: "login put off",
            relays: ["S: 220 relay\nC: EHLO *\nS: 250-relay\nS: 250 AUTH PLAIN\nC: AUTH *\nS: 454 4.7.0 later\nDROP"],
            ends: ["queued 0"], got: [0], credentials: true),
    ]

    static let refused: [SubmissionRow] = [
        .init(
            name: "MAIL 451", relays: [start + asked + "S: 451 4.7.1 later\nS: 503 no\nS: 503 no\n" + bye],
            ends: ["deferred 1"], got: [0]),
        .init(
            name: "MAIL 550", relays: [start + asked + "S: 550 5.7.1 no\nS: 503 no\nS: 503 no\n" + bye],
            ends: ["failed 0"], got: [0], notices: 1),
        .init(
            name: "MAIL 530 wants another login",
            relays: [start + asked + "S: 530 5.7.0 log in\nS: 503 no\nS: 503 no\n" + bye],
            ends: ["queued 0"], got: [0], alarms: 1),
        .init(
            name: "RCPT 450, greylisting",
            relays: [start + asked + "S: 250 Ok\nS: 450 4.7.1 greylisted\nS: 503 no\n" + bye],
            ends: ["deferred 1"], got: [0]),
        .init(
            name: "greylisted, then accepted",
            relays: [start + asked + "S: 250 Ok\nS: 450 4.7.1 greylisted\nS: 503 no\n" + bye + "CONNECTION\n" + one],
            ends: ["accepted 2"], got: [1],
            then: { try $0.store.retryOutbox(1, actor: "cli:admin", now: Date()) }),
        .init(
            name: "RCPT 550, no such user",
            relays: [start + asked + "S: 250 Ok\nS: 550 5.1.1 unknown\nS: 503 no\n" + bye],
            ends: ["failed 0"], got: [0], notices: 1),
        .init(
            name: "one of two mails is refused",
            relays: [
                start + asked + "S: 250 Ok\nS: 550 5.1.1 unknown\nS: 503 no\n" + again + taken + bye
            ], mails: 2, ends: ["failed 0", "accepted 1"], got: [1], notices: 1),
        .init(
            name: "DATA 451", relays: [start + asked + "S: 250 Ok\nS: 250 Ok\nS: 451 4.7.0 later\n" + bye],
            ends: ["deferred 1"], got: [0]),
        .init(
            name: "DATA 554", relays: [start + asked + "S: 250 Ok\nS: 250 Ok\nS: 554 5.7.1 no\n" + bye],
            ends: ["failed 0"], got: [0], notices: 1),
        .init(
            name: "451 after the dot", relays: [start + envelope + "MESSAGE\nS: 451 4.7.1 later\n" + bye],
            ends: ["deferred 1"], got: [1]),
        .init(
            name: "552 after the dot", relays: [start + envelope + "MESSAGE\nS: 552 5.3.4 too large\n" + bye],
            ends: ["failed 1"], got: [1], notices: 1),
        .init(
            name: "535 after the dot wants another login",
            relays: [start + envelope + "MESSAGE\nS: 535 5.7.8 log in first\n" + bye], ends: ["deferred 1"], got: [1],
            alarms: 1),
        .init(
            name: "421 after the dot", relays: [start + envelope + "MESSAGE\nS: 421 4.3.2 closing\nDROP"],
            ends: ["deferred 1"], got: [1]),
        .init(
            name: "the mail is larger than SIZE", relays: [hello("PIPELINING", "SIZE 100") + bye], ends: ["failed 0"],
            got: [0], notices: 1),
    ]

    static let broken: [SubmissionRow] = [
        .init(name: "dropped at MAIL", relays: [start + asked + "DROP"], ends: ["deferred 1"], got: [0]),
        .init(
            name: "dropped before 354", relays: [start + asked + "S: 250 Ok\nS: 250 Ok\nDROP"], ends: ["deferred 1"],
            got: [0]),
        .init(
            name: "dropped after the dot", relays: [start + envelope + "MESSAGE\nDROP"], ends: ["uncertain 1"],
            got: [1],
            notices: 1),
        .init(
            name: "reset after the dot", relays: [start + envelope + "MESSAGE\nRESET"], ends: ["uncertain 1"], got: [1],
            notices: 1),
        .init(
            name: "silence after the dot", relays: [start + envelope + "MESSAGE\nSTALL"], ends: ["uncertain 1"],
            got: [1], notices: 1),
        .init(
            name: "nonsense after the dot", relays: [start + envelope + "MESSAGE\nS: what a nice day\nDROP"],
            ends: ["uncertain 1"], got: [1], notices: 1),
        .init(
            name: "354 after the dot", relays: [start + envelope + "MESSAGE\nS: 354 go on\nDROP"],
            ends: ["uncertain 1"],
            got: [1], notices: 1),
        .init(
            name: "an uncertain mail is not sent again", relays: [start + envelope + "MESSAGE\nDROP"],
            ends: ["uncertain 1"], got: [1], notices: 1, then: { _ in }),
        .init(name: "silence at MAIL", relays: [start + asked + "STALL"], ends: ["deferred 1"], got: [0]),
        .init(
            name: "silence at RCPT", relays: [start + asked + "S: 250 Ok\nSTALL"], ends: ["deferred 1"], got: [0]),
        .init(
            name: "silence at DATA", relays: [start + asked + "S: 250 Ok\nS: 250 Ok\nSTALL"], ends: ["deferred 1"],
            got: [0]),
        .init(
            name: "nonsense at MAIL", relays: [start + asked + "S: \(String(repeating: "y", count: 70_000))\nDROP"],
            ends: ["deferred 1"], got: [0]),
        .init(
            name: "the connection is gone between two mails",
            relays: [start + envelope + taken + "DROP\nCONNECTION\n" + one], mails: 2,
            ends: ["accepted 1", "accepted 1"], got: [2]),
        .init(
            name: "421 between two mails",
            relays: [start + envelope + taken + "C: RSET\nS: 421 4.4.2 timeout\nDROP\nCONNECTION\n" + one], mails: 2,
            ends: ["accepted 1", "accepted 1"], got: [2]),
        .init(
            name: "one mail is uncertain, the next one waits",
            relays: [start + envelope + "MESSAGE\nDROP"], mails: 2, ends: ["uncertain 1", "queued 0"], got: [1],
            notices: 1),
    ]

    static let relays: [SubmissionRow] = [
        .init(
            name: "the first relay is not there", relays: [nil, one], ends: ["accepted 1"], got: [0, 1]),
        .init(
            name: "the first relay refuses our login",
            relays: [
                "S: 220 relay\nC: EHLO *\nS: 250-relay\nS: 250 AUTH PLAIN\nC: AUTH *\nS: 535 5.7.8 no\nDROP",
                "LOGIN smtp PIPELINING\nC: EHLO *\nS: 250-relay\nS: 250 PIPELINING\n" + envelope + taken + bye,
            ], ends: ["accepted 1"], got: [0, 1], alarms: 1, credentials: true),
        .init(
            name: "every relay refuses our login",
            relays: [
                "S: 220 relay\nC: EHLO *\nS: 250-relay\nS: 250 AUTH PLAIN\nC: AUTH *\nS: 535 5.7.8 no\nDROP",
                "S: 220 relay\nC: EHLO *\nS: 250-relay\nS: 250 AUTH PLAIN\nC: AUTH *\nS: 535 5.7.8 no\nDROP",
            ], ends: ["queued 0"], got: [0, 0], alarms: 2, credentials: true, then: { _ in }),
        .init(
            name: "the first relay breaks off before the dot",
            relays: [start + asked + "DROP", one], ends: ["accepted 2"], got: [0, 1]),
        .init(
            name: "421 at MAIL of the first relay", relays: [start + asked + "S: 421 4.3.2 closing\nDROP", one],
            ends: ["accepted 2"], got: [0, 1]),
        .init(
            name: "452 4.3.1, the first relay's disk is full",
            relays: [start + asked + "S: 452 4.3.1 full\nS: 503 no\nS: 503 no\n" + bye, one], ends: ["accepted 2"],
            got: [0, 1]),
        .init(
            name: "a greylisted mail goes to no second relay",
            relays: [start + asked + "S: 250 Ok\nS: 450 4.7.1 greylisted\nS: 503 no\n" + bye, "STALL"],
            ends: ["deferred 1"], got: [0, 0]),
        .init(
            name: "a refused mail goes to no second relay",
            relays: [start + asked + "S: 250 Ok\nS: 550 5.1.1 unknown\nS: 503 no\n" + bye, "STALL"], ends: ["failed 0"],
            got: [0, 0], notices: 1),
        .init(
            name: "an uncertain mail goes to no second relay, the next one does",
            relays: [start + envelope + "MESSAGE\nDROP", one], mails: 2, ends: ["uncertain 1", "accepted 1"],
            got: [1, 1], notices: 1),
    ]

    static let limits: [SubmissionRow] = [
        .init(
            name: "one a minute to a domain", relays: [one], mails: 3, domain: "shop.example",
            ends: ["accepted 1", "queued 0", "queued 0"], got: [1],
            change: { $0.outbox.rates = [.init(domain: "shop.example", count: 1, period: 60)] }),
        .init(
            name: "a rate holds up no other domain",
            relays: [start + envelope + taken + again + taken + bye], mails: 2,
            ends: ["accepted 1", "accepted 1"], got: [2],
            change: { $0.outbox.rates = [.init(domain: "*", count: 1, period: 60)] }),
        .init(
            name: "expired, and never accepted",
            relays: [start + asked + "WAIT 300 ms\nS: 451 4.7.1 later\nS: 503 no\nS: 503 no\n" + bye],
            ends: ["failed 1"], got: [0], notices: 1, change: { $0.triage.replies.maxReplyAge = 0.25 },
            then: { _ = try $0.store.claimable(now: Date() + 3600, limit: 10) }),
        .init(
            name: "expired before anybody could be asked", relays: [nil], ends: ["cancelled 0"], got: [0],
            change: { $0.triage.replies.maxReplyAge = 0.25 },
            then: { _ = try $0.store.claimable(now: Date() + 3600, limit: 10) }),
        .init(
            name: "dropped by an operator before it left", relays: [nil], ends: ["cancelled 0"], got: [0],
            then: { try $0.store.cancel(1, reason: "not needed", actor: "cli:admin", now: Date()) }),
        .init(
            name: "observe sends nothing", relays: [nil], ends: ["queued 0"], got: [0], change: { $0.mode = .observe }),
    ]
}
