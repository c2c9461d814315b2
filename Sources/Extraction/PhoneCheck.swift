import CPhoneShim

/// What libphonenumber says of one candidate.
struct PhoneCheck {
    let e164: String
    let region: String
    let isValid: Bool

    /// `number` in ASCII digits, with `+` when it names its country. Nil when it cannot be a number of that region.
    init?(_ number: String, region: String) {
        var number = number
        let result = number.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                characters.baseAddress.map { phoneshim_parse($0, characters.count, region) }
            }
        }
        guard let result, result.verdict != Int32(phoneshim_no_number.rawValue) else { return nil }
        e164 = withUnsafeBytes(of: result.e164) { Self.text($0) }
        self.region = withUnsafeBytes(of: result.region) { Self.text($0) }
        isValid = result.verdict == Int32(phoneshim_valid.rawValue)
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
