internal import CCurl
internal import Glibc

/// Getting a session: the settings of libcurl, and what its failures mean.
struct Login {
    let scheme: CurlConnection.Scheme
    let endpoint: Endpoint
    let credentials: Credentials?
    let clientName: String?
    let timeouts: CurlConnection.Timeouts

    func perform(interrupter: Interrupter) throws(TransportError) -> CurlSession {
        guard interrupter.event >= 0 else { throw failure(.unreachable, "out of file descriptors: raise LimitNOFILE=") }
        let lines = LoginLines()
        do {
            return try attempt(loginOptions: firstChoice, lines: lines, interrupter: interrupter)
        } catch {
            guard credentials?.mechanism == .automatic, error.reason == .authenticationFailed,
                !lines.offersOurMechanisms, !lines.isRefusal
            else { throw error }
        }
        // Neither PLAIN nor LOGIN by SASL: libcurl's own choice, which ends at the IMAP LOGIN command. It is not the
        // first choice, because it would try Kerberos with every user name that holds an @.
        return try attempt(loginOptions: nil, lines: LoginLines(), interrupter: interrupter)
    }

    private var firstChoice: String? {
        switch credentials?.mechanism {
        case nil: nil
        case .automatic: "AUTH=PLAIN;AUTH=LOGIN"
        case .plain: "AUTH=PLAIN"
        case .login: "AUTH=LOGIN"
        }
    }

    private func attempt(
        loginOptions: String?, lines: LoginLines, interrupter: Interrupter
    ) throws(TransportError) -> CurlSession {
        guard let multi = curl_multi_init() else { throw failure(.misconfigured, "libcurl is out of memory") }
        guard let handle = curl_easy_init() else {
            curl_multi_cleanup(multi)
            throw failure(.misconfigured, "libcurl is out of memory")
        }
        var session = CurlSession(multi: multi, handle: handle, socket: -1)
        do throws(TransportError) {
            let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
            words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
            defer {
                _ = ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil)
                _ = ccurl_set_line_callback(handle, nil, nil)
                words.deallocate()
            }
            try configure(handle, loginOptions: loginOptions)
            try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words), "error buffer")
            let context = Unmanaged.passUnretained(lines).toOpaque()
            try check(ccurl_set_line_callback(handle, collectLine, context), "line callback")
            curl_multi_add_handle(multi, handle)
            let result = try withExtendedLifetime(lines) { () throws(TransportError) in
                try run(multi, interrupter: interrupter)
            }
            if result != CURLE_OK {
                throw refusal(result, words: String(cString: words), lines: lines, code: ccurl_response_code(handle))
            }
            session.socket = ccurl_active_socket(handle)
            guard session.socket >= 0 else {
                throw failure(.closed, "the server closed the connection after the login")
            }
            return session
        } catch {
            session.end()
            throw error
        }
    }

    /// Drives the login. A multi handle, and not `curl_easy_perform`, because it can wait for the interrupter too.
    private func run(_ multi: UnsafeMutableRawPointer, interrupter: Interrupter) throws(TransportError) -> CURLcode {
        // libcurl's own limits end it; this one is for what they do not cover, such as a server that sends a line every
        // second without end.
        let deadline = ContinuousClock.now + timeouts.connect + timeouts.response * 4
        var result = CURLE_OK
        var running: Int32 = 1
        while true {
            guard curl_multi_perform(multi, &running) == CURLM_OK else { throw failure(.closed, "libcurl failed") }
            if ccurl_multi_result(multi, &result) != 0 { return result }
            if running == 0 { throw failure(.closed, "libcurl gave no result") }
            if deadline <= .now { throw failure(.timedOut, "the login took too long") }
            interrupter.clear()
            if interrupter.isAborted { throw failure(.interrupted, "we were told to stop") }
            _ = ccurl_multi_wait(multi, interrupter.event, min(milliseconds(until: deadline), 1_000))
        }
    }

    private func check(_ code: CURLcode, _ what: String) throws(TransportError) {
        guard code == CURLE_OK else {
            throw failure(.misconfigured, "libcurl refuses \(what): \(String(cString: curl_easy_strerror(code)))")
        }
    }

    func failure(_ reason: TransportError.Reason, _ said: String) -> TransportError {
        TransportError(reason, host: endpoint.host, said: said)
    }
}

// MARK: - Settings

extension Login {
    private func configure(_ handle: UnsafeMutableRawPointer, loginOptions: String?) throws(TransportError) {
        func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
            try check(ccurl_set_long(handle, option, value), "option \(option.rawValue)")
        }
        func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
            try check(ccurl_set_string(handle, option, value), "option \(option.rawValue)")
        }
        try set(CURLOPT_URL, url)
        try set(CURLOPT_PROTOCOLS_STR, "imap,imaps,smtp,smtps")
        try set(CURLOPT_CONNECT_ONLY, 1)
        try set(CURLOPT_NOSIGNAL, 1)  // libcurl's timeouts by SIGALRM are not for programs with threads
        try set(CURLOPT_NOPROGRESS, 1)
        try set(CURLOPT_PROXY, "")  // what the environment says about proxies is not our configuration
        try set(CURLOPT_BUFFERSIZE, 512 << 10)  // caps each read; 16 KiB by default
        try set(CURLOPT_TCP_KEEPALIVE, 1)  // a peer that vanished is noticed even while nobody asks
        try set(CURLOPT_TCP_KEEPIDLE, 120)
        try set(CURLOPT_TCP_KEEPINTVL, 30)
        // Never CURLOPT_TIMEOUT (curl issue 20347); our own deadlines follow.
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(timeouts.connect / .milliseconds(1)))
        try set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(timeouts.response / .seconds(1))))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))  // RFC 8996
        try set(CURLOPT_CAPATH, nil)  // a CApath switches off libcurl's cache of the trusted certificates
        if let file = endpoint.caFile { try set(CURLOPT_CAINFO, file) }
        if endpoint.security == .startTLS { try set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        guard let credentials else { return }
        try set(CURLOPT_USERNAME, credentials.user)
        try set(CURLOPT_PASSWORD, credentials.secret.reveal())
        try set(CURLOPT_LOGIN_OPTIONS, loginOptions)
        // RFC 4954 lets every server take an initial response, which saves a round trip. With IMAP libcurl sends one by
        // itself where the server offers SASL-IR (RFC 4959); the option would send it to all others too, who say BAD.
        if scheme == .smtp { try set(CURLOPT_SASL_IR, 1) }
    }

    /// The host was checked by `Endpoint.problem`. The path of an SMTP URL is the name in EHLO.
    private var url: String {
        let secured = endpoint.security == .implicitTLS ? "s" : ""
        return "\(scheme.rawValue)\(secured)://\(endpoint)/\(scheme == .smtp ? heloName : "")"
    }

    private var heloName: String {
        (clientName ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
    }
}

// MARK: - What failures mean

extension Login {
    private func refusal(_ code: CURLcode, words: String, lines: LoginLines, code reply: Int) -> TransportError {
        let words = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
        let said = lines.last.isEmpty ? words : "\(words); the server said: \(lines.last)"
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            return failure(.unreachable, "could not connect to port \(endpoint.port): \(words)")
        case CURLE_OPERATION_TIMEDOUT:
            return failure(.timedOut, "could not connect to port \(endpoint.port): \(words)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return failure(.tls, "the server's certificate is not trusted: \(words)")
        case CURLE_SSL_CACERT_BADFILE:
            return failure(.misconfigured, "cannot read the CA file \(endpoint.caFile ?? "of the system"): \(words)")
        case CURLE_USE_SSL_FAILED:
            return failure(.tls, "the server does not offer STARTTLS on port \(endpoint.port)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER:
            return failure(.tls, "no TLS handshake on port \(endpoint.port): \(words)")
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR, CURLE_BAD_CONTENT_ENCODING, CURLE_REMOTE_ACCESS_DENIED:
            return lines.isTemporary || (400..<500).contains(reply)
                ? failure(.refused, "the login was put off: \(said)")
                : failure(.authenticationFailed, "the login was refused: \(said)")
        case CURLE_WEIRD_SERVER_REPLY:
            return failure(lines.isBye ? .refused : .protocolViolation, "no proper greeting: \(said)")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION:
            return failure(.misconfigured, words)
        default:
            if lines.isForeign { return failure(.protocolViolation, "no proper greeting: \(said)") }
            return failure(lines.isBye ? .refused : .closed, said)
        }
    }
}

/// The lines of the login dialogue that the server sent, as far as they matter afterwards.
private final class LoginLines {
    private(set) var last = ""
    private(set) var offersOurMechanisms = false
    /// The first line is no greeting of mail.
    private(set) var isForeign = false
    private var seen = 0

    func add(_ line: String) {
        seen += 1
        guard seen <= 1_000 else { return }
        let text = String(line.prefix(1_000)).trimmingASCIISpace
        guard !text.isEmpty else { return }
        // RFC 9051 section 7: a greeting begins with `* `; RFC 5321 section 4.2: with three digits.
        if last.isEmpty { isForeign = !text.hasPrefix("* ") && !text.utf8.prefix(3).allSatisfy { $0 &- 48 < 10 } }
        last = text
        let upper = text.uppercased()
        // IMAP: `AUTH=PLAIN`; SMTP: `250-AUTH PLAIN LOGIN`.
        if upper.contains("AUTH") && (upper.contains("PLAIN") || upper.contains("LOGIN ") || upper.hasSuffix("LOGIN")) {
            if upper.contains("AUTH=PLAIN") || upper.contains("AUTH=LOGIN") || upper.hasPrefix("250") {
                offersOurMechanisms = true
            }
        }
    }

    /// The last line is the answer to a login, not a capability.
    var isRefusal: Bool { last.uppercased().contains(" NO ") || last.hasPrefix("5") || last.hasPrefix("4") }
    var isBye: Bool { last.uppercased().hasPrefix("* BYE") || last.hasPrefix("421") || last.hasPrefix("554") }

    /// RFC 5530 section 3: reasons that pass. RFC 4954 section 6: 454.
    var isTemporary: Bool {
        let upper = last.uppercased()
        return ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"].contains { upper.contains($0) }
            || upper.hasPrefix("454") || upper.hasPrefix("421") || upper.hasPrefix("* BYE")
    }
}

extension String {
    fileprivate var trimmingASCIISpace: String {
        var text = self[...]
        while let first = text.utf8.first, first <= 0x20 { text = text.dropFirst() }
        while let last = text.utf8.last, last <= 0x20 { text = text.dropLast() }
        return String(text)
    }
}

private func collectLine(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let length = size * count
    guard let bytes, let context else { return length }
    let line = UnsafeBufferPointer(start: UnsafePointer(bytes), count: length)
    let lines = Unmanaged<LoginLines>.fromOpaque(context).takeUnretainedValue()
    lines.add(String(decoding: UnsafeRawBufferPointer(line), as: UTF8.self))
    return length
}
