/// Where the store is and how it behaves.
package struct StorageOptions: Sendable, Hashable {
    /// The folder with the databases, the key and the lock; made with mode 0700 when it is missing.
    package var directory: String
    /// The write-ahead log is moved into the database when it is longer than this. 32 to 64 MB is faster than SQLite's
    /// 4 MB when mail keeps coming, and costs disk space and a few milliseconds at the next start.
    package var walCheckpointBytes: Int
    /// How long a write waits for another process before it is `busy`.
    package var busyTimeout: Duration
    /// Page cache of the writing connection.
    package var cacheBytes: Int

    package init(
        directory: String, walCheckpointBytes: Int = 48 << 20, busyTimeout: Duration = .seconds(10),
        cacheBytes: Int = 16 << 20
    ) {
        self.directory = directory
        self.walCheckpointBytes = walCheckpointBytes
        self.busyTimeout = busyTimeout
        self.cacheBytes = cacheBytes
    }

    package var databasePath: String { directory + "/postroom.sqlite" }
    package var keyPath: String { directory + "/postroom.key" }
    package var lockPath: String { directory + "/postroom.lock" }

    /// Where messages that are too large for memory lie while they are worked on.
    package var spoolDirectory: String { directory + "/spool" }
    /// `archive-2026-11`: the large ones that were recorded in that month, a file each.
    func archiveFolder(_ month: ArchiveMonth) -> String { "\(directory)/archive-\(month)" }

    /// `archive-2026-11.sqlite`: the raw messages that were recorded in that month (UTC).
    package func archivePath(_ month: ArchiveMonth) -> String { "\(directory)/archive-\(month).sqlite" }
}

/// The month of an archive file, as the number 202611 in rows and as `2026-11` in names.
package struct ArchiveMonth: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int

    package init?(year: Int, month: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        self.year = year
        self.month = month
    }

    init?(stored: Int64) { self.init(year: Int(stored / 100), month: Int(stored % 100)) }

    /// Reads `archive-2026-11.sqlite`.
    init?(fileName: some StringProtocol) {
        guard fileName.hasPrefix("archive-"), fileName.hasSuffix(".sqlite") else { return nil }
        let parts = fileName.dropFirst(8).dropLast(7).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, let year = Int(parts[0]),
            let month = Int(parts[1])
        else { return nil }
        self.init(year: year, month: month)
    }

    /// The month in UTC of a moment given in seconds since 1970: days to civil date, with years that begin in March.
    init(secondsSince1970 seconds: Double) {
        let days = Int((seconds / 86_400).rounded(.down)) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var stored: Int64 { Int64(year * 100 + month) }

    package static func < (left: Self, right: Self) -> Bool { left.stored < right.stored }

    package var description: String {
        let year = String(year)
        return String(repeating: "0", count: max(0, 4 - year.count)) + "\(year)-\(month < 10 ? "0" : "")\(month)"
    }
}
