import MIME
import Vocabulary

/// What List-* fields mean for a mail.
///
/// RFC 5230 section 4.6 forbids an answer to any of them. Whether a person wrote the mail is another question:
///
/// - The list is one of our own addresses (the shared mailbox is a Google group or a Mailman list that delivers to us):
///   the fields say nothing; a customer wrote to us.
/// - It answers a mail of ours, or it came through a discussion list (one that takes posts, RFC 2369 section 3.4) and
///   names us in To or Cc: a person wrote it and means us. A ticket opens, nothing is sent.
/// - All else is a newsletter, an announcement or the traffic of a list that we happen to read: automatic.
func listEvidence(_ context: EvidenceContext) -> [MachineEvidence] {
    let fields = context.facts.entries.filter {
        [.listID, .listPost, .listUnsubscribe, .listOther].contains($0.role)
    }
    guard let first = fields.first, !isOurList(context) else { return [] }
    let meantForUs = context.addressedToUs && takesPosts(context.facts)
    return [
        MachineEvidence(
            .mailingList, context.answersUs || meantForUs ? .hint(.distributor) : .proof, seen: first.seen,
            rule: "RFC 2369, RFC 2919; RFC 5230 section 4.6")
    ]
}

/// List-Post or List-Id names one of our addresses: `<mailto:support@example.com>`, `<support.example.com>`.
func isOurList(_ context: EvidenceContext) -> Bool {
    if postAddresses(context.facts).contains(where: { context.identity.isOwn($0) }) { return true }
    guard let id = context.facts.first(.listID)?.field.listID else { return false }
    return context.identity.addresses.contains { address in
        id.identifier == asciiLowercased(address.localPart) + "." + address.domain
    }
}

/// `List-Post: NO` is what an announcement list says.
private func takesPosts(_ facts: HeaderFacts) -> Bool { !postAddresses(facts).isEmpty }

private func postAddresses(_ facts: HeaderFacts) -> [EmailAddress] {
    facts.all(.listPost).flatMap { $0.field.listURIs.flatMap(\.recipients) }
}
