/// How much structure is read from one message. Beyond a limit the rest stays as raw bytes and a `Defect` says so.
///
/// The defaults are far above what any mail program writes and low enough that hostile mail costs no more than its size.
package struct Limits: Sendable, Hashable {
    /// Multiparts and embedded messages inside each other.
    package var nesting: Int
    /// Parts of a message, containers counted.
    package var parts: Int
    /// Bytes of one header block that are read as fields.
    package var headerBytes: Int
    /// Fields of one header block.
    package var fields: Int
    /// Bytes of one field body that are decoded.
    package var fieldBytes: Int
    /// Encoded words (RFC 2047) of one message.
    package var encodedWords: Int
    /// Addresses in all fields of one name.
    package var addresses: Int
    /// Message-IDs in all fields of one name.
    package var messageIDs: Int
    /// Parameters of one field, pieces of RFC 2231 counted one by one.
    package var parameters: Int
    /// Words, comments, URIs or statements of one structured field.
    package var fieldItems: Int
    /// Bytes of a report part (RFC 3464, RFC 5965, RFC 8098) that are read.
    package var reportBytes: Int
    /// Recipients of a delivery report.
    package var recipients: Int
    /// Files found inside leaves of a message: uuencoded in its text, in a winmail.dat.
    package var enclosedFiles: Int
    /// Embedded messages inside each other within one TNEF stream.
    package var enclosedNesting: Int
    /// Bytes of a rich text (RTF) once it is decompressed, and of the text made from it.
    package var richTextBytes: Int
    /// Groups of a rich text inside each other.
    package var richTextGroups: Int
    /// Defects that are kept; a last one says that there were more.
    package var defects: Int

    package init(
        nesting: Int = 120, parts: Int = 10_000, headerBytes: Int = 4 << 20, fields: Int = 10_000,
        fieldBytes: Int = 1 << 20, encodedWords: Int = 50_000, addresses: Int = 10_000, messageIDs: Int = 10_000,
        parameters: Int = 1_000, fieldItems: Int = 1_000, reportBytes: Int = 256 << 10, recipients: Int = 1_000,
        enclosedFiles: Int = 1_000, enclosedNesting: Int = 10, richTextBytes: Int = 16 << 20,
        richTextGroups: Int = 10_000, defects: Int = 1_000
    ) {
        self.nesting = nesting
        self.parts = parts
        self.headerBytes = headerBytes
        self.fields = fields
        self.fieldBytes = fieldBytes
        self.encodedWords = encodedWords
        self.addresses = addresses
        self.messageIDs = messageIDs
        self.parameters = parameters
        self.fieldItems = fieldItems
        self.reportBytes = reportBytes
        self.recipients = recipients
        self.enclosedFiles = enclosedFiles
        self.enclosedNesting = enclosedNesting
        self.richTextBytes = richTextBytes
        self.richTextGroups = richTextGroups
        self.defects = defects
    }

    package static let standard = Limits()
}
