import Digest
import Foundation
import IMAPClient
import Logging
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
        FaultPoint.beforeUnderstanding(message.bytes)
        let understanding = understand(message.bytes, options: options)
        return arrival(message, understanding, now: now)
    }

    static func arrival(_ message: FetchedMessage, _ understanding: Understanding, now: Date) -> Arrival {
        Arrival(
            uid: message.uid, arrivedAt: message.internalDate ?? now, size: message.bytes.count,
            content: .understood(
                understanding, ArchiveBlob.compress(message.bytes, digest: understanding.rawDigest)))
    }
}
