import CurlTransport
import Logging
import SMTPClient
import SMTPProtocol
import TestSupport
import Vocabulary

/// Sessions with a scripted relay, and the mails they send.
enum ScriptedRelay {
    /// What libcurl says before we come in, when nobody logs in.
    static let greeting = "S: 220 relay.example ESMTP\nC: EHLO *\nS: 250 relay.example\n"
    static let hello = greeting + "C: EHLO post.example.com\nS: 250-relay.example\nS: 250 PIPELINING\n"
    static let envelope = """
        C: MAIL FROM:<support@example.com>
        C: RCPT TO:<ada@example.net>
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 354 go on

        """

    static func session(
        _ server: ScriptedServer, credentials: Credentials? = nil, security: Endpoint.Security = .none,
        timeouts: SubmissionTimeouts = SubmissionTimeouts(all: .seconds(20))
    ) -> SMTPSession {
        let endpoint = Endpoint(host: "127.0.0.1", port: server.port, security: security)
        let options = SubmissionOptions(
            endpoint: endpoint, credentials: credentials, heloName: "post.example.com", timeouts: timeouts)
        return SMTPSession(options, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    static func mail(
        to recipients: String..., body: String = "Hello\r\n", subject: String = "Subject: a receipt\r\n"
    ) -> OutgoingMail {
        OutgoingMail(
            reversePath: address("support@example.com"),
            recipients: (recipients.isEmpty ? ["ada@example.net"] : recipients).map(address),
            bytes: Array("\(subject)\r\n\(body)".utf8))
    }

    static func address(_ text: String) -> EmailAddress {
        guard let address = EmailAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }
}

/// An outcome in words, for tables.
func summary(_ outcome: SendOutcome) -> String {
    switch outcome {
    case .accepted(let id): id.map { "accepted \($0)" } ?? "accepted"
    case .deferred(let refusal): "deferred \(refusal.stage.rawValue)\(refusal.reply.map { " \($0.code)" } ?? "")"
    case .rejected(let refusal): "rejected \(refusal.stage.rawValue)\(refusal.reply.map { " \($0.code)" } ?? "")"
    case .uncertain: "uncertain"
    }
}
