/// One or several public keys, each by the SHA-256 of its SubjectPublicKeyInfo (RFC 7469 section 2.4): the server must have
/// one of them. More than one lets a key be renewed without a gap.
package struct PublicKeyPin: Sendable, Hashable {
    /// `sha256//BASE64=;sha256//BASE64=`, as libcurl takes it. A path, which libcurl takes as well, is no pin.
    package let text: String

    /// Nil when it is no list of pins.
    package init?(_ text: String) {
        let pins = text.split(separator: ";", omittingEmptySubsequences: false)
        guard pins.allSatisfy(Self.isPin) else { return nil }
        self.text = text
    }

    /// 32 octets in base64 are 43 characters and one `=` (RFC 4648 section 4).
    private static func isPin(_ text: Substring) -> Bool {
        guard text.hasPrefix("sha256//"), text.hasSuffix("=") else { return false }
        let digest = text.dropFirst("sha256//".count).dropLast().utf8
        return digest.count == 43
            && digest.allSatisfy { byte in
                byte | 0x20 &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
            }
    }
}
