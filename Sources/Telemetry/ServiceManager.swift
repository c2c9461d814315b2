import Glibc

/// Tells systemd how the daemon is, by the protocol of sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names.
/// Without that variable nothing is sent, so the daemon runs the same in a terminal.
package struct ServiceManager: Sendable {
    private let socketPath: String?
    /// How often systemd wants a sign of life, in microseconds; nil when it does not watch (sd_watchdog_enabled(3)).
    package let watchdogMicroseconds: UInt64?

    /// `environment` is the process's own; a parameter so that a test can give another.
    package init(environment: [String: String]) {
        socketPath = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogMicroseconds = isForUs ? environment["WATCHDOG_USEC"].flatMap(UInt64.init) : nil
    }

    package func ready(_ status: String) { send("READY=1\nSTATUS=\(oneLine(status))") }
    package func stopping() { send("STOPPING=1\nSTATUS=draining") }
    package func status(_ text: String) { send("STATUS=\(oneLine(text))") }
    package func watchdog() { send("WATCHDOG=1") }

    /// RELOADING with the monotonic time, which Type=notify-reload of systemd 253 asks for and 252 ignores.
    package func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        send("RELOADING=1\nMONOTONIC_USEC=\(UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000)")
    }

    private func oneLine(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }

    private func send(_ message: String) {
        guard let socketPath else { return }
        var path = Array(socketPath.utf8)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.count < room else { return }
        // A leading @ means the abstract namespace, whose names begin with a NUL (unix(7)).
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // The name ends with the length in the abstract namespace, with a NUL elsewhere.
        let head = MemoryLayout<sockaddr_un>.size - room
        let length = socklen_t(head + path.count + (path[0] == 0 ? 0 : 1))
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sockaddr in
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), sockaddr, length)
            }
        }
    }
}
