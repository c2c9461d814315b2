import Foundation
import Logging
import Synchronization
import Telemetry
import TestSupport
import Testing

struct MaskingCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let expected: String
    init(_ sentence: String, _ text: String, gives expected: String) {
        (testDescription, self.text, self.expected) = (sentence, text, expected)
    }
}

@Test(
    "what may name a person is masked",
    arguments: [
        MaskingCase(
            "an address keeps its domain", "no such user ada.l@example.com here",
            gives: "no such user …@example.com here"),
        MaskingCase("brackets stay", "<ada@example.com>: unknown", gives: "<…@example.com>: unknown"),
        MaskingCase("a phone number goes", "call +1 415-555-0100 now", gives: "call +… now"),
        MaskingCase("a reply code and an enhanced code stay", "550 5.1.1 unknown", gives: "550 5.1.1 unknown"),
        MaskingCase("a UTF-8 local part goes too", "用户@例子.测试", gives: "…@例子.测试"),
        MaskingCase("text without either is untouched", "connection refused", gives: "connection refused"),
    ])
func masksPeople(_ row: MaskingCase) {
    #expect(masked(row.text) == row.expected)
}

private final class Lines: Sendable {
    private let stored = Mutex<[String]>([])
    var all: [String] { stored.withLock { $0 } }
    func append(_ line: String) { stored.withLock { $0.append(line) } }
}

@Test func aLogLineIsOneJSONObjectWhateverItsValuesHold() throws {
    let lines = Lines()
    var logger = Logger(label: "test") { JSONLogHandler(label: $0, logLevel: .info, write: lines.append) }
    logger[metadataKey: "account"] = "support"
    logger.info(
        "delivery recorded",
        metadata: ["uid": "17", "error": "bad\r\n\"line\" from ada@example.com", "duration_ms": "1.25"])
    logger.debug("not shown")
    #expect(lines.all.count == 1)
    let object = try #require(
        try JSONSerialization.jsonObject(with: Data(lines.all[0].utf8)) as? [String: Any])
    #expect(object["event"] as? String == "delivery recorded")
    #expect(object["account"] as? String == "support")
    #expect(object["uid"] as? Int == 17)
    #expect(object["duration_ms"] as? Double == 1.25)
    #expect(object["error"] as? String == "bad\r\n\"line\" from …@example.com")
    #expect(!lines.all[0].contains("\n"))
}

@Test func aTerminalLineKeepsToOneLine() {
    let lines = Lines()
    let logger = Logger(label: "test") { TextLogHandler(label: $0, logLevel: .info, write: lines.append) }
    logger.warning("connection lost", metadata: ["error": "a\nb", "account": "support"])
    #expect(lines.all.count == 1)
    #expect(lines.all[0].hasSuffix("warning connection lost  account=support  error=\"a\\nb\""))
}

@Test func systemdIsToldThroughItsSocket() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/notify"
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(bound == 0)
    let manager = ServiceManager(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "30000000"])
    manager.ready("watching 2 mailboxes\nREADY=0")
    manager.watchdog()
    #expect(manager.watchdogMicroseconds == 30_000_000)
    var buffer = [UInt8](repeating: 0, count: 512)
    let first = recv(descriptor, &buffer, buffer.count, 0)
    #expect(
        String(decoding: buffer.prefix(max(first, 0)), as: UTF8.self) == "READY=1\nSTATUS=watching 2 mailboxes READY=0")
    let second = recv(descriptor, &buffer, buffer.count, 0)
    #expect(String(decoding: buffer.prefix(max(second, 0)), as: UTF8.self) == "WATCHDOG=1")
}

@Test func withoutSystemdNothingIsSentAndNobodyWatches() {
    let manager = ServiceManager(environment: [:])
    manager.ready("")
    #expect(manager.watchdogMicroseconds == nil)
    #expect(ServiceManager(environment: ["WATCHDOG_USEC": "1", "WATCHDOG_PID": "1"]).watchdogMicroseconds == nil)
}
