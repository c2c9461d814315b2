import Vocabulary

/// Reads the fields of a message's root that everybody asks for, noting defects.
struct FieldReader {
    let header: Header
    var findings: Findings

    init(header: Header, findings: Findings) {
        self.header = header
        self.findings = findings
        self.findings.part = ""
        self.findings.rawCharset = header.rawCharset
    }

    /// The addresses of all fields of that name, groups flattened.
    mutating func addresses(_ name: String) -> [ParsedAddress] {
        var list: [ParsedAddress] = []
        let header = header
        var place = header.place(of: name)
        while let current = place {
            let range = limited(header.entries[current], name)
            var reader = AddressListReader(range: range, field: name)
            let found = reader.read(header.bytes.span, limit: findings.limits.addresses - list.count, &findings)
            if list.isEmpty { list = found } else { list += found }
            place = header.place(of: name, from: current + 1)
        }
        return list
    }

    mutating func text(_ name: String) -> String? {
        let header = header
        guard let entry = single(name) else { return nil }
        let range = limited(entry, name)
        return decodedText(header.bytes.span, range, findings: &findings, field: name)
    }

    mutating func date(_ name: String) -> Int64? {
        guard let entry = single(name) else { return nil }
        let range = limited(entry, name)
        findings.work += range.count
        let date = readDate(header.bytes.span, range)
        if date == nil { findings.note(.badDate, field: name) }
        return date
    }

    mutating func messageIDs(_ name: String, allowsBare: Bool = false) -> [MessageID] {
        var ids: [MessageID] = []
        let header = header
        var place = header.place(of: name)
        while let current = place {
            let range = limited(header.entries[current], name)
            findings.work += range.count
            let found = readMessageIDs(
                header.bytes.span, range, limit: findings.limits.messageIDs - ids.count, allowsBare: allowsBare)
            if found.isEmpty { findings.note(.badMessageID, field: name) }
            if ids.isEmpty { ids = found } else { ids += found }
            if ids.count >= findings.limits.messageIDs { findings.note(.messageIDLimit, field: name) }
            place = header.place(of: name, from: current + 1)
        }
        return ids
    }

    /// The first field of that name; it may stand only once (RFC 5322 section 3.6).
    private mutating func single(_ name: String) -> FieldEntry? {
        guard let place = header.place(of: name) else { return nil }
        if header.place(of: name, from: place + 1) != nil { findings.note(.duplicateField, field: name) }
        return header.entries[place]
    }

    private mutating func limited(_ entry: FieldEntry, _ name: String) -> Range<Int> {
        if entry.body.count > findings.limits.fieldBytes { findings.note(.fieldBytesLimit, field: name) }
        return entry.body(upTo: findings.limits.fieldBytes)
    }
}
