import MIME
import Vocabulary

/// How far the sender is a mail system.
enum MailSystem {
    case none
    /// `postmaster`: a program or a person.
    case postmaster
    /// There is no From, or an empty one: a null author is a mail system's, and a broken mail has none either.
    case nobody
    /// `mailer-daemon`.
    case daemon
}

/// What From and the reverse path say about who may have written a bounce.
struct BounceSender {
    let system: MailSystem
    /// From is nobody who reads answers.
    let isUnattended: Bool

    init(_ message: Message, _ reversePath: ReversePath) {
        let from = message.from.first
        let localPart = from.map { $0.email?.localPart ?? String($0.address.prefix { $0 != "@" }) } ?? ""
        let role = senderRole(localPart)
        isUnattended = role == .noReply
        system = Self.system(from, localPart, role, reversePath)
    }

    /// From is a mail system's address or name or nobody's at all, or the envelope came from one.
    private static func system(
        _ from: ParsedAddress?, _ localPart: String, _ role: SenderRole?, _ reversePath: ReversePath
    )
        -> MailSystem
    {
        if case .address(let path) = reversePath, isDaemon(path.localPart, senderRole(path.localPart)) {
            return .daemon
        }
        guard let from, !from.address.isEmpty || !from.displayName.isEmpty else { return .nobody }
        if isDaemon(localPart, role) || daemonNames.beginsFolded(from.displayName) { return .daemon }
        if postmasters.beginsFolded(localPart) || postmasters.beginsFolded(from.displayName) {
            return .postmaster
        }
        return from.address.isEmpty ? .nobody : .none
    }

    /// `Mailer-Daemon` in one of its spellings; other machines (`listserv`) write about other things.
    private static func isDaemon(_ localPart: String, _ role: SenderRole?) -> Bool {
        role == .machine && contains(folded(localPart), "mail")
    }
}

private let daemonNames = PhraseTable(["mail delivery s", "系统退信"])
private let postmasters = PhraseTable(["postmaster", "post_master", "post-master", "post.master", "mailadm"])

/// Whether a mail without a machine-readable part looks like a bounce, and by what.
struct BounceLook {
    let text: BounceText
    /// What showed it; nil when nothing did.
    let sign: String?

    init(_ message: Message, facts: HeaderFacts, sender: BounceSender, reversePath: ReversePath) {
        let system = sender.system
        if let field = facts.first(.failedRecipients) {
            text = BounceText(message)
            sign = field.seen
            return
        }
        let match = deliveryFailureSubject(message.subject)
        let isSaid = match != nil
        // The text of people's mail is not looked at.
        guard system != .none || reversePath == .null || sender.isUnattended || isSaid else {
            text = .unread
            sign = nil
            return
        }
        text = BounceText(message)
        let subject = "Subject: \(shortened(message.subject))"
        let isPersonal = persons.isFound(in: [32] + text.opening(lines: 5))
        // A daemon writes about nothing else; a person with such an address or none does.
        let allowsReason =
            switch system {
            case .daemon: true
            case .nobody: reversePath == .null || facts.first(.autoSubmitted) != nil
            case .postmaster: isSaid && !isPersonal
            case .none: false
            }
        sign =
            if match == .certain && (system != .none || reversePath == .null)
                || isSaid && system == .daemon && hasAuthor(message)
            {
                subject
            } else if system == .daemon || system == .postmaster && isSaid || system != .none && !isPersonal,
                let phrase = Self.phrase(text, allows: allowsReason)
            {
                isSaid ? "\(subject); \(phrase)" : phrase
            } else if isSaid || sender.isUnattended || reversePath == .null, !isForwardSubject(message.subject),
                let notice = Self.notice(text)
            {
                isSaid ? "\(subject); \(notice)" : notice
            } else {
                nil
            }
    }

    /// What a mail system says: words that are about mail, or the reason of a failure.
    private static func phrase(_ text: BounceText, allows reason: Bool) -> String? {
        let all = Array(text.all.prefix(4_000))
        if let rank = openingTable.rank(in: all) { return "the text says \"\(openings[rank])\"" }
        guard reason else { return nil }
        let status = BounceStatus(of: text.said.prefix(40), isDelay: false)
        let named = text.said.prefix(40).first {
            $0.utf8.contains(UInt8(ascii: "@")) && failures.isFound(in: folded($0))
        }
        return (status.isClear ? status.diagnostic : named).map { "the text says \"\(shortened($0))\"" }
    }

    /// No person speaks in the first words, and they are a notice's about the reader's mail, with an address or a reason; or
    /// the text holds what a mail server answered.
    private static func notice(_ text: BounceText) -> String? {
        let opening = text.opening(lines: 5)
        guard !persons.isFound(in: [32] + opening) else { return nil }
        let first = text.said.prefix(40)
        if let line = first.first(where: { dialogue.isFound(in: folded($0)) }),
            BounceStatus(of: first, isDelay: false).isClear
        {
            return "the text holds a server's answer: \"\(shortened(line))\""
        }
        guard let rank = noticeTable.rank(in: opening), mails.isFound(in: opening),
            text.said.prefix(12).contains(where: { $0.utf8.contains(UInt8(ascii: "@")) })
                || BounceStatus(of: text.said.prefix(12), isDelay: false).isClear
        else { return nil }
        return "the first words are \"\(notices[rank])\""
    }
}

private func hasAuthor(_ message: Message) -> Bool { message.from.contains { !$0.address.isEmpty } }

/// How the programs begin, and what only they write.
private let openings = [
    "this is the qmail-send program", "this is the mail system at host", "this is the postfix program",
    "this message was created automatically by mail", "had permanent fatal errors", "had delivery problems",
    "wasn't able to deliver", "was not able to deliver", "were not able to deliver", "unable to deliver",
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can not be delivered",
    "was undeliverable", "is undeliverable", "undeliverable to", "was not delivered", "has not been delivered",
    "not yet been delivered", "did not reach the following", "failed permanently", "delivery to the following",
    "delivery failed", "undeliverable mail", "could not deliver", "encountered delivery problems",
    "exceeds allowed size", "error message below", "error delivering your mail", "problem with the e-mail address",
    "unknown user:", "message not delivered", "mail not delivered", "mail was not delivered", "address(es) failed",
    "addresses failed", "have delivery problems", "had permanent errors", "could not be reached", "could not be sent",
    "not accepting mail", "returned to sender", "has been rejected", "was rejected", "has been returned",
    "is being returned", "undeliverable message", "nondeliverable", "退信", "无法投递", "无法送达", "未能送达", "投递失败", "无法发送到",
    "無法傳遞", "無法投遞",
    "無法送達", "配信できません", "お届けできません", "送信できません", "не доставлено", "не может быть доставлено", "konnte nicht zugestellt",
    "n'a pas pu être remis", "no se pudo entregar", "no se ha podido entregar",
]
private let openingTable = PhraseTable(openings)

/// How a notice begins, whoever sent it.
private let notices = [
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can not be delivered",
    "could not deliver message to", "could not deliver the message", "could not deliver your", "unable to deliver",
    "wasn't able to deliver", "was not able to deliver", "was not delivered to", "did not reach the following",
    "non-delivery report", "failed permanently", "delivery to the following", "delivery of email to this address",
    "delivery has failed to", "was undeliverable", "undeliverable to", "has been rejected by", "has not been delivered",
    "邮件退信", "无法投递到", "无法送达", "未能送达", "投递失败", "無法傳遞", "無法送達", "配信できません", "お届けできません", "n'a pas pu etre delivre",
    "n'a pas pu être remis", "konnte nicht zugestellt", "no se pudo entregar", "non è stato recapitato",
]
private let noticeTable = PhraseTable(notices)

/// Lines of a dialogue with a mail server, and of a report.
private let dialogue = PhraseTable([
    "rcpt to:<", "<<< rcpt to", ">>> rcpt to", "received >>> ", "smtp error from", "remote host said:", " said: 5",
    "diagnostic-code: smtp", "final-recipient: rfc822",
])

/// A parcel may be undeliverable too.
private let mails = PhraseTable([
    "your message", "your mail", "your e-mail", "your email", "the following mail", "the following message",
    "the following recipient", "the following user", "the email below", "delivery of email", "deliver message to",
    "non-delivery report", "votre message", "ihre nachricht", "ihre e-mail", "su mensaje", "il messaggio", "您的邮件",
    "您发送的",
    "您寄出的", "您的郵件", "您寄的", "邮件退信", "お送りいただいたメール", "送信されたメール",
])

/// Somebody who tells of a bounce, or greets.
private let persons = PhraseTable([
    " i ", " i'm ", " i've ", " my ", " we ", " our ", " me ", " dear ", " hello", " hi ", " hi,", " please help", "你好",
    "您好",
    "我", "私", "お世話", " bonjour", " guten tag", " hallo", " ich ", " je ",
])
