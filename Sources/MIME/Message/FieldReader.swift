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
    mutating func addresses(_ key: FieldKey) -> [ParsedAddress] {
        var list: [ParsedAddress] = []
        let header = header
        var place = header.place(of: key)
        while let current = place {
            let range = limited(header.entries[current], key)
            var reader = AddressListReader(range: range, field: key.name)
            let found = reader.read(header.bytes.span, limit: findings.limits.addresses - list.count, &findings)
            if list.isEmpty { list = found } else { list += found }
            place = header.place(of: key, from: current + 1)
        }
        return list
    }

    mutating func text(_ key: FieldKey) -> String? {
        let header = header
        guard let entry = single(key) else { return nil }
        let range = limited(entry, key)
        return decodedText(header.bytes.span, range, findings: &findings, field: key.name)
    }

    mutating func date(_ key: FieldKey) -> Int64? {
        guard let entry = single(key) else { return nil }
        let range = limited(entry, key)
        findings.work += range.count
        let date = readDate(header.bytes.span, range)
        if date == nil { findings.note(.badDate, field: key.name) }
        return date
    }

    mutating func messageIDs(_ key: FieldKey, allowsBare: Bool = false) -> [MessageID] {
        var ids: [MessageID] = []
        let header = header
        var place = header.place(of: key)
        while let current = place {
            let range = limited(header.entries[current], key)
            findings.work += range.count
            let found = readMessageIDs(
                header.bytes.span, range, limit: findings.limits.messageIDs - ids.count, allowsBare: allowsBare)
            if found.isEmpty { findings.note(.badMessageID, field: key.name) }
            if ids.isEmpty { ids = found } else { ids += found }
            if ids.count >= findings.limits.messageIDs { findings.note(.messageIDLimit, field: key.name) }
            place = header.place(of: key, from: current + 1)
        }
        return ids
    }

    /// The first field of that name; it may stand only once (RFC 5322 section 3.6).
    private mutating func single(_ key: FieldKey) -> FieldEntry? {
        guard let place = header.place(of: key) else { return nil }
        if header.place(of: key, from: place + 1) != nil { findings.note(.duplicateField, field: key.name) }
        return header.entries[place]
    }

    private mutating func limited(_ entry: FieldEntry, _ key: FieldKey) -> Range<Int> {
        if entry.body.count > findings.limits.fieldBytes { findings.note(.fieldBytesLimit, field: key.name) }
        return entry.body(upTo: findings.limits.fieldBytes)
    }
}
