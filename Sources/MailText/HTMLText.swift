/// Renders HTML as the lines a person would read: blocks on lines of their own, list items behind `- `, cells of a
/// table row side by side, quoted blocks behind `> `, links with their target where the text does not show it. Styles,
/// scripts, comments, images and what `display:none` hides are dropped.
///
/// This is no HTML parser: mail is written by a thousand programs, and unbalanced tags are the rule. Tags are read one
/// after the other; only quotes, lists and hidden elements are counted. Each byte is looked at a bounded number of
/// times: a `<` that no `>` follows is text, and that nothing follows is remembered.
struct HTMLText {
    let plain: String
    /// Bytes looked at, so that a test can prove that the work is linear.
    let work: Int

    /// HTML that is read; mail of more is a newsletter with embedded pictures.
    private static let longest = 4 << 20

    init(_ html: String) {
        var renderer = HTMLRenderer(Array(html.utf8.prefix(Self.longest)))
        plain = String(decoding: renderer.render(), as: UTF8.self)
        work = renderer.work
    }
}

/// The state of one rendering.
private struct HTMLRenderer {
    private let bytes: [UInt8]
    private var index = 0
    private var out = RenderedLines()
    /// The open hidden element, and how many of the same name are open inside it.
    private var hidden: (name: UInt64, depth: Int)?
    /// The open element that holds quoted mail without being a blockquote.
    private var quoted: (name: UInt64, depth: Int)?
    /// Whether all that follows is quoted.
    private var restIsQuoted = false
    private var link: (target: [UInt8], start: Int)?
    private var lists: [Int] = []
    private var quotes: [Bool] = []
    /// From here on there is no `>` or no `-->`: looking again would make the work quadratic.
    private var noTagEndFrom = Int.max
    private var noCommentEndFrom = Int.max
    private(set) var work = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func render() -> [UInt8] {
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), readMarkup() { continue }
            readText()
        }
        closeLink()
        return out.finished()
    }

    // MARK: Text

    /// Text up to the next `<` that is markup.
    private mutating func readText() {
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        work += index - start
        guard hidden == nil else { return }
        var place = start
        while place < index {
            if bytes[place] == UInt8(ascii: "&") {
                let (character, end) = HTMLEntities.read(bytes, at: place, end: index)
                out.append(character)
                place = end
            } else {
                let next = bytes[place..<index].firstIndex(of: UInt8(ascii: "&")) ?? index
                out.append(bytes[place..<next])
                place = next
            }
        }
    }

    // MARK: Markup

    /// Reads a tag, a comment or a declaration; false when the `<` is text.
    private mutating func readMarkup() -> Bool {
        guard index + 1 < bytes.count else { return false }
        let next = bytes[index + 1]
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") { return skipDeclaration() }
        let isClosing = next == UInt8(ascii: "/")
        let nameStart = index + (isClosing ? 2 : 1)
        guard nameStart < bytes.count, isASCIILetter(bytes[nameStart]), let end = tagEnd() else { return false }
        var nameEnd = nameStart
        while nameEnd < end, isASCIILetterOrDigit(bytes[nameEnd]) || bytes[nameEnd] == 0x3A { nameEnd += 1 }
        let name = HTMLTag.packed(bytes, nameStart..<nameEnd)
        let attributes = nameEnd..<end
        work += 2 * (end - index)  // its end was looked for, and its attributes are
        index = end + 1
        if let open = hidden {
            followHidden(open, name, isClosing)
        } else if isClosing {
            close(name)
        } else {
            open(name, attributes)
        }
        return true
    }

    /// `<!-- … -->`, `<!DOCTYPE …>`, `<?xml …>`, `<![if …]>`.
    private mutating func skipDeclaration() -> Bool {
        if index + 3 < bytes.count, bytes[index + 2] == 0x2D, bytes[index + 3] == 0x2D {
            guard index < noCommentEndFrom else { return false }
            var place = index + 4
            while place + 2 < bytes.count {
                if bytes[place] == 0x2D, bytes[place + 1] == 0x2D, bytes[place + 2] == UInt8(ascii: ">") {
                    index = place + 3
                    return true
                }
                place += 1
            }
            noCommentEndFrom = index
            work += bytes.count - index
            return false
        }
        guard let end = plainTagEnd() else { return false }
        index = end + 1
        return true
    }

    /// The `>` that ends this tag: the first one outside quotes, looked for near by; else the first one at all, as a
    /// forgotten quotation mark must not swallow the mail.
    private mutating func tagEnd() -> Int? {
        guard index < noTagEndFrom else { return nil }
        var quote: UInt8 = 0
        var place = index + 1
        defer { work += place - index }
        let near = min(bytes.count, index + 4096)
        while place < near {
            let byte = bytes[place]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                return place
            } else if byte == 0x22 || byte == 0x27, bytes[place - 1] == UInt8(ascii: "=") || bytes[place - 1] == 0x20 {
                quote = byte
            } else if byte == UInt8(ascii: "<") {
                return nil
            }
            place += 1
        }
        return plainTagEnd()
    }

    private mutating func plainTagEnd() -> Int? {
        guard index < noTagEndFrom else { return nil }
        if let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) { return end }
        noTagEndFrom = index
        work += bytes.count - index
        return nil
    }

    // MARK: Elements

    private mutating func open(_ name: UInt64, _ attributes: Range<Int>) {
        switch name {
        case HTMLTag.br: out.endLine()
        case HTMLTag.style, HTMLTag.script, HTMLTag.head, HTMLTag.title, HTMLTag.svg, HTMLTag.template:
            hidden = (name, 1)
        case HTMLTag.blockquote:
            out.beginBlock()
            let isQuote = !isIndentation(attributes)
            quotes.append(isQuote)
            if isQuote { out.quoteDepth += 1 }
        case HTMLTag.pre:
            out.beginBlock()
            out.keepsBlanks = true
        case HTMLTag.ul: openList(0)
        case HTMLTag.ol: openList(1)
        case HTMLTag.li: openItem()
        case HTMLTag.td, HTMLTag.th: openCell(name, attributes)
        case HTMLTag.hr:
            out.beginBlock()
            out.append(Array("________________".utf8)[...])
            out.endLine()
        case HTMLTag.a: openLink(attributes)
        case HTMLTag.p:
            out.beginBlock()
            out.blankLine()
            hideIfAsked(name, attributes)
        default:
            if HTMLTag.blocks.contains(name) { out.beginBlock() }
            if HTMLTag.canHide.contains(name) { hideIfAsked(name, attributes) }
            if name == HTMLTag.div || name == HTMLQuotes.includeTail { beginQuote(name, attributes) }
        }
    }

    private mutating func close(_ name: UInt64) {
        switch name {
        case HTMLTag.blockquote:
            out.beginBlock()
            if quotes.popLast() ?? false { out.quoteDepth -= 1 }
        case HTMLTag.pre:
            out.beginBlock()
            out.keepsBlanks = false
        case HTMLTag.ul, HTMLTag.ol:
            out.beginBlock()
            _ = lists.popLast()
        case HTMLTag.a: closeLink()
        case HTMLTag.p:
            out.beginBlock()
            out.blankLine()
        case HTMLTag.td, HTMLTag.th: break
        default:
            if HTMLTag.blocks.contains(name) { out.beginBlock() }
            endQuote(name)
        }
    }

    // MARK: Quotes that are no blockquote

    private mutating func beginQuote(_ name: UInt64, _ attributes: Range<Int>) {
        if restIsQuoted { return }
        if let open = quoted {
            if open.name == name { quoted = (name, open.depth + 1) }
            return
        }
        let extent = name == HTMLQuotes.includeTail ? .element : HTMLQuotes.extent(bytes, attributes)
        switch extent {
        case .element: quoted = (name, 1)
        case .rest: restIsQuoted = true
        case nil where drawsOutlookLine(attributes): restIsQuoted = true
        case nil: return
        }
        out.beginBlock()
        out.quoteDepth += 1
    }

    private mutating func endQuote(_ name: UInt64) {
        guard let open = quoted, open.name == name else { return }
        quoted = open.depth == 1 ? nil : (name, open.depth - 1)
        guard quoted == nil else { return }
        out.beginBlock()
        out.quoteDepth -= 1
    }

    private func drawsOutlookLine(_ attributes: Range<Int>) -> Bool {
        guard attributes.count > 32, let style = HTMLTag.attribute("style", bytes, attributes) else { return false }
        return HTMLQuotes.drawsOutlookLine(style.filter { $0 != 0x20 })
    }

    private mutating func openList(_ first: Int) {
        out.beginBlock()
        if lists.count < 32 { lists.append(first) }
    }

    private mutating func openItem() {
        out.beginBlock()
        if let number = lists.last, number > 0 {
            lists[lists.count - 1] = number + 1
            out.append(Array("\(number). ".utf8)[...])
        } else {
            out.append(Array("- ".utf8)[...])
        }
    }

    /// Cells stand side by side; the tab tells them apart, so that a label in one cell finds its value in the next.
    private mutating func openCell(_ name: UInt64, _ attributes: Range<Int>) {
        out.nextCell()
        hideIfAsked(name, attributes)
    }

    // MARK: Links

    private mutating func openLink(_ attributes: Range<Int>) {
        closeLink()
        guard let target = HTMLTag.attribute("href", bytes, attributes), target.count <= 200 else { return }
        link = (target, out.bytes.count)
    }

    /// ` <target>` behind a link whose text does not show it.
    private mutating func closeLink() {
        guard let (target, start) = link else { return }
        link = nil
        let text = start..<out.bytes.count
        let mail = Array("mailto:".utf8)
        let isMail = begins(target, target.indices, with: mail)
        let isWeb = begins(target, target.indices, with: Array("http".utf8))
        guard isMail || isWeb, !text.isEmpty else { return }
        var shown = isMail ? Array(target.dropFirst(mail.count).prefix { $0 != UInt8(ascii: "?") }) : target
        while shown.last == UInt8(ascii: "/") { shown.removeLast() }
        let host = isMail ? shown : HTMLTag.host(shown)
        guard !shown.isEmpty, !contains(out.bytes, text, host.map(asciiLowercased)) else { return }
        out.append([0x20, UInt8(ascii: "<")][...])
        out.append(shown[...])
        out.append([UInt8(ascii: ">")][...])
    }

    // MARK: What is not shown

    /// Gmail indents with a blockquote that has no border; that is no quote.
    private func isIndentation(_ attributes: Range<Int>) -> Bool {
        guard let style = HTMLTag.attribute("style", bytes, attributes) else { return false }
        return contains(style, style.indices, Array("border:none".utf8))
            || contains(style, style.indices, Array("border: none".utf8))
    }

    /// A font of size 0 is none of them: newsletters set it around columns whose text has a size of its own.
    private static let hidingStyles = ["display:none", "visibility:hidden", "max-height:0;", "max-height:0px;"]
        .map { Array($0.utf8) }

    private mutating func hideIfAsked(_ name: UInt64, _ attributes: Range<Int>) {
        guard attributes.count > 8, let style = HTMLTag.attribute("style", bytes, attributes) else { return }
        let folded = style.filter { $0 != 0x20 } + [UInt8(ascii: ";")]
        if Self.hidingStyles.contains(where: { contains(folded, folded.indices, $0) }) { hidden = (name, 1) }
    }

    private mutating func followHidden(_ open: (name: UInt64, depth: Int), _ name: UInt64, _ isClosing: Bool) {
        // A body that begins ends a head that was never closed.
        if name == HTMLTag.body, open.name == HTMLTag.head || open.name == HTMLTag.title { hidden = nil }
        guard name == open.name else { return }
        let depth = open.depth + (isClosing ? -1 : 1)
        hidden = depth == 0 ? nil : (name, depth)
    }
}
