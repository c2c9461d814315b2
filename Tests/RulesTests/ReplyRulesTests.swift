import Rules
import Testing
import Vocabulary

/// Rules about answers: whether somebody works, and what to ask for.
@Suite("Rules about answers")
struct ReplyRulesTests {
    @Test("hours are asked of the facts", arguments: [(true, "open"), (false, "closed")])
    func hours(_ isOpen: Bool, _ word: String) throws {
        let rules = try compiled([rule("closed", leaf("hours", "equals", ["closed"]), ["reply": "out-of-hours"])])
        let outcome = rules.evaluate(RuleObservations(), facts: RuleFacts(isOpen: isOpen))
        #expect(outcome.effects.reply == (isOpen ? nil : "out-of-hours"))
        if !isOpen { #expect(outcome.matched.first?.evidence == ["hours is closed"]) }
        #expect(rules.evaluate(RuleObservations(), facts: RuleFacts()).matched.isEmpty, "unknown is neither")
    }

    @Test("a wrong word for hours is a problem")
    func wrongHours() {
        let (_, problems) = RuleSet.compile([rule("x", leaf("hours", "equals", ["night"]))])
        #expect(problems.map(\.message).contains { $0.contains("hours is never \"night\"") })
    }

    @Test("what is asked for must be a detail that mail can have")
    func ask() throws {
        let good = try compiled([rule("x", leaf("kind", "equals", ["customer"]), ["ask": "order_no"])])
        #expect(good.rules.count == 1)
        let (_, problems) = RuleSet.compile([rule("x", leaf("kind", "equals", ["customer"]), ["ask": "oder_no"])])
        #expect(problems.map(\.message) == ["unknown detail oder_no; did you mean order_no?"])
        let (_, none) = RuleSet.compile([rule("x", leaf("kind", "equals", ["customer"]), ["ask": ""])])
        #expect(none.map(\.message) == ["ask names no detail; list some, such as phone"])
    }
}
