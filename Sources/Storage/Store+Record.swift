internal import GRDB
internal import Replies
package import Triage
internal import Vocabulary

package import struct Foundation.Date

/// An arrival that the database or the JSON encoder does not take: recorded as parked instead.
struct ArrivalRefused: Error {
    let index: Int
    let why: String
}

extension Store {
    /// Decides and records a batch in one transaction, in order, so that the second mail of a batch sees the first; moves
    /// the cursor and clears the work range with it. Durable when it returns, the archive before the rows.
    ///
    /// A message that stands in the ledger already is skipped. One that the schema does not take is parked, and the rest
    /// of its batch recorded. In observe mode decisions are recorded and no reply is promised; with `holdReplies`, or
    /// when the options say so, replies wait for a person.
    package func record(
        _ batch: ArrivalBatch, options: TriageOptions, mode: RecordingMode, holdReplies: Bool = false, now: Date
    ) throws(StorageError) -> [RecordedDelivery] {
        let setting = RecordingSetting(options: options, mode: mode, holdReplies: holdReplies, now: now)
        var batch = batch
        var refused: Set<Int> = []
        while true {
            do {
                return try recordOnce(batch, setting: setting)
            } catch let refusal as ArrivalRefused where refused.insert(refusal.index).inserted {
                var blob: ArchiveBlob?
                if case .understood(_, let bytes) = batch.arrivals[refusal.index].content { blob = bytes }
                batch.arrivals[refusal.index].content = .parked(reason: "not recordable: \(refusal.why)", blob)
            } catch is ArrivalRefused {
                throw StorageError(.constraint, tried: "record a parked message")
            } catch {
                throw StorageError(error, tried: "record \(batch.arrivals.count) messages of \(batch.account)")
            }
        }
    }

    private func recordOnce(_ batch: ArrivalBatch, setting: RecordingSetting) throws -> [RecordedDelivery] {
        let results = try tracking.write { database in
            let mailbox = try MailboxRow.require(batch.account, batch.mailbox, in: database)
            guard mailbox.uidValidity == batch.uidValidity else {
                throw StorageError(.staleUIDValidity, tried: "record messages of \(batch.account)/\(batch.mailbox)")
            }
            let recorder = try Recorder(database, keys: keys, setting: setting, mailbox: mailbox)
            let known = try Self.known(batch, mailbox: mailbox, database)
            var results: [RecordedDelivery] = []
            results.reserveCapacity(batch.arrivals.count)
            for index in batch.arrivals.indices {
                let uid = batch.arrivals[index].uid
                if known.contains(uid) {
                    results.append(try recorder.knownDelivery(uid))
                } else {
                    results.append(try Self.refusing(index) { try recorder.record(batch.arrivals[index]) })
                }
            }
            try recorder.finish()
            try Self.moveCursor(mailbox, to: batch.coveredThrough, database)
            probe(.archiving)
            try archive.store(recorder.blobs, month: setting.month)
            probe(.archived)
            probe(.committing)
            return results
        }
        probe(.committed)
        return results
    }

    private static func known(
        _ batch: ArrivalBatch, mailbox: MailboxRow, _ database: Database
    ) throws -> Set<UID> {
        let uids = batch.arrivals.map(\.uid)
        guard let first = uids.min(), let last = uids.max() else { return [] }
        return Set(try recordedUIDs(mailbox.id, batch.uidValidity, in: first...last, database))
    }

    /// Tells trouble with one arrival from trouble with the store.
    static func refusing<Value>(_ index: Int, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch is NotAJSONNumber {
            throw ArrivalRefused(index: index, why: "a value that JSON cannot hold")
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH:
                throw ArrivalRefused(index: index, why: error.message ?? "constraint")
            default: throw error
            }
        }
    }

    /// The cursor never goes back. Work ranges up to it are done; one that it cuts keeps its rest.
    private static func moveCursor(_ mailbox: MailboxRow, to covered: UID, _ database: Database) throws {
        guard covered > UID(0) else { return }
        let cursor = max(covered, mailbox.cursor)
        if cursor > mailbox.cursor {
            var update = try Prepared(database, "UPDATE mailbox_cursor SET cursor = ? WHERE id = ?")
            update.bind(cursor.rawValue)
            update.bind(mailbox.id)
            try update.run()
        }
        var delete = try Prepared(database, "DELETE FROM work_range WHERE mailbox_id = ? AND last_uid <= ?")
        delete.bind(mailbox.id)
        delete.bind(cursor.rawValue)
        try delete.run()
        var cut = try Prepared(
            database, "UPDATE work_range SET first_uid = ? WHERE mailbox_id = ? AND first_uid <= ?")
        cut.bind(Int64(cursor.rawValue) + 1)
        cut.bind(mailbox.id)
        cut.bind(cursor.rawValue)
        try cut.run()
    }
}

/// What is the same for every message of a transaction.
struct RecordingSetting {
    let options: TriageOptions
    let mode: RecordingMode
    let holdReplies: Bool
    let now: Date
    let month: ArchiveMonth

    init(options: TriageOptions, mode: RecordingMode, holdReplies: Bool, now: Date) {
        self.options = options
        self.mode = mode
        self.holdReplies = holdReplies || options.replies.mode == .hold
        // As it will be stored: who decides again from the store must come to the same moment.
        self.now = Date(storedMilliseconds: now.storedMilliseconds)
        month = ArchiveMonth(secondsSince1970: now.timeIntervalSince1970)
    }
}
