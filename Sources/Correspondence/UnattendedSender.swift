import MIME
import Vocabulary

/// What a local part says about who reads it.
enum SenderRole: Equatable {
    /// Nobody, ever: a mail from there was written by a machine.
    case machine
    /// `no-reply` in one of its spellings: nobody reads answers.
    case noReply
    /// A role that RFC 5230 section 4.6 tells us not to answer, behind which a person may sit (`order-request@`).
    case role
}

/// The role of a local part; nil for a person's or department's.
func senderRole(_ localPart: String) -> SenderRole? {
    let name = Array(asciiLowercased(localPart).utf8)
    // `no-reply`, `no_reply`, `noreply2`, `do.not.reply`: separators and digits do not matter.
    let letters = name.filter { $0 &- 97 < 26 }
    let word = String(decoding: letters, as: UTF8.self)
    if machines.contains(word) { return .machine }
    if letters.count >= 7, noReplies.contains(where: { firstIndex(of: $0, in: letters[...]) != nil }) {
        return .noReply
    }
    if roles.contains(word) { return .role }
    guard name.contains(UInt8(ascii: "-")) else { return nil }
    let isRole =
        rolePrefixes.contains { name.starts(with: $0) } || roleSuffixes.contains { name.suffix($0.count) == $0[...] }
    return isRole ? .role : nil
}

private let noReplies = ["noreply", "donotreply", "nepasrepondre"].map { Array($0.utf8) }
private let rolePrefixes = ["owner-", "bounce-"].map { Array($0.utf8) }
private let roleSuffixes = ["-owner", "-request", "-bounces", "-bounce", "-errors"].map { Array($0.utf8) }
private let machines: Set<String> = [
    "mailerdaemon", "maildaemon", "mailerdeamon", "autoreply", "autoresponder", "autoresponse", "autoanswer",
    "vacation",
    "listserv", "majordomo",
]
private let roles: Set<String> = [
    "postmaster", "bounce", "bounces", "newsletter", "newsletters", "notification", "notifications", "notify", "alert",
    "alerts", "mailman", "root", "nobody", "daemon", "cron", "wwwdata", "apache", "nginx", "mailer", "listmaster",
    "sysadmindaemon", "unattended",
]

/// From, else where the answer would go, else the reverse path (RFC 5230 section 4.6 looks there: a list's bounces come to `owner-…`).
func senderEvidence(_ context: EvidenceContext) -> [MachineEvidence] {
    let rule = "RFC 5230 section 4.6"
    if let from = context.message.from.first, !context.isForm {
        let localPart = from.email?.localPart ?? String(from.address.prefix { $0 != "@" })
        if let role = senderRole(localPart) {
            let seen = "From: \(shortened(from.address))"
            return [MachineEvidence(.unattendedSender, weight(of: role, context), seen: seen, rule: rule)]
        }
    }
    if let answer = context.message.replyTo.first?.email, let role = senderRole(answer.localPart), role != .role {
        return [
            MachineEvidence(.unattendedSender, .none, seen: "Reply-To: \(shortened(answer.description))", rule: rule)
        ]
    }
    guard case .address(let path) = context.reversePath, let role = senderRole(path.localPart), role != .noReply,
        !isOurList(context), !context.isForm
    else { return [] }
    // The path of a list or relay: says how the mail travelled, seldom who wrote it.
    return [MachineEvidence(.unattendedSender, .hint(.distributor), seen: "Return-Path: <\(path)>", rule: rule)]
}

private func weight(of role: SenderRole, _ context: EvidenceContext) -> MachineEvidence.Weight {
    switch role {
    case .machine: .proof
    // A portal or shop writes for a person, whose address is the Reply-To.
    case .noReply: attendedReplyTo(context.message, context.identity) == nil ? .proof : .none
    case .role: .hint(.sender)
    }
}

/// The first Reply-To that is neither ours nor an agent's nor another unattended address.
func attendedReplyTo(_ message: Message, _ identity: OwnIdentity) -> NamedAddress? {
    for parsed in message.replyTo {
        guard let address = parsed.email, !identity.isOwn(address), !identity.isAgent(address),
            senderRole(address.localPart) == nil
        else { continue }
        return NamedAddress(displayName: parsed.displayName, address: address)
    }
    return nil
}
