/// The server's side of a login, for the `LOGIN` step: it answers whatever a client asks on its way to being
/// authenticated, because clients (and versions of libcurl) take different ways there.
struct ScriptedLogin: Sendable {
    private let smtp: Bool
    private let capabilities: [String]
    private var greeted = false
    /// Answers still to come in a SASL exchange, and the tag it ends with.
    private var challenges = 0
    private var tag = ""
    private(set) var isDone = false

    init(smtp: Bool, capabilities: [String]) {
        self.smtp = smtp
        self.capabilities = capabilities
    }

    /// The greeting, once.
    mutating func greeting() -> [UInt8]? {
        if greeted { return nil }
        greeted = true
        return octets(smtp ? "220 scripted.example ESMTP" : "* OK scripted.example ready")
    }

    /// The answer to one line; nil when it belongs to no login.
    mutating func answer(_ line: [UInt8]) -> [UInt8]? {
        if challenges > 0 {
            challenges -= 1
            return challenges > 0 ? challenge() : accepted()
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        return smtp ? answerSMTP(words) : answerIMAP(words)
    }

    private mutating func answerSMTP(_ words: [String]) -> [UInt8]? {
        switch words.first?.uppercased() {
        case "EHLO":
            let lines = ["scripted.example"] + capabilities + ["AUTH PLAIN LOGIN"]
            return octets(
                lines.enumerated().map { "250\($0.offset == lines.count - 1 ? " " : "-")\($0.element)" }
                    .joined(separator: "\r\n"))
        case "AUTH" where words.count > 1: return authenticate(mechanism: words[1], initial: words.count > 2)
        default: return nil
        }
    }

    private mutating func answerIMAP(_ words: [String]) -> [UInt8]? {
        guard words.count > 1 else { return nil }
        tag = words[0]
        switch words[1].uppercased() {
        case "CAPABILITY":
            let all = ["IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "AUTH=LOGIN"] + capabilities
            return octets("* CAPABILITY \(all.joined(separator: " "))\r\n\(tag) OK done")
        case "NOOP", "ID": return octets("\(tag) OK done")
        case "LOGIN": return accepted()
        case "AUTHENTICATE" where words.count > 2: return authenticate(mechanism: words[2], initial: words.count > 3)
        default: return nil
        }
    }

    private mutating func authenticate(mechanism: String, initial: Bool) -> [UInt8]? {
        challenges = (mechanism.uppercased() == "LOGIN" ? 2 : 1) - (initial ? 1 : 0)
        return challenges > 0 ? challenge() : accepted()
    }

    private func challenge() -> [UInt8] { octets(smtp ? "334 " : "+ ") }

    private mutating func accepted() -> [UInt8] {
        isDone = true
        return octets(smtp ? "235 2.7.0 welcome" : "\(tag) OK welcome")
    }

    private func octets(_ line: String) -> [UInt8] { Array("\(line)\r\n".utf8) }
}
