internal import CCurl

// The settings of libcurl for a login.

extension Login {
    func configure(_ handle: UnsafeMutableRawPointer, loginOptions: String?) throws(TransportError) {
        let set = Setter(login: self, handle: handle)
        try set.option(CURLOPT_URL, url)
        try set.option(CURLOPT_PROTOCOLS_STR, "imap,imaps,smtp,smtps")
        try set.option(CURLOPT_CONNECT_ONLY, 1)
        try set.option(CURLOPT_NOSIGNAL, 1)  // libcurl's timeouts by SIGALRM are not for programs with threads
        try set.option(CURLOPT_NOPROGRESS, 1)
        try set.option(CURLOPT_BUFFERSIZE, 512 << 10)  // caps each read; 16 KiB by default
        try set.option(CURLOPT_TCP_KEEPALIVE, 1)  // a peer that vanished is noticed even while nobody asks
        // Three probes before `CurlSession.userTimeout` ends it.
        try set.option(CURLOPT_TCP_KEEPIDLE, 30)
        try set.option(CURLOPT_TCP_KEEPINTVL, 10)
        // Never CURLOPT_TIMEOUT (curl issue 20347); our own deadlines follow.
        try set.option(CURLOPT_CONNECTTIMEOUT_MS, Int(timeouts.connect / .milliseconds(1)))
        try set.option(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Int(timeouts.response / .seconds(1))))
        try setTLS(handle)
        try setProxy(handle)
        guard let credentials else { return }
        try set.option(CURLOPT_USERNAME, credentials.user)
        // libcurl takes EXTERNAL only where there is no password.
        if credentials.mechanism.takesPassword { try set.option(CURLOPT_PASSWORD, credentials.secret.reveal()) }
        try set.option(CURLOPT_LOGIN_OPTIONS, loginOptions)
        // RFC 4954 lets every server take an initial response, which saves a round trip. With IMAP libcurl sends one by
        // itself where the server offers SASL-IR (RFC 4959); the option would send it to all others too, who say BAD.
        if scheme == .smtp { try set.option(CURLOPT_SASL_IR, 1) }
    }

    private func setTLS(_ handle: UnsafeMutableRawPointer) throws(TransportError) {
        let set = Setter(login: self, handle: handle)
        try set.option(CURLOPT_SSL_VERIFYPEER, 1)
        try set.option(CURLOPT_SSL_VERIFYHOST, 2)
        try set.option(CURLOPT_SSLVERSION, TLSTrust.serverVersions)
        // `TLSTrust` brings the trusted certificates: without this, libcurl would load them once for each connection.
        try set.option(CURLOPT_CAINFO, nil)
        try set.option(CURLOPT_CAPATH, nil)
        try set.option(CURLOPT_SSL_SESSIONID_CACHE, 0)  // it ends with the multi handle, which serves one session
        if endpoint.security == .startTLS { try set.option(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let pin = endpoint.pin { try set.option(CURLOPT_PINNEDPUBLICKEY, pin.text) }
        guard let certificate = endpoint.clientCertificate else { return }
        try set.option(CURLOPT_SSLCERT, certificate.certificateFile)
        try set.option(CURLOPT_SSLKEY, certificate.keyFile)
        // Without any password OpenSSL would ask for one at the terminal.
        try set.option(CURLOPT_KEYPASSWD, certificate.keyPassword?.reveal() ?? "")
    }

    /// Proxies are ours to say and not the environment's: `http_proxy`, `ALL_PROXY` and `no_proxy` count for nothing.
    private func setProxy(_ handle: UnsafeMutableRawPointer) throws(TransportError) {
        let set = Setter(login: self, handle: handle)
        try set.option(CURLOPT_PROXY, endpoint.proxy?.description ?? "")
        try set.option(CURLOPT_NOPROXY, "")
        guard let proxy = endpoint.proxy else { return }
        try set.option(CURLOPT_HTTPPROXYTUNNEL, 1)
        try set.option(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)  // they are no lines of the mail server
        // One try: asking what the proxy would like costs a refused request, which some count.
        try set.option(CURLOPT_PROXYAUTH, 1)  // CURLAUTH_BASIC
        try set.option(CURLOPT_SOCKS5_AUTH, 1)  // not Kerberos, whoever we may be there
        try set.option(CURLOPT_PROXYUSERNAME, proxy.user)
        try set.option(CURLOPT_PROXYPASSWORD, proxy.secret?.reveal())
        guard proxy.kind == .https else { return }
        try set.option(CURLOPT_PROXY_SSL_VERIFYPEER, 1)
        try set.option(CURLOPT_PROXY_SSL_VERIFYHOST, 2)
        try set.option(CURLOPT_PROXY_SSLVERSION, TLSTrust.proxyVersions)
        try set.option(CURLOPT_PROXY_CAINFO, nil)
        try set.option(CURLOPT_PROXY_CAPATH, nil)
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

/// Sets options, and says which one libcurl would not have.
private struct Setter {
    let login: Login
    let handle: UnsafeMutableRawPointer

    func option(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try login.check(ccurl_set_long(handle, option, value), "option \(option.rawValue)")
    }

    func option(_ option: CURLoption, _ value: String?) throws(TransportError) {
        try login.check(ccurl_set_string(handle, option, value), "option \(option.rawValue)")
    }
}
