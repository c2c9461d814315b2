/// A table for people: columns as wide as their widest cell, Chinese and Japanese characters counted as two columns.
///
/// Cells come from mail, so control and direction-changing characters are taken out first: a subject must not be able to
/// move the cursor or to reverse the line.
struct Table {
    enum Alignment { case left, right }

    struct Column {
        let title: String
        let alignment: Alignment
        /// Longer cells are cut with `…`.
        let maximum: Int

        init(_ title: String, _ alignment: Alignment = .left, maximum: Int = 60) {
            self.title = title
            self.alignment = alignment
            self.maximum = maximum
        }
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) {
        rows.append(zip(cells, columns).map { cut(printable($0), to: $1.maximum) })
    }

    func rendered() -> String {
        let widths = columns.indices.map { column in
            max(displayWidth(columns[column].title), rows.map { displayWidth($0[column]) }.max() ?? 0)
        }
        let lines = [columns.map(\.title)] + rows
        return lines.map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var result = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - displayWidth(cell))
            result += columns[index].alignment == .right ? padding + cell : cell + padding
            if index < cells.count - 1 { result += "  " }
        }
        while result.utf8.last == 0x20 { result.removeLast() }
        return result
    }
}

/// Columns that a terminal gives a text: 2 for East Asian wide and full-width characters and emoji, 0 for marks that
/// combine with the one before (UAX #11, and the blocks that terminals agree on).
func displayWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: 0
    case 0x20..<0x300: 1
    case 0x300..<0x370, 0x200B...0x200F, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xE0100...0xE01EF: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        2
    default: 1
    }
}

/// Cut to a number of columns; the last one is then `…`.
func cut(_ text: String, to maximum: Int) -> String {
    guard displayWidth(text) > maximum else { return text }
    var result = String.UnicodeScalarView(), width = 0
    for scalar in text.unicodeScalars {
        let next = displayWidth(scalar)
        if width + next > maximum - 1 { break }
        result.append(scalar)
        width += next
    }
    return String(result) + "…"
}

/// The same for the name of a file: cut in its middle, so that the extension is seen.
func cutInside(_ name: String, to maximum: Int) -> String {
    guard displayWidth(name) > maximum else { return name }
    var tail = String.UnicodeScalarView(), width = 0
    for scalar in name.unicodeScalars.reversed() {
        width += displayWidth(scalar)
        if width > maximum / 3 { break }
        tail.insert(scalar, at: tail.startIndex)
    }
    return cut(name, to: maximum - displayWidth(String(tail))) + String(tail)
}

/// One line without control characters and without the marks that change writing direction (UAX #9).
func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: result.append(" ")
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
        default: result.append(scalar)
        }
    }
    return String(result)
}
