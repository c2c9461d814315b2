internal import GRDB

/// Why the store did not do something, on what, and what an admin can do about it. Holds no value of a row.
package struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        /// Another process holds the store (`postroom.lock`); its pid when it could be read.
        case lockedByAnother(pid: Int32?)
        /// Another process wrote for longer than the busy timeout.
        case busy
        case diskFull
        /// The file is no database, or is damaged.
        case corrupt
        /// There is no store in the directory.
        case absent
        case otherSchema(found: Int, wanted: Int)
        /// The database is there and its key is not: tokens already sent out could no longer be verified.
        case keyMissing
        /// The key is not the one that the database was made with, or its file is damaged.
        case keyMismatch
        case permission
        /// Somebody else changed the record since it was read: read it again.
        case conflict
        case notFound
        /// The change makes no sense in the present state; why, in words.
        case refused(String)
        /// The batch was read under a UIDVALIDITY that is no longer the mailbox's.
        case staleUIDValidity
        /// A row that the schema does not take.
        case constraint
        /// Anything else that the database or the system said.
        case other(String)
    }

    package enum Disposition: String, Sendable {
        /// May pass by itself: try again later.
        case retry
        /// A person must act first.
        case hold
        /// Trying again gives the same answer.
        case giveUp
    }

    package let reason: Reason
    /// What was tried, on which thing: `open postroom.sqlite`, `assign ticket #1001`.
    package let tried: String

    package init(_ reason: Reason, tried: String) {
        self.reason = reason
        self.tried = tried
    }

    package var disposition: Disposition {
        switch reason {
        case .busy, .staleUIDValidity, .other: .retry
        case .lockedByAnother, .diskFull, .corrupt, .absent, .otherSchema, .keyMissing, .keyMismatch, .permission: .hold
        case .conflict, .notFound, .refused, .constraint: .giveUp
        }
    }

    /// What an admin can do.
    package var remedy: String {
        switch reason {
        case .lockedByAnother(let pid):
            "the daemon already runs\(pid.map { " as process \($0)" } ?? ""); stop it first, or use the commands"
        case .busy: "try again; if it stays, look for a process that keeps the database open"
        case .diskFull: "free space on the file system of the store; nothing is lost, mail stays on its server"
        case .corrupt: "stop the daemon, keep a copy of the files, and restore the last backup"
        case .absent: "start `postroom serve` once, or name the right storage directory"
        case .otherSchema(let found, let wanted):
            found > wanted
                ? "the store was written by a newer postroom; install that version"
                : "start `postroom serve` of this version once: it brings the store up to date"
        case .keyMissing: "restore postroom.key from the backup, beside postroom.sqlite"
        case .keyMismatch: "restore the postroom.key that belongs to this postroom.sqlite"
        case .permission: "give the directory and its files to the user that postroom runs as"
        case .conflict: "read the record again and repeat the change"
        case .notFound: "check the number"
        case .refused: "choose a change that fits the present state"
        case .staleUIDValidity: "nothing to do: the mailbox is read again"
        case .constraint: "report this; the message concerned is parked with its bytes"
        case .other: "see the message; the operation is repeated"
        }
    }

    package var description: String { "could not \(tried): \(said); \(remedy)" }

    private var said: String {
        switch reason {
        case .lockedByAnother: "another process holds the store"
        case .busy: "the database is locked"
        case .diskFull: "the disk is full"
        case .corrupt: "the file is damaged or no database"
        case .absent: "there is no store"
        case .otherSchema(let found, let wanted): "schema version \(found) instead of \(wanted)"
        case .keyMissing: "the key file is missing"
        case .keyMismatch: "the key does not belong to this store"
        case .permission: "permission denied"
        case .conflict: "somebody else changed it meanwhile"
        case .notFound: "there is no such record"
        case .refused(let why): why
        case .staleUIDValidity: "the mailbox has another UIDVALIDITY"
        case .constraint: "the schema does not take a row"
        case .other(let text): text
        }
    }
}

extension StorageError {
    /// Gives any failure inside the room its name here.
    init(_ error: any Error, tried: String) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError: self.init(Self.reason(of: error), tried: tried)
        default: self.init(.other("\(type(of: error))"), tried: tried)
        }
    }

    private static func reason(of error: DatabaseError) -> Reason {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_FULL: .diskFull
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_AUTH: .permission
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH: .constraint
        // The texts of other codes are SQLite's own and hold no value of a row.
        default: .other(error.message ?? "\(error.resultCode)")
        }
    }
}

/// Runs `body` and gives whatever it throws its name.
func attempt<Value>(_ tried: @autoclosure () -> String, _ body: () throws -> Value) throws(StorageError) -> Value {
    do { return try body() } catch { throw StorageError(error, tried: tried()) }
}
