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
    var results: [AuthenticationResult] = []
    walk: for entry in facts.entries {
        switch entry.role {
        // Our MTA writes a few hundred bytes.
        case .authenticationResults where entry.field.rawBody.count < 8_192:
            results += authenticationResults(entry.field.body, authservID: authservID)
        case .received where !isLocalHop(entry.field.body): break walk
        default: continue
        }
    }
    return verdict(results, author: author)
}

/// One `method=result` with its properties.
struct AuthenticationResult: Equatable {
    var method: String
    var result: String
    /// `header.d` → `example.com`.
    var properties: [String: String]
}

private func verdict(_ results: [AuthenticationResult], author: EmailAddress) -> (Trust, Reason) {
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
private func speaks(_ result: AuthenticationResult, for domain: String) -> Bool {
    let claimed: String? =
        switch result.method {
        case "dkim": result.properties["header.d"] ?? result.properties["header.i"]
        case "spf": result.properties["smtp.mailfrom"] ?? result.properties["smtp.mail"]
        case "dmarc": result.properties["header.from"]
        default: nil
        }
    guard let claimed else { return false }
    let claimedDomain = claimed.split(separator: "@").last.map(String.init) ?? ""
    guard claimedDomain.contains(".") else { return false }
    return domain == claimedDomain || domain.hasSuffix("." + claimedDomain)
}

/// The results of one field body; none when it is not of our authserv-id.
func authenticationResults(_ body: String, authservID: String) -> [AuthenticationResult] {
    let statements = splitStatements(body)
    guard let head = statements.first?.first, head == asciiLowercased(authservID) else { return [] }
    return statements.dropFirst().compactMap { words in
        guard let first = words.first, let equals = first.firstIndex(of: "=") else { return nil }
        let method = String(first[..<equals].prefix { $0 != "/" })
        var properties: [String: String] = [:]
        for word in words.dropFirst() {
            guard let equals = word.firstIndex(of: "=") else { continue }
            let key = String(word[..<equals])
            if properties[key] == nil { properties[key] = String(word[word.index(after: equals)...]) }
        }
        return AuthenticationResult(
            method: method, result: String(first[first.index(after: equals)...]), properties: properties)
    }
}

/// Statements of words, lower-cased: comments dropped, quotes undone, white space around `=` closed up.
private func splitStatements(_ body: String) -> [[String]] {
    var statements: [[String]] = [[]]
    var word: [UInt8] = []
    var depth = 0
    var quoted = false
    var escaped = false
    var afterSpace = false
    func flush() {
        if !word.isEmpty { statements[statements.count - 1].append(String(decoding: word, as: UTF8.self)) }
        word = []
    }
    for byte in asciiLowercased(body).utf8 {
        if escaped {
            escaped = false
            if depth == 0 { word.append(byte) }
            continue
        }
        switch byte {
        case UInt8(ascii: "\\") where quoted || depth > 0: escaped = true
        case UInt8(ascii: "\"") where depth == 0: quoted.toggle()
        case UInt8(ascii: "(") where !quoted: depth += 1
        case UInt8(ascii: ")") where !quoted && depth > 0: depth -= 1
        case _ where depth > 0: continue
        case UInt8(ascii: ";") where !quoted:
            flush()
            statements.append([])
            afterSpace = false
        case 9 where !quoted, 10 where !quoted, 13 where !quoted, 32 where !quoted: afterSpace = true
        default:
            if afterSpace, byte != UInt8(ascii: "="), word.last != UInt8(ascii: "=") { flush() }
            afterSpace = false
            word.append(byte)
        }
    }
    flush()
    return statements
}

/// A Received line of our own host for a hop within it: LMTP delivery, or a filter that gives the mail back over the
/// loopback. Its client name is not believed, only the address that our MTA saw.
private func isLocalHop(_ body: String) -> Bool {
    let lower = Array(asciiLowercased(body).utf8)
    let end = firstIndex(of: Array(" by ".utf8), in: lower[...]) ?? lower.endIndex
    let fromPart = Array(lower[..<end])
    if ["[127.", "[::1]", "[ipv6:::1]"].contains(where: { contains(fromPart, $0) }) { return true }
    let byPart = Array(lower[end...])
    return [" with lmtp", " with lmtps", " with local", " with utf8lmtp"].contains { contains(byPart, $0) }
}
