import ConfigLoading
import Foundation
import Vocabulary

/// How many mails went to each domain lately, beside what its rate allows. In memory: a restart begins to count anew, which
/// costs at most one period's mails.
struct RateLimits: Sendable {
    private struct Window {
        var begins: Date
        /// Mails of this window, and behind them those that were given slots of later ones.
        var count: Int
    }

    private var windows: [String: Window] = [:]
    /// Domains that are remembered; hostile mail could name any number.
    private static let limit = 10_000

    /// When a mail to these recipients may leave; nil: now, and it is counted. A mail to several domains counts for each.
    mutating func wait(for recipients: [EmailAddress], rates: [OutboxOptions.Rate], now: Date) -> Date? {
        guard !rates.isEmpty else { return nil }
        let domains = Set(recipients.map(\.domain)).sorted()
        let limited = domains.compactMap { domain in Self.rate(for: domain, rates).map { (domain, $0) } }
        return limited.compactMap { slot($0.0, $0.1, now: now) }.max()
    }

    private static func rate(for domain: String, _ rates: [OutboxOptions.Rate]) -> OutboxOptions.Rate? {
        rates.first { $0.domain == domain } ?? rates.first { $0.domain == "*" }
    }

    /// The k-th mail over the rate gets a slot of the k-th window after this one, so that a thousand that wait are not
    /// looked at a thousand times.
    private mutating func slot(_ domain: String, _ rate: OutboxOptions.Rate, now: Date) -> Date? {
        if windows.count >= Self.limit { windows = windows.filter { now < $0.value.begins + rate.period } }
        // When even that is too many, the others share one window: no flood of names lifts the limits.
        let key = windows[domain] == nil && windows.count >= Self.limit ? "*" : domain
        guard var window = windows[key], now < window.begins + rate.period else {
            windows[key] = Window(begins: now, count: 1)
            return nil
        }
        defer { windows[key] = window }
        window.count += 1
        guard window.count > rate.count else { return nil }
        return window.begins + rate.period * Double((window.count - 1) / rate.count)
    }
}
