import MIME
import Vocabulary

/// Whether a mail says that it is a copy of what we sent: From is ours, and it has our field or a Message-ID of the form
/// that we make.
///
/// A provider may rewrite the id or drop the field, so one of them is enough for the claim; the seals in both are checked
/// where the key is. A Message-ID of our domain in another form is no claim: our people write from the shared address
/// with programs that make such ids.
func ownMail(_ message: Message, facts: HeaderFacts, identity: OwnIdentity) -> (OwnClaim, Reason)? {
    guard let from = message.from.first?.email, identity.isOwn(from) else { return nil }
    let mark = facts.first(.ownMark).map { shortened($0.field.body) }
    let isSealed = message.messageID.map { identity.isOwn($0) && hasSeal($0) } ?? false
    var marks: [String] = []
    if mark != nil { marks.append("X-Postroom") }
    if isSealed { marks.append("a Message-ID of our form") }
    guard !marks.isEmpty else { return nil }
    let because = "From is ours, with \(marks.joined(separator: " and "))"
    return (OwnClaim(mark: mark, messageID: message.messageID), Reason(.kind, "own", because: because))
}

/// `o.7.SEAL@` of a reply, `n.7.SEAL@` of a notice: a number and 26 digits of base 32 (RFC 4648 section 6), in any case.
private func hasSeal(_ id: MessageID) -> Bool {
    let left = asciiLowercased(id.value).prefix { $0 != "@" }
    let pieces = left.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count == 3, pieces[0] == "o" || pieces[0] == "n", (1...18).contains(pieces[1].utf8.count),
        pieces[2].utf8.count == 26
    else { return false }
    return pieces[1].utf8.allSatisfy { $0 &- 48 < 10 }
        && pieces[2].utf8.allSatisfy { $0 &- 97 < 26 || (50...55).contains($0) }
}
