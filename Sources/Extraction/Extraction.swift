/// Extraction: who the customer is and what numbers the mail names, each detail with the place it stood at, how sure we
/// are, and why.
///
/// In go the written text, the subject and the address the mail came from; out come `Detail` values. Only lines that
/// the writer wrote are read, never quoted mail: our own agent's number below the answer is not the customer's; and
/// what belongs to our own organisation is left out.
///
/// Order of work: the lines are folded and the words (`电话：`, `Order no.`) found in one pass (`ScannedText`); then one
/// scanner a field. libphonenumber is slow, so it judges only what our own scanner takes for a candidate, and not more
/// than `ScanLimits.phoneCandidates` of them in a mail.
///
/// Standards: E.164 and its national plans through libphonenumber, RFC 5322 for addresses, GB 32100 for the unified
/// social credit code, RFC 6350 for vCards. Nothing throws, nothing is looked up, and every scanner is linear in its
/// input.

package import MailText
package import Vocabulary

/// Bounds of the work on one mail. Further details of the same kind are left out, not wrong.
enum ScanLimits {
    /// Bytes of written text that are read.
    static let textBytes = 64 * 1024
    /// Bytes of the subject that are read.
    static let subjectBytes = 1024
    /// Calls of libphonenumber, 10 to 30 µs each.
    static let phoneCandidates = 24
    static let perField = 32
}

/// What extraction depends on beside the mail.
package struct ExtractionOptions: Sendable {
    /// Where a phone number without a country code belongs (`CN`).
    package var region: String
    package var words: DetailWords
    /// Addresses and domains of our own organisation, in lower case: they are nobody's contact.
    package var ownAddresses: Set<String>
    package var ownDomains: Set<String>

    package init(
        region: String, words: DetailWords = .standard, ownAddresses: Set<String> = [], ownDomains: Set<String> = []
    ) {
        self.region = region
        self.words = words
        self.ownAddresses = ownAddresses
        self.ownDomains = ownDomains
    }
}

/// Finds the details of a mail. `cards` are vCards and calendar invitations that were attached, as text.
package func details(
    in text: WrittenText, subject: String, writer: NamedAddress?, cards: [String] = [], options: ExtractionOptions
) -> [Detail] {
    let body = ScannedText(written: text, words: options.words)
    var found = DetailList(options)
    findReferenceNumbers(body, &found)
    if mayHoldNumber(subject) { findReferenceNumbers(ScannedText(subject: subject, words: options.words), &found) }
    findPhones(body, region: options.region, &found)
    findElectronicAddresses(body, writer: writer, &found)
    findCards(body, cards, region: options.region, &found)
    findLabelledValues(body, &found)
    findPersonName(body, writer: writer, &found)
    findIntroducedCompany(body, &found)
    findBusinessCard(body, &found)
    findAddressesInSentences(body, &found)
    findCompaniesInSentences(body, &found)
    findNamesInSentences(body, &found)
    findNeed(body, &found)
    return markChanges(body, found.details)
}

/// Three digits, or a byte that full-width digits begin with: no number is shorter.
private func mayHoldNumber(_ subject: String) -> Bool {
    var digits = 0
    for byte in subject.utf8.prefix(ScanLimits.subjectBytes) {
        if isASCIIDigit(byte) { digits += 1 }
        if digits == 3 || byte == 0xEF { return true }
    }
    return false
}

/// Details in the order they were found, each value once.
struct DetailList {
    private(set) var details: [Detail] = []
    /// The field of each, so that asking for one does not touch the values.
    private var fields: [Detail.Field] = []
    /// Stretches of the text that a detail was read from, so that another scanner does not read them again.
    private(set) var taken: [Range<Int>] = []
    private let options: ExtractionOptions

    init(_ options: ExtractionOptions) {
        self.options = options
        // What most mails hold, so that the lists need not grow.
        details.reserveCapacity(8)
        fields.reserveCapacity(8)
        taken.reserveCapacity(8)
    }

    mutating func add(_ detail: Detail, at range: Range<Int>? = nil) {
        if let range { taken.append(range) }
        guard !isOurs(detail) else { return }
        // Few are of one field, so that comparing them costs less than hashing each.
        var count = 0
        for (index, field) in fields.enumerated() where field == detail.field {
            count += 1
            if details[index].normalized == detail.normalized,
                details[index].phoneExtension == detail.phoneExtension
            {
                return
            }
        }
        guard count < ScanLimits.perField else { return }
        details.append(detail)
        fields.append(detail.field)
    }

    /// The details of one field, in the form that is compared.
    func normalized(_ field: Detail.Field) -> [String] {
        fields.indices.filter { fields[$0] == field }.map { details[$0].normalized }
    }

    func has(_ field: Detail.Field) -> Bool { fields.contains(field) }

    func overlapsTaken(_ range: Range<Int>) -> Bool { taken.contains { $0.overlaps(range) } }

    /// An address or a web address of our own organisation.
    private func isOurs(_ detail: Detail) -> Bool {
        switch detail.field {
        case .email:
            options.ownAddresses.contains(detail.normalized)
                || options.ownDomains.contains { domain in
                    let rest = detail.normalized.utf8.dropLast(domain.utf8.count)
                    return rest.last == UInt8(ascii: "@")
                        && detail.normalized.utf8.suffix(domain.utf8.count).elementsEqual(domain.utf8)
                }
        case .website:
            options.ownDomains.contains { domain in
                let rest = detail.normalized.utf8.dropFirst(domain.utf8.count)
                return detail.normalized.utf8.starts(with: domain.utf8)
                    && (rest.isEmpty || rest.first == UInt8(ascii: "/"))
            }
        default: false
        }
    }
}
