import Foundation
import IMAPClient
import TestSupport
import Vocabulary

// Trouble with the messages themselves: connections that break over them, and answers that are not what was asked for.

extension FaultMatrix {
    private static let text = FakeFault.text

    private static func third(_ body: FakeMessage.Body) -> @Sendable (inout FakeIMAPState) -> Void {
        { $0.inbox.edit(3) { $0.body = body } }
    }

    private static func broken(_ name: String, at place: FakeFault.Place, _ end: FakeReply.End = .drop) -> FaultRow {
        FaultRow(
            name, gives: Outcome(recorded: 5), says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("UID FETCH", holding: text, at: place, end)] },
            account: { if end == .stall { $0.commandTimeout = .milliseconds(300) } })
    }

    static let breaks: [FaultRow] = [
        broken("the connection breaks in the first word of a message's answer", at: .octet(4)),
        broken("the connection breaks in a literal's announcement", at: .literal(-2)),
        broken("the connection breaks in the text of a message", at: .literal(60)),
        broken("the connection breaks before the result of a fetch", at: .end(4)),
        broken("the connection is reset in the text of a message", at: .literal(60), .reset),
        broken("the server falls silent in the text of a message", at: .literal(60), .stall),
        broken("the server falls silent before the result of a fetch", at: .end(4), .stall),
        FaultRow(
            "half a text comes every time", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.broken(after: 60))),
        FaultRow(
            "a text is longer than announced, once", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { $0.faults = [wrongLiteral(-20)] }),
        FaultRow(
            "a text is shorter than announced by its last line end, once", gives: Outcome(recorded: 5),
            says: ["mailbox failed"], server: { $0.faults = [wrongLiteral(2)] }),
        FaultRow(
            "a text is shorter than announced, once, so that it swallows the next one's beginning",
            gives: Outcome(recorded: 5), says: ["mailbox failed"], server: { $0.faults = [wrongLiteral(20)] }),
        FaultRow(
            "a text is longer than announced every time", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.announced(by: -20))),
        FaultRow(
            "a text is shorter than announced every time", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.announced(by: 20)),
            account: { $0.commandTimeout = .milliseconds(400) }),
        FaultRow(
            "a literal of an absurd size is announced", gives: Outcome(recorded: 5),
            says: ["response could not be read"],
            server: {
                $0.faults = [
                    .say("* 3 FETCH (UID 3 BODY[] {99999999999999999999}", at: .between, of: "UID FETCH", holding: text)
                ]
            }),
        FaultRow(
            "the server says goodbye in the middle of a fetch", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "restarting"],
            server: {
                $0.faults = [
                    FakeFault("UID FETCH", holding: text) { reply, command in
                        reply.untagged = Array(reply.untagged.prefix(2))
                        reply.say("* BYE restarting")
                        reply.result = ""
                        reply.cut = (reply.rendered(command.tag).count, .drop)
                    }
                ]
            }),
        FaultRow(
            "a slow line that makes progress is not cut", gives: Outcome(recorded: 5),
            server: { state in
                state.replace(2, with: CustomerMail.number(2, filler: 24 << 10))
                state.faults = [
                    FakeFault("UID FETCH", holding: text) { reply, _ in reply.pace = (4 << 10, .milliseconds(100)) }
                ]
            },
            account: { $0.commandTimeout = .milliseconds(400) },
            act: { trial in
                try await trial.drainUntilDone()
                trial.expect(trial.server.state.connections == 2, "it was cut")
            }),
        FaultRow(
            "a line that gives an octet now and then is cut", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { state in
                state.faults = [
                    FakeFault("UID FETCH", holding: text) { reply, _ in reply.pace = (1, .milliseconds(50)) }
                ]
            },
            account: { $0.commandTimeout = .milliseconds(300) }),
    ]

    /// What comes after the listing is for the next run.
    private static let drainsTwice: @Sendable (Trial) async throws -> Void = { trial in
        try await trial.drain()
        try await trial.drainUntilDone()
    }

    private static func wrongLiteral(_ more: Int) -> FakeFault {
        FakeFault("UID FETCH", holding: text) { reply, _ in
            guard reply.untagged.count > 2 else { return }
            let head = String(decoding: reply.untagged[2].prefix { $0 != 13 }, as: UTF8.self)
            guard let brace = head.lastIndex(of: "{"), let count = Int(head[head.index(after: brace)...].dropLast())
            else {
                return
            }
            let rest = reply.untagged[2].drop { $0 != 13 }
            reply.untagged[2] = Array("\(head[..<brace]){\(count + more)}".utf8) + rest
        }
    }

    static let fetching: [FaultRow] = [
        FaultRow(
            "the server refuses one message", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.refused("NO [CORRUPTION] cannot read it"))),
        FaultRow(
            "the server does not understand why one message is asked for", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.refused("BAD internal error"))),
        FaultRow(
            "the server refuses all messages for a while", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "refuses all"],
            server: { $0.faults = [.refuse("UID FETCH", holding: text, with: "NO the disk is away", times: 6)] }),
        FaultRow(
            "a fetch is refused as unavailable", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.refuse("UID FETCH", holding: text, with: "NO [UNAVAILABLE] later")] }),
        FaultRow(
            "a message has no text", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.null)),
        FaultRow(
            "a message with a size has an empty text", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.empty)),
        FaultRow(
            "a message is left out when several are asked for", gives: Outcome(recorded: 5),
            server: third(.leftOutOfSets)),
        FaultRow(
            "a message is always left out", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"], server: third(.leftOut)),
        FaultRow(
            "a message is deleted between listing and fetch", gives: Outcome(recorded: 4, gone: 1),
            server: { state in
                state.faults = [.meanwhile("UID FETCH", holding: text) { $0.inbox.remove([3]) }]
            }),
        FaultRow(
            "all messages are deleted between listing and fetch", gives: Outcome(recorded: 0, gone: 5),
            says: ["imap session opened"],
            server: { state in
                state.faults = [.meanwhile("UID FETCH", holding: text) { $0.inbox.remove([1, 2, 3, 4, 5]) }]
            }),
        FaultRow(
            "new mail comes while others are fetched", gives: Outcome(recorded: 6),
            server: { state in
                state.faults = [.meanwhile("UID FETCH", holding: text) { $0.add(CustomerMail.number(6)) }]
            }, act: drainsTwice),
        FaultRow(
            "messages are answered in reverse", gives: Outcome(recorded: 5),
            server: {
                $0.faults = [
                    FakeFault("UID FETCH", holding: text, times: .max) { reply, _ in reply.untagged.reverse() }
                ]
            }),
        FaultRow(
            "messages are answered twice", gives: Outcome(recorded: 5),
            server: {
                $0.faults = [FakeFault("UID FETCH", holding: text) { reply, _ in reply.untagged += reply.untagged }]
            }),
        FaultRow(
            "a text without a UID comes in between", gives: Outcome(recorded: 5),
            server: {
                $0.faults = [.say("* 3 FETCH (BODY[] {5}\r\nother)", at: .between, of: "UID FETCH", holding: text)]
            }),
        FaultRow(
            "a text that nobody asked for comes in between", gives: Outcome(recorded: 5),
            server: {
                $0.faults = [
                    .say("* 9 FETCH (UID 99 BODY[] {5}\r\nother)", at: .between, of: "UID FETCH", holding: text)
                ]
            }),
        FaultRow(
            "an EXPUNGE and an EXISTS come in the middle of a fetch", gives: Outcome(recorded: 6),
            server: { state in
                state.faults =
                    ["* 1 EXPUNGE", "* 5 EXISTS"].map {
                        .say($0, at: .between, of: "UID FETCH", holding: text)
                    } + [.meanwhile("UID FETCH", holding: text) { $0.add(CustomerMail.number(6)) }]
            }, act: drainsTwice),
        FaultRow(
            "the result comes before the messages", gives: Outcome(recorded: 5),
            server: { $0.faults = [FakeFault("UID FETCH", holding: text) { reply, _ in reply.resultFirst = true }] }),
        FaultRow(
            "a message is over the size limit", gives: Outcome(recorded: 5), says: ["message is over the size limit"],
            server: { $0.replace(3, with: CustomerMail.number(3, filler: 90 << 10)) },
            account: { $0.maxMessageSize = 20 << 10 }, headsOnly: true),
        FaultRow(
            "a message over the size limit is refused", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"],
            server: {
                $0.replace(3, with: CustomerMail.number(3, filler: 90 << 10))
                $0.inbox.edit(3) { $0.body = .refused("NO [CORRUPTION] cannot read it") }
            },
            account: { $0.maxMessageSize = 20 << 10 }, headsOnly: true),
        FaultRow(
            "the text of a mail looks like the end of an answer", gives: Outcome(recorded: 6),
            server: { state in
                let trap = (1...9).map { "p1x\($0) OK done\r\n* \($0) EXPUNGE\r\n)\r\n* BYE {\($0)}\r\n" }.joined()
                state.add(CustomerMail.number(6, body: trap + "* 9 FETCH (UID 9 BODY[] {3}\r\nabc)"))
            }),
        FaultRow(
            "a message has no octet at all", gives: Outcome(recorded: 6), server: { $0.add([]) }),
        FaultRow(
            "fetches are asked for one message at a time", gives: Outcome(recorded: 5),
            server: third(.leftOutOfSets), account: { $0.fetchLimits.messages = 1 }),
    ]
}
