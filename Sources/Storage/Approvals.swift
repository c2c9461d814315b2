package import Digest
package import Foundation
internal import GRDB
package import Replies
package import Vocabulary

/// The texts that somebody has approved, by the hash of their content: a changed text is another one.
struct TemplateApprovals {
    private var digests: Set<[UInt8]> = []

    /// Nothing is approved.
    init() {}

    init(_ database: Database) throws {
        var select = try Prepared(database, "SELECT digest FROM template_approval")
        while try select.step() { digests.insert(select.blob(0)) }
    }

    func holds(_ name: String, _ language: Language, of templates: TemplateSet) -> Bool {
        templates.digest(of: name, language: language).map { digests.contains($0.bytes) } ?? false
    }
}

/// One text and whether it may leave by itself.
package struct TemplateApproval: Sendable, Codable, Equatable {
    package let name: String
    package let language: Language
    /// SHA-256 over the text and its partials.
    package let digest: SHA256Digest
    /// Nil while nobody has approved this text; a former version of it may have been.
    package let approvedAt: Date?
    package let actor: String?

    package init(name: String, language: Language, digest: SHA256Digest, approvedAt: Date?, actor: String?) {
        self.name = name
        self.language = language
        self.digest = digest
        self.approvedAt = approvedAt
        self.actor = actor
    }
}

extension Store {
    /// Every text of the set, with its approval.
    package func templateApprovals(_ templates: TemplateSet) throws(StorageError) -> [TemplateApproval] {
        try read("read the approvals of templates") { database in
            try templates.all.compactMap { name, language in
                guard let digest = templates.digest(of: name, language: language) else { return nil }
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT * FROM template_approval WHERE name = ? AND language = ? AND digest = ?",
                    arguments: [name, language.rawValue, Data(digest.bytes)])
                return TemplateApproval(
                    name: name, language: language, digest: digest, approvedAt: row?.date("approved_at"),
                    actor: row?["actor"])
            }
        }
    }

    /// Approves a text as it is now; the audit keeps who, when and the hash. Gives the mails that wait for it: they stay
    /// held until a person releases them.
    @discardableResult
    package func approve(
        template name: String, language: Language, digest: SHA256Digest, actor: String, now: Date
    ) throws(StorageError) -> [Int64] {
        try change("approve template \(name) (\(language))") { database, audit in
            try database.execute(
                sql: """
                    INSERT INTO template_approval (name, language, digest, approved_at, actor) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """,
                arguments: [name, language.rawValue, Data(digest.bytes), now.storedMilliseconds, actor])
            if database.changesCount > 0 {
                try audit.add(
                    AuditEntry(
                        actor: actor, action: "template.approved", object: "template",
                        reason: "\(name) (\(language)) \(digest.hex)"), at: now, to: database)
            }
            return try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM outbox WHERE state = 'held' AND template = ? AND language = ?
                      AND reason LIKE '%is not approved' ORDER BY id
                    """, arguments: [name, language.rawValue])
        }
    }
}
