internal import CCurl
internal import CTLSShim

/// Whom one login trusts: given to libcurl's callback, which is asked before each handshake.
///
/// libcurl itself loads no certificates (CURLOPT_CAINFO and CURLOPT_CAPATH are unset), so a callback that does not come
/// means that nobody is trusted.
final class TLSTrust {
    private let server: TrustedCertificates?
    private let proxy: TrustedCertificates?
    /// The handshake with the server itself was about to begin; before, a failure is that of an https proxy.
    private(set) var hasReachedServer = false

    /// `systemFile` is libcurl's own default.
    init(_ endpoint: Endpoint, systemFile: String?) throws(TrustProblem) {
        func certificates(_ file: String?) throws(TrustProblem) -> TrustedCertificates {
            guard let file = file ?? systemFile else {
                throw TrustProblem(message: "this system has no list of certificate authorities; set ca_file")
            }
            return try TrustedCertificates.of(file: file)
        }
        server = endpoint.security == .none ? nil : try certificates(endpoint.caFile)
        if let proxy = endpoint.proxy, proxy.kind == .https {
            self.proxy = try certificates(proxy.caFile)
        } else {
            proxy = nil
        }
    }

    /// The proxy's context is told by its upper limit of TLS 1.3 (`proxyVersions`); the server's has none. The order in
    /// which they come would tell as well, but for a proxy that closes and is asked again.
    static let serverVersions = Int(CURL_SSLVERSION_TLSv1_2)  // RFC 8996
    static let proxyVersions = Int(CURL_SSLVERSION_TLSv1_2) | 7 << 16  // CURL_SSLVERSION_MAX_TLSv1_3

    func prepare(_ context: UnsafeMutableRawPointer) -> CURLcode {
        let isProxy = proxy != nil && tls_context_highest_version(context) == tls_version_1_3()
        if !isProxy { hasReachedServer = true }
        guard let trusted = isProxy ? proxy : server else { return CURLE_SSL_CERTPROBLEM }
        tls_context_trust(context, trusted.store)
        return CURLE_OK
    }
}

/// For CURLOPT_SSL_CTX_FUNCTION; `data` is a `TLSTrust`.
func prepareContext(
    handle: UnsafeMutableRawPointer?, context: UnsafeMutableRawPointer?, data: UnsafeMutableRawPointer?
) -> CURLcode {
    guard let context, let data else { return CURLE_SSL_CERTPROBLEM }
    return Unmanaged<TLSTrust>.fromOpaque(data).takeUnretainedValue().prepare(context)
}
