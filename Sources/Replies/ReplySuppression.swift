package import Vocabulary

/// Why a mail gets no automatic answer. One list; each case has its cite (`rule`), a row in the tests and is the word
/// in the audit, in `--json` and in `explain`.
package enum ReplySuppression: String, Sendable, Codable, CaseIterable {
    // The writer is a machine, or asks for silence.
    case autoSubmitted
    case autoReply
    case report
    case mailingList
    case precedence
    case bulkMail
    case nullReversePath
    case unattendedSender
    case responseSuppressed
    case spam

    // The mail is not one that is answered.
    case ownMail
    case notCustomer
    case notAddressedToUs
    case noReplyAddress
    case undeliverable
    case failedAuthentication
    case duplicate
    case tooOld
    case notParticipant
    case followUp
    case beforeStart

    // Enough was said already.
    case answeredRecently
    case ticketCap
    case processCap

    // The admin wants it so.
    case disabled
    case observeMode
    case adminRule
    case ignored
    case quarantined

    /// The standard, or the promise of ours, that asks for silence.
    package var rule: String {
        switch self {
        case .autoSubmitted: "RFC 3834 section 2: never answer what is marked as automatic"
        case .autoReply: "RFC 3834 section 2: never answer an automatic answer, marked by the standard or not"
        case .report: "RFC 3834 section 2, RFC 5321 section 4.5.5: no answer to a delivery or disposition report"
        case .mailingList: "RFC 5230 section 4.6: no answer to mail of a list (RFC 2369, RFC 2919)"
        case .precedence: "RFC 3834 section 2: Precedence of list, bulk or junk asks for no automatic answer"
        case .bulkMail: "RFC 5230 section 4.6: no answer to mass mail (RFC 8058)"
        case .nullReversePath: "RFC 5321 section 4.5.5: a null reverse path is never answered"
        case .unattendedSender: "RFC 5230 section 4.6: nobody reads this address"
        case .responseSuppressed: "MS-OXCMAIL 2.2.3.2.14: X-Auto-Response-Suppress asks for no automatic answer"
        case .spam: "our filter calls it spam; an answer would reach a forged sender"
        case .ownMail: "RFC 3834 section 2: we do not answer ourselves"
        case .notCustomer: "only customers are answered automatically"
        case .notAddressedToUs: "RFC 5230 section 4.5: our address stands in none of the recipient fields"
        case .noReplyAddress: "there is no usable address to answer to"
        case .undeliverable: "RFC 3464: a mail to this address came back for good"
        case .failedAuthentication: "RFC 8601: the sender's authentication failed, so the address may be forged"
        case .duplicate: "the same message was answered when it came first"
        case .tooOld: "the mail is older than max_reply_age"
        case .notParticipant: "the writer takes no part in the ticket whose number is quoted"
        case .followUp: "the first mail of a ticket gets the receipt; the ones after it are answered by a person"
        case .beforeStart: "the mail arrived before the start of this mailbox"
        case .answeredRecently: "RFC 3834 section 2: one automatic answer per sender and period"
        case .ticketCap: "cap of automatic answers on one ticket"
        case .processCap: "cap of automatic answers of the whole post room"
        case .disabled: "automatic answers are off"
        case .observeMode: "mode: observe sends nothing"
        case .adminRule: "a rule says noReply"
        case .ignored: "the mail is not handled here"
        case .quarantined: "the mail is in quarantine"
        }
    }
}

extension ReplySuppression: CustomStringConvertible {
    package var description: String { rawValue }

    /// The reason for this silence, ready for `explain`.
    package func reason(because: String) -> Reason {
        Reason(.reply, "suppressed: \(rawValue)", because: because, source: rule)
    }
}
