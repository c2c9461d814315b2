import Glibc
package import Logging
import Synchronization

/// Keys whose values are text from outside; the others hold what we made ourselves (ids, counts, words).
private let outsideKeys: Set<String> = ["error", "said", "status"]

/// Starts logging for this process; call once, before the first logger is made.
package func startLogging(_ options: LogOptions) {
    let asText = options.format == .text || options.format == .auto && isatty(STDOUT_FILENO) == 1
    LoggingSystem.bootstrap { label -> any LogHandler in
        if asText { return TextLogHandler(label: label, logLevel: options.level) }
        return JSONLogHandler(label: label, logLevel: options.level)
    }
}

/// Writes whole lines to standard output, one system call each, so that lines of several threads never mix.
package enum StandardOutput {
    private static let lock = Mutex(())

    package static func write(line: String) {
        var bytes = Array(line.utf8)
        bytes.append(0x0A)
        lock.withLock { _ in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                if written < 0 && errno == EINTR { continue }
                if written <= 0 { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}

/// One JSON object a line: `time`, `level`, `event` (the phrase), then the metadata in alphabetical order.
package struct JSONLogHandler: LogHandler {
    package let label: String
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable (String) -> Void

    package init(
        label: String, logLevel: Logger.Level, write: @escaping @Sendable (String) -> Void = StandardOutput.write
    ) {
        self.label = label
        self.logLevel = logLevel
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = "{\"time\":\"\(timestamp())\",\"level\":\"\(event.level)\",\"event\":"
        line += jsonString("\(event.message)")
        for (key, value) in mergedMetadata(event, metadata) {
            line += ",\(jsonString(key)):"
            line +=
                isNumber(value) ? value : jsonString(outsideKeys.contains(key) ? masked(value) : maskedAddresses(value))
        }
        write(line + "}")
    }
}

/// `12:03:07 notice  daemon started  account=support mailbox=INBOX`
package struct TextLogHandler: LogHandler {
    package let label: String
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable (String) -> Void

    package init(
        label: String, logLevel: Logger.Level, write: @escaping @Sendable (String) -> Void = StandardOutput.write
    ) {
        self.label = label
        self.logLevel = logLevel
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var level = "\(event.level)"
        level += String(repeating: " ", count: max(0, 8 - level.utf8.count))
        var line = "\(timestamp().dropFirst(11).prefix(8)) \(level)\(event.message)"
        for (key, value) in mergedMetadata(event, metadata) {
            let shown = outsideKeys.contains(key) ? masked(value) : maskedAddresses(value)
            line += "  \(key)=" + (shown.utf8.contains(0x20) ? jsonString(shown) : withoutControls(shown))
        }
        write(line)
    }
}

private func mergedMetadata(_ event: LogEvent, _ own: Logger.Metadata) -> [(String, String)] {
    var all = own
    if let given = event.metadata { all.merge(given) { $1 } }
    return all.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
}

private func maskedAddresses(_ value: String) -> String {
    value.utf8.contains(UInt8(ascii: "@")) ? masked(value) : value
}

private func isNumber(_ value: String) -> Bool {
    var bytes = value.utf8[...]
    if bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
    guard let first = bytes.first, first &- 48 < 10, bytes.count < 16 else { return false }
    if first == UInt8(ascii: "0") && bytes.count > 1 && bytes.dropFirst().first != UInt8(ascii: ".") { return false }
    var dots = 0
    for byte in bytes {
        if byte == UInt8(ascii: ".") { dots += 1 } else if byte &- 48 >= 10 { return false }
    }
    return dots <= 1 && bytes.last != UInt8(ascii: ".")
}

private func withoutControls(_ text: String) -> String {
    text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) ? jsonString(text) : text
}

/// A JSON string literal (RFC 8259 section 7); control characters are escaped, so a value can never begin a new line.
package func jsonString(_ text: String) -> String {
    var result: [UInt8] = [0x22]
    for byte in text.utf8 {
        switch byte {
        case 0x22, 0x5C: result += [0x5C, byte]
        case 0x0A: result += Array("\\n".utf8)
        case 0x0D: result += Array("\\r".utf8)
        case 0x09: result += Array("\\t".utf8)
        case 0..<0x20, 0x7F:
            let hex = Array("0123456789abcdef".utf8)
            result += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        default: result.append(byte)
        }
    }
    result.append(0x22)
    return String(decoding: result, as: UTF8.self)
}

/// RFC 3339 in UTC with milliseconds: `2026-11-21T09:03:07.120Z`.
private func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let thousandth = String(1000 + now.tv_nsec / 1_000_000).dropFirst()
    return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):"
        + "\(two(parts.tm_min)):\(two(parts.tm_sec)).\(thousandth)Z"
}
