internal import CTLSShim

/// Who we are to a server that asks for a certificate. The files are read for every connection, so a renewed one is seen.
package struct ClientCertificate: Sendable, Hashable {
    /// PEM: our certificate first, then those between it and the authority.
    package let certificateFile: String
    /// PEM; it may be the same file.
    package let keyFile: String
    package let keyPassword: Secret?

    package init(certificateFile: String, keyFile: String? = nil, keyPassword: Secret? = nil) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile ?? certificateFile
        self.keyPassword = keyPassword
    }

    /// What is wrong with the files, as a line for an admin; nil when they can be shown to a server.
    package func problem() -> String? {
        var reason: UnsafePointer<CChar>?
        let state = tls_client_certificate_state(certificateFile, keyFile, keyPassword?.reveal() ?? "", &reason)
        let why = reason.map { " (\(String(cString: $0)))" } ?? ""
        switch UInt32(state) {
        case TLS_CERTIFICATE_GOOD.rawValue: return nil
        case TLS_CERTIFICATE_KEY_UNREADABLE.rawValue:
            let password = keyPassword == nil ? "is a password missing?" : "is the password wrong?"
            return "the key \(keyFile) of the client certificate cannot be read\(why); \(password)"
        case TLS_CERTIFICATE_KEY_OF_ANOTHER.rawValue:
            return "the key \(keyFile) does not belong to the client certificate \(certificateFile)"
        case TLS_CERTIFICATE_EXPIRED.rawValue: return "the client certificate \(certificateFile) has expired"
        default: return "the client certificate \(certificateFile) cannot be read\(why)"
        }
    }
}
