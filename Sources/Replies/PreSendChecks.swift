package import Vocabulary

/// Something about a finished mail for which a person must look at it before it leaves (R9): the mail is held, with this
/// as the reason.
package struct PreSendFinding: Sendable, Equatable, CustomStringConvertible {
    package enum Check: String, Sendable, CaseIterable {
        /// A recipient takes no part in the ticket.
        case strangeRecipient
        /// A password, key, card or identity number.
        case secret
        /// The address or ticket of another customer.
        case otherCustomer
        /// Something that is nobody's business outside: a colleague's own address, a private network.
        case internalAddress
        /// The text speaks of an attachment, and there is none.
        case missingAttachment
        case tooLarge
    }

    package let check: Check
    /// What was seen, in words that hold none of it: this goes into the audit.
    package let seen: String

    package var description: String { "pre-send check \(check.rawValue): \(seen)" }
}

/// What the checks are made with.
package struct PreSendContext: Sendable {
    package var ticket: TicketNumber
    /// Who may get the mail: the writer of the ticket's mail, and whom we wrote to about it.
    package var participants: [EmailAddress]
    /// Addresses that may stand in the text: ours.
    package var ours: [EmailAddress]
    /// Our people's own addresses, which customers do not need.
    package var agents: [EmailAddress]
    package var recipientDelimiter: Character
    package var sizeLimit: Int

    package init(
        ticket: TicketNumber, participants: [EmailAddress], ours: [EmailAddress], agents: [EmailAddress],
        recipientDelimiter: Character, sizeLimit: Int
    ) {
        self.ticket = ticket
        self.participants = participants
        self.ours = ours
        self.agents = agents
        self.recipientDelimiter = recipientDelimiter
        self.sizeLimit = sizeLimit
    }
}

/// Looks at a mail before it is queued. The first finding of each kind, in the order of `Check`; none when it may go.
///
/// Only what a program can be sure enough of is asked. That facts and tone are right a person must say: for that there
/// is approval of templates, and `hold`.
package func preSendFindings(
    subject: String, text: String, recipients: [EmailAddress], attachments: Int, size: Int, context: PreSendContext
) -> [PreSendFinding] {
    let scan = OutgoingText(subject + "\n" + text)
    var findings: [PreSendFinding] = []
    func add(_ check: PreSendFinding.Check, _ seen: String?) {
        if let seen { findings.append(PreSendFinding(check: check, seen: seen)) }
    }
    let strangers = recipients.filter { !context.participants.contains($0) }
    add(
        .strangeRecipient,
        strangers.isEmpty ? nil : "\(strangers.count) of \(recipients.count) recipients take no part in the ticket")
    add(.secret, scan.secret)
    add(.otherCustomer, scan.otherCustomer(recipients: recipients, context))
    add(.internalAddress, scan.internalAddress(context))
    add(.missingAttachment, attachments == 0 && scan.promisesAttachment ? "the text names an attachment" : nil)
    add(.tooLarge, size > context.sizeLimit ? "\(size) octets, the limit is \(context.sizeLimit)" : nil)
    return findings
}

/// The words of a mail, looked at once.
private struct OutgoingText {
    /// Lower-cased in ASCII; full-width forms as they are.
    private let bytes: [UInt8]
    private let words: [Substring]

    init(_ text: String) {
        let lowered = asciiLowercased(text)
        bytes = Array(lowered.utf8)
        words = lowered.split { $0.isWhitespace || "<>()[]{}\"'“”‘’,;，；。、：！？（）「」《》【】".contains($0) }
    }

    // MARK: Secrets

    /// What kind of secret stands in the text; nil when none does.
    var secret: String? {
        if holds("-----begin ") && holds("private key-----") { return "a private key" }
        if labelledSecret { return "a password or key behind its label" }
        for run in digitRuns {
            if (13...19).contains(run.count), Self.passesLuhn(run), Self.beginsLikeCard(run) { return "a card number" }
        }
        return words.contains { Self.isChineseIdentityNumber($0) } ? "an identity number" : nil
    }

    /// `password: x`, `密码：x`, `api_key=x`. The word alone is no secret: people write about passwords.
    private var labelledSecret: Bool {
        for label in Self.labels {
            var rest = bytes[...]
            while let at = firstIndex(of: label, in: rest) {
                rest = bytes[(at + label.count)...]
                var value = rest.drop { $0 == 0x20 }
                guard value.starts(with: [0x3A]) || value.starts(with: [0x3D]) || value.starts(with: Self.wideColon)
                else { continue }
                value = value.drop { $0 == 0x20 || $0 == 0x3A || $0 == 0x3D || Self.wideColon.contains($0) }
                // Four or more characters that are no word of a sentence.
                if value.prefix(while: { $0 > 0x20 && $0 < 0x7F }).count >= 4 { return true }
            }
        }
        return false
    }

    private static let wideColon = Array("：".utf8)
    private static let labels = [
        "password", "passwd", "passphrase", "api key", "api_key", "apikey", "secret key", "access token", "密码", "口令",
        "密碼", "パスワード", "暗証番号",
    ].map { Array($0.utf8) }

    /// Digits with single blanks or hyphens between them, as cards are written.
    private var digitRuns: [[UInt8]] {
        var runs: [[UInt8]] = []
        var run: [UInt8] = []
        var gap = false
        for byte in bytes {
            if byte &- 48 < 10 {
                run.append(byte - 48)
                gap = false
            } else if byte == 0x20 || byte == 0x2D, !gap, !run.isEmpty {
                gap = true
            } else {
                if run.count >= 13 { runs.append(run) }
                run = []
                gap = false
            }
        }
        return run.count >= 13 ? runs + [run] : runs
    }

    /// ISO/IEC 7812-1, annex B.
    private static func passesLuhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = Int(digit) * (place % 2 == 0 ? 1 : 2)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    /// Issuers of payment cards: 3 to 6, and 2221 to 2720 (ISO/IEC 7812).
    private static func beginsLikeCard(_ digits: [UInt8]) -> Bool {
        (3...6).contains(digits[0]) || digits[0] == 2 && (2...7).contains(digits[1])
    }

    /// GB 11643: 17 digits and a check character modulo 11.
    private static func isChineseIdentityNumber(_ word: Substring) -> Bool {
        let bytes = Array(word.utf8)
        guard bytes.count == 18, bytes.prefix(17).allSatisfy({ $0 &- 48 < 10 }) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(weights, bytes).reduce(0) { $0 + $1.0 * Int($1.1 - 48) }
        return Array("10x98765432".utf8)[sum % 11] == bytes[17]
    }

    // MARK: Others' data

    func otherCustomer(recipients: [EmailAddress], _ context: PreSendContext) -> String? {
        let others = addresses.filter { address in
            let plain = address.withoutExtension(delimiter: context.recipientDelimiter)
            return !recipients.contains(address) && !context.participants.contains(address)
                && !context.ours.contains(plain) && !context.agents.contains(plain)
                && !context.ours.contains { $0.domain == address.domain }
        }
        if !others.isEmpty { return "an address that belongs to nobody on the ticket" }
        return taggedNumbers.contains { $0 != context.ticket } ? "the number of another ticket" : nil
    }

    func internalAddress(_ context: PreSendContext) -> String? {
        if addresses.contains(where: { context.agents.contains($0) && !context.ours.contains($0) }) {
            return "a colleague's own address"
        }
        let isPrivate = words.contains { word in
            let host = word.split(separator: "/").first { $0.contains(".") } ?? ""
            return Self.privateEndings.contains { host.hasSuffix($0) } || Self.isPrivateNetwork(host)
        }
        return isPrivate ? "a name or number of a private network" : nil
    }

    private static let privateEndings = [".local", ".internal", ".lan", ".intranet", ".corp"]

    /// RFC 1918, RFC 6598 and the loopback.
    private static func isPrivateNetwork(_ host: Substring) -> Bool {
        let parts = host.split(separator: ":").first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        let numbers = parts.compactMap { UInt8($0) }
        guard parts.count == 4, numbers.count == 4 else { return false }
        switch (numbers[0], numbers[1]) {
        case (10, _), (127, _), (192, 168), (172, 16...31), (100, 64...127): return true
        default: return false
        }
    }

    private var addresses: [EmailAddress] {
        words.filter { $0.contains("@") }.compactMap { word in
            let trimmed = word.drop { $0 == "." || $0 == ":" }
            let address = trimmed.hasPrefix("mailto:") ? trimmed.dropFirst(7) : trimmed
            return EmailAddress(String(address.hasSuffix(".") ? address.dropLast() : address))
        }.filter { $0.domain.contains(".") }
    }

    /// The numbers of `[#1001]`.
    private var taggedNumbers: [TicketNumber] {
        var numbers: [TicketNumber] = []
        var rest = bytes[...]
        while let at = firstIndex(of: [0x5B, 0x23], in: rest) {
            let digits = bytes[(at + 2)...].prefix { $0 &- 48 < 10 }
            rest = bytes[digits.endIndex...]
            guard rest.first == 0x5D, (1...18).contains(digits.count) else { continue }
            if let number = TicketNumber(parsing: String(decoding: digits, as: UTF8.self)) { numbers.append(number) }
        }
        return numbers
    }

    // MARK: Attachments

    /// Says that something is attached, not that something may be attached.
    var promisesAttachment: Bool {
        Self.promises.contains { firstIndex(of: $0, in: bytes[...]) != nil }
    }

    private static let promises = [
        "please find attached", "please see attached", "see the attachment", "see attached", "i have attached",
        "we have attached", "is attached", "are attached", "attached is", "attached are", "请见附件", "请查收附件", "见附件",
        "详见附件", "附件为", "附件是", "請見附件", "請查收附件", "見附件", "詳見附件", "附件為", "添付いたします", "添付しました",
        "添付のとおり", "添付ファイルをご",
    ].map { Array($0.utf8) }

    private func holds(_ text: String) -> Bool { firstIndex(of: Array(text.utf8), in: bytes[...]) != nil }
}

/// Where `needle` begins in `bytes`; linear, because the needles are short and begin with rare octets.
private func firstIndex(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard let head = needle.first else { return nil }
    var rest = bytes
    while let at = rest.firstIndex(of: head) {
        if bytes[at...].starts(with: needle) { return at }
        rest = bytes[(at + 1)...]
    }
    return nil
}
