import Digest
import Foundation
import IMAPClient
import Logging
import MIME
import Storage
import Triage
import Vocabulary

/// Understanding of many messages at once: pure work, spread over the cores, in batches whose order is kept.
enum Preparation {
    /// Slices per core: messages differ in size a thousandfold, so small slices even out.
    private static let slicesPerCore = 4

    static func understood(_ messages: [FetchedMessage], options: TriageOptions, now: Date) async -> [Arrival] {
        let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let slice = max(1, (messages.count + cores * slicesPerCore - 1) / (cores * slicesPerCore))
        let starts = Array(stride(from: 0, to: messages.count, by: slice))
        return await withTaskGroup(of: (Int, [Arrival]).self) { group in
            var results = [[Arrival]](repeating: [], count: starts.count), next = 0
            func addNext() {
                guard next < starts.count else { return }
                let (index, start) = (next, starts[next])
                next += 1
                group.addTask {
                    let part = messages[start..<min(start + slice, messages.count)]
                    return (index, part.map { arrival($0, options: options, now: now) })
                }
            }
            for _ in 0..<cores { addNext() }
            while let (index, arrivals) = await group.next() {
                results[index] = arrivals
                addNext()
            }
            return results.flatMap { $0 }
        }
    }

    private static func arrival(_ message: FetchedMessage, options: TriageOptions, now: Date) -> Arrival {
        switch message.content {
        case .bytes(let bytes):
            FaultPoint.beforeUnderstanding(bytes)
            return arrival(message, understand(bytes, options: options), now: now)
        case .file(let file):
            guard let bytes = MappedFile.bytes(of: file.path) else {
                return parked(message, reason: "its file in the spool cannot be read", now: now)
            }
            return arrival(message, understand(Message(parsing: bytes), options: options), now: now)
        }
    }

    static func arrival(_ message: FetchedMessage, _ understanding: Understanding, now: Date) -> Arrival {
        Arrival(
            uid: message.uid, arrivedAt: message.internalDate ?? now, size: message.content.count,
            content: .understood(understanding, blob(message, digest: understanding.rawDigest)),
            source: file(of: message))
    }

    /// What was understood of the beginning of a message, as an arrival of the whole.
    static func arrival(_ beginning: Arrival, of message: FetchedMessage, digest: SHA256Digest) -> Arrival {
        guard case .understood(var understanding, _) = beginning.content else {
            if case .parked(let reason, _) = beginning.content { return parked(message, reason: reason, now: Date()) }
            return beginning
        }
        understanding.rawDigest = digest
        understanding.size = message.content.count
        understanding.defects.append("over-size-limit: root")
        return arrival(message, understanding, now: beginning.arrivedAt)
    }

    static func parked(_ message: FetchedMessage, reason: String, now: Date) -> Arrival {
        let blob = digest(of: message).map { Self.blob(message, digest: $0) }
        return Arrival(
            uid: message.uid, arrivedAt: message.internalDate ?? now, size: message.content.count,
            content: .parked(reason: reason, blob), source: file(of: message))
    }

    /// Header and beginning of a message in the spool; nil when it is not there.
    static func head(of message: FetchedMessage) -> [UInt8]? {
        guard case .file(let file) = message.content else { return nil }
        return MappedFile.bytes(of: file.path, limit: 64 << 10).map { $0.copy(0..<$0.count) }
    }

    /// Of the bytes as they came; nil when they cannot be read.
    static func digest(of message: FetchedMessage) -> SHA256Digest? {
        switch message.content {
        case .bytes(let bytes): sha256(bytes)
        case .file(let file): MappedFile.bytes(of: file.path).map { sha256($0.span) }
        }
    }

    /// Kept until the message is recorded. Bytes in memory are not: the archive has its own of them by then.
    private static func file(of message: FetchedMessage) -> SpooledMessage? {
        if case .file(let file) = message.content { file } else { nil }
    }

    private static func blob(_ message: FetchedMessage, digest: SHA256Digest) -> ArchiveBlob {
        switch message.content {
        case .bytes(let bytes): ArchiveBlob.compress(bytes, digest: digest)
        case .file(let file): ArchiveBlob(file: file.path, size: file.size, digest: digest)
        }
    }
}
