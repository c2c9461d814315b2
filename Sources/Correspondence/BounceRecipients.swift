import MIME
import Vocabulary

/// The addresses that a bounce without a machine-readable part is about, with what it says about each.
///
/// Such a text names more addresses than those that failed: the sender, a help desk, the alias from which an address was
/// made. So each line is judged by what stands before its address, and only the best kind of line counts.
struct BounceRecipients {
    private enum Rank: Int, Comparable {
        /// The line begins with the address, or says that this one failed.
        case named
        /// A server's reply quotes it.
        case replied
        /// `To:` among the facts about the mail.
        case listed
        /// Any other.
        case mentioned
        /// The sender, or whom to ask.
        case bystander
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Candidate {
        let address: String
        let rank: Rank
        /// Index of its line.
        let line: Int
    }

    private let text: BounceText
    /// Addresses that cannot have failed: the mail system's own, and whom it reports to.
    private let others: Set<String>
    /// To of the returned mail.
    private let returned: [String]
    private let identity: OwnIdentity

    init(_ message: Message, text: BounceText, identity: OwnIdentity) {
        self.text = text
        self.identity = identity
        others = Set((message.from + message.to).prefix(recipientLimit).map { asciiLowercased($0.address) })
        let field = message.returnedHeaders.first?.first("To")
        returned = namedAddresses(field ?? text.copy.first { folded($0.prefix(3)) == Array("to:".utf8) } ?? "")
    }

    /// - Parameter known: addresses that a header field named already (X-Failed-Recipients).
    func found(known: [String], isDelay: Bool) -> [DeliveryReport.Recipient] {
        let whole = BounceStatus(of: text.said, isDelay: isDelay)
        let action = isDelay ? "delayed" : "failed"
        // RFC 3463 section 3.1: `X.0.0` where nothing is known but whether it was given up.
        let nothing = isDelay ? "4.0.0" : "5.0.0"
        let candidates = candidates()
        let chosen = known.isEmpty ? best(candidates) : known.prefix(recipientLimit).map { $0 }
        let lines = chosen.map { address in
            candidates.first { $0.rank == .named && isSame($0.address, address) }?.line
        }
        return chosen.enumerated().map { index, address in
            var status = whole
            if let line = lines[index] {
                let next = lines.compactMap { $0 }.filter { $0 > line }.min() ?? text.said.count
                let own = BounceStatus(of: text.said[line..<next], isDelay: isDelay)
                if own.isClear || !whole.isClear && !own.status.isEmpty { status = own }
            }
            return DeliveryReport.Recipient(
                finalRecipient: address, action: action, status: status.status.isEmpty ? nothing : status.status,
                diagnostic: status.diagnostic)
        }
    }

    private func isSame(_ left: String, _ right: String) -> Bool { asciiLowercased(left) == asciiLowercased(right) }

    /// The best ones; else the only recipient of the returned mail.
    private func best(_ candidates: [Candidate]) -> [String] {
        let bystanders = Set(candidates.filter { $0.rank == .bystander }.map { asciiLowercased($0.address) })
        for rank in [Rank.named, .replied, .listed, .mentioned] {
            var seen: Set<String> = []
            let addresses = candidates.filter { candidate in
                candidate.rank == rank && isOutside(candidate)
                    && !bystanders.contains(asciiLowercased(candidate.address))
                    && seen.insert(asciiLowercased(candidate.address)).inserted
            }
            if !addresses.isEmpty { return addresses.prefix(recipientLimit).map(\.address) }
        }
        return returned.count == 1 && !others.contains(asciiLowercased(returned[0])) ? returned : []
    }

    private func isOutside(_ candidate: Candidate) -> Bool {
        guard !others.contains(asciiLowercased(candidate.address)), let address = EmailAddress(candidate.address),
            !identity.isOwn(address)
        else { return false }
        return candidate.rank == .named || senderRole(address.localPart) == nil
    }

    private func candidates() -> [Candidate] {
        var found: [Candidate] = []
        for (index, line) in text.said.enumerated() where line.utf8.contains(UInt8(ascii: "@")) {
            let addresses = namedAddresses(line)
            guard let first = addresses.first else { continue }
            let rank = rank(line, address: first, before: index == 0 ? "" : text.said[index - 1])
            for (place, address) in addresses.enumerated() {
                // Behind the first one may stand whom to ask, or the name of the list.
                let isFirst = place == 0 || isAddressList(line)
                found.append(Candidate(address: address, rank: isFirst ? rank : max(rank, .mentioned), line: index))
            }
            if found.count > 4 * recipientLimit { break }
        }
        return found
    }

    /// Nothing but addresses and what parts them.
    private func isAddressList(_ line: String) -> Bool {
        line.split { $0 == "," || $0 == ";" || $0 == " " }.allSatisfy { $0.contains("@") }
    }

    private func rank(_ line: String, address: String, before: String) -> Rank {
        let bytes = folded(line)
        let place = firstIndex(of: folded(address), in: bytes[...]) ?? 0
        let prefix = Array(bytes[..<place])
        let words = prefix.filter { ($0 | 32) &- 97 < 26 || $0 >= 128 }
        let isReply = prefix.first.map { $0 == 52 || $0 == 53 || $0 == 60 || $0 == 62 } ?? false
        if bystanders.isFound(in: prefix) { return .bystander }
        if origins.isFound(in: prefix) { return .mentioned }
        if failures.isFound(in: prefix) { return .named }
        if words.isEmpty && !(isReply && prefix.contains { $0 &- 48 < 10 }) {
            // `A message sent by`, and the address on a line of its own.
            let above = before.utf8.contains(UInt8(ascii: "@")) ? [] : folded(before)
            return bystanders.isFound(in: above) && !failures.isFound(in: above) ? .bystander : .named
        }
        if isReply { return .replied }
        return ["to", "cc"].contains(String(decoding: words, as: UTF8.self)) ? .listed : .mentioned
    }
}

/// More recipients than any mail of ours has; a forged report must not fill the store.
let recipientLimit = 100

/// Addresses in a text, each once, in their order.
func namedAddresses(_ text: String) -> [String] {
    var found: [String] = []
    let ends: Set<Character> = [
        "<", ">", "(", ")", "[", "]", ",", ";", ":", "\"", "'", "“", "”", "，", "。", "；", "：", "|", "=", "、", "「", "」",
        "《", "》",
    ]
    for word in text.split(whereSeparator: { $0.isWhitespace || ends.contains($0) }) where word.contains("@") {
        var address = word
        while address.hasSuffix(".") { address = address.dropLast() }
        guard let parsed = EmailAddress(String(address)), parsed.domain.contains("."), !found.contains(String(address))
        else { continue }
        found.append(String(address))
        if found.count == recipientLimit { break }
    }
    return found
}

/// What stands before an address that failed.
let failures = PhraseTable([
    "recipient", "deliver", "undeliver", "unknown", "exceeds", "rcpt to", "failed", "mailbox", "reach", "reject",
    "message to", "mail to", "addressed", "address:", "address ", "user", "no such", "attempts", "gesendet an",
    "zugestellt",
    "收件人", "无法", "未能", "发送到", "发送给", "送达", "投递", "退信", "地址", "無法", "送達", "收信人", "宛", "メールアドレス", "送信できません",
    "配信できません", "получател", "доставлен", "destinat", "odbiorc", "empfänger",
])

/// What stands before an alias from which the address was made, or in a command.
private let origins = PhraseTable(["generated", "expanded from", "forwarded from", "pipe to"])

/// What stands before an address that has only to do with it.
private let bystanders = PhraseTable([
    "contact", "assistance", "mail from", "from:", "sent by", "sender", "return path", "reply", "support", "help",
    "question", "report", "on behalf", "information", "subject",
    "postmaster", "administrator", "inquir", "message-id", "发件人", "联系", "聯絡", "寄件者", "问い合わせ", "送信者", "連絡",
    "kontakt", "od:", "von:",
])
