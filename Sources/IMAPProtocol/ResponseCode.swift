/// `[CODE arguments]` (RFC 9051 section 7.1 and the extensions we use).
package enum ResponseCode: Sendable, Equatable {
    case readOnly, readWrite, tryCreate, closed, noModSeq, uidNotSticky
    case uidValidity(UInt32)
    case uidNext(UInt32)
    case unseen(UInt32)
    case highestModSeq(UInt64)
    case permanentFlags([String])
    case capability([String])
    case appendUID(validity: UInt32, UIDSet)
    case copyUID(validity: UInt32, from: UIDSet, to: UIDSet)
    /// Charsets that the server knows, when it says so.
    case badCharset([String])
    /// What UNCHANGEDSINCE left alone (RFC 7162 section 3.1.3).
    case modified(UIDSet)
    /// RFC 8474 section 4.
    case mailboxID(String)
    /// Why something was refused, or what else a person should know.
    case condition(Condition)
    /// Any other, and a known one with nonsense in it: upper-case name, arguments as they stand.
    case unknown(String, arguments: String)

    /// Codes that say all by their name (RFC 5530 section 3, RFC 9051 section 7.1).
    package enum Condition: String, Sendable, CaseIterable {
        case alert = "ALERT"
        case alreadyExists = "ALREADYEXISTS"
        case authenticationFailed = "AUTHENTICATIONFAILED"
        case authorizationFailed = "AUTHORIZATIONFAILED"
        case cannot = "CANNOT"
        case clientBug = "CLIENTBUG"
        case contactAdmin = "CONTACTADMIN"
        case corruption = "CORRUPTION"
        case expired = "EXPIRED"
        case expungeIssued = "EXPUNGEISSUED"
        case hasChildren = "HASCHILDREN"
        case inUse = "INUSE"
        case limit = "LIMIT"
        case nonexistent = "NONEXISTENT"
        case noPermission = "NOPERM"
        case overQuota = "OVERQUOTA"
        case parse = "PARSE"
        case privacyRequired = "PRIVACYREQUIRED"
        case serverBug = "SERVERBUG"
        case unavailable = "UNAVAILABLE"
        case unknownTransferEncoding = "UNKNOWN-CTE"
    }

    /// As on the wire, upper case.
    package var name: String {
        switch self {
        case .readOnly: "READ-ONLY"
        case .readWrite: "READ-WRITE"
        case .tryCreate: "TRYCREATE"
        case .closed: "CLOSED"
        case .noModSeq: "NOMODSEQ"
        case .uidNotSticky: "UIDNOTSTICKY"
        case .uidValidity: "UIDVALIDITY"
        case .uidNext: "UIDNEXT"
        case .unseen: "UNSEEN"
        case .highestModSeq: "HIGHESTMODSEQ"
        case .permanentFlags: "PERMANENTFLAGS"
        case .capability: "CAPABILITY"
        case .appendUID: "APPENDUID"
        case .copyUID: "COPYUID"
        case .badCharset: "BADCHARSET"
        case .modified: "MODIFIED"
        case .mailboxID: "MAILBOXID"
        case .condition(let condition): condition.rawValue
        case .unknown(let name, _): name
        }
    }
}
