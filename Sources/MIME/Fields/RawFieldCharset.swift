/// The charset of raw bytes above 127 in the fields of one header: what sent one of them wrote all of them, and
/// together they say more than a name of two characters alone. Nil when all is ASCII or UTF-8 (RFC 6532), or too little
/// to tell.
func rawFieldCharset(of header: Header) -> Charset? {
    let bytes = header.bytes.span
    var raw: [UInt8] = []
    for entry in header.entries where raw.count < 2048 {
        let body = entry.body(upTo: 4096)
        if isASCII(bytes, body) || isValidUTF8(bytes, body) { continue }
        // Folding is no text, and how its lines end says nothing.
        for index in body where bytes[index] != 13 && bytes[index] != 10 { raw.append(bytes[index]) }
        raw.append(32)
    }
    guard !raw.isEmpty else { return nil }
    let guess = guessCharset(raw.span, 0..<raw.count)
    return guess.confidence >= 0.6 && guess.charset.keepsASCII ? guess.charset : nil
}
