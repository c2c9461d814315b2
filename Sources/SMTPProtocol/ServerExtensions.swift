/// What a server offers, from its answer to EHLO (RFC 5321 section 4.1.1.1).
package struct ServerExtensions: Sendable, Equatable {
    /// RFC 2920.
    package var pipelining = false
    /// RFC 6152.
    package var eightBitMIME = false
    /// RFC 6531.
    package var smtpUTF8 = false
    /// RFC 3461.
    package var dsn = false
    /// RFC 2034.
    package var enhancedStatusCodes = false
    /// RFC 1870: nil when not offered.
    package var size: SizeLimit?
    /// Mechanisms, upper case (RFC 4954).
    package var authentication: [String] = []

    package enum SizeLimit: Sendable, Equatable {
        /// Offered without a fixed limit.
        case unknown
        case octets(Int)
    }

    package init() {}

    /// The first line of the answer names the server; the others are keywords with parameters.
    package init(_ reply: SMTPReply) {
        for line in reply.lines.dropFirst() {
            // "AUTH=PLAIN" is how some old servers wrote "AUTH PLAIN".
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" }
            switch words.first?.uppercased() {
            case "PIPELINING": pipelining = true
            case "8BITMIME": eightBitMIME = true
            case "SMTPUTF8": smtpUTF8 = true
            case "DSN": dsn = true
            case "ENHANCEDSTATUSCODES": enhancedStatusCodes = true
            case "SIZE": size = words.dropFirst().first.flatMap { Int($0) }.flatMap(Self.limit) ?? .unknown
            case "AUTH": authentication += words.dropFirst().map { $0.uppercased() }
            default: break
            }
        }
    }

    /// Zero means that there is no fixed limit (RFC 1870 section 4).
    private static func limit(_ octets: Int) -> SizeLimit? { octets > 0 ? .octets(octets) : nil }
}
