/// Reads a Date field (RFC 5322 section 3.3, obsolete forms of section 4.3 and what programs write instead) as seconds
/// since 1970. Nil when there is no day, month and year to be found.
func readDate(_ bytes: Bytes, _ range: Range<Int>) -> Int64? {
    var reader = DateReader(range: range)
    return reader.read(bytes)
}

private struct DateReader {
    let range: Range<Int>
    var day: Int?
    var month: Int?
    var year: Int?
    var time: (hour: Int, minute: Int, second: Int)?
    var offset = 0
    var isAfternoon: Bool?

    mutating func read(_ bytes: Bytes) -> Int64? {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == 40 {
                index = skipComment(bytes, index)
            } else if isDigit(byte) {
                number(bytes, &index)
            } else if isLetter(byte) {
                word(bytes, &index)
            } else if (byte == 43 || byte == 45), time != nil, index + 1 < range.upperBound, isDigit(bytes[index + 1]) {
                zone(bytes, &index)
            } else {
                index += 1
            }
        }
        return seconds()
    }

    /// RFC 5322 section 3.2.2; an unclosed comment ends with the field.
    private func skipComment(_ bytes: Bytes, _ start: Int) -> Int {
        var depth = 0
        var index = start
        while index < range.upperBound {
            if bytes[index] == 40 { depth += 1 }
            if bytes[index] == 41 { depth -= 1 }
            index += 1
            if depth == 0 { break }
        }
        return index
    }

    private func digits(_ bytes: Bytes, _ index: inout Int) -> (value: Int, count: Int) {
        var value = 0
        var count = 0
        while index < range.upperBound && isDigit(bytes[index]) {
            if count < 9 { value = value * 10 + Int(bytes[index] &- 48) }
            count += 1
            index += 1
        }
        return (value, count)
    }

    private mutating func number(_ bytes: Bytes, _ index: inout Int) {
        let (value, count) = digits(bytes, &index)
        let follows = index < range.upperBound ? bytes[index] : 0
        let digitFollows = index + 1 < range.upperBound && isDigit(bytes[index + 1])
        if time == nil && digitFollows && (follows == 58 || follows == 46 && year != nil) && count <= 2 {
            clock(bytes, &index, hour: value)
        } else if follows == 45 && digitFollows && count == 4 && year == nil {
            isoDate(bytes, &index, year: value)
        } else if day == nil && count <= 2 && (1...31).contains(value) {
            day = value
        } else if year == nil {
            // RFC 5322 section 4.3: two digits from 50 on and three digits count from 1900, others from 2000.
            year = count <= 2 ? (value < 50 ? 2000 + value : 1900 + value) : count == 3 ? 1900 + value : value
        }
    }

    /// `2024-06-11` and `2024-06-11T09:35:30Z` (RFC 3339).
    private mutating func isoDate(_ bytes: Bytes, _ index: inout Int, year: Int) {
        self.year = year
        index += 1
        month = digits(bytes, &index).value
        if index + 1 < range.upperBound && bytes[index] == 45 && isDigit(bytes[index + 1]) {
            index += 1
            day = digits(bytes, &index).value
        }
    }

    private mutating func clock(_ bytes: Bytes, _ index: inout Int, hour: Int) {
        let separator = bytes[index]
        index += 1
        let minute = digits(bytes, &index).value
        var second = 0
        if index + 1 < range.upperBound && bytes[index] == separator && isDigit(bytes[index + 1]) {
            index += 1
            second = digits(bytes, &index).value
            if index + 1 < range.upperBound && bytes[index] == 46 && isDigit(bytes[index + 1]) {
                index += 1
                _ = digits(bytes, &index)
            }
        }
        time = (hour, minute, second)
    }

    /// `+0800`, `-05:00`, `+8`.
    private mutating func zone(_ bytes: Bytes, _ index: inout Int) {
        let sign = bytes[index] == 45 ? -1 : 1
        index += 1
        let (value, count) = digits(bytes, &index)
        var minutes = count <= 2 ? value * 60 : value / 100 * 60 + value % 100
        if count <= 2 && index + 1 < range.upperBound && bytes[index] == 58 && isDigit(bytes[index + 1]) {
            index += 1
            minutes += digits(bytes, &index).value
        }
        if minutes < 100 * 60 { offset = sign * minutes * 60 }
    }

    private mutating func word(_ bytes: Bytes, _ index: inout Int) {
        let start = index
        while index < range.upperBound && isLetter(bytes[index]) { index += 1 }
        let name = DateReader.key(bytes, start..<index)
        if index - start >= 3, month == nil, let number = DateReader.months.firstIndex(of: name & 0xFF_FFFF) {
            month = number + 1
        } else if name == DateReader.afternoon {
            isAfternoon = true
        } else if name == DateReader.morning {
            isAfternoon = false
        } else if time != nil, let zone = DateReader.zones.first(where: { $0.name == name }) {
            offset = zone.hours * 3600
        }
    }

    /// Up to four letters in lower case as one number, the first lowest; longer words are like no name of four.
    private static func key(_ bytes: Bytes, _ range: Range<Int>) -> UInt64 {
        var key: UInt64 = 0
        for (place, index) in range.prefix(5).enumerated() { key |= UInt64(lowercased(bytes[index])) << (8 * place) }
        return key
    }

    private static func key(_ name: String) -> UInt64 {
        name.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let morning = key("am")
    private static let afternoon = key("pm")

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { key($0) }

    /// RFC 5322 section 4.3. Military letters were defined wrongly and count as +0000.
    private static let zones: [(name: UInt64, hours: Int)] = [
        ("gmt", 0), ("utc", 0), ("ut", 0), ("z", 0), ("est", -5), ("edt", -4), ("cst", -6), ("cdt", -5), ("mst", -7),
        ("mdt", -6), ("pst", -8), ("pdt", -7),
    ].map { (key($0.0), $0.1) }

    private func seconds() -> Int64? {
        guard let day, let month, let year, (1...31).contains(day), (1...12).contains(month), (1...9999).contains(year)
        else { return nil }
        var (hour, minute, second) = time ?? (0, 0, 0)
        if isAfternoon == true && hour < 12 { hour += 12 }
        if isAfternoon == false && hour == 12 { hour = 0 }
        guard hour < 25, minute < 60, second < 62 else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        return Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
    }
}

/// Days of the proleptic Gregorian calendar; a day beyond the end of its month runs on into the next.
func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}
