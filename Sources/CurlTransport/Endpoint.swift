/// Where a server listens, how the connection is protected, and how it is reached.
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
    /// Public keys of which the server must have one, beside a certificate that is trusted.
    package let pin: PublicKeyPin?
    /// Who we are to a server that asks for a certificate.
    package let clientCertificate: ClientCertificate?
    /// What stands between us and the server.
    package let proxy: Proxy?

    package init(
        host: String, port: Int, security: Security, caFile: String? = nil, pin: PublicKeyPin? = nil,
        clientCertificate: ClientCertificate? = nil, proxy: Proxy? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.caFile = caFile
        self.pin = pin
        self.clientCertificate = clientCertificate
        self.proxy = proxy
    }

    /// `mail.example.com:993`.
    package var description: String { authority(host, port) }

    /// What is wrong with it, as a line for an admin; nil when it may be used. The configuration asks this at load, and
    /// a connection asks it again before it is made. It reads no file.
    package var problem: String? {
        guard isHost(host) else { return "'\(host)' is not a host name or an IP address" }
        guard (1...65_535).contains(port) else { return "port \(port) is not in 1…65535" }
        if let problem = proxy?.problem { return problem }
        guard security == .none else { return nil }
        if !isLoopback {
            return "a connection without TLS is only made to this machine itself, and \(host) is another:"
                + " use implicit TLS or STARTTLS"
        }
        // localhost is then the proxy's own, and everything goes there in clear text.
        if let proxy, !proxy.isLoopback {
            return "a connection without TLS is only made to this machine itself, and the proxy \(proxy) is another:"
                + " use implicit TLS or STARTTLS"
        }
        if pin != nil { return "a pinned key is only seen with TLS: use implicit TLS or STARTTLS" }
        if clientCertificate != nil {
            return "a client certificate is only shown with TLS: use implicit TLS or STARTTLS"
        }
        return nil
    }

    /// Whether the host is this machine by its name or address. A name that merely resolves to 127.0.0.1 does not count.
    package var isLoopback: Bool { CurlTransport.isLoopback(host) }
}

/// `name:port`, an IPv6 address in brackets.
func authority(_ host: String, _ port: Int) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
}

func isLoopback(_ host: String) -> Bool {
    let name = host.lowercased()
    if name == "localhost" || name == "::1" { return true }
    let octets = name.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
}

/// The host becomes part of a URL: nothing may stand in it that ends the host there (`/`, `@`, `#`, `?`, `%`).
func isHost(_ text: String) -> Bool {
    guard (1...255).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-") else { return false }
    let isAddress = text.utf8.contains(UInt8(ascii: ":"))
    return text.utf8.allSatisfy { byte in
        if isAddress { return isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") }
        return byte | 0x20 &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}

private func isHexDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 }
