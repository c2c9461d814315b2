import Testing

/// What a room is, which decides what it may never do.
enum RoomKind: String, Sendable {
    /// Nouns and hashes that every room may know.
    case foundation
    /// Same input, same output: no clock, disk, network, environment, locale, log.
    case pure
    /// Protocol without sockets: bytes in, events and bytes out. As strict as a pure room.
    case wire
    /// One outside thing each.
    case shell
    /// Put the rooms together.
    case top
    /// C and C++ behind a C face, and system libraries: no Swift in them.
    case foreign

    /// Same input, same output.
    var isPure: Bool { self == .foundation || self == .pure || self == .wire }
}

/// One row of the table: a folder of `Sources` and everything that its files may import beside the toolchain's modules.
struct Room: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: RoomKind
    let mayImport: Set<String>
    var testDescription: String { name }

    init(_ name: String, _ kind: RoomKind, imports: Set<String> = []) {
        (self.name, self.kind, mayImport) = (name, kind, imports)
    }
}

/// The rooms of Postroom and who may know whom. The arrows go one way. `Package.swift` says the same to the build;
/// this says it to the import lines, because SwiftPM lets a target import whatever its dependencies import.
///
/// A change here is a change of the architecture: say why in the commit.
enum RoomTable {
    static let rooms: [Room] = [
        Room("CIconv", .foreign),
        Room("CCrypto", .foreign),
        Room("CZstd", .foreign),
        Room("CCurl", .foreign),
        Room("CRE2Shim", .foreign),
        Room("CPhoneShim", .foreign),
        Room("CSystemShim", .foreign),
        Room("CTLSShim", .foreign),

        Room("Vocabulary", .foundation),
        Room("Digest", .foundation, imports: ["CCrypto"]),

        Room("MIME", .pure, imports: ["Vocabulary", "CIconv"]),
        Room("Correspondence", .pure, imports: ["Vocabulary", "MIME"]),
        Room("MailText", .pure, imports: ["Vocabulary", "MIME"]),
        Room("Extraction", .pure, imports: ["Vocabulary", "MailText", "CPhoneShim"]),
        Room("Rules", .pure, imports: ["Vocabulary", "CRE2Shim"]),
        Room("Classification", .pure, imports: ["Vocabulary", "MailText"]),
        Room("BusinessTime", .pure, imports: ["Vocabulary"]),
        Room("Routing", .pure, imports: ["Vocabulary", "Rules", "BusinessTime"]),
        Room("Replies", .pure, imports: ["Vocabulary", "Digest", "MIME", "BusinessTime", "Mustache"]),
        Room(
            "Triage", .pure,
            imports: [
                "Vocabulary", "Digest", "MIME", "Correspondence", "MailText", "Extraction", "Rules", "Classification",
                "BusinessTime", "Routing", "Replies",
            ]),

        Room("IMAPProtocol", .wire, imports: ["Vocabulary"]),
        Room("SMTPProtocol", .wire, imports: ["Vocabulary"]),

        Room("CurlTransport", .shell, imports: ["Vocabulary", "CCurl", "CSystemShim", "CTLSShim"]),
        Room("IMAPClient", .shell, imports: ["Vocabulary", "CurlTransport", "IMAPProtocol", "Logging"]),
        Room("SMTPClient", .shell, imports: ["Vocabulary", "CurlTransport", "SMTPProtocol", "Logging"]),
        // Triage's values are made of the pure rooms' ones; Storage writes their members into rows.
        Room(
            "Storage", .shell,
            imports: [
                "Vocabulary", "Digest", "Correspondence", "MailText", "BusinessTime", "Routing", "Replies", "Triage",
                "CZstd", "GRDB", "Logging",
            ]),
        Room(
            "ConfigLoading", .shell,
            imports: [
                "Vocabulary", "Digest", "Correspondence", "MailText", "Extraction", "Rules", "Classification",
                "BusinessTime", "Routing", "Replies", "Triage", "CurlTransport", "IMAPClient", "SMTPProtocol",
                "SMTPClient", "Storage", "Telemetry",
                "Yams",
            ]),
        Room("Telemetry", .shell, imports: ["Vocabulary", "Logging"]),

        Room(
            "Daemon", .top,
            imports: [
                "Vocabulary", "Digest", "Triage", "Replies", "Routing", "MIME", "Correspondence", "IMAPProtocol",
                "CurlTransport",
                "IMAPClient", "SMTPProtocol", "SMTPClient", "Storage", "ConfigLoading", "Telemetry", "CSystemShim",
                "ServiceLifecycle", "Logging",
            ]),
        Room(
            "AdminCLI", .top,
            imports: [
                "Vocabulary", "Digest", "MIME", "Correspondence", "MailText", "Extraction", "Rules", "Classification",
                "BusinessTime", "Routing", "Replies", "Triage", "Storage", "ConfigLoading", "Telemetry", "Daemon",
                "ArgumentParser", "Logging",
            ]),
        Room("postroom", .top, imports: ["AdminCLI"]),
    ]

    /// Targets that are no rooms: what tests, measurements and fuzzing are made of.
    static let workshop: Set<String> = [
        "TestSupport", "HostileMail", "MIMEBenchmark", "TextBenchmark", "RulesBenchmark", "ConnectionBenchmark", "Fuzz",
        "CLibFuzzer",
    ]

    /// Each outside library has one way in, so that replacing it touches one room.
    static let soleImporters: [String: Set<String>] = [
        "CIconv": ["MIME"],
        "CCrypto": ["Digest"],
        "CPhoneShim": ["Extraction"],
        "CRE2Shim": ["Rules"],
        "Mustache": ["Replies"],
        "CCurl": ["CurlTransport"],
        // what libcurl leaves to its callers: one store of trusted certificates for all connections
        "CTLSShim": ["CurlTransport"],
        "CZstd": ["Storage"],
        "GRDB": ["Storage"],
        "GRDBSQLite": ["Storage"],
        "Yams": ["ConfigLoading"],
        "ServiceLifecycle": ["Daemon"],
        "UnixSignals": ["Daemon"],
        "ArgumentParser": ["AdminCLI"],
        // eventfd for the transport, limits of a child process for the daemon
        "CSystemShim": ["CurlTransport", "Daemon"],
    ]

    /// Modules that come with a product of another name.
    static let companions = ["GRDB": "GRDBSQLite", "ServiceLifecycle": "UnixSignals"]

    /// Modules of the toolchain that a pure room may use. Foundation is there for `Date`, `Calendar` and `Data`; what is
    /// impure in it is found by name (`ForbiddenWord`).
    static let pureToolchainModules: Set<String> = ["Foundation", "FoundationEssentials", "Synchronization"]

    /// Modules of the toolchain that shells and tops may use beside those.
    static let toolchainModules: Set<String> = pureToolchainModules.union([
        "Glibc", "Dispatch", "FoundationNetworking",
    ])

    /// `import Glibc` in a pure room needs a reason.
    static let glibcReasons: [String: String] = [
        "MIME": "memchr over spans of bytes; errno after iconv",
        "IMAPProtocol": "memchr over the receive buffer",
    ]

    /// An import that only these files may hold: the commands that do what the daemon does. No other one knows it.
    static let fileImports: [String: [String: Set<String>]] = [
        "AdminCLI": ["Daemon": ["Serve.swift", "Reconcile.swift", "Check.swift"]]
    ]

    /// Files over 450 lines, each with the reason why it is not split. A file that shrank must leave this list.
    static let longFiles: [String: String] = [:]

    static func room(named name: String) -> Room? { rooms.first { $0.name == name } }
}
