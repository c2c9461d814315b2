/// An address (RFC 5322 section 3.4.1, RFC 6531): local part and domain, nothing else. A display name is not part of it.
///
/// Outside text is often not an address; then `init?` gives nil and the caller keeps the text as it was. What this type
/// holds can stand in an SMTP command: no control characters, no white space, no angle brackets (CR and LF in an
/// address are how headers and commands are injected).
package struct EmailAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As written. Compared without regard to ASCII case: the RFC allows case to matter there, no provider lets it.
    package let localPart: String
    /// Lower-cased in ASCII; without a dot at the end.
    package let domain: String

    package init?(_ text: String) {
        guard let at = Self.lastAtSign(in: text) else { return nil }
        self.init(localPart: String(text[..<at]), domain: String(text[text.utf8.index(after: at)...]))
    }

    private static func lastAtSign(in text: String) -> String.Index? {
        let bytes = text.utf8Span.span
        var place = bytes.count - 1
        while place >= 0 && bytes[place] != UInt8(ascii: "@") { place -= 1 }
        return place < 0 ? nil : text.utf8.index(text.startIndex, offsetBy: place)
    }

    package init?(localPart: String, domain: String) {
        var domain = domain
        if domain.utf8.last == UInt8(ascii: ".") { domain.removeLast() }
        guard (1...64).contains(localPart.utf8.count), (1...255).contains(domain.utf8.count),
            Self.mayStandInAnAddress(localPart), Self.mayStandInAnAddress(domain),
            !domain.utf8.contains(UInt8(ascii: "@")), domain.utf8.first != UInt8(ascii: ".")
        else { return nil }
        self.localPart = localPart
        self.domain = asciiLowercased(domain)
    }

    /// The form that is compared and looked up.
    package var normalized: String { asciiLowercased(localPart) + "@" + domain }

    /// `local@domain` as written.
    package var description: String { localPart + "@" + domain }

    /// The address without an extension: `support+c.TOKEN@…` gives `support@…` (RFC 5233).
    package func withoutExtension(delimiter: Character = "+") -> EmailAddress {
        guard let cut = localPart.firstIndex(of: delimiter), cut != localPart.startIndex else { return self }
        return EmailAddress(localPart: String(localPart[..<cut]), domain: domain) ?? self
    }

    /// The extension, if there is one: `support+c.TOKEN@…` gives `c.TOKEN`.
    package func localPartExtension(delimiter: Character = "+") -> String? {
        guard let cut = localPart.firstIndex(of: delimiter), cut != localPart.startIndex else { return nil }
        return String(localPart[localPart.index(after: cut)...])
    }

    /// As if the normalized forms were compared: the domain holds no `@`, so the parts can be told apart.
    package static func == (left: Self, right: Self) -> Bool {
        left.domain == right.domain && asciiLowercased(left.localPart) == asciiLowercased(right.localPart)
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(normalized) }
    package static func < (left: Self, right: Self) -> Bool { left.normalized < right.normalized }

    private static func mayStandInAnAddress(_ text: String) -> Bool {
        let bytes = text.utf8Span.span
        for place in bytes.indices {
            let byte = bytes[place]
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") { return false }
        }
        return true
    }
}

extension EmailAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let address = EmailAddress(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an address")
        }
        self = address
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// An address with the name that stood beside it: `"Ada" <ada@example.com>`.
package struct NamedAddress: Hashable, Sendable, Codable {
    /// Decoded display name; empty when there was none.
    package let displayName: String
    package let address: EmailAddress

    package init(displayName: String = "", address: EmailAddress) {
        self.displayName = displayName
        self.address = address
    }
}

/// Lower-cases A to Z and leaves every other byte alone: names of fields, domains and tokens are compared in ASCII,
/// whatever the locale.
package func asciiLowercased(_ text: String) -> String {
    var text = text
    let lowered: String? = text.withUTF8 { bytes in
        guard bytes.contains(where: { $0 &- 65 < 26 }) else { return nil }
        return String(unsafeUninitializedCapacity: bytes.count) { target in
            for index in bytes.indices {
                target[index] = bytes[index] &- 65 < 26 ? bytes[index] | 0x20 : bytes[index]
            }
            return bytes.count
        }
    }
    return lowered ?? text
}
