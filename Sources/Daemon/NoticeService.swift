import ConfigLoading
import Correspondence
import Foundation
import IMAPClient
import Logging
import MIME
import Routing
import SMTPClient
import SMTPProtocol
import Storage
import Triage
import Vocabulary

/// Tells operators by mail what the alarms say, and owners of tickets what became of a mail to their customers. Internal mail: it is repeated under the same Message-ID until a relay has
/// taken it, because an alarm that is lost is worse than one that comes twice.
struct NoticeService: Sendable {
    let shared: DaemonShared

    /// Until cancelled.
    func run() async {
        while !Task.isCancelled {
            await sendDue()
            await WebhookService(shared: shared).postDue()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Task.sleep(for: .seconds(30)) }
                group.addTask { await shared.noticeSignal.wait() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    func sendDue() async {
        let config = shared.config
        guard config.mode == .act, !config.relays.isEmpty, let sender = config.accounts.first?.address else { return }
        do {
            let due = try await shared.writer.run {
                try $0.dueNotices(now: Date(), domain: config.triage.identity.messageIDDomain)
            }
            guard !due.isEmpty else { return }
            let session: SMTPSession
            do { (_, session) = try await shared.connectRelay(config.relays) } catch {
                for notice in due { try await put(off: notice, "no relay can be used") }
                return
            }
            for notice in due where !Task.isCancelled {
                if let name = notice.account {
                    guard let account = config.accounts.first(where: { $0.name == name }) else {
                        try await settle(notice, "there is no such account any more")
                        continue
                    }
                    await send(notice, from: account.address, to: [account.address], over: session)
                } else if let person = notice.person {
                    let readers = readers(of: person, config)
                    if readers.isEmpty {
                        try await settle(notice, "neither \(person) nor the duty owner nor operators have an address")
                    } else {
                        await send(notice, from: sender, to: readers, over: session)
                    }
                } else if config.operators.isEmpty {
                    try await settle(notice, "no operators are configured")
                } else {
                    await send(notice, from: sender, to: config.operators, over: session)
                }
            }
            await session.quit()
        } catch {
            shared.logger.warning("notices could not be read", metadata: ["error": "\(error)"])
        }
    }

    /// The person's own address, else the duty owner's, else the operators': somebody hears of it.
    private func readers(of person: String, _ config: Config) -> [EmailAddress] {
        let routing = config.triage.routing
        let address = routing.person(person)?.address ?? routing.person(routing.dutyOwner)?.address
        return address.map { [$0] } ?? config.operators
    }

    private func send(
        _ notice: Notice, from sender: EmailAddress, to operators: [EmailAddress], over session: SMTPSession
    ) async {
        let mail = OutgoingMail(
            // A report on an alarm that could not be delivered would only come back to the mailbox it is about.
            reversePath: nil, recipients: operators.map(\.withASCIIDomain),
            bytes: message(notice, from: sender, to: operators).serialized())
        do {
            switch try await session.send(mail).outcome {
            case .accepted: try await settle(notice, "accepted")
            case .rejected(let refusal): try await settle(notice, refusal.description)
            case .deferred(let refusal): try await put(off: notice, refusal.description)
            case .uncertain(let reason): try await put(off: notice, reason)
            }
        } catch {
            try? await put(off: notice, "\(error)")
        }
    }

    private func settle(_ notice: Notice, _ said: String) async throws {
        try await shared.writer.run { try $0.settleNotice(notice.id, reply: said, now: Date()) }
        shared.logger.log(
            level: notice.account == nil ? .notice : .debug,
            notice.person == nil ? "operators were told" : "owner of a ticket was told",
            metadata: ["kind": "\(notice.kind)", "said": "\(said)"])
    }

    private func put(off notice: Notice, _ said: String) async throws {
        let pause = min(3600, 30 * Double(1 << min(notice.attempts, 7)))
        try await shared.writer.run { try $0.deferNotice(notice.id, until: Date() + pause, reply: said) }
        shared.logger.warning(
            "operators could not be told yet",
            metadata: ["kind": "\(notice.kind)", "attempt": "\(notice.attempts + 1)", "error": "\(said)"])
    }

    private func message(_ notice: Notice, from sender: EmailAddress, to operators: [EmailAddress]) -> OutgoingMessage {
        let fields = [("Auto-Submitted", "auto-generated"), ("X-Postroom", notice.ownMark)]
        return OutgoingMessage(
            from: NamedAddress(displayName: "Postroom", address: sender),
            to: operators.map { NamedAddress(displayName: "", address: $0) }, subject: "[Postroom] \(notice.subject)",
            date: notice.createdAt, messageID: notice.messageID,
            fields: fields.compactMap { name, body in FieldName(name).map { ($0, body) } },
            text: """
                \(notice.subject)

                \(notice.text)

                \(closing(notice))
                """,
            boundarySeed: notice.messageID.value)
    }

    private func closing(_ notice: Notice) -> String {
        if notice.account != nil { return "There is nothing to do." }
        return notice.ticket.map { "The ticket: postroom tickets show \($0.rawValue)" }
            ?? "Look at it with: postroom status"
    }
}
