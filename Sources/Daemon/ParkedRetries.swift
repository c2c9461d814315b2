import ConfigLoading
import Foundation
import IMAPClient
import Logging
import Storage
import Triage

/// Makes the attempts that operators asked for with `postroom parked retry`, in the child process that marked messages
/// are understood in.
struct ParkedRetries: Sendable {
    let shared: DaemonShared

    /// Until cancelled: a look every few seconds, because the command is another process.
    func run() async {
        while !Task.isCancelled {
            await runOnce()
            try? await Task.sleep(for: .seconds(5))
        }
    }

    func runOnce() async {
        do {
            let asked = try await shared.writer.run { try $0.parked(retriesOnly: true) }
            for delivery in asked where !Task.isCancelled { try await retry(delivery) }
            if !asked.isEmpty { await shared.isolated.finish() }
        } catch {
            shared.logger.warning("parked messages could not be retried", metadata: ["error": "\(error)"])
        }
    }

    private func retry(_ delivery: ParkedDelivery) async throws {
        let bytes = try await shared.writer.run { store in try delivery.digest.flatMap { try store.rawMessage($0) } }
        let content = try await content(bytes)
        let config = shared.config
        let result = try await shared.writer.run { store in
            try store.recordRetry(
                delivery.deliveryID, content: content, options: config.triage, mode: config.mode, now: Date())
        }
        shared.logger.notice(
            "parked message was tried again",
            metadata: ["delivery": "\(delivery.deliveryID)", "outcome": "\(result.state)"])
        if result.outboxID != nil { shared.outboxSignal.signal() }
    }

    private func content(_ bytes: [UInt8]?) async throws -> Arrival.Content {
        guard let bytes else {
            return .parked(reason: "its octets could never be fetched; look at it with a mail program", nil)
        }
        do {
            let understanding = try await shared.isolated.understand(.bytes(bytes))
            return .understood(understanding, ArchiveBlob.compress(bytes, digest: understanding.rawDigest))
        } catch  where !error.isUnavailable {
            return .parked(reason: error.description, nil)
        }
    }
}
