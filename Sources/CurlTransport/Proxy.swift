/// What stands between us and a server: connections go to it, and it makes them onward. TLS and certificate checks of the
/// server are as without it, so a proxy sees host name and port, and no mail.
package struct Proxy: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// CONNECT (RFC 9110 section 9.3.6), asked for in clear text.
        case http
        /// CONNECT, asked for over TLS.
        case https
        /// RFC 1928; we look up the server's address.
        case socks5
        /// RFC 1928; the proxy looks it up.
        case socks5h
    }

    package let kind: Kind
    package let host: String
    package let port: Int
    /// Name and password for the proxy: Basic (RFC 7617), or RFC 1929 with SOCKS.
    package var user: String?
    package var secret: Secret?
    /// For `https`: a PEM file with the certificate authorities to trust instead of the system's.
    package var caFile: String?

    package init(
        kind: Kind, host: String, port: Int, user: String? = nil, secret: Secret? = nil, caFile: String? = nil
    ) {
        self.kind = kind
        self.host = host
        self.port = port
        self.user = user
        self.secret = secret
        self.caFile = caFile
    }

    /// Reads `http://user@proxy.example.com:3128`. The error is a line for an admin; it never repeats the text, since a
    /// password may stand in it.
    package init(url: String) throws(ProxyURLProblem) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: parts[0].lowercased()) else {
            throw ProxyURLProblem("a proxy begins with http://, https://, socks5:// or socks5h://")
        }
        var rest = parts[1]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var user: String?
        if let at = rest.lastIndex(of: "@") {
            let name = rest[..<at]
            if name.contains(":") {
                throw ProxyURLProblem("a password must not stand in the address of a proxy; write password: beside it")
            }
            guard !name.isEmpty, !name.contains("%") else {
                throw ProxyURLProblem("the user in the address of the proxy cannot be read; write user: beside it")
            }
            user = String(name)
            rest = rest[rest.index(after: at)...]
        }
        guard let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]"),
            let port = Int(rest[rest.index(after: colon)...])
        else { throw ProxyURLProblem("the port of the proxy is missing; write it as in http://proxy.example.com:3128") }
        var host = rest[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.init(kind: kind, host: String(host), port: port, user: user)
        if let problem = placeProblem { throw ProxyURLProblem(problem) }
    }

    /// `socks5h://proxy.example.com:1080`, which is what libcurl wants, too.
    package var description: String { "\(kind.rawValue)://\(authority(host, port))" }

    package var isLoopback: Bool { CurlTransport.isLoopback(host) }

    /// What is wrong with it, as a line for an admin.
    package var problem: String? {
        if let placeProblem { return placeProblem }
        if user == nil && secret != nil { return "the proxy has a password without a user; add user" }
        if user != nil && secret == nil { return "the proxy has a user without a password; add password" }
        // RFC 7617 section 2: the name ends at the first colon.
        if let user, user.isEmpty || user.contains(":") { return "the user of the proxy is empty or holds a colon" }
        return nil
    }

    private var placeProblem: String? {
        guard isHost(host) else { return "the host of the proxy is not a host name or an IP address" }
        guard (1...65_535).contains(port) else { return "the port of the proxy is not in 1…65535" }
        return nil
    }
}

package struct ProxyURLProblem: Error, Sendable {
    package let message: String
    init(_ message: String) { self.message = message }
}
