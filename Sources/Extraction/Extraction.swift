/// Extraction: who the customer is and what numbers the mail names, each detail with the line it stood on, how sure we
/// are, and why.
///
/// In go the written text, the subject and the address the mail came from; out come `Detail` values. Only lines that
/// the writer wrote are read, never quoted mail: our own agent's number below the answer is not the customer's.
///
/// Order of work: the lines are folded and the labels (`电话：`, `Order no.`) found in one pass (`ScannedText`); then one
/// scanner a field. libphonenumber is slow, so it judges only what our own scanner takes for a candidate, and not more
/// than `ScanLimits.phoneCandidates` of them in a mail.
///
/// Standards: E.164 and its national plans through libphonenumber, RFC 5322 for addresses, GB 32100 for the unified
/// social credit code. Nothing throws, nothing is looked up, and every scanner is linear in its input.

package import MailText
package import Vocabulary

/// Bounds of the work on one mail. Further details of the same kind are left out, not wrong.
enum ScanLimits {
    /// Bytes of written text that are read.
    static let textBytes = 64 * 1024
    /// Calls of libphonenumber, 10 to 30 µs each.
    static let phoneCandidates = 24
    static let perField = 32
}

/// Finds the details of a mail. `region` (`CN`) is where a phone number without a country code belongs.
package func details(in text: WrittenText, subject: String, writer: NamedAddress?, region: String) -> [Detail] {
    let body = ScannedText(written: text)
    let head = ScannedText(subject: subject)
    var found = DetailList()
    findReferenceNumbers(body, &found)
    findReferenceNumbers(head, &found)
    findPhones(body, region: region, &found)
    findElectronicAddresses(body, writer: writer, &found)
    findLabelledValues(body, &found)
    findPersonName(body, writer: writer, &found)
    findOrganisation(body, &found)
    findPostalAddress(body, &found)
    findNeed(body, &found)
    return found.details
}

/// Details in the order they were found, each value once.
struct DetailList {
    private(set) var details: [Detail] = []
    /// Stretches of the text that a detail was read from, so that another scanner does not read them again.
    private(set) var taken: [Range<Int>] = []

    mutating func add(_ detail: Detail, at range: Range<Int>? = nil) {
        if let range { taken.append(range) }
        // Few are of one field, so that comparing them costs less than hashing each.
        var count = 0
        for known in details where known.field == detail.field {
            count += 1
            if known.normalized == detail.normalized, known.phoneExtension == detail.phoneExtension { return }
        }
        if count < ScanLimits.perField { details.append(detail) }
    }

    func has(_ field: Detail.Field) -> Bool { details.contains { $0.field == field } }
}
