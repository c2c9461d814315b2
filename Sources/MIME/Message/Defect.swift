/// One rule that a message broke, and where. The message was read all the same.
package struct Defect: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        // The header block
        /// A `From ` line of an mbox file stood before or among the fields.
        case strayFromLine
        /// The header ended at a line that is no field and not empty (RFC 5322 section 2.1).
        case missingBlankLine
        /// The bytes ended inside the header block.
        case truncatedHeader
        /// The first line of the header is folded: there is nothing it continues.
        case orphanContinuation
        /// A parameter of the field before stands at the begin of a line, without the white space of folding.
        case unfoldedParameter
        /// White space before the colon (RFC 5322 section 4.5 as obsolete syntax).
        case spaceBeforeColon
        /// A line that starts with a colon.
        case emptyFieldName
        /// A NUL in the header block.
        case nulInHeader
        /// CR is the only line end of the whole message.
        case bareCRLineEnds
        /// The bytes end inside a line (RFC 5322 section 2.1: every line ends in CRLF). The only trace of some cut mails.
        case truncatedLine
        /// A field that may stand once stands twice (RFC 5322 section 3.6).
        case duplicateField
        /// Bytes above 127 in a field body that are not UTF-8 (RFC 6532).
        case eightBitField

        // Field bodies
        case badAddress
        case badDate
        case badMessageID
        case badMediaType
        case badParameter
        case badEncodedWord
        /// A statement of Authentication-Results that is no `method=result` (RFC 8601 section 2.2).
        case badAuthenticationResults
        /// A clause of Received stands twice or none can be read (RFC 5321 section 4.4).
        case badReceived
        /// Auto-Submitted without a keyword, or with more than one (RFC 3834 section 5.1).
        case badAutoSubmitted
        /// A list field without a URI in angle brackets (RFC 2369 section 2, RFC 2919 section 2).
        case badListField
        /// A line of a report that is no field, or a value that the field cannot have (RFC 3464, RFC 5965, RFC 8098).
        case badReportField
        /// Fields of a report that a blank line should part, or one that parts what belongs together (RFC 3464 section 2.1).
        case misplacedBlankLine
        /// A report stands in a part of another media type (RFC 6522 section 3).
        case mislabelledReport
        case unknownCharset

        // Structure
        /// A multipart without the boundary parameter (RFC 2046 section 5.1.1).
        case missingBoundary
        /// The boundary of a multipart never appears as a line.
        case boundaryNotFound
        /// The closing line of a multipart is missing.
        case unterminatedMultipart
        /// A delimiter line right after another.
        case doubledDelimiter
        /// A composite type with base64 or quoted-printable (RFC 2045 section 6.4).
        case encodedComposite
        case unknownTransferEncoding

        // Bodies
        /// Bytes outside the base64 alphabet.
        case junkInBase64
        /// The base64 text ends inside a group of four.
        case truncatedBase64
        /// Text after the padding that closes the base64 text.
        case dataAfterBase64
        /// An equals sign that starts neither a hexadecimal pair nor a soft line break.
        case badQuotedPrintable
        case badUuencode
        /// Text with bytes above 127 or escape sequences, and no charset (RFC 2046 section 4.1.2).
        case undeclaredCharset
        /// Bytes that do not exist in the declared charset.
        case wrongCharset

        // Containers inside leaves
        /// No TNEF signature, an attribute of no known level, or properties that cannot be followed (MS-OXTNEF 2.1.3).
        case badTNEF
        /// The bytes ended inside a TNEF attribute or property.
        case truncatedTNEF
        /// The checksum of a TNEF attribute is not that of its data.
        case badTNEFChecksum
        /// A compressed rich text with an unknown type, a wrong CRC or length, or without its end (MS-OXRTFCP 2.1.3).
        case badCompressedRTF
        /// No RTF, or groups that do not close.
        case badRTF

        // Limits
        case richTextLimit
        case nestingLimit, partLimit, headerLimit, fieldLimit, fieldBytesLimit, encodedWordLimit, addressLimit
        case messageIDLimit, parameterLimit, defectLimit
        case fieldItemLimit, reportLimit, recipientLimit, enclosedLimit
    }

    package let kind: Kind
    /// The part and, where it is about one, the field: `2.1 Content-Type`; `root` for the message itself.
    package let place: String

    package init(_ kind: Kind, in place: String) {
        self.kind = kind
        self.place = place
    }

    package var description: String { "\(kind.rawValue): \(place)" }
}

/// What reading found out beside the message: defects, and how many bytes were looked at.
struct Findings: Sendable {
    let limits: Limits
    private(set) var defects: [Defect] = []
    /// Bytes looked at, each counted as often as it was: the measure of "linear in the input".
    var work = 0
    /// Encoded words that were undone.
    var encodedWords = 0
    /// Where we are, for the next defect.
    var part = ""
    /// As `Header.rawCharset`, for the field being read.
    var rawCharset: Charset?

    init(limits: Limits) { self.limits = limits }

    mutating func note(_ kind: Defect.Kind, field: String? = nil) {
        guard defects.count < limits.defects else {
            if defects.last?.kind != .defectLimit { defects.append(Defect(.defectLimit, in: "root")) }
            return
        }
        let place = part.isEmpty ? "root" : part
        let defect = Defect(kind, in: field.map { "\(place) \($0)" } ?? place)
        if defects.last != defect { defects.append(defect) }
    }
}
