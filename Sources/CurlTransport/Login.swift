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
        if let problem = endpoint.clientCertificate?.problem() { throw failure(.clientCertificate, problem) }
        let lines = LoginLines()
        do {
            return try attempt(loginOptions: firstChoice, lines: lines, interrupter: interrupter)
        } catch {
            guard credentials?.mechanism == .automatic, error.reason == .mechanism else { throw error }
        }
        // Neither PLAIN nor LOGIN by SASL: libcurl's own choice, which ends at the IMAP LOGIN command. It is not the
        // first choice, because it would try Kerberos with every user name that holds an @.
        return try attempt(loginOptions: nil, lines: LoginLines(), interrupter: interrupter)
    }

    private var firstChoice: String? {
        switch credentials?.mechanism {
        case nil: nil
        case .automatic: "AUTH=PLAIN;AUTH=LOGIN"
        case .some(let mechanism): mechanism.saslName.map { "AUTH=\($0)" }
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
            let trust = try trusted(by: handle)
            let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
            words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
            defer {
                _ = ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil)
                _ = ccurl_set_line_callback(handle, nil, nil)
                _ = ccurl_set_context_callback(handle, nil, nil)
                words.deallocate()
            }
            try configure(handle, loginOptions: loginOptions)
            try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words), "error buffer")
            let context = Unmanaged.passUnretained(lines).toOpaque()
            try check(ccurl_set_line_callback(handle, collectLine, context), "line callback")
            let trustContext = Unmanaged.passUnretained(trust).toOpaque()
            try check(ccurl_set_context_callback(handle, prepareContext, trustContext), "OpenSSL's context")
            curl_multi_add_handle(multi, handle)
            let result = try withExtendedLifetime((lines, trust)) { () throws(TransportError) in
                try run(multi, interrupter: interrupter)
            }
            if result != CURLE_OK {
                throw refusal(
                    Refusal(result, words: words, handle: handle, hasReachedServer: trust.hasReachedServer), lines)
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

    private func trusted(by handle: UnsafeMutableRawPointer) throws(TransportError) -> TLSTrust {
        let systemFile = ccurl_default_ca_file(handle).map { String(cString: $0) }
        do { return try TLSTrust(endpoint, systemFile: systemFile) } catch {
            throw failure(.tls, "nobody can be trusted: \(error.message)")
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

    func check(_ code: CURLcode, _ what: String) throws(TransportError) {
        guard code == CURLE_OK else {
            throw failure(.misconfigured, "libcurl refuses \(what): \(String(cString: curl_easy_strerror(code)))")
        }
    }

    func failure(_ reason: TransportError.Reason, _ said: String) -> TransportError {
        TransportError(reason, host: endpoint.host, said: said)
    }
}
