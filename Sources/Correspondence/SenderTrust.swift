import MIME
import Vocabulary

/// What our own MTA found out about the sender (RFC 8601).
///
/// Anybody can write an Authentication-Results field into a mail. One is believed only if it names our authserv-id and
/// stands above the Received line with which the mail entered our host: what is above was added by us. Lines of a local
/// hop (LMTP delivery, a content filter over the loopback) are passed over; private networks are not, because behind
/// an address translator a stranger comes from there too.
func senderTrust(_ facts: HeaderFacts, from: [ParsedAddress], authservID: String?) -> (Trust, Reason) {
    guard let authservID, !authservID.isEmpty else {
        return (.unknown, trustReason(.unknown, "no authserv-id of ours is configured"))
    }
    // RFC 7489 section 6.6.1: with several authors nothing says whom a signature speaks for.
    guard from.count == 1, let author = from[0].email, facts.all(.from).count == 1 else {
        return (.unknown, trustReason(.unknown, "there is not exactly one author"))
    }
    var results: [AuthenticationResults.MethodResult] = []
    walk: for entry in facts.entries {
        switch entry.role {
        // Our MTA writes a few hundred bytes.
        case .authenticationResults where entry.field.rawBody.count < 8_192:
            let found = entry.field.authenticationResults
            if found.authservID.map(asciiLowercased) == asciiLowercased(authservID) { results += found.results }
        case .received where !isLocalHop(entry.field.received): break walk
        default: continue
        }
    }
    return verdict(results, author: author)
}

private func verdict(_ results: [AuthenticationResults.MethodResult], author: EmailAddress) -> (Trust, Reason) {
    if let pass = results.first(where: { $0.result == "pass" && speaks($0, for: author.domain) }) {
        return (.authenticated, trustReason(.authenticated, "\(pass.method)=pass, aligned with From"))
    }
    let mechanisms = results.filter { ["dkim", "spf", "dmarc"].contains($0.method) }
    if mechanisms.contains(where: { $0.method == "dmarc" && $0.result == "fail" }) {
        return (.failed, trustReason(.failed, "dmarc=fail"))
    }
    // `none` says nothing; everything that says something must say fail.
    let said = mechanisms.filter { $0.result != "none" }
    if !said.isEmpty, said.allSatisfy({ $0.result == "fail" || $0.result == "hardfail" }) {
        return (.failed, trustReason(.failed, said.map { "\($0.method)=fail" }.joined(separator: ", ")))
    }
    let because = results.isEmpty ? "no result of ours above the first foreign Received" : "nothing aligned passed"
    return (.unknown, trustReason(.unknown, because))
}

func trustReason(_ trust: Trust, _ because: String) -> Reason {
    Reason(.trust, trust.rawValue, because: because, source: "RFC 8601 section 5")
}

/// Whether a result is about the domain of From: the same one or a parent (RFC 7489 section 3.1, without a list of public
/// suffixes, so a sibling or a child does not count).
private func speaks(_ result: AuthenticationResults.MethodResult, for domain: String) -> Bool {
    let claimed: String? =
        switch result.method {
        case "dkim": result["header.d"] ?? result["header.i"]
        case "spf": result["smtp.mailfrom"] ?? result["smtp.mail"]
        case "dmarc": result["header.from"]
        default: nil
        }
    guard let claimed else { return false }
    let claimedDomain = claimed.split(separator: "@").last.map { asciiLowercased(String($0)) } ?? ""
    guard claimedDomain.contains(".") else { return false }
    return domain == claimedDomain || domain.hasSuffix("." + claimedDomain)
}

/// A Received line of our own host for a hop within it: LMTP delivery, or a filter that gives the mail back over the
/// loopback.
///
/// What the client called itself is not believed, only the address that our MTA saw, and nothing when the line cannot be
/// read for certain. A stranger may call himself `[127.0.0.1]`; his real address then stands beside it.
private func isLocalHop(_ hop: Received) -> Bool {
    guard !hop.defects.contains(where: { $0.kind == .badReceived }) else { return false }
    let with = asciiLowercased(hop.with ?? "")
    if ["lmtp", "utf8lmtp", "local"].contains(where: { with.hasPrefix($0) }) { return true }
    guard let client = hop.from, !client.addresses.isEmpty else { return false }
    // Exim writes the address in place of a name that it did not find, and `(helo=name)` behind it.
    let isSeen = client.info.contains { info in
        info.utf8.contains(UInt8(ascii: "[")) || IPAddress(info) != nil || asciiLowercased(info).contains("helo=")
    }
    return isSeen && client.addresses.allSatisfy(\.isLoopback)
}
