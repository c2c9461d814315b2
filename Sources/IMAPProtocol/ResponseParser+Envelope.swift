// ENVELOPE (RFC 9051 section 7.5.2).

extension ResponseParser {
    mutating func envelope() throws(ParseFailure) -> Envelope {
        var envelope = Envelope()
        try expect(UInt8(ascii: "("))
        skipSpaces()
        envelope.date = try nstring()
        try spaces()
        envelope.subject = try nstring()
        envelope.from = try addresses()
        envelope.sender = try addresses()
        envelope.replyTo = try addresses()
        envelope.to = try addresses()
        envelope.cc = try addresses()
        envelope.bcc = try addresses()
        try spaces()
        envelope.inReplyTo = try nstring()
        try spaces()
        envelope.messageID = try nstring()
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            try skipValue()
            skipSpaces()
        }
        return envelope
    }

    /// NIL, or addresses with nothing between them; behind a space.
    private mutating func addresses() throws(ParseFailure) -> [Envelope.Entry] {
        try spaces()
        guard peek == UInt8(ascii: "(") else {
            try skipValue()  // NIL
            return []
        }
        var groups = AddressGroups()
        for address in try list({ parser throws(ParseFailure) in try parser.address() }) { groups.take(address) }
        return groups.finished()
    }

    /// `("Ada" NIL "ada" "example.com")`. The second is a source route, which nobody may use (RFC 5321 appendix C).
    private mutating func address() throws(ParseFailure) -> Envelope.Address {
        try expect(UInt8(ascii: "("))
        skipSpaces()
        let displayName = try nstring()
        try spaces()
        _ = try nstring()
        try spaces()
        let localPart = try nstring()
        try spaces()
        let domain = try nstring()
        skipSpaces()
        try expect(UInt8(ascii: ")"))
        return Envelope.Address(displayName: displayName, localPart: localPart, domain: domain)
    }
}

/// Puts groups together. An address without a domain begins one and bears its name in the local part; one with neither
/// ends it (RFC 9051 section 7.5.2).
private struct AddressGroups {
    private var entries: [Envelope.Entry] = []
    private var open: Envelope.Address?
    private var members: [Envelope.Address] = []

    mutating func take(_ address: Envelope.Address) {
        if address.localPart == nil && address.domain == nil {
            if let name = open?.localPart { entries.append(.group(name: name, members: members)) }
            open = nil
            members = []
        } else if address.domain == nil && address.displayName == nil {
            abandon()
            open = address
        } else if open == nil {
            entries.append(.address(address))
        } else {
            members.append(address)
        }
    }

    mutating func finished() -> [Envelope.Entry] {
        abandon()
        return entries
    }

    /// A group without an end was none: servers write a local user, who has no domain, in the same way.
    private mutating func abandon() {
        guard let begun = open else { return }
        entries.append(.address(begun))
        entries.append(contentsOf: members.map { .address($0) })
        open = nil
        members = []
    }
}
