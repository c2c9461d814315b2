// swift-tools-version: 6.2
import PackageDescription

// The rooms of Postroom and which may know which. `ArchitectureTests` compares the import lines of `Sources` with the
// same table, because SwiftPM itself does not stop a room from importing what its dependencies import.

/// Settings of every target. Warnings are errors: the tree is kept clean, not explained.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

func room(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], strictMemory: Bool = false,
    lifetimes: Bool = false
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: settings + (strictMemory ? [.strictMemorySafety()] : [])
            + (lifetimes ? [.enableExperimentalFeature("Lifetimes")] : []))
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "postroom",
    products: [.executable(name: "postroom", targets: ["postroom"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries and the shims that put a C face on C++ or on variadic C.
        .systemLibrary(name: "CIconv"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CRE2Shim", linkerSettings: [.linkedLibrary("re2")]),
        .target(
            name: "CPhoneShim", linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("protobuf")]),
        .target(name: "CSystemShim"),
        // libcurl's own OpenSSL, which Debian's libssl-dev brings.
        .target(name: "CTLSShim", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),

        // Nouns that two rooms share, and hashes.
        room("Vocabulary", []),
        room("Digest", ["CCrypto"]),

        // Pure rooms: same input, same output.
        // `MessageBytes.span` lends a span of what it holds, which takes an attribute that is still called experimental.
        room("MIME", ["Vocabulary", "CIconv"], strictMemory: true, lifetimes: true),
        room("Correspondence", ["Vocabulary", "MIME"]),
        room("MailText", ["Vocabulary", "MIME"]),
        room(
            "Extraction", ["Vocabulary", "MailText", "CPhoneShim"], resources: [.embedInCode("Data/words.txt")]),
        room("Rules", ["Vocabulary", "CRE2Shim"]),
        room("Classification", ["Vocabulary", "MailText"]),
        room("BusinessTime", ["Vocabulary"]),
        room("Routing", ["Vocabulary", "Rules", "BusinessTime"]),
        room(
            "Replies",
            ["Vocabulary", "Digest", "MIME", "BusinessTime", .product(name: "Mustache", package: "swift-mustache")]),
        room(
            "Triage",
            [
                "Vocabulary", "Digest", "MIME", "Correspondence", "MailText", "Extraction", "Rules", "Classification",
                "BusinessTime", "Routing", "Replies",
            ]),

        // Wire rooms: protocol without sockets.
        room("IMAPProtocol", ["Vocabulary"], strictMemory: true),
        room("SMTPProtocol", ["Vocabulary"]),

        // Shells: one outside thing each.
        room("CurlTransport", ["Vocabulary", "CCurl", "CSystemShim", "CTLSShim"]),
        room("IMAPClient", ["Vocabulary", "CurlTransport", "IMAPProtocol", log]),
        room("SMTPClient", ["Vocabulary", "CurlTransport", "SMTPProtocol", log]),
        room(
            "Storage",
            [
                "Vocabulary", "Digest", "Correspondence", "MailText", "BusinessTime", "Routing", "Replies", "Triage",
                "CZstd", .product(name: "GRDB", package: "GRDB.swift"), log,
            ]),
        room(
            "ConfigLoading",
            [
                "Vocabulary", "Digest", "Correspondence", "Extraction", "Rules", "Classification", "BusinessTime",
                "Routing", "Replies", "Triage", "CurlTransport", "IMAPClient", "SMTPProtocol", "SMTPClient", "Storage",
                "Telemetry",
                .product(name: "Yams", package: "Yams"),
            ]),
        room("Telemetry", ["Vocabulary", log]),

        // Tops.
        room(
            "Daemon",
            [
                "Vocabulary", "Digest", "Triage", "Replies", "Routing", "MIME", "Correspondence", "IMAPProtocol",
                "CurlTransport", "IMAPClient", "SMTPProtocol", "SMTPClient", "Storage", "ConfigLoading", "Telemetry",
                "CSystemShim", log,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        room(
            "AdminCLI",
            [
                "Vocabulary", "Digest", "MIME", "Correspondence", "MailText", "Extraction", "Rules", "Classification",
                "BusinessTime", "Routing", "Replies", "Triage", "Storage", "ConfigLoading", "Telemetry", "Daemon",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), log,
            ]),
        .executableTarget(name: "postroom", dependencies: ["AdminCLI"], swiftSettings: settings),

        // What is measured: `scripts/bench-mime`. Hostile mails are measured there and tested in `MIMETests`.
        .target(name: "HostileMail", path: "Tests/HostileMail", swiftSettings: settings),
        .executableTarget(
            name: "MIMEBenchmark", dependencies: ["MIME", "HostileMail"], path: "Benchmarks/MIMEBenchmark",
            swiftSettings: settings),
        // What very many rules cost: `scripts/bench-rules`.
        .executableTarget(
            name: "RulesBenchmark", dependencies: ["Vocabulary", "Rules"], path: "Benchmarks/RulesBenchmark",
            swiftSettings: settings),
        // `scripts/bench-connections`.
        .executableTarget(
            name: "ConnectionBenchmark", dependencies: ["CurlTransport"], path: "Benchmarks/ConnectionBenchmark",
            swiftSettings: settings),

        // Tests: one target a room, named after it.
        .target(
            name: "TestSupport", dependencies: ["Vocabulary"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("ArchitectureTests", []),
        tests("VocabularyTests", ["Vocabulary"]),
        tests("DigestTests", ["Digest"]),
        tests("MIMETests", ["Vocabulary", "MIME", "HostileMail"]),
        tests("CorrespondenceTests", ["Vocabulary", "MIME", "Correspondence"]),
        tests("MailTextTests", ["Vocabulary", "MIME", "MailText"]),
        tests("ExtractionTests", ["Vocabulary", "MailText", "Extraction"]),
        tests("RulesTests", ["Vocabulary", "Rules"]),
        tests("ClassificationTests", ["Vocabulary", "MailText", "Classification"]),
        tests("BusinessTimeTests", ["Vocabulary", "BusinessTime"]),
        tests("RoutingTests", ["Vocabulary", "Rules", "BusinessTime", "Routing"]),
        tests("RepliesTests", ["Vocabulary", "Digest", "MIME", "Correspondence", "BusinessTime", "Replies"]),
        tests(
            "TriageTests",
            [
                "Vocabulary", "Digest", "MIME", "Correspondence", "MailText", "Extraction", "Rules", "Classification",
                "BusinessTime", "Routing", "Replies", "Triage", "ConfigLoading",
            ]),
        tests("IMAPProtocolTests", ["Vocabulary", "IMAPProtocol"]),
        tests("SMTPProtocolTests", ["Vocabulary", "SMTPProtocol"]),
        tests("CurlTransportTests", ["Vocabulary", "CurlTransport"]),
        tests("IMAPClientTests", ["Vocabulary", "CurlTransport", "IMAPProtocol", "IMAPClient", log]),
        tests("SMTPClientTests", ["Vocabulary", "CurlTransport", "SMTPProtocol", "SMTPClient", log]),
        tests(
            "StorageTests",
            [
                "Vocabulary", "Digest", "Triage", "Replies", "Storage", "MIME", "Correspondence", "MailText",
                "Extraction", "BusinessTime", "Routing", "Rules", "Classification", log,
            ]),
        tests(
            "ConfigLoadingTests",
            [
                "Vocabulary", "ConfigLoading", "Triage", "Correspondence", "Extraction", "Classification", "MailText",
                "Replies", "Rules",
                "BusinessTime",
                "Routing", "CurlTransport", "IMAPClient", "SMTPClient", "Storage",
            ]),
        tests("TelemetryTests", ["Vocabulary", "Telemetry", log]),
        tests(
            "DaemonTests",
            [
                "Vocabulary", "Digest", "Rules", "Replies", "Triage", "Correspondence", "CurlTransport", "IMAPProtocol",
                "IMAPClient", "SMTPClient", "Storage", "ConfigLoading", "Daemon", "postroom", log,
            ]),
        tests("AdminCLITests", ["Vocabulary", "AdminCLI", "Storage", "ConfigLoading", "Triage", "Rules", "Replies"]),
        // Whole days of a post room, and machines that answer each other, on a clock of the test.
        tests(
            "ScenarioTests",
            [
                "Vocabulary", "Digest", "MIME", "Correspondence", "Rules", "Replies", "Routing", "Triage", "Storage",
                "ConfigLoading", log,
            ]),
        tests("EndToEndTests", ["Vocabulary", "postroom"]),
    ],
    cxxLanguageStandard: .cxx17
)

// Fuzzing takes flags of its own: `scripts/fuzz` asks for these targets, an ordinary build does not have them.
if Context.environment["POSTROOM_FUZZ"] != nil {
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
        .executableTarget(
            name: "Fuzz", dependencies: ["Vocabulary", "MIME", "CLibFuzzer"], path: "Fuzz",
            exclude: ["CLibFuzzer", "mail.dict", "seeds"], swiftSettings: settings),
    ]
}
