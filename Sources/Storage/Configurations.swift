internal import Digest
package import Foundation
internal import GRDB

/// A configuration that was in force, by its number.
package struct StoredConfiguration: Sendable, Codable, Equatable {
    package let number: Int64
    /// As decisions name it.
    package let version: String
    package let firstUsedAt: Date
    /// When it last came into force; nil in records that are older than this value.
    package let since: Date?
    /// How many deliveries were recorded under it.
    package let deliveries: Int
    /// Names of its files; empty when it was only named, by a version of this program that kept none.
    package let files: [String]
}

/// A file of a configuration, by its name in the configuration's folder.
package struct StoredFile: Sendable, Hashable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension Store {
    /// Keeps the configuration that is in force from now on, with the words of what changed in the audit (R34). Nothing
    /// when it is in force already.
    package func noteConfiguration(_ version: String, files: [StoredFile], now: Date) throws(StorageError) {
        try change("keep configuration \(version)") { database, audit in
            let before = try Self.configurationInForce(database)
            try database.execute(
                sql:
                    "INSERT INTO config_version (version, first_used_at) VALUES (?, ?) ON CONFLICT (version) DO NOTHING",
                arguments: [version, now.storedMilliseconds])
            guard let id = try Self.configuration(named: version, database) else {
                throw StorageError(.corrupt, tried: "keep configuration \(version)")
            }
            try Self.keep(files, of: id, database)
            guard before != id else { return }
            try database.execute(
                sql: "INSERT INTO config_period (config_version_id, since) VALUES (?, ?)",
                arguments: [id, now.storedMilliseconds])
            let old = try before.map { try Self.fileDigests($0, database) } ?? [:]
            try audit.add(
                AuditEntry(
                    actor: "daemon", action: "config.in-force", object: "config_version", objectID: id,
                    reason: StoredText.subject(Self.changes(from: old, to: try Self.fileDigests(id, database)))),
                at: now, to: database)
        }
    }

    private static func configurationInForce(_ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database, sql: "SELECT config_version_id FROM config_period ORDER BY id DESC LIMIT 1")
    }

    private static func configuration(named version: String, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(database, sql: "SELECT id FROM config_version WHERE version = ?", arguments: [version])
    }

    private static func keep(_ files: [StoredFile], of id: Int64, _ database: Database) throws {
        for file in files {
            let digest = sha256(file.bytes)
            try database.execute(
                sql: "INSERT INTO config_content (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
                arguments: [Data(digest.bytes), Data(file.bytes)])
            try database.execute(
                sql: """
                    INSERT INTO config_file (config_version_id, name, digest) VALUES (?, ?, ?)
                    ON CONFLICT (config_version_id, name) DO NOTHING
                    """, arguments: [id, file.name, Data(digest.bytes)])
        }
    }

    private static func fileDigests(_ id: Int64, _ database: Database) throws -> [String: Data] {
        try Row.fetchAll(
            database, sql: "SELECT name, digest FROM config_file WHERE config_version_id = ?", arguments: [id]
        ).reduce(into: [:]) { $0[$1["name"] as String] = $1["digest"] }
    }

    /// `rules.d/10.yaml changed, words.d/own.txt new`.
    private static func changes(from old: [String: Data], to new: [String: Data]) -> String {
        var words: [String] = []
        for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
            words.append("\(name) \(old[name] == nil ? "new" : new[name] == nil ? "removed" : "changed")")
        }
        return words.isEmpty ? "the same files" : words.joined(separator: ", ")
    }

    /// The newest first.
    package func configurations() throws(StorageError) -> [StoredConfiguration] {
        try read("read the configurations") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT config_version.*, (SELECT max(since) FROM config_period WHERE config_version_id = config_version.id)
                      AS since,
                      (SELECT count(*) FROM delivery WHERE config_version_id = config_version.id) AS deliveries
                    FROM config_version ORDER BY coalesce(since, first_used_at) DESC, id DESC
                    """
            ).map { row in
                StoredConfiguration(
                    number: row["id"], version: row["version"], firstUsedAt: row.date("first_used_at"),
                    since: row.optionalDate("since"), deliveries: row["deliveries"],
                    files: try Self.fileDigests(row["id"], database).keys.sorted())
            }
        }
    }

    /// The files of a configuration, by its number or its version; empty when none were kept.
    package func files(ofConfiguration name: String) throws(StorageError) -> [StoredFile] {
        let tried = "read configuration \(name)"
        return try read(tried) { database in
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM config_version WHERE version = ? OR id = ?",
                arguments: [name, Int64(name) ?? -1])
            guard let id else { throw StorageError(.notFound, tried: tried) }
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT name, content FROM config_file JOIN config_content USING (digest)
                    WHERE config_version_id = ? ORDER BY name
                    """, arguments: [id]
            ).map { StoredFile(name: $0["name"], bytes: $0.bytes("content")) }
        }
    }
}

/// How often a rule matched.
package struct RuleHits: Sendable, Codable, Equatable {
    package let hits: Int
    package let firstAt: Date
    package let lastAt: Date
}

extension Store {
    /// By the names of the rules; a rule that never matched is missing.
    package func ruleHits() throws(StorageError) -> [String: RuleHits] {
        try read("count the matches of rules") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM rule_hit").reduce(into: [:]) { hits, row in
                hits[row["rule"] as String] = RuleHits(
                    hits: row["hits"], firstAt: row.date("first_at"), lastAt: row.date("last_at"))
            }
        }
    }
}
