package import Vocabulary

/// What a template may say. Values that may be missing must stand inside their own section (`{{#name}}…{{/name}}`).
///
/// Subject and name come from outside. They are made safe here, once, for every use: one line, no control or
/// direction characters, short, and left out when they hold a link, so that nobody can send advertisements to a forged
/// sender through our receipts.
package struct TemplateValues: Sendable, Equatable {
    /// `#1001`; the tag of the subject is `[{{ticket}}]`.
    package let ticket: TicketNumber
    /// The customer's subject without reply prefixes; nil when it was empty or may not be repeated.
    package let subject: String?
    /// A verified name of the customer.
    package let name: String?
    package let organisation: String
    package let signature: [String]
    /// When a person will have answered, as text in the reader's language with the zone named.
    package let deadline: String?
    /// The category in the reader's language.
    package let category: String?
    /// The date of the reply, as text in the reader's language.
    package let today: String
    /// When somebody works again, as text in the reader's language; nil when somebody does now.
    package let opens: String?
    /// What the customer is asked for, in his language.
    package let missing: [String]
    /// Names of attachments that are not accepted.
    package let files: [String]
    /// What one of our people has to say: lines, with blank ones between paragraphs.
    package let message: String?

    package init(
        ticket: TicketNumber, subject: String, name: String?, organisation: String, signature: [String] = [],
        deadline: String?, category: String? = nil, today: String, opens: String? = nil, missing: [String] = [],
        files: [String] = [], message: String? = nil
    ) {
        self.opens = opens.map { oneLine($0) }
        self.missing = missing.map { oneLine($0) }.filter { !$0.isEmpty }
        self.files = files.prefix(20).map { cutLine($0, limit: 120) }.filter { !$0.isEmpty }
        self.message = message.flatMap { lines(of: $0) }
        self.ticket = ticket
        self.subject = repeatable(subject, limit: 80)
        self.name = name.flatMap { repeatableName($0) }
        self.organisation = oneLine(organisation)
        self.signature = signature.map { oneLine($0) }.filter { !$0.isEmpty }
        self.deadline = deadline.map { oneLine($0) }
        self.category = category.map { oneLine($0) }
        self.today = oneLine(today)
    }

    /// Always there.
    static let required: Set<String> = ["ticket", "organisation", "today"]
    /// Absent at times; a template uses them inside their own section.
    static let optional: Set<String> = [
        "subject", "name", "deadline", "category", "signature", "opens", "missing", "files", "message",
    ]

    /// Text of its own in this one mail, in several lines: a form that is made from it is of no use to another mail.
    var isUnique: Bool { message != nil || !files.isEmpty }

    /// The form the template engine reads: a missing value has no key.
    var byName: [String: String] {
        var values = ["ticket": ticket.description, "organisation": organisation, "today": today]
        values["subject"] = subject
        values["name"] = name
        values["deadline"] = deadline
        values["category"] = category
        values["signature"] = signature.isEmpty ? nil : signature.joined(separator: "\n")
        values["opens"] = opens
        values["missing"] = points(missing)
        values["files"] = points(files)
        values["message"] = message
        return values
    }

    /// Lines that become a list; nil when there are none.
    private func points(_ texts: [String]) -> String? {
        texts.isEmpty ? nil : texts.map { "- \($0)" }.joined(separator: "\n")
    }
}

/// Text of our own people in lines: each made safe as one line, blank ones kept between paragraphs; nil when nothing is
/// left. As long as a page or two: what is longer belongs into a mail of its own.
private func lines(of text: String) -> String? {
    let limit = 8_000
    let cut =
        text.unicodeScalars.count <= limit
        ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
    let lines = cut.split(omittingEmptySubsequences: false) { $0.isNewline }.map { oneLine(String($0)) }
    // A line of two hyphens would begin the signature.
    let safe = lines.map { $0 == "--" ? "—" : $0 }
    return safe.allSatisfy(\.isEmpty) ? nil : safe.joined(separator: "\n")
}

private func cutLine(_ text: String, limit: Int) -> String {
    let line = oneLine(text)
    return line.count <= limit ? line : String(line.prefix(limit - 1)) + "…"
}

/// Text from outside in one line: control, line and direction characters become spaces, runs of white space one space.
func oneLine(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    var pendingSpace = false
    for scalar in text.unicodeScalars {
        if isInvisible(scalar) || scalar.properties.isWhitespace {
            pendingSpace = !scalars.isEmpty
            continue
        }
        if pendingSpace { scalars.append(" ") }
        pendingSpace = false
        scalars.append(scalar)
    }
    return String(scalars)
}

/// Control characters, line and paragraph separators, and the characters that turn the direction of text around
/// (U+202A to U+202E, U+2066 to U+2069): with those a subject can make our own words read as others. The joiners of
/// Indic scripts and emoji (U+200C, U+200D) stay.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF, 0xFFF9...0xFFFB:
        true
    default: false
    }
}

/// What a customer wrote, if it may be repeated in a reply; cut to `limit` characters.
private func repeatable(_ text: String, limit: Int) -> String? {
    let line = oneLine(text)
    guard !line.isEmpty, !holdsLink(line), !line.contains("@"), !holdsLongNumber(line) else { return nil }
    return cutLine(line, limit: limit)
}

/// A name is a few words: longer ones, and ones with an address, digits or markup in them, are no salutation.
private func repeatableName(_ text: String) -> String? {
    guard let line = repeatable(text, limit: 200), line.count <= 40 else { return nil }
    let odd = line.unicodeScalars.contains { scalar in
        (48...57).contains(scalar.value) || "@<>\"{}[]|\\/#=;:!?".unicodeScalars.contains(scalar)
    }
    return odd ? nil : line
}

/// Twelve or more digits in a row, blanks and hyphens between them not counted: the number of a card, an account or a
/// person, which a receipt must not carry on.
private func holdsLongNumber(_ line: String) -> Bool {
    var digits = 0
    for byte in line.utf8 {
        if byte &- 48 < 10 {
            digits += 1
            if digits == 12 { return true }
        } else if byte != 0x20, byte != 0x2D {
            digits = 0
        }
    }
    return false
}

/// A scheme, `www.`, or a word that mail clients turn into a link (`example.com/path`).
private func holdsLink(_ line: String) -> Bool {
    let bytes = Array(asciiLowercased(line).utf8)
    return contains("://", in: bytes) || contains("www.", in: bytes) || holdsDomain(bytes)
}

private func contains(_ needle: StaticString, in bytes: [UInt8]) -> Bool {
    let count = needle.utf8CodeUnitCount
    let pattern = Array(needle.description.utf8)
    guard bytes.count >= count else { return false }
    return (0...(bytes.count - count)).contains { bytes[$0..<($0 + count)].elementsEqual(pattern) }
}

/// `shop.example.com`, `evil.cn/x`: a dot between letters or digits with a known top-level domain behind it. File names
/// (`offer.pdf`) and version numbers (`2.1.0`) are not links.
private func holdsDomain(_ bytes: [UInt8]) -> Bool {
    let words = bytes.split { !($0 &- 97 < 26 || $0 &- 48 < 10 || $0 == 45 || $0 == 46) }
    return words.contains { word in
        let labels = word.split(separator: UInt8(ascii: "."))
        guard labels.count > 1, let last = labels.last else { return false }
        return linkedDomains.contains(String(decoding: last, as: UTF8.self))
    }
}

/// The top-level domains that advertisements use most; the receipt loses only the repeated subject, so a miss on either
/// side is cheap.
private let linkedDomains: Set<String> = [
    "com", "net", "org", "cn", "top", "xyz", "info", "biz", "club", "shop", "site", "online", "vip", "icu", "io", "co",
    "ru", "jp", "tw", "hk", "me", "cc", "link", "click", "live", "store", "app", "dev", "tk", "ml", "ga", "work",
]
