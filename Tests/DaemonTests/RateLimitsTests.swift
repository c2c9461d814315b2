import ConfigLoading
import Foundation
import Testing
import Vocabulary

@testable import Daemon

@Suite("Rates by domain")
struct RateLimitsTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)

    private func address(_ domain: String) -> [EmailAddress] { [EmailAddress("a@\(domain)")].compactMap { $0 } }

    @Test("so many in a period, and slots of the next ones for the rest")
    func slots() {
        var limits = RateLimits()
        let rates = [OutboxOptions.Rate(domain: "qq.com", count: 2, period: 60)]
        let waits = (0..<6).map { _ in
            limits.wait(for: address("qq.com"), rates: rates, now: Self.start)?.timeIntervalSince(Self.start)
        }
        #expect(waits == [nil, nil, 60, 60, 120, 120])
        #expect(limits.wait(for: address("other.com"), rates: rates, now: Self.start) == nil, "no rate, no limit")
        #expect(limits.wait(for: address("qq.com"), rates: rates, now: Self.start + 61) == nil, "a new period")
    }

    @Test("the rate of the others is counted for each domain by itself")
    func others() {
        var limits = RateLimits()
        let rates = [OutboxOptions.Rate(domain: "*", count: 1, period: 60)]
        #expect(limits.wait(for: address("a.com"), rates: rates, now: Self.start) == nil)
        #expect(limits.wait(for: address("b.com"), rates: rates, now: Self.start) == nil)
        #expect(limits.wait(for: address("a.com"), rates: rates, now: Self.start) != nil)
    }

    @Test("a flood of domains lifts no limit, and memory stays bounded")
    func flood() {
        var limits = RateLimits()
        let rates = [
            OutboxOptions.Rate(domain: "qq.com", count: 1, period: 3600), .init(domain: "*", count: 5, period: 3600),
        ]
        _ = limits.wait(for: address("qq.com"), rates: rates, now: Self.start)
        for number in 0..<20_000 { _ = limits.wait(for: address("d\(number).example"), rates: rates, now: Self.start) }
        #expect(limits.wait(for: address("qq.com"), rates: rates, now: Self.start) != nil)
        #expect(limits.wait(for: address("new.example"), rates: rates, now: Self.start) != nil)
    }
}
