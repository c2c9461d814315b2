/// Character references (HTML Living Standard, section 13.5): numeric ones, and the named ones that mail contains.
enum HTMLEntities {
    /// The character at the `&` in UTF-8 and where the text goes on. What is no reference stays as it is.
    static func read(_ bytes: [UInt8], at start: Int, end: Int) -> (ArraySlice<UInt8>, end: Int) {
        let asWritten = (bytes[start...start], start + 1)
        guard start + 2 < end else { return asWritten }
        if bytes[start + 1] == UInt8(ascii: "#") { return numeric(bytes, start, end) ?? asWritten }
        var index = start + 1
        var hash = CaseHash()
        while index < end, index - start <= 10, isASCIILetterOrDigit(bytes[index]) {
            hash.add(bytes[index])
            index += 1
        }
        guard let character = named[hash.value] else { return asWritten }
        if index < end, bytes[index] == UInt8(ascii: ";") { return (character[...], index + 1) }
        // Without its semicolon only the oldest names count, or `&copy=1` in a link would become a sign.
        return index - start <= 5 && legacy.contains(hash.value) ? (character[...], index) : asWritten
    }

    private static func numeric(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (ArraySlice<UInt8>, end: Int)? {
        var index = start + 2
        var value: UInt32 = 0
        let isHex = index < end && (bytes[index] | 0x20) == UInt8(ascii: "x")
        if isHex { index += 1 }
        let first = index
        while index < end, index - first < 8 {
            let byte = bytes[index]
            if isASCIIDigit(byte) {
                value = value &* (isHex ? 16 : 10) &+ UInt32(byte - 0x30)
            } else if isHex, (byte | 0x20) &- 0x61 < 6 {
                value = value &* 16 &+ UInt32((byte | 0x20) - 0x57)
            } else {
                break
            }
            index += 1
        }
        guard index > first else { return nil }
        if index < end, bytes[index] == UInt8(ascii: ";") { index += 1 }
        return (utf8(windows(value))[...], index)
    }

    /// Numbers 128 to 159 mean Windows-1252, as every browser reads them.
    private static func windows(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x80: 0x20AC
        case 0x85: 0x2026
        case 0x91: 0x2018
        case 0x92: 0x2019
        case 0x93: 0x201C
        case 0x94: 0x201D
        case 0x95: 0x2022
        case 0x96: 0x2013
        case 0x97: 0x2014
        case 0x99: 0x2122
        default: value
        }
    }

    /// Control characters become a space: a text has no use for them.
    private static func utf8(_ value: UInt32) -> [UInt8] {
        if value < 0x20 || value == 0x7F { return [value == 0x0A ? 0x0A : 0x20] }
        guard let scalar = Unicode.Scalar(value) else { return [0xEF, 0xBF, 0xBD] }
        return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// FNV-1a that minds the case: `&Auml;` is not `&auml;`.
    private struct CaseHash {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

        static func of(_ text: some StringProtocol) -> UInt64 {
            var hash = CaseHash()
            for byte in text.utf8 { hash.add(byte) }
            return hash.value
        }
    }

    private static let legacy: Set<UInt64> = Set(
        ["amp", "lt", "gt", "quot", "nbsp", "copy", "reg"].map { CaseHash.of($0) })

    private static let named: [UInt64: [UInt8]] = {
        var table: [UInt64: [UInt8]] = [:]
        for pair in names.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            guard let equals = pair.firstIndex(of: "="),
                let value = UInt32(pair[pair.index(after: equals)...], radix: 16)
            else {
                preconditionFailure("entity table: \(pair)")
            }
            table[CaseHash.of(pair[..<equals])] = utf8(value)
        }
        return table
    }()

    private static let names = """
        amp=26 AMP=26 lt=3C LT=3C gt=3E GT=3E quot=22 QUOT=22 apos=27 nbsp=20 ensp=20 emsp=20 thinsp=20 zwnj=200C
        zwj=200D lrm=200E rlm=200F shy=AD
        copy=A9 COPY=A9 reg=AE REG=AE trade=2122 hellip=2026 ndash=2013 mdash=2014 horbar=2015 lsquo=2018 rsquo=2019
        sbquo=201A ldquo=201C rdquo=201D bdquo=201E
        laquo=AB raquo=BB lsaquo=2039 rsaquo=203A bull=2022 middot=B7 sdot=22C5 sect=A7 para=B6 dagger=2020
        Dagger=2021 permil=2030 deg=B0 plusmn=B1 times=D7 divide=F7
        minus=2212 frac12=BD frac14=BC frac34=BE sup1=B9 sup2=B2 sup3=B3 micro=B5 euro=20AC pound=A3 yen=A5 cent=A2
        curren=A4 brvbar=A6 uml=A8 acute=B4 cedil=B8 macr=AF
        iexcl=A1 iquest=BF not=AC ordf=AA ordm=BA larr=2190 uarr=2191 rarr=2192 darr=2193 harr=2194 check=2713
        star=2606 hearts=2665 infin=221E ne=2260 le=2264 ge=2265
        Agrave=C0 Aacute=C1 Acirc=C2 Atilde=C3 Auml=C4 Aring=C5 AElig=C6 Ccedil=C7 Egrave=C8 Eacute=C9 Ecirc=CA
        Euml=CB Igrave=CC Iacute=CD Icirc=CE Iuml=CF ETH=D0
        Ntilde=D1 Ograve=D2 Oacute=D3 Ocirc=D4 Otilde=D5 Ouml=D6 Oslash=D8 Ugrave=D9 Uacute=DA Ucirc=DB Uuml=DC
        Yacute=DD THORN=DE szlig=DF
        agrave=E0 aacute=E1 acirc=E2 atilde=E3 auml=E4 aring=E5 aelig=E6 ccedil=E7 egrave=E8 eacute=E9 ecirc=EA
        euml=EB igrave=EC iacute=ED icirc=EE iuml=EF eth=F0
        ntilde=F1 ograve=F2 oacute=F3 ocirc=F4 otilde=F5 ouml=F6 oslash=F8 ugrave=F9 uacute=FA ucirc=FB uuml=FC
        yacute=FD thorn=FE yuml=FF OElig=152 oelig=153
        Scaron=160 scaron=161 Yuml=178 fnof=192 circ=2C6 tilde=2DC alpha=3B1 beta=3B2 gamma=3B3 delta=3B4
        epsilon=3B5 lambda=3BB mu=3BC pi=3C0 sigma=3C3 omega=3C9 Omega=3A9
        Delta=394 Sigma=3A3 colon=3A comma=2C period=2E lpar=28 rpar=29 num=23 dollar=24 percnt=25 plus=2B equals=3D
        commat=40 lowbar=5F sol=2F bsol=5C excl=21 quest=3F
        ast=2A hyphen=2010 dash=2010 Tab=9 NewLine=A
        """
}
