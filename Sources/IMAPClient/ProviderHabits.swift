internal import Vocabulary

/// What is known of providers that RFC 2177 does not promise: how long they let an idle connection live. Cautious numbers,
/// from what users of many mail programs report (deaf connections after 10 to 45 minutes); an admin's `idle_renewal` wins.
package struct ProviderHabits: Sendable, Hashable {
    /// An IDLE is ended and begun anew after this time.
    package let idleRenewal: Duration
    /// A connection without IDLE says something at least this often.
    package let silenceLimit: Duration

    private static let usual = ProviderHabits(idleRenewal: .seconds(9 * 60), silenceLimit: .seconds(5 * 60))

    /// By the last labels of the host name.
    private static let table: [(domain: String, habits: ProviderHabits)] = {
        let short = ProviderHabits(idleRenewal: .seconds(3 * 60), silenceLimit: .seconds(2 * 60))
        let medium = ProviderHabits(idleRenewal: .seconds(5 * 60), silenceLimit: .seconds(4 * 60))
        return [
            ("163.com", short), ("126.com", short), ("yeah.net", short), ("188.com", short), ("netease.com", short),
            ("qq.com", medium), ("aliyun.com", medium), ("mxhichina.com", medium), ("feishu.cn", medium),
            ("sina.com", medium), ("sohu.com", medium), ("139.com", medium), ("189.cn", medium),
            ("gmail.com", medium), ("googlemail.com", medium), ("yahoo.com", medium), ("icloud.com", medium),
        ]
    }()

    private init(idleRenewal: Duration, silenceLimit: Duration) {
        self.idleRenewal = idleRenewal
        self.silenceLimit = silenceLimit
    }

    package init(host: String) {
        let name = asciiLowercased(host)
        self = Self.table.first { name == $0.domain || name.hasSuffix("." + $0.domain) }?.habits ?? Self.usual
    }
}
