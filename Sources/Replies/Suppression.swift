package import Vocabulary

package import struct Foundation.Date

/// What the question "answer automatically?" depends on; a value, so the answer can be repeated from the stored facts.
package struct SuppressionInput: Sendable {
    package var kind: WriterKind
    package var trust: Trust
    package var reversePath: ReversePath
    package var automatic: [AutomaticSign]
    /// Where the answer would go; nil when the mail has no usable address.
    package var replyTo: EmailAddress?
    /// One of our addresses stands in To or Cc (RFC 5230 section 4.5).
    package var addressedToUs: Bool
    package var isDuplicate: Bool
    package var arrivedAt: Date
    package var sentAt: Date?
    package var now: Date
    package var lastReplyToWriter: Date?
    package var repliesOnTicketInWindow: Int
    package var repliesInProcessWindow: Int
    /// False when the mail names a ticket in which its writer takes no part. True for a new ticket.
    package var isParticipant: Bool
    /// The address refused a mail of ours for good; until then it gets none. Nil when it did not.
    package var undeliverableUntil: Date?

    package init(
        kind: WriterKind, trust: Trust, reversePath: ReversePath, automatic: [AutomaticSign], replyTo: EmailAddress?,
        addressedToUs: Bool, isDuplicate: Bool, arrivedAt: Date, sentAt: Date?, now: Date, lastReplyToWriter: Date?,
        repliesOnTicketInWindow: Int, repliesInProcessWindow: Int, isParticipant: Bool,
        undeliverableUntil: Date? = nil
    ) {
        self.undeliverableUntil = undeliverableUntil
        self.kind = kind
        self.trust = trust
        self.reversePath = reversePath
        self.automatic = automatic
        self.replyTo = replyTo
        self.addressedToUs = addressedToUs
        self.isDuplicate = isDuplicate
        self.arrivedAt = arrivedAt
        self.sentAt = sentAt
        self.now = now
        self.lastReplyToWriter = lastReplyToWriter
        self.repliesOnTicketInWindow = repliesOnTicketInWindow
        self.repliesInProcessWindow = repliesInProcessWindow
        self.isParticipant = isParticipant
    }
}

/// Decides on silence and says why; nil when the mail may be answered.
///
/// The questions are asked in the order in which a person would want to hear the answer: first what the admin switched
/// off, then what the mail is, then what is known of this correspondent, at last how much was said already. The first
/// one that asks for silence is the reason that is kept.
package func suppression(of input: SuppressionInput, options: ReplyOptions) -> (ReplySuppression, Reason)? {
    let found =
        silenceByMode(options) ?? silenceByOwnMail(input) ?? silenceBySigns(input) ?? silenceByKind(input)
        ?? silenceByAddress(input) ?? silenceByHistory(input, options) ?? silenceByCaps(input, options)
    return found.map { ($0.0, $0.0.reason(because: $0.1)) }
}

private typealias Silence = (ReplySuppression, String)

private func silenceByMode(_ options: ReplyOptions) -> Silence? {
    options.mode == .off ? (.disabled, "replies.mode is off") : nil
}

private func silenceByOwnMail(_ input: SuppressionInput) -> Silence? {
    input.kind == .own ? (.ownMail, "the mail is our own") : nil
}

/// Signs that are no proof of a machine still ask for silence: to be silent costs a receipt, to answer may cost a loop.
private func silenceBySigns(_ input: SuppressionInput) -> Silence? {
    for (kind, suppression) in signOrder {
        if let sign = input.automatic.first(where: { $0.kind == kind }) { return (suppression, sign.seen) }
    }
    // The sign list comes from the same field, but a caller may know the envelope from elsewhere (LMTP).
    return input.reversePath == .null ? (.nullReversePath, "Return-Path: <>") : nil
}

/// The sign that says most comes first, because only one reason is shown.
private let signOrder: [(AutomaticSign.Kind, ReplySuppression)] = [
    (.report, .report),
    (.autoSubmitted, .autoSubmitted),
    (.autoReplyField, .autoReply),
    (.autoReplySubject, .autoReply),
    (.mailingList, .mailingList),
    (.precedence, .precedence),
    (.bulkMailer, .bulkMail),
    (.unattendedSender, .unattendedSender),
    (.nullReversePath, .nullReversePath),
    (.responseSuppressed, .responseSuppressed),
    (.spamFlag, .spam),
]

private func silenceByKind(_ input: SuppressionInput) -> Silence? {
    switch input.kind {
    case .customer: nil
    case .dsn: (.report, "the mail is a delivery report")
    case .agent: (.notCustomer, "the mail is from one of our own people")
    case .automatic: (.notCustomer, "a machine wrote the mail")
    case .own: (.ownMail, "the mail is our own")
    }
}

private func silenceByAddress(_ input: SuppressionInput) -> Silence? {
    if input.trust == .failed { return (.failedAuthentication, "Authentication-Results says fail") }
    guard input.replyTo != nil else { return (.noReplyAddress, "neither From nor Reply-To holds an address") }
    if let until = input.undeliverableUntil, until > input.now {
        let left = hours(until.timeIntervalSince(input.now))
        return (.undeliverable, "it refused a mail for good; nothing automatic goes there for another \(left)")
    }
    guard input.addressedToUs else { return (.notAddressedToUs, "none of our addresses is in To or Cc") }
    return input.isParticipant ? nil : (.notParticipant, "the writer is not known on the ticket")
}

private func silenceByHistory(_ input: SuppressionInput, _ options: ReplyOptions) -> Silence? {
    if input.isDuplicate { return (.duplicate, "the message was recorded before") }
    let age = input.now.timeIntervalSince(oldest(of: input))
    if age > options.maxReplyAge {
        return (.tooOld, "\(hours(age)) old, the limit is \(hours(options.maxReplyAge))")
    }
    guard let last = input.lastReplyToWriter else { return nil }
    // The last answer is stored in whole milliseconds and may seem to lie ahead of a mail of the same batch.
    let since = max(0, input.now.timeIntervalSince(last))
    guard since < options.perWriterPeriod else { return nil }
    return (.answeredRecently, "answered \(hours(since)) ago, once in \(hours(options.perWriterPeriod)) is enough")
}

/// When the mail was sent, if its Date can be believed, else when it arrived.
///
/// A mailbox that was moved to a new server may show today as the arrival of mail that is years old, so the earlier of
/// the two counts. A date before 1990 is a clock without a battery and says nothing.
private func oldest(of input: SuppressionInput) -> Date {
    guard let sent = input.sentAt, sent.timeIntervalSince1970 > 631_152_000 else { return input.arrivedAt }
    return min(sent, input.arrivedAt)
}

private func silenceByCaps(_ input: SuppressionInput, _ options: ReplyOptions) -> Silence? {
    if input.repliesOnTicketInWindow >= options.perTicketCap {
        let window = hours(options.perTicketWindow)
        return (.ticketCap, "\(input.repliesOnTicketInWindow) answers on this ticket within \(window)")
    }
    if input.repliesInProcessWindow >= options.processCap {
        return (.processCap, "\(input.repliesInProcessWindow) answers within \(hours(options.processWindow))")
    }
    return nil
}

/// `12 d`, `36 h`, `1.5 h`, `20 min`.
private func hours(_ seconds: Double) -> String {
    if seconds >= 4 * 86_400 { return "\(Int(seconds / 86_400)) d" }
    if seconds < 3600 { return "\(Int(max(0, seconds) / 60)) min" }
    let tenths = Int((seconds / 360).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) h" : "\(tenths / 10).\(tenths % 10) h"
}
