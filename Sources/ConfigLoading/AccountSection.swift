import CurlTransport
import Foundation
import IMAPClient
import Rules
import SMTPClient
import Vocabulary

/// One entry of `accounts:`; nil, and problems, when it cannot be used.
func accountOptions(
    _ name: LocatedText, _ value: ConfigValue, limits: LimitOptions, secrets: SecretReader
) -> AccountOptions? {
    guard let table = value.table("an account") else { return nil }
    let server = ServerSection(table, defaultPorts: [.implicitTLS: 993, .startTLS: 143, .none: 143], secrets: secrets)
    let address = table.required("address", "write the shared address that customers write to")?.address()
    let user = table["user"]?.text("the login name") ?? address?.description
    let secret = password(table, server, secrets)
    let mailboxes = table["mailboxes"]?.texts("mailboxes such as INBOX")?.map { MailboxName($0.text) }
    let start = table.required("start", "say which mail is ours: new, all, unseen or a day such as 2026-11-01")
        .flatMap { startRule($0) }
    let poll = table["poll"]?.seconds(5...3600)
    // RFC 2177: a server may log an idle client out after 30 minutes.
    let renewal = table["idle_renewal"]?.seconds(30...1740)
    let connections = table["connections"]?.int(1...50)
    let connect = table["connect_timeout"]?.seconds(1...600)
    let command = table["command_timeout"]?.seconds(5...600)
    let acknowledge = acknowledgement(table["acknowledge"], mailboxes: mailboxes ?? [MailboxName("INBOX")])
    table.finish()
    if mailboxes?.isEmpty == true { value.report("mailboxes is empty; name one, or remove the line for INBOX") }
    guard let endpoint = server.endpoint, let address, let user, let secret, let start else { return nil }
    return AccountOptions(
        name: AccountName(name.text), endpoint: endpoint,
        credentials: Credentials(user: user, secret: secret, mechanism: server.mechanism),
        mailboxes: mailboxes ?? [MailboxName("INBOX")], address: address, start: start,
        pollInterval: .seconds(poll ?? 60),
        idleRenewal: renewal.map { .seconds($0) } ?? ProviderHabits(host: endpoint.host).idleRenewal,
        maxConnections: connections ?? 5, acknowledge: acknowledge,
        connectTimeout: .seconds(connect ?? 30), commandTimeout: .seconds(command ?? 60),
        maxMessageSize: limits.messageBytes,
        fetchLimits: FetchLimits(messages: limits.batchMessages, bytes: limits.batchBytes))
}

/// With `login: external` the client certificate stands for it.
private func password(_ table: ConfigTable, _ server: ServerSection, _ secrets: SecretReader) -> Secret? {
    guard server.mechanism.takesPassword else {
        table["password"]?.report("login: external takes no password; remove the line")
        return Secret("")
    }
    return table.required("password", "say where it is: password: { credential: NAME }")
        .flatMap { secrets.secret($0) }
}

/// `submission:` where mail leaves: one relay, or a list of them in the order in which they are tried.
func submissionRelays(_ value: ConfigValue, secrets: SecretReader) -> [SubmissionOptions] {
    guard value.isList else { return submissionOptions(value, secrets: secrets).map { [$0] } ?? [] }
    return (value.list("relays") ?? []).compactMap { submissionOptions($0, secrets: secrets) }
}

private func submissionOptions(_ value: ConfigValue, secrets: SecretReader) -> SubmissionOptions? {
    guard let table = value.table("submission") else { return nil }
    let server = ServerSection(table, defaultPorts: [.implicitTLS: 465, .startTLS: 587, .none: 25], secrets: secrets)
    let user = table["user"]?.text("the login name")
    let takesPassword = server.mechanism.takesPassword
    let secret = takesPassword ? table["password"].flatMap { secrets.secret($0) } : Secret("")
    let helo = table["helo"]?.text("the full name of this host")
    let connect = table["connect_timeout"]?.seconds(1...600)
    let command = table["command_timeout"]?.seconds(5...600)
    table.finish()
    if takesPassword, user == nil, table["password"] != nil {
        value.report("there is a password without a user; add user")
    }
    if !takesPassword { table["password"]?.report("login: external takes no password; remove the line") }
    if takesPassword, user != nil, table["password"] == nil {
        value.report("there is a user without a password; add password")
    }
    guard let endpoint = server.endpoint else { return nil }
    var options = SubmissionOptions(endpoint: endpoint)
    if let user, let secret {
        options.credentials = Credentials(user: user, secret: secret, mechanism: server.mechanism)
    }
    if let helo { options.heloName = helo }
    if let connect { options.timeouts.connect = .seconds(connect) }
    if let command { options.timeouts.command = .seconds(command) }
    return options
}

private func startRule(_ value: ConfigValue) -> AccountOptions.StartRule? {
    guard let text = value.text("new, all, unseen or a day") else { return nil }
    switch text {
    case "new": return .new
    case "all": return .all
    case "unseen": return .unseen
    default:
        if let date = try? Date(text + "T00:00:00Z", strategy: .iso8601), text.utf8.count == 10 { return .date(date) }
        value.report("\(text) is no start; write new, all, unseen or a day such as 2026-11-01 (from 00:00 UTC on)")
        return nil
    }
}

private func acknowledgement(_ value: ConfigValue?, mailboxes: [MailboxName]) -> AccountOptions.Acknowledgement {
    var result = AccountOptions.Acknowledgement()
    guard let table = value?.table("acknowledge") else { return result }
    if let value = table["keyword"], let text = value.text("a keyword, or none") {
        result.keyword = text == "none" ? nil : text
        // RFC 9051 section 9: a keyword is an atom.
        let isAtom = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Array(#"(){%*"\]"#.utf8).contains($0) }
        if !isAtom {
            value.report("\(text) is no keyword; use letters, digits, $ and _ (RFC 9051 section 9), or none")
        }
    }
    if let value = table["move_to"], let text = value.text("a mailbox") {
        result.moveTo = text
        if mailboxes.contains(MailboxName(text)) {
            value.report("mail would be moved to \(text), where it is read from; name another mailbox")
        }
        let rest = text.replacing("{category}", with: "")
        if rest.contains("{") || rest.contains("}") {
            value.report("only {category} can stand in move_to")
        }
    }
    table.finish()
    return result
}
