/// CurlTransport: authenticated byte streams to IMAP and SMTP servers.
///
/// **In**: an `Endpoint`, `Credentials`, time limits. **Out**: a `CurlConnection`, over which `IMAPClient` and
/// `SMTPClient` speak their own grammar. libcurl does DNS, TCP, TLS, certificate checks, greeting, STARTTLS and SASL
/// (`CURLOPT_CONNECT_ONLY`) and then only carries bytes: its own IMAP and SMTP transfers are never used, because they
/// read mail text as protocol, know neither IDLE nor pipelining, and cost a round trip for each message.
///
/// **Threads**: a connection lives on one OS thread of its own, a `ConnectionThread`. That thread is the executor of the
/// actor that owns the connection, so the actor's code may block in `poll(2)` without holding a thread of Swift's pool,
/// and reads like a dialogue. No libcurl call is made from another thread. The only way in from outside is an
/// `Interrupter`, which wakes the `poll`.
///
/// **What can go wrong**: every failure is a `TransportError` with a reason, the host, what was said, and a disposition.
/// A refused connection is to be retried, a refused password is not (it would lock the account).
///
/// **What is guaranteed**: certificates and host names are always checked; a plain connection is only made to the
/// machine itself; every wait has a deadline; no secret stands in an error or a description; the environment chooses no
/// proxy.
///
/// **Memory**: the trusted certificates are read once for all connections (`TrustedCertificates`) and put into each
/// SSL_CTX that libcurl makes (`TLSTrust`). So libcurl must be one that is built with OpenSSL.
///
/// Standards: RFC 8314 (TLS for mail), RFC 3207 (SMTP STARTTLS), RFC 9051 section 6.2.1 (IMAP STARTTLS), RFC 4422 (SASL),
/// RFC 4959 (SASL-IR), RFC 4954 (SMTP AUTH), RFC 7469 (pins), RFC 1928 and RFC 9110 section 9.3.6 (proxies).
internal import CCurl
internal import CSystemShim

/// What is done once in a process before the first connection.
enum CurlLibrary {
    /// False when libcurl could not be initialised: no memory, or a broken installation.
    static let isReady: Bool = {
        // A peer that closes while we write must give an error, not end the process. CURLOPT_NOSIGNAL does not cover
        // what OpenSSL writes.
        system_ignore_sigpipe()
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()
}
