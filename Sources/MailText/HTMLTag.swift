/// Names of elements packed into a word, so that a tag is told with one comparison, and the reading of attributes.
enum HTMLTag {
    static let br = name("br"), p = name("p"), a = name("a"), hr = name("hr"), li = name("li"), ul = name("ul")
    static let ol = name("ol"), td = name("td"), th = name("th"), pre = name("pre"), svg = name("svg")
    static let body = name("body"), head = name("head"), style = name("style"), script = name("script")
    static let title = name("title"), div = name("div"), template = name("template"), blockquote = name("blockquote")

    /// Elements that begin on a new line (HTML Living Standard, section 15.3, `display: block` and table rows).
    static let blocks: Set<UInt64> = Set(
        [
            "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dl", "dt", "dd", "section", "article", "header",
            "footer", "center", "address",
            "form", "fieldset", "main", "nav", "aside", "figure", "caption", "body", "tbody", "thead", "option", "ul",
            "ol",
        ].map(name))

    /// Elements that preheaders are hidden in.
    static let canHide: Set<UInt64> = Set(
        ["div", "span", "table", "tr", "font", "center", "section", "h1", "h2"].map(name))

    /// Up to eight letters in lower case; longer names by a hash.
    static func packed(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        guard range.count <= 8 else { return LabelHash.of(bytes, range) }
        var word: UInt64 = 0
        for index in range { word = word << 8 | UInt64(asciiLowercased(bytes[index])) }
        return word
    }

    private static func name(_ text: String) -> UInt64 {
        let bytes = Array(text.utf8)
        return packed(bytes, bytes.indices)
    }

    /// The value of an attribute, entities undone; nil when there is none.
    static func attribute(_ name: String, _ bytes: [UInt8], _ attributes: Range<Int>) -> [UInt8]? {
        let wanted = Array(name.utf8)
        var index = attributes.lowerBound
        while index < attributes.upperBound {
            let byte = bytes[index]
            if byte == 0x22 || byte == 0x27 {
                // A value of another attribute: what stands in it is no name.
                index =
                    (bytes[(index + 1)..<attributes.upperBound].firstIndex(of: byte) ?? attributes.upperBound - 1) + 1
                continue
            }
            if begins(bytes, index..<attributes.upperBound, with: wanted), index > attributes.lowerBound,
                !isASCIILetterOrDigit(bytes[index - 1]), bytes[index - 1] != 0x2D,
                let value = value(bytes, index + wanted.count..<attributes.upperBound)
            {
                return value
            }
            index += 1
        }
        return nil
    }

    private static func value(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index] <= 0x20 { index += 1 }
        guard index < range.upperBound, bytes[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        while index < range.upperBound, bytes[index] <= 0x20 { index += 1 }
        guard index < range.upperBound else { return nil }
        let quote = bytes[index]
        var end = index
        if quote == 0x22 || quote == 0x27 {
            index += 1
            end = bytes[index..<range.upperBound].firstIndex(of: quote) ?? range.upperBound
        } else {
            while end < range.upperBound, bytes[end] > 0x20 { end += 1 }
        }
        return decoded(bytes, index..<end)
    }

    private static func decoded(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var value: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound, value.count < 4096 {
            if bytes[index] == UInt8(ascii: "&") {
                let (character, end) = HTMLEntities.read(bytes, at: index, end: range.upperBound)
                value.append(contentsOf: character)
                index = end
            } else {
                value.append(bytes[index])
                index += 1
            }
        }
        return value
    }

    /// `example.com` of `https://www.example.com/path`.
    static func host(_ url: [UInt8]) -> [UInt8] {
        var rest = url[...]
        for scheme in ["https://", "http://", "www."] where rest.starts(with: scheme.utf8) {
            rest = rest.dropFirst(scheme.utf8.count)
        }
        return Array(rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") })
    }
}
