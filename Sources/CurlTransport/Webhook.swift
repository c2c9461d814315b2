internal import CCurl

/// Where operators' alerts are posted to.
package struct WebhookEndpoint: Sendable, Hashable {
    /// `https://…`; `http://…` to this machine itself only.
    package let url: String
    /// Signs what is posted, so that the receiver can tell that it comes from us; nil: it is not signed.
    package let secret: Secret?
    /// A PEM file with the certificate authorities to trust instead of the system's.
    package let caFile: String?

    package init(url: String, secret: Secret? = nil, caFile: String? = nil) {
        self.url = url
        self.secret = secret
        self.caFile = caFile
    }

    /// For logs: the path may hold a key that the receiver made.
    package var host: String { Self.parts(of: url)?.host ?? "" }

    /// What is wrong with it, as a line for an admin; nil when it may be used.
    package var problem: String? {
        guard let parts = Self.parts(of: url) else {
            return "this is no web address; write it as https://hooks.example.com/path"
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "a web address is printable ASCII without blanks; write other characters as %HH"
        }
        if parts.isSecured || isLoopback(parts.host) { return nil }
        return "without TLS it may only go to this machine itself, and \(parts.host) is another: use https"
    }

    private static func parts(of url: String) -> (isSecured: Bool, host: String)? {
        let lowered = url.lowercased()
        let isSecured = lowered.hasPrefix("https://")
        guard isSecured || lowered.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst(isSecured ? 8 : 7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !rest.contains("@") else { return nil }
        let host =
            rest.hasPrefix("[") ? rest.dropFirst().prefix { $0 != "]" } : rest.prefix { $0 != ":" }
        return isHost(String(host)) ? (isSecured, String(host)) : nil
    }
}

/// Posts JSON to a web address. Each post is a connection of its own: alerts are rare. It runs on a thread of its own
/// (`ConnectionThread`), so its waiting blocks nobody.
package actor Webhook {
    private let endpoint: WebhookEndpoint
    private let thread = ConnectionThread(name: "webhook")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init(_ endpoint: WebhookEndpoint) { self.endpoint = endpoint }

    /// Gives the status code of the answer; the body of the answer is thrown away and redirects are not followed, so that
    /// an alert goes where the admin said and nowhere else.
    package func post(_ body: [UInt8], fields: [(name: String, body: String)]) throws(TransportError) -> Int {
        try Post(endpoint: endpoint).perform(body, fields: fields)
    }
}

/// One transfer on the thread that called it.
private struct Post {
    let endpoint: WebhookEndpoint
    private static let connectMilliseconds = 10_000
    private static let wholeMilliseconds = 30_000

    func perform(_ body: [UInt8], fields: [(name: String, body: String)]) throws(TransportError) -> Int {
        if let problem = endpoint.problem { throw failure(.misconfigured, problem) }
        guard CurlLibrary.isReady, let handle = curl_easy_init() else {
            throw failure(.misconfigured, "libcurl could not be initialised")
        }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // Without `Expect:` libcurl would ask for leave before a larger body.
        for line in ["Content-Type: application/json", "Expect:"] + fields.map({ "\($0.name): \($0.body)" }) {
            precondition(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a field holds a control character")
            list = curl_slist_append(list, line)
        }
        let code = body.withUnsafeBytes { bytes in
            var code = configure(handle, list, length: bytes.count)
            if code == CURLE_OK {
                code = ccurl_set_pointer(
                    handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
            return code == CURLE_OK ? curl_easy_perform(handle) : code
        }
        guard code == CURLE_OK else { throw refusal(code) }
        return ccurl_response_code(handle)
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer, _ list: UnsafeMutablePointer<curl_slist>?, length: Int
    ) -> CURLcode {
        let settings: [CURLcode] = [
            ccurl_set_string(handle, CURLOPT_URL, endpoint.url),
            ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1), ccurl_set_long(handle, CURLOPT_NOPROGRESS, 1),
            ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.connectMilliseconds),
            ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, Self.wholeMilliseconds),
            ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1), ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            ccurl_set_long(handle, CURLOPT_SSLVERSION, TLSTrust.serverVersions),
            ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
            // Proxies are the configuration's to say and not the environment's.
            ccurl_set_string(handle, CURLOPT_PROXY, ""), ccurl_set_string(handle, CURLOPT_USERAGENT, "postroom"),
            ccurl_set_body_callback(handle) { _, size, count, _ in size * count },
            ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, list), ccurl_set_long(handle, CURLOPT_POST, 1),
            ccurl_set_long(handle, CURLOPT_POSTFIELDSIZE, length),
            endpoint.caFile.map { ccurl_set_string(handle, CURLOPT_CAINFO, $0) } ?? CURLE_OK,
        ]
        return settings.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    private func refusal(_ code: CURLcode) -> TransportError {
        let words = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT:
            return failure(.unreachable, "could not connect: \(words)")
        case CURLE_OPERATION_TIMEDOUT: return failure(.timedOut, words)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            return failure(.tls, "no trusted TLS: \(words)")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION:
            return failure(.misconfigured, words)
        default: return failure(.closed, words)
        }
    }

    private func failure(_ reason: TransportError.Reason, _ said: String) -> TransportError {
        TransportError(reason, host: endpoint.host, said: said)
    }
}
