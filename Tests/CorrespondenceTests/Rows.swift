import Correspondence
import MIME
import Testing
import Vocabulary

/// The post room of the tests.
let identity = OwnIdentity(
    addresses: ["support@example.com", "sales@example.com"].compactMap { EmailAddress($0) },
    agents: ["li.na@example.com", "bob@example.com"].compactMap { EmailAddress($0) },
    messageIDDomain: "post.example.com", authservID: "mx.example.com",
    forms: ["form@shop.example.net"].compactMap { EmailAddress($0) })

/// A message from its header lines. From and To are those of an ordinary customer where the lines have none.
func message(_ header: String, body: String = "Hello\n") -> Message {
    var lines = header
    for (name, line) in [
        ("from", "From: Ada Stone <ada@customer.example>"), ("to", "To: support@example.com"),
        ("subject", "Subject: Where is my order?"),
    ] where !lines.lowercased().split(separator: "\n").contains(where: { $0.hasPrefix(name + ":") }) {
        lines += (lines.isEmpty ? "" : "\n") + line
    }
    return Message(parsing: Array((lines + "\n\n" + body).utf8))
}

/// A header and what it says about the writer.
struct Row: Sendable, CustomTestStringConvertible {
    let sentence: String
    let header: String
    let kind: WriterKind
    /// Kinds of the signs that forbid an answer, in their order.
    let signs: [AutomaticSign.Kind]
    /// Part of the reason for the kind.
    let because: String

    init(
        _ sentence: String, _ header: String, _ kind: WriterKind, _ signs: [AutomaticSign.Kind] = [],
        because: String = ""
    ) {
        self.sentence = sentence
        self.header = header
        self.kind = kind
        self.signs = signs
        self.because = because
    }

    var testDescription: String { sentence }

    func check() {
        let origin = origin(of: message(header), identity: identity)
        #expect(origin.kind == kind, "\(sentence): \(origin.reasons)")
        #expect(origin.automatic.map(\.kind) == signs, "\(sentence)")
        let reason = origin.reasons.first { $0.about == .kind }
        #expect(reason?.conclusion == kind.rawValue)
        #expect(because.isEmpty || (reason?.because ?? "").contains(because), "\(sentence): \(reason?.because ?? "")")
    }
}
