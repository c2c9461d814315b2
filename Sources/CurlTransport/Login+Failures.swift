internal import CCurl

// What libcurl's failures mean.

/// What libcurl knows about a login that failed.
struct Refusal {
    let code: CURLcode
    let words: String
    /// The last three-digit reply of an SMTP server.
    let reply: Int
    /// What an HTTP proxy answered to CONNECT; 0 when it did not, or is none.
    let connectReply: Int
    let proxyCode: CURLproxycode
    /// The handshake with the server itself had begun.
    let hasReachedServer: Bool

    init(_ code: CURLcode, words: UnsafePointer<CChar>, handle: UnsafeMutableRawPointer, hasReachedServer: Bool) {
        let said = String(cString: words)
        self.code = code
        self.words = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        reply = ccurl_response_code(handle)
        connectReply = ccurl_connect_code(handle)
        proxyCode = ccurl_proxy_code(handle)
        self.hasReachedServer = hasReachedServer
    }
}

extension Login {
    func refusal(_ refusal: Refusal, _ lines: LoginLines) -> TransportError {
        let words = refusal.words
        let said = lines.last.isEmpty ? words : "\(words); the server said: \(lines.last)"
        if let proxy = endpoint.proxy, let error = proxyRefusal(refusal, proxy, lines) { return error }
        switch refusal.code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT:
            return failure(.unreachable, "could not connect to port \(endpoint.port): \(words)")
        case CURLE_OPERATION_TIMEDOUT:
            return failure(.timedOut, "could not connect to port \(endpoint.port)\(byProxy): \(words)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return failure(.tls, "the server's certificate is not trusted: \(words)")
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return failure(.pinMismatch, "the server's certificate is trusted, but its key is none of the pinned ones")
        case CURLE_SSL_CERTPROBLEM:
            return failure(.clientCertificate, "the client certificate cannot be used: \(words)")
        case CURLE_USE_SSL_FAILED:
            return failure(.tls, "the server does not offer STARTTLS on port \(endpoint.port)")
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR, CURLE_BAD_CONTENT_ENCODING, CURLE_REMOTE_ACCESS_DENIED:
            return loginRefusal(refusal, lines, said: said)
        case CURLE_WEIRD_SERVER_REPLY:
            return failure(lines.isBye ? .refused : .protocolViolation, "no proper greeting: \(said)")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION:
            return failure(.misconfigured, words)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            if let error = certificateRefusal(words) { return error }
            guard refusal.code == CURLE_SSL_CONNECT_ERROR || refusal.code == CURLE_SSL_CIPHER else { break }
            // Of TLS inside TLS libcurl 7.88 loses what OpenSSL says: sending the alert empties OpenSSL's list of errors.
            let what = endpoint.proxy?.kind == .https ? "no trusted TLS" : "no TLS handshake"
            return failure(.tls, "\(what) on port \(endpoint.port)\(byProxy): \(words)")
        default: break
        }
        if let error = silentEnd(refusal, lines) { return error }
        if lines.isForeign { return failure(.protocolViolation, "no proper greeting: \(said)") }
        return failure(lines.isBye ? .refused : .closed, said)
    }

    private var byProxy: String { endpoint.proxy.map { " through the proxy \($0)" } ?? "" }

    private func loginRefusal(_ refusal: Refusal, _ lines: LoginLines, said: String) -> TransportError {
        if let credentials, lines.endsWithCapabilities {
            let offers = lines.offered.isEmpty ? "no login by SASL" : lines.offered.joined(separator: ", ")
            let name = credentials.mechanism.saslName
            // With TLS that was not asked for the server may offer less, but that would be refused before.
            if name.map({ !lines.offered.contains($0) }) ?? true {
                return failure(
                    .mechanism, "the server does not let us log in with \(name ?? "a password"); it offers \(offers)")
            }
        }
        return lines.isTemporary || (400..<500).contains(refusal.reply)
            ? failure(.refused, "the login was put off: \(said)")
            : failure(.authenticationFailed, "the login was refused: \(said)")
    }

    /// RFC 8446 section 6.2: alerts about the certificate that we showed, or did not show. With TLS 1.3 they come after the
    /// handshake, with the first bytes that we read.
    private func certificateRefusal(_ words: String) -> TransportError? {
        let alerts = [
            "certificate required", "bad certificate", "unsupported certificate", "certificate revoked",
            "certificate expired", "certificate unknown", "unknown ca", "access denied",
        ]
        guard alerts.contains(where: { words.contains("alert \($0)") }) else { return nil }
        return endpoint.clientCertificate == nil
            ? failure(.clientCertificate, "the server asks for a client certificate: \(words)")
            : failure(.clientCertificate, "the server does not accept our client certificate: \(words)")
    }

    /// A server that closes at once may have an alert on the way that its own reset overtakes, so this is a guess.
    private func silentEnd(_ refusal: Refusal, _ lines: LoginLines) -> TransportError? {
        guard endpoint.security == .implicitTLS, refusal.hasReachedServer, lines.last.isEmpty else { return nil }
        let begin = "the server closed the connection right after the TLS handshake"
        return endpoint.clientCertificate == nil
            ? failure(.closed, "\(begin) (does it ask for a client certificate?): \(refusal.words)")
            : failure(.clientCertificate, "\(begin) (does it not accept our client certificate?): \(refusal.words)")
    }

    /// Nil when the failure is the server's.
    private func proxyRefusal(_ refusal: Refusal, _ proxy: Proxy, _ lines: LoginLines) -> TransportError? {
        let words = refusal.words
        if refusal.connectReply == 407 || refusal.proxyCode == CURLPX_NO_AUTH
            || refusal.proxyCode == CURLPX_USER_REJECTED
        {
            let what = proxy.user == nil ? "asks who we are" : "refuses our user or password"
            return failure(.proxyAuthentication, "the proxy \(proxy) \(what): \(words)")
        }
        if refusal.connectReply != 0 && !(200..<300).contains(refusal.connectReply) {
            return failure(.proxy, "the proxy \(proxy) does not let us through to port \(endpoint.port): \(words)")
        }
        switch refusal.code {
        // libcurl 7.88 does not tell a SOCKS proxy that it cannot find from a server.
        case CURLE_COULDNT_RESOLVE_HOST where proxy.kind == .socks5h || words.contains(proxy.host),
            CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            return failure(.proxy, "could not connect to the proxy \(proxy): \(words)")
        case CURLE_PROXY:
            return failure(.proxy, "the proxy \(proxy) does not let us through to port \(endpoint.port): \(words)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER:
            guard proxy.kind == .https, !refusal.hasReachedServer else { return nil }
            return failure(.proxy, "no trusted TLS with the proxy \(proxy): \(words)")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            guard refusal.connectReply == 0, lines.last.isEmpty, !refusal.hasReachedServer else { return nil }
            return failure(.proxy, "the proxy \(proxy) closed the connection: \(words)")
        default: return nil
        }
    }
}
