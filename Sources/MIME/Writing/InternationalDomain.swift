package import Vocabulary

// Domains beyond ASCII in the form that every mail server takes (RFC 5890, RFC 5891, RFC 3492).

extension EmailAddress {
    /// `ada@bücher.example` as `ada@xn--bcher-kva.example`, where the local part is ASCII and the domain can be said so;
    /// else the address as it is. Only with a local part beyond ASCII is SMTPUTF8 needed (RFC 6531).
    package var withASCIIDomain: EmailAddress {
        guard domain.utf8.contains(where: { $0 >= 0x80 }), localPart.utf8.allSatisfy({ $0 < 0x80 }),
            let ascii = asciiDomain(domain), let address = EmailAddress(localPart: localPart, domain: ascii)
        else { return self }
        return address
    }
}

/// The A-labels of a domain; nil when a label has none that we are sure of.
func asciiDomain(_ domain: String) -> String? {
    // RFC 3490 section 3.1: the full stops of East Asian keyboards separate labels too.
    let separators: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]
    var labels: [String] = []
    for scalars in domain.lowercased().unicodeScalars.split(
        omittingEmptySubsequences: false, whereSeparator: { separators.contains($0) })
    {
        guard let label = asciiLabel(Array(scalars)), (1...63).contains(label.utf8.count) else { return nil }
        labels.append(label)
    }
    return labels.joined(separator: ".")
}

private func asciiLabel(_ label: [Unicode.Scalar]) -> String? {
    if label.allSatisfy(\.isASCII) { return String(String.UnicodeScalarView(label)) }
    guard label.first != "-", label.last != "-", label.allSatisfy(mayStandInLabel) else { return nil }
    return encodePunycode(label).map { "xn--" + $0 }
}

/// Letters, marks and digits that no mapping changes (RFC 5892 section 2 in short). Loose accents, which normalisation
/// would join with the letter before, are left to SMTPUTF8.
private func mayStandInLabel(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == "-" || isLetter(UInt8(scalar.value)) || isDigit(UInt8(scalar.value)) }
    // The sharp s has been a letter of its own since RFC 5892.
    if scalar == "\u{DF}" { return true }
    if scalar.properties.changesWhenNFKCCaseFolded || (0x300...0x36F).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: return true
    default: return false
    }
}

/// RFC 3492 section 6.3. Nil on overflow, which no label of 63 characters reaches.
private func encodePunycode(_ label: [Unicode.Scalar]) -> String? {
    var output = label.filter(\.isASCII).map { UInt8($0.value) }
    let basicCount = output.count
    if basicCount > 0 { output.append(45) }
    var next = 128
    var delta = 0
    var bias = 72
    var handled = basicCount
    // Longer labels than a domain has room for are none; this also bounds the work.
    guard label.count <= 63 else { return nil }
    while handled < label.count {
        guard let smallest = label.map({ Int($0.value) }).filter({ $0 >= next }).min() else { return nil }
        delta += (smallest - next) * (handled + 1)
        next = smallest
        for scalar in label {
            if scalar.value < next { delta += 1 }
            guard scalar.value == next else { continue }
            appendVariableLength(delta, bias: bias, to: &output)
            bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
            delta = 0
            handled += 1
        }
        delta += 1
        next += 1
    }
    return String(decoding: output, as: UTF8.self)
}

/// A number in the variable-length digits of RFC 3492 section 3.3: `a` to `z`, `0` to `9`.
private func appendVariableLength(_ number: Int, bias: Int, to output: inout [UInt8]) {
    func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? 97 + value : 22 + value) }
    var rest = number
    var position = 36
    while true {
        let threshold = Swift.min(26, Swift.max(1, position - bias))
        if rest < threshold { break }
        output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
        rest = (rest - threshold) / (36 - threshold)
        position += 36
    }
    output.append(digit(rest))
}

/// RFC 3492 section 6.1.
private func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var position = 0
    while delta > 35 * 26 / 2 {
        delta /= 35
        position += 36
    }
    return position + 36 * delta / (delta + 38)
}
