/// Where a server listens and how the connection is protected.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    package enum Security: String, Sendable, Hashable, CaseIterable {
        /// TLS from the first byte: ports 993 and 465 (RFC 8314 section 3).
        case implicitTLS
        /// STARTTLS, and nothing else is said before it succeeded.
        case startTLS
        /// Nothing. Only to the machine itself.
        case none
    }

    package let host: String
    package let port: Int
    package let security: Security
    /// A PEM file with the certificate authorities to trust instead of the system's.
    package let caFile: String?

    package init(host: String, port: Int, security: Security, caFile: String? = nil) {
        self.host = host
        self.port = port
        self.security = security
        self.caFile = caFile
    }

    /// `mail.example.com:993`.
    package var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// What is wrong with it, as a line for an admin; nil when it may be used. The configuration asks this at load, and
    /// a connection asks it again before it is made.
    package var problem: String? {
        guard Self.isHost(host) else { return "'\(host)' is not a host name or an IP address" }
        guard (1...65_535).contains(port) else { return "port \(port) is not in 1…65535" }
        if security == .none && !isLoopback {
            return "a connection without TLS is only made to this machine itself, and \(host) is another:"
                + " use implicit TLS or STARTTLS"
        }
        return nil
    }

    /// Whether the host is this machine by its name or address. A name that merely resolves to 127.0.0.1 does not count.
    package var isLoopback: Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "::1" { return true }
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }

    /// The host becomes part of a URL: nothing may stand in it that ends the host there (`/`, `@`, `#`, `?`, `%`).
    private static func isHost(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-") else { return false }
        let isAddress = text.utf8.contains(UInt8(ascii: ":"))
        return text.utf8.allSatisfy { byte in
            if isAddress { return isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") }
            return byte | 0x20 &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_") || byte >= 0x80
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 }
}
