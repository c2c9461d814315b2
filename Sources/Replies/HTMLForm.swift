import Vocabulary

/// The HTML form of a rendered reply. Everything is escaped first, then paragraphs, points and signature get their
/// elements: the text can hold no markup, and the two forms say the same.
///
/// Mail clients drop style sheets, so styles stand at the elements; no image, script or outside thing is loaded.
func htmlForm(of text: String, title: String, language: Language) -> String {
    let (body, signature) = splitSignature(text.split(separator: "\n", omittingEmptySubsequences: false)[...])
    let blocks = body.split(whereSeparator: \.isEmpty).map { block(Array($0)) }
    var html = """
        <!DOCTYPE html>
        <html lang="\(escaped(language.rawValue))">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        </head>
        <body style="margin:0;padding:16px;\(fonts(for: language));font-size:15px;line-height:1.7;color:#222222">
        <div style="max-width:640px;overflow-wrap:break-word">

        """
    html += blocks.joined()
    if !signature.isEmpty {
        let lines = signature.map { escaped($0) }.joined(separator: "<br>\n")
        html += """
            <p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #dddddd;color:#666666;font-size:13px">\
            \(lines)</p>

            """
    }
    return html + "</div>\n</body>\n</html>\n"
}

/// What stands above and below the delimiter `-- `.
private func splitSignature(_ lines: ArraySlice<Substring>) -> (body: ArraySlice<Substring>, signature: [Substring]) {
    guard let delimiter = lines.lastIndex(of: "-- ") else { return (lines, []) }
    return (lines[..<delimiter], lines[(delimiter + 1)...].filter { !$0.isEmpty })
}

/// Runs of points become a list, other lines a paragraph.
private func block(_ lines: [Substring]) -> String {
    var html = ""
    var rest = lines[...]
    while let first = rest.first {
        let points = first.hasPrefix("- ")
        let run = rest.prefix { $0.hasPrefix("- ") == points }
        rest = rest.dropFirst(run.count)
        html += points ? list(run) : paragraph(run)
    }
    return html
}

private func paragraph(_ lines: ArraySlice<Substring>) -> String {
    "<p style=\"margin:0 0 16px\">\(lines.map { escaped($0) }.joined(separator: "<br>\n"))</p>\n"
}

private func list(_ lines: ArraySlice<Substring>) -> String {
    let items = lines.map { "<li style=\"margin:0 0 4px\">\(escaped($0.dropFirst(2)))</li>\n" }.joined()
    return "<ul style=\"margin:0 0 16px;padding-left:24px\">\n\(items)</ul>\n"
}

/// The five characters that have a meaning in HTML text and attributes.
func escaped(_ text: some StringProtocol) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "\"": out += "&quot;"
        case "'": out += "&#39;"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}

/// Fonts that the reader's system is likely to have, so that Han characters take the shapes of the language.
private func fonts(for language: Language) -> String {
    switch language {
    case .simplifiedChinese: "font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif"
    case .traditionalChinese: "font-family:'PingFang TC','Microsoft JhengHei','Noto Sans CJK TC',Arial,sans-serif"
    case .japanese: "font-family:'Hiragino Sans','Yu Gothic',Meiryo,'Noto Sans CJK JP',Arial,sans-serif"
    default: "font-family:'Segoe UI','Helvetica Neue',Arial,sans-serif"
    }
}
