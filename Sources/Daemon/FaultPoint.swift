import CSystemShim
import Foundation
import Glibc
import Storage
import Synchronization

/// Places where a test may end the process, to prove that a start afterwards loses nothing and repeats nothing.
///
/// `POSTROOM_FAULT=commit-after:3` kills the process (SIGKILL, so nothing is tidied up) when it reaches that point the
/// third time; `POSTROOM_FAULT_SUBJECT=text` aborts when a message with that text in its bytes is understood. Only in
/// debug builds: in a release build the calls are empty.
enum FaultPoint: String, Sendable, CaseIterable {
    case fetchBefore = "fetch-before"
    case fetchAfter = "fetch-after"
    case markBefore = "mark-before"
    case markAfter = "mark-after"
    case understandAfter = "understand-after"
    /// The raw messages of a batch are written and synced.
    case archiveBefore = "archive-before"
    case archiveAfter = "archive-after"
    case commitBefore = "commit-before"
    case commitAfter = "commit-after"
    case acknowledgeBefore = "acknowledge-before"
    /// The server was told, the ledger does not know it yet.
    case acknowledgeTold = "acknowledge-told"
    case acknowledgeAfter = "acknowledge-after"
    /// A reply is taken out of the outbox to be sent.
    case claimBefore = "claim-before"
    case claimAfter = "claim-after"
    /// `sending` is committed, and the octets that complete the mail have not left.
    case dotBefore = "dot-before"
    case dotAfter = "dot-after"
    /// The relay's answer has come, and is not stored.
    case acceptedBefore = "accepted-before"
    case acceptedAfter = "accepted-after"

    #if DEBUG
    private static let wanted: (point: String, count: Int)? = {
        let words = ProcessInfo.processInfo.environment["POSTROOM_FAULT"]?.split(separator: ":") ?? []
        guard words.count == 2, let count = Int(words[1]) else { return nil }
        return (String(words[0]), count)
    }()
    private static let poison = ProcessInfo.processInfo.environment["POSTROOM_FAULT_SUBJECT"].map { Array($0.utf8) }
    private static let reached = Mutex(0)

    static func reach(_ point: FaultPoint) {
        guard let wanted, wanted.point == point.rawValue else { return }
        let count = reached.withLock { count in
            count += 1
            return count
        }
        if count == wanted.count { kill(getpid(), SIGKILL) }
    }

    static func beforeUnderstanding(_ bytes: [UInt8]) {
        guard let poison, !poison.isEmpty, bytes.count >= poison.count else { return }
        if system_contains(bytes, bytes.count, poison, poison.count) != 0 { abort() }
    }
    #else
    static func reach(_ point: FaultPoint) {}
    static func beforeUnderstanding(_ bytes: [UInt8]) {}
    #endif
}

extension FaultPoint {
    static func reach(_ step: Store.Step) {
        switch step {
        case .archiving: reach(.archiveBefore)
        case .archived: reach(.archiveAfter)
        case .committing: reach(.commitBefore)
        case .committed: reach(.commitAfter)
        }
    }
}
