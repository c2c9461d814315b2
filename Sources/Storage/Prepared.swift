internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// One use of a cached prepared statement, bound and stepped through the C interface.
///
/// The writer runs a dozen statements a message. GRDB's argument values and records double their cost (measured: 28,600
/// rows a second with records, 52,600 with statements, 58,100 so), so the hot path binds straight into SQLite, and reads
/// for people use GRDB's rows. Values are bound in order: `bind` the first parameter first.
///
/// The same SQL must not be in use twice at once on a connection: it is one statement.
struct Prepared: ~Copyable {
    private let owner: Statement
    private let statement: OpaquePointer
    private var parameter: Int32 = 0

    init(_ database: Database, _ sql: String) throws {
        owner = try database.cachedStatement(sql: sql)
        statement = owner.sqliteStatement
    }

    deinit {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    mutating func bind(_ value: Int64) {
        parameter += 1
        check(sqlite3_bind_int64(statement, parameter, value))
    }

    /// Runs a statement that changes at most one row and returns one number of it; nil when it changed none.
    mutating func onlyNumber() throws -> Int64? {
        guard try step() else { return nil }
        let number = int(0)
        guard try !step() else { preconditionFailure("the statement changes one row") }
        return number
    }

    mutating func bind(_ value: Int) { bind(Int64(value)) }
    mutating func bind(_ value: UInt32) { bind(Int64(value)) }
    mutating func bind(_ value: Date) { bind(value.storedMilliseconds) }

    mutating func bind(_ value: Int64?) {
        if let value { bind(value) } else { bindNull() }
    }

    mutating func bind(_ value: Date?) { bind(value?.storedMilliseconds) }

    mutating func bind(_ value: Double) {
        parameter += 1
        check(sqlite3_bind_double(statement, parameter, value))
    }

    mutating func bind(_ value: String?) {
        guard var value else { return bindNull() }
        parameter += 1
        // A text may hold NUL, so its length is given. The empty text must not be bound as NULL.
        check(
            value.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text(
                        statement, parameter, characters.baseAddress ?? emptyText, Int32(characters.count),
                        copiedBySQLite)
                }
            })
    }

    /// As text, from UTF-8 bytes.
    mutating func bind(text value: [UInt8]) {
        parameter += 1
        check(
            value.withUnsafeBytes { bytes in
                let characters = bytes.assumingMemoryBound(to: CChar.self).baseAddress ?? emptyText
                return sqlite3_bind_text(statement, parameter, characters, Int32(bytes.count), copiedBySQLite)
            })
    }

    mutating func bind(blob value: [UInt8]?) {
        guard let value else { return bindNull() }
        parameter += 1
        check(
            value.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, parameter, 0)
                    : sqlite3_bind_blob(statement, parameter, bytes.baseAddress, Int32(bytes.count), copiedBySQLite)
            })
    }

    mutating func bindNull() {
        parameter += 1
        check(sqlite3_bind_null(statement, parameter))
    }

    /// True while there is a row to read.
    mutating func step() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure()
        }
    }

    /// Runs a statement that gives no rows.
    consuming func run() throws {
        guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
    }

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }
    func date(_ column: Int32) -> Date { Date(storedMilliseconds: int(column)) }
    func optionalDate(_ column: Int32) -> Date? { optionalInt(column).map(Date.init(storedMilliseconds:)) }

    func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    func optionalText(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(statement, column) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// Binding fails only for a parameter that the SQL does not have (our mistake), or without memory.
    private func check(_ code: Int32) { precondition(code == SQLITE_OK, "a parameter is bound") }

    private func failure() -> DatabaseError {
        let connection = sqlite3_db_handle(statement)
        let code = ResultCode(rawValue: sqlite3_extended_errcode(connection))
        return DatabaseError(resultCode: code, message: String(cString: sqlite3_errmsg(connection)))
    }
}

/// SQLITE_TRANSIENT: SQLite takes a copy before the call returns. The macro is not importable.
private let copiedBySQLite = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = UnsafePointer(strdup(""))

/// Times in the database: milliseconds since 1970, UTC.
extension Date {
    var storedMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
    init(storedMilliseconds: Int64) { self.init(timeIntervalSince1970: Double(storedMilliseconds) / 1000) }
}
