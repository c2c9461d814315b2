import Correspondence
import Foundation
import Replies
import Rules
import Testing
import Triage
import Vocabulary

/// Which text answers a mail, and when none does.
@Suite("The choice of a reply")
struct ReplyChoiceTests {
    private static func at(_ column: Int) -> Vocabulary.SourceLocation {
        Vocabulary.SourceLocation(file: "rules.d/test.yaml", line: 3, column: column)
    }

    /// One rule for every customer's mail, with these effects.
    private static func rules(_ effects: [(String, [String])], hours: String? = nil) throws -> RuleSet {
        var conditions: [ConditionDefinition] = [leaf("kind", "customer")]
        if let hours { conditions.append(leaf("hours", hours)) }
        let definition = RuleDefinition(
            name: LocatedText("test", at: at(1)), condition: .all(conditions, at: at(1)),
            effects: effects.map { name, values in
                EffectDefinition(
                    key: LocatedText(name, at: at(5)), values: values.map { LocatedText($0, at: at(9)) })
            })
        let (set, problems) = RuleSet.compile([definition])
        #expect(problems.isEmpty, "\(problems)")
        return set
    }

    private static func leaf(_ key: String, _ value: String) -> ConditionDefinition {
        .leaf(
            LeafDefinition(
                key: LocatedText(key, at: at(5)), operation: LocatedText("equals", at: at(9)),
                operands: [LocatedText(value, at: at(12))]))
    }

    private func plan(
        _ mail: [UInt8] = Sample.mail(), rules: RuleSet = .empty, tier: String? = nil, now: Date = Sample.monday + 60,
        facts change: (inout Facts) -> Void = { _ in }
    ) throws -> ReplyDecision {
        let options = try Sample.options(rules: rules)
        var facts = Facts(arrivedAt: now)
        if let tier { facts.customer = .init(id: 1, tier: tier, lastAssignee: nil) }
        change(&facts)
        return decide(understand(mail, options: options), facts: facts, options: options, now: now).reply
    }

    private func sent(_ reply: ReplyDecision) throws -> ReplyPlan {
        guard case .send(let plan) = reply else { throw NoReply(reply: reply.word) }
        return plan
    }

    private struct NoReply: Error { let reply: String }

    @Test("a tier with a receipt of its own gets it, another one the usual")
    func tier() throws {
        #expect(try sent(plan(tier: "vip")).template == "vip-receipt")
        #expect(try sent(plan(tier: "standard")).template == "receipt")
        #expect(try sent(plan()).template == "receipt")
        let complaint = Sample.mail(subject: "投诉：客服态度恶劣", body: "我要投诉你们的客服，态度非常差。")
        #expect(try sent(plan(complaint, tier: "vip")).template == "complaint-received")
    }

    @Test("a rule asks for what is missing, and only for that")
    func missing() throws {
        let rules = try Self.rules([("reply", ["need-information"]), ("ask", ["order_no", "phone"])])
        let mail = Sample.mail(body: "Order SO-2026-000123 has not come.")
        let plan = try sent(plan(mail, rules: rules))
        #expect(plan.template == "need-information")
        #expect(plan.asks == [.phone])
        let complete = Sample.mail(body: "Order SO-2026-000123 has not come. Please call +86 21 6555 0142.")
        #expect(try sent(self.plan(complete, rules: rules)).template == "receipt", "nothing is missing")
    }

    @Test("outside of working hours a rule may say so; a lunch break is none")
    func hours() throws {
        let rules = try Self.rules([("reply", ["out-of-hours"])], hours: "closed")
        #expect(try sent(plan(rules: rules)).template == "receipt")
        let evening = Sample.monday + 11 * 3600
        let plan = try sent(plan(rules: rules, now: evening))
        #expect(plan.template == "out-of-hours")
        #expect(plan.opens == Sample.monday + 24 * 3600)
        #expect(plan.firstResponseDue == Sample.monday + 28 * 3600, "an answer after we open may be promised")
        let early = Sample.monday - 3600
        #expect(try sent(self.plan(rules: rules, now: early)).template == "receipt", "two hours are a break")
    }

    @Test("the salutation has a name only when the sender is authenticated and the name stands in the text")
    func name() throws {
        var options = try Sample.options()
        options.identity.authservID = "mx.example.com"
        func name(_ authenticated: Bool, _ body: String) throws -> String? {
            let field = authenticated ? "pass header.d=customer.example" : "none"
            let mail = Sample.mail(
                from: "张伟 <zhang.wei@customer.example>",
                extra: "Authentication-Results: mx.example.com; dkim=\(field)\r\n", body: body)
            let decision = decide(
                understand(mail, options: options), facts: Facts(arrivedAt: Sample.monday), options: options,
                now: Sample.monday + 60)
            return try sent(decision.reply).salutationName
        }
        let signed = "您好，订单 SO-2026-000123 还没有到货，请查一下。\n\n张伟\n恒达机械有限公司\n电话：021-65550142"
        #expect(try name(true, signed) == "张伟")
        #expect(try name(false, signed) == nil)
        #expect(try name(true, "您好，订单 SO-2026-000123 还没有到货，请查一下。") == nil)
    }

    @Test("an address that refused mail for good gets none until its time is over")
    func undeliverable() throws {
        let now = Sample.monday + 60
        #expect(
            try plan(facts: { $0.replies.undeliverableUntil = now + 3600 }) == .suppressed(.undeliverable))
        #expect(try sent(plan(facts: { $0.replies.undeliverableUntil = now - 1 })).template == "receipt")
    }

    @Test("what comes to the address for bounces is never ticketed or answered")
    func bounceAddress() throws {
        var options = try Sample.options()
        let bounces = Sample.address("bounces@example.com")
        options.replies.bounceAddress = bounces
        options.identity.addresses.append(bounces)
        let mail = Array(
            String(decoding: Sample.mail(), as: UTF8.self)
                .replacingOccurrences(of: "To: support@example.com", with: "To: bounces@example.com").utf8)
        let decision = decide(
            understand(mail, options: options), facts: Facts(arrivedAt: Sample.monday), options: options,
            now: Sample.monday + 60)
        #expect(decision.outcome == .dsn(nil))
        #expect(decision.reply == .suppressed(.report))
    }

    @Test("mail that says that it is ours and has no seal is nobody's customer")
    func unsealed() throws {
        let options = try Sample.options()
        let mail = Sample.mail(
            from: "Support <support@example.com>", extra: "X-Postroom: o.1.aaaaaaaaaaaaaaaa\r\n")
        let understanding = understand(mail, options: options)
        func outcome(_ sealed: Bool?) -> String {
            decide(
                understanding, facts: Facts(arrivedAt: Sample.monday, isOwnMail: sealed), options: options,
                now: Sample.monday + 60
            ).outcome.name
        }
        #expect(outcome(true) == "own")
        #expect(outcome(nil) == "own", "nobody could check, as in `try`")
        #expect(outcome(false) == "ignored")
    }
}
