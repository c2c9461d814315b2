/// Elements in which mail programs put the mail that is answered, without a blockquote. The names are those that the
/// programs write themselves, as seen in their mails.
///
/// Gmail's `gmail_quote` is not among them: answers between the quoted lines stand inside it, and what is quoted stands
/// in its blockquotes.
enum HTMLQuotes {
    enum Extent { case element, rest }

    /// Class and id of elements that hold the quoted mail, or the line above it.
    private static let elements: [[UInt8]] = list(
        """
        yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|gmail_attr|moz-cite-prefix|moz-forward-container
        isreplycontent|ntes-mailmaster-quote|foxmailreply|includetail|mail-editor-reference-message-container
        """)

    /// Class and id of elements with which the quoted mail begins, as Outlook writes them; it goes on to the end.
    private static let beginnings: [[UInt8]] = list("divrplyfwdmsg|appendonsend")

    /// The line that Outlook draws above the header of the mail that is answered; with the padding it is no other line.
    private static let borders: [[UInt8]] = list("border-top:solid#e1e1e1|border-top:solid#b5c4df")
    private static let outlookPadding = Array("padding:3.0pt".utf8)

    /// The element `includetail` that QQ Mail writes.
    static let includeTail = HTMLTag.packed(Array("includetail".utf8), 0..<11)

    /// What of the text an element with these attributes quotes.
    static func extent(_ bytes: [UInt8], _ attributes: Range<Int>) -> Extent? {
        guard attributes.count > 8 else { return nil }
        for name in ["class", "id"] {
            guard let value = HTMLTag.attribute(name, bytes, attributes), value.count <= 256 else { continue }
            if elements.contains(where: { contains(value, value.indices, $0) }) { return .element }
            if beginnings.contains(where: { contains(value, value.indices, $0) }) { return .rest }
        }
        return nil
    }

    /// Whether the style draws Outlook's line. `style` has no blanks.
    static func drawsOutlookLine(_ style: [UInt8]) -> Bool {
        borders.contains { contains(style, style.indices, $0) } && contains(style, style.indices, outlookPadding)
    }

    private static func list(_ text: String) -> [[UInt8]] {
        text.split(whereSeparator: { $0 == "|" || $0 == "\n" }).map { Array($0.utf8) }
    }
}
