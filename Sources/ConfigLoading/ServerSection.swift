import CurlTransport
import Foundation
import Rules
import Vocabulary

/// Keys that accounts and submission share: host, port, security, ca_file, pin, client_certificate, proxy, login.
struct ServerSection {
    let endpoint: Endpoint?
    let mechanism: Credentials.Mechanism

    init(_ table: ConfigTable, defaultPorts: [Endpoint.Security: Int], secrets: SecretReader) {
        let host = table.required("host", "write the name of the mail server")?.text("the name of the mail server")
        let security =
            table["security"]?.choice(
                ["tls": Endpoint.Security.implicitTLS, "starttls": .startTLS, "none": .none],
                order: ["tls", "starttls", "none"]) ?? .implicitTLS
        let port = table["port"]?.int(1...65_535) ?? defaultPorts[security] ?? 0
        let reader = ServerReader(secrets: secrets)
        let caFile = table["ca_file"].flatMap { reader.pemFile($0, "the certificate authority") }
        let pin = table["pin"].flatMap { reader.pin($0) }
        let certificate = table["client_certificate"].flatMap { reader.clientCertificate($0) }
        let proxy = table["proxy"].flatMap { reader.proxy($0) }
        let login = table["login"]
        mechanism = login.flatMap { reader.mechanism($0) } ?? .automatic
        if mechanism == .external, table["client_certificate"] == nil {
            login?.report("external shows the server a client certificate, and there is none; add client_certificate")
        }
        guard let host else {
            endpoint = nil
            return
        }
        let endpoint = Endpoint(
            host: host, port: port, security: security, caFile: caFile, pin: pin, clientCertificate: certificate,
            proxy: proxy)
        if let problem = endpoint.problem { table["host"]?.report(problem) }
        self.endpoint = endpoint
    }
}

/// `webhook: { url: …, secret: SECRET, ca_file: PATH }`
func webhookEndpoint(_ value: ConfigValue, secrets: SecretReader) -> WebhookEndpoint? {
    guard let table = value.table("a webhook") else { return nil }
    let url = table.required("url", "write it as https://hooks.example.com/path")
    let secret = table["secret"].flatMap { secrets.secret($0) }
    let caFile = table["ca_file"].flatMap {
        ServerReader(secrets: secrets).pemFile($0, "the certificate authority of the receiver")
    }
    table.finish()
    guard let url, let text = url.text("a web address") else { return nil }
    let endpoint = WebhookEndpoint(url: text, secret: secret, caFile: caFile)
    if let problem = endpoint.problem {
        url.report(problem)
        return nil
    }
    return endpoint
}

/// Reads the keys that need more than a word.
private struct ServerReader {
    let secrets: SecretReader

    /// The full path; a file that cannot be read is a problem where the connections will be made.
    func pemFile(_ value: ConfigValue, _ what: String) -> String? {
        guard let path = value.text("a PEM file") else { return nil }
        let full = secrets.folder.absolute(path)
        if secrets.loading == .required, !FileManager.default.isReadableFile(atPath: full) {
            value.report("\(full) cannot be read; name a PEM file with \(what)")
        }
        return full
    }

    func mechanism(_ value: ConfigValue) -> Credentials.Mechanism? {
        guard let mechanism = value.word(Credentials.Mechanism.self) else { return nil }
        // Which libcurl is installed matters where the connections are made.
        if secrets.loading == .required, !mechanism.isSupported {
            value.report(
                "the libcurl of this machine does not know \(mechanism.rawValue); leave login out or choose another")
        }
        return mechanism
    }

    /// One text with `;` between the pins, or a list of them.
    func pin(_ value: ConfigValue) -> PublicKeyPin? {
        guard let texts = value.texts("a pin such as sha256//…=") else { return nil }
        if let pin = PublicKeyPin(texts.map(\.text).joined(separator: ";")) { return pin }
        value.report(
            "a pin is sha256// and the key's SHA-256 in base64, 44 characters that end in =; several have ; between them"
        )
        return nil
    }

    /// `{ cert: PATH, key: PATH, key_password: SECRET }`
    func clientCertificate(_ value: ConfigValue) -> ClientCertificate? {
        guard let table = value.table("a client certificate") else { return nil }
        let file = table.required("cert", "name a PEM file with our certificate").flatMap {
            pemFile($0, "our certificate")
        }
        let keyValue = table["key"]
        let key = keyValue.flatMap { pemFile($0, "the certificate's private key") }
        let password = table["key_password"].flatMap { secrets.secret($0) }
        table.finish()
        guard let file else { return nil }
        let certificate = ClientCertificate(certificateFile: file, keyFile: key, keyPassword: password)
        let files = FileManager.default
        guard secrets.loading == .required, files.isReadableFile(atPath: file),
            files.isReadableFile(atPath: certificate.keyFile), password != nil || table["key_password"] == nil
        else { return certificate }
        let mode = (try? files.attributesOfItem(atPath: certificate.keyFile))?[.posixPermissions] as? NSNumber
        if (mode?.intValue ?? 0) & 0o007 != 0 {
            (keyValue ?? value).report("\(certificate.keyFile) can be read or changed by everybody; chmod o= it")
        }
        if let problem = certificate.problem() { value.report(problem) }
        return certificate
    }

    /// `socks5h://proxy.example.com:1080`, or `{ url: …, user: …, password: SECRET, ca_file: PATH }`
    func proxy(_ value: ConfigValue) -> Proxy? {
        guard value.isTable else { return proxy(url: value, value) }
        guard let table = value.table("a proxy") else { return nil }
        let url = table.required("url", "write it as in http://proxy.example.com:3128")
        var result = url.flatMap { proxy(url: $0, nil) }
        if let user = table["user"]?.text("the user of the proxy") { result?.user = user }
        result?.secret = table["password"].flatMap { secrets.secret($0) }
        if let file = table["ca_file"] {
            result?.caFile = pemFile(file, "the certificate authority of the proxy")
            if let kind = result?.kind, kind != .https {
                file.report("only a proxy whose address begins with https:// has a certificate; remove ca_file")
            }
        }
        table.finish()
        if let result, result.secret != nil || table["password"] == nil, let problem = result.problem {
            value.report(problem)
            return nil
        }
        return result
    }

    /// `whole` is where to report what is missing beside the address.
    private func proxy(url: ConfigValue, _ whole: ConfigValue?) -> Proxy? {
        guard let text = url.text("the address of a proxy") else { return nil }
        do throws(ProxyURLProblem) {
            let proxy = try Proxy(url: text)
            guard let whole, let problem = proxy.problem else { return proxy }
            whole.report("\(problem), as in proxy: { url: …, password: … }")
        } catch {
            url.report(error.message)
        }
        return nil
    }
}
