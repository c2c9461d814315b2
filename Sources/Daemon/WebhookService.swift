import ConfigLoading
import Correspondence
import CurlTransport
import Digest
import Foundation
import Logging
import Storage
import Triage
import Vocabulary

/// Posts operators' alerts to a web address, as JSON, for chat rooms and pagers. Repeated under one id until the receiver
/// says 2xx: `Idempotency-Key` and `id` are the Message-ID of the mail about the same alarm.
///
///     POST /path
///     Content-Type: application/json
///     Idempotency-Key: n.7.…@example.com
///     X-Postroom-Signature: sha256=HEX        HMAC-SHA-256 of the body, when a secret is set
///
///     {"id": …, "kind": "silence", "subject": …, "text": …, "created_at": "2026-11-27T08:00:00Z", "host": …}
///
/// No customer's data stands in it.
struct WebhookService: Sendable {
    let shared: DaemonShared

    private struct Event: Encodable {
        let id: String
        let kind: String
        let subject: String
        let text: String
        let createdAt: String
        let host: String

        enum CodingKeys: String, CodingKey {
            case id, kind, subject, text, host
            case createdAt = "created_at"
        }
    }

    /// Posts what is due now and returns.
    func postDue() async {
        let config = shared.config
        do {
            guard let endpoint = config.webhook, config.mode == .act else {
                return try await shared.writer.run { try $0.settleHooksWithoutWebhook(now: Date()) }
            }
            let due = try await shared.writer.run {
                try $0.dueHookNotices(now: Date(), domain: config.triage.identity.messageIDDomain)
            }
            let webhook = Webhook(endpoint)
            for notice in due where !Task.isCancelled { try await post(notice, to: webhook, endpoint) }
        } catch {
            shared.logger.warning("webhooks could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func post(_ notice: Notice, to webhook: Webhook, _ endpoint: WebhookEndpoint) async throws {
        let body = try Self.body(notice)
        var fields = [("Idempotency-Key", notice.messageID.value)]
        if let secret = endpoint.secret {
            let mac = SecretKey(bytes: Array(secret.reveal().utf8)).mac(body)
            fields.append(("X-Postroom-Signature", "sha256=" + Hexadecimal.encode(mac)))
        }
        let said: String
        do {
            let status = try await webhook.post(body, fields: fields)
            if (200..<300).contains(status) {
                shared.logger.notice(
                    "webhook was told", metadata: ["kind": "\(notice.kind)", "host": "\(endpoint.host)"])
                return try await shared.writer.run { try $0.settleHook(notice.id, now: Date()) }
            }
            said = "the receiver answered \(status)"
        } catch {
            said = "\(error)"
        }
        let pause = min(3600, 15 * Double(1 << min(notice.attempts, 8)))
        try await shared.writer.run { try $0.deferHook(notice.id, until: Date() + pause) }
        shared.logger.warning(
            "webhook could not be told yet",
            metadata: ["kind": "\(notice.kind)", "attempt": "\(notice.attempts + 1)", "error": "\(said)"])
    }

    static func body(_ notice: Notice) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let event = Event(
            id: notice.messageID.value, kind: notice.kind, subject: notice.subject, text: notice.text,
            createdAt: notice.createdAt.formatted(.iso8601), host: ProcessInfo.processInfo.hostName)
        return [UInt8](try encoder.encode(event))
    }
}
