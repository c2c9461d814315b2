import MIME

/// What a bounce that follows no standard says about the reason: an enhanced status (RFC 3463) and the line on which it
/// stands.
///
/// The status as written comes first. Without one, or when it says nothing (`5.0.0`), the words decide where they are
/// clear: `User unknown` is 5.1.1 (RFC 3463 section 3.2, bad destination mailbox address). A reply code alone tells
/// only whether trying again has sense (RFC 5321 section 4.2.1).
struct BounceStatus: Equatable {
    var status: String
    var diagnostic: String
    /// More than `5.0.0`.
    var isClear: Bool

    static let none = BounceStatus(status: "", diagnostic: "", isClear: false)

    /// - Parameter isDelay: the mail is still being tried; words alone then mean a 4.
    init(of lines: some Sequence<String>, isDelay: Bool) {
        var vague: BounceStatus?
        var worded: BounceStatus?
        for line in lines {
            let code = replyCode(line)
            if let found = EnhancedStatus(firstIn: line), found.category != 2 {
                let isClear = found.subject != 0 || found.detail != 0
                let status = BounceStatus(status: found.description, diagnostic: line, isClear: isClear)
                if isClear {
                    self = status
                    return
                }
                if vague == nil { vague = status }
            } else if vague == nil, let code {
                vague = BounceStatus(status: "\(code / 100).0.0", diagnostic: line, isClear: false)
            }
            if worded == nil, let meaning = meaning(of: line) {
                let category = code.map { $0 / 100 } ?? vague?.category ?? (isDelay ? 4 : 5)
                worded = BounceStatus(status: "\(category).\(meaning)", diagnostic: line, isClear: true)
            }
        }
        self = worded ?? vague ?? .none
        // The words and the code often stand on different lines; the line with the code is what the server said.
        if let vague, worded != nil { diagnostic = vague.diagnostic }
    }

    private init(status: String, diagnostic: String, isClear: Bool) {
        self.status = status
        self.diagnostic = shortened(diagnostic, to: 500)
        self.isClear = isClear
    }

    private var category: Int? { status.first?.wholeNumberValue }
}

/// A reply code that says no (RFC 5321 section 4.2.1: the second digit is 0 to 5), standing alone in the line and
/// within no address, version or number.
private func replyCode(_ line: String) -> Int? {
    let bytes = Array(line.utf8)
    var index = 0
    while index < bytes.count {
        let start = index
        while index < bytes.count, isCodeByte(bytes[index]) { index += 1 }
        if index - start == 3, bytes[start] == 52 || bytes[start] == 53, (48...53).contains(bytes[start + 1]),
            bytes[start...start + 2].allSatisfy({ $0 &- 48 < 10 })
        {
            return bytes[start..<index].reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        index = max(index, start + 1)
    }
    return nil
}

private func isCodeByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 32) &- 97 < 26 || byte == 46 || byte == 64 || byte >= 128
}

/// Subject and detail of the status that the words mean.
private func meaning(of line: String) -> String? {
    // An address or a link may hold any word.
    let words = line.split(separator: " ").filter { !$0.contains("@") && !$0.contains("://") }.joined(separator: " ")
    return wordTable.rank(in: folded(words)).map { meanings[$0].status }
}

private let wordTable = PhraseTable(meanings.map(\.words))

/// Words of mail programs and providers, with RFC 3463 section 3 beside them. Of several in a line the upper one counts:
/// `Domain does not exist` is about the domain.
private let meanings: [(words: String, status: String)] =
    status(
        "2.2",
        [
            // X.2.2, mailbox full.
            "mailbox is full", "mailbox full", "full mailbox", "mailfolder is full", "folder is full", "inbox is full",
            "quota", "exceeds allowed size", "mail box space", "not enough space", "too much mail stored",
            "exceeded storage", "has exceeded the", "邮箱已满", "邮箱空间", "空间不足", "空间已满", "容量已满", "信箱已滿",
            "郵箱已滿", "一杯のため", "いっぱいの", "容量オーバー", "容量を超", "postfach ist voll", "boîte pleine",
            "переполнен", "casella piena",
        ])
    + status(
        "3.4",
        [
            // X.3.4, message too big for system.
            "message too large", "message is too large", "too large for", "too big", "size limit",
            "message size exceeds",
            "size exceeds", "maximum message size", "message file too", "邮件过大", "邮件太大", "超过大小", "郵件過大",
            "サイズが大き", "サイズ制限",
        ])
    + status(
        "4.6",
        [
            // X.4.6, routing loop detected.
            "too many hops", "routing loop", "mail loop", "message looping", "is looping", "loops back",
            "hop count exceeded",
        ])
    + status(
        "1.2",
        [
            // X.1.2, bad destination system address.
            "host unknown", "unknown host", "host not found", "domain does not exist", "domain not found",
            "domain name not found", "unknown domain", "no such domain", "name service error", "bad destination system",
            "nxdomain", "find any host", "dns error", "dns lookup failure", "unrouteable mail domain", "no such host",
            "name or service not known", "no mail exchanger", "invalid domain", "illegal host", "no mx",
            "indicated no smtp service", "域名不存在",
            "域名错误", "找不到域", "主机不存在", "ドメインが存在", "ドメインが見つか",
        ])
    + status(
        "2.1",
        [
            // X.2.1, mailbox disabled.
            "account has been disabled", "disabled or discontinued", "account is disabled", "account disabled",
            "mailbox disabled", "mailbox is disabled", "account inactive", "account is inactive", "inactive user",
            "user is inactive", "suspended", "no longer active", "not active", "has been deactivated", "已停用", "被禁用",
            "已被停用", "已冻结", "已凍結",
        ])
    + status(
        "1.1",
        [
            // X.1.1, bad destination mailbox address.
            "user unknown", "unknown user", "no such user", "no mailbox", "no such mailbox", "unknown mailbox",
            "mailbox not found", "mailbox does not exist", "user does not exist", "does not exist", "doesn't exist",
            "not exist", "unknown recipient", "recipient unknown", "addressee unknown", "unknown address",
            "address unknown",
            "invalid recipient", "invalid address", "invalid mailbox", "invalid user", "not a valid user",
            "not a valid mailbox", "user not found", "user not known", "recipient not found", "not listed in",
            "name is not recognized", "no such recipient", "no such address", "unrouteable address",
            "couldn't be found",
            "could not be found", "wasn't found at", "bad destination mailbox", "no valid recipient",
            "no account by that",
            "unknown local part", "no longer valid", "not our customer", "无此用户", "用户不存在", "账号不存在", "帐号不存在", "地址不存在",
            "邮箱不存在", "收件人不存在", "帳號不存在", "使用者不存在", "查无此", "查無此", "找不到收件人", "宛先不明", "宛先が見つか",
            "存在しません", "存在しない", "ユーザーが見つか", "не существует", "не найден", "utilisateur inconnu",
            "destinataire inconnu", "usuario desconocido", "utente sconosciuto", "empfänger unbekannt",
            "nicht gefunden",
        ])
    + status(
        "7.1",
        [
            // X.7.1, delivery not authorized, message refused.
            "spam", "blacklist", "blocklist", "block list", "black list", "blocked", "policy", "not permitted",
            "not authorized", "not allowed", "access denied", "relaying denied", "relay denied", "unsolicited", "virus",
            "reputation", "not accepting mail", "rejected by the recipient", "refused by", "unauthenticated", "拒收",
            "垃圾邮件",
            "垃圾郵件", "被拒绝", "被拒絕", "黑名单", "黑名單", "迷惑メール", "受信拒否", "受信を拒否",
        ])
    + status(
        "4.1",
        [
            // X.4.1, no answer from host.
            "connection refused", "connection timed out", "not responding", "establish an smtp connection",
            "could not connect", "accept our requests to connect", "host not reachable", "socket error",
            "no answer from",
            "unreachable", "连接超时", "連線逾時",
        ])
    + status(
        "4.7",
        [
            // X.4.7, delivery time expired.
            "retry timeout exceeded", "in the queue too long", "queue too long", "delivery time expired",
            "not delivered within", "failing for a long time", "message expired", "retry time not reached",
            "maximum delivery attempts", "attempts:", "投递超时", "配信期限",
        ])

private func status(_ status: String, _ words: [String]) -> [(words: String, status: String)] {
    words.map { ($0, status) }
}
