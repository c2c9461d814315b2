/// What to do after a failure.
package enum FailureDisposition: String, Sendable, Hashable, Codable {
    /// Again, after a pause that grows.
    case retry
    /// Not before a person has changed something.
    case hold
    /// Never again: the answer is final.
    case giveUp
}

/// A connection could not be made, or broke.
package struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// No such host, nothing listens there, no route.
        case unreachable
        /// The handshake failed, the certificate is not to be trusted, or STARTTLS is not offered.
        case tls
        /// The certificate is to be trusted, and its key is none of those that were pinned.
        case pinMismatch
        /// Our own certificate is missing, cannot be read, or is refused.
        case clientCertificate
        /// The proxy is not there, is not to be trusted, or does not let us through.
        case proxy
        /// The proxy refuses user name or password, or wants one.
        case proxyAuthentication
        /// The server offers no login of the kind that was asked for.
        case mechanism
        /// The server refuses user name or password.
        case authenticationFailed
        /// The server did not let us in for a reason of its own: too busy, too many connections, under repair.
        case refused
        /// A deadline passed.
        case timedOut
        /// The peer ended the connection.
        case closed
        /// The peer does not speak the protocol.
        case protocolViolation
        /// We were told to stop.
        case interrupted
        /// The settings cannot work.
        case misconfigured
    }

    package let reason: Reason
    package let host: String
    /// What we tried and what was said to it, cut and cleaned: no control characters, no local part of an address.
    package let said: String

    package init(_ reason: Reason, host: String, said: String) {
        self.reason = reason
        self.host = host
        self.said = cleaned(said)
    }

    package var disposition: FailureDisposition {
        switch reason {
        case .authenticationFailed, .proxyAuthentication: .hold  // trying again would lock the account
        case .misconfigured, .mechanism: .hold
        // A certificate heals when it is renewed, and asking again does no harm: nobody has logged in yet.
        case .tls, .pinMismatch, .clientCertificate: .retry
        case .unreachable, .proxy, .refused, .timedOut, .closed, .protocolViolation, .interrupted: .retry
        }
    }

    /// What an admin can do about it.
    package var remedy: String {
        switch reason {
        case .unreachable: "check host name, port and firewall; is the server running?"
        case .tls: "check the server's certificate, the host name in the configuration and `ca_file`"
        case .pinMismatch:
            "if the server's key was renewed, and only then, set `pin` to the new one; else somebody may stand in between"
        case .clientCertificate:
            "check `client_certificate`: its files, its last day, and whether the server's administrator knows it"
        case .proxy: "check `proxy`, and whether it allows connections to this host and port"
        case .proxyAuthentication:
            "check `user` and `password` of the `proxy`; the account is not tried again before a reload"
        case .mechanism: "set `login` to a kind that the server offers, or leave it out"
        case .authenticationFailed:
            "check user name and password (many providers want an app password); the account is not tried again before"
                + " a reload"
        case .refused: "the server may be busy or count too many connections; it is tried again"
        case .timedOut: "the server is slow or the network drops packets; it is tried again"
        case .closed: "the connection is made again"
        case .protocolViolation: "is this the right port, and the right kind of security (TLS or STARTTLS)?"
        case .interrupted: "nothing: this was asked for"
        case .misconfigured: "correct the configuration"
        }
    }

    package var description: String { "\(host): \(said) (\(reason.rawValue); \(remedy))" }
}

/// Outside text made fit for a log line: one line, no control characters, at most 200 characters, and of an address only
/// the domain. Servers like to repeat the user name.
package func cleaned(_ text: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(min(text.utf8.count, 256))
    for byte in text.utf8.prefix(4_096) {
        if byte == UInt8(ascii: "@") {
            while let last = result.last, mayStandInLocalPart(last) { result.removeLast() }
            result.append(contentsOf: "…@".utf8)
        } else if byte < 0x20 || byte == 0x7F {
            if result.last != 0x20 { result.append(0x20) }
        } else {
            result.append(byte)
        }
    }
    while result.last == 0x20 { result.removeLast() }
    let line = String(decoding: result, as: UTF8.self)
    return line.count <= 200 ? line : String(line.prefix(199)) + "…"
}

private func mayStandInLocalPart(_ byte: UInt8) -> Bool {
    byte > 0x20 && !#"()<>[]{}"':;,=@"#.utf8.contains(byte)
}
