import Vocabulary

/// Everything that the rules ask of one key, arranged so that each value is read once however many rules ask.
struct KeyObserver: Sendable {
    let key: RuleKey
    private let existing: [Int]
    private let absent: [Int]
    /// Leaf and its words.
    private let equals: [(leaf: Int, words: [FoldedText])]
    private let phrases: PhraseMatcher
    /// Which leaf asked for each phrase, and the phrase as written.
    private let phraseOwners: [(leaf: Int, phrase: FoldedText)]
    private let patterns: PatternMatcher
    private let patternOwners: [Int]

    static func observers(for leaves: [Leaf]) -> [KeyObserver] {
        var keys: [RuleKey] = []
        var byKey: [RuleKey: [Int]] = [:]
        for (number, leaf) in leaves.enumerated() {
            guard !leaf.isJudgedLate, case .message(let key) = leaf.key else { continue }
            if byKey[key] == nil { keys.append(key) }
            byKey[key, default: []].append(number)
        }
        return keys.map { KeyObserver(key: $0, numbers: byKey[$0] ?? [], leaves: leaves) }
    }

    private init(key: RuleKey, numbers: [Int], leaves: [Leaf]) {
        self.key = key
        var existing: [Int] = []
        var absent: [Int] = []
        var equals: [(leaf: Int, words: [FoldedText])] = []
        var phraseOwners: [(leaf: Int, phrase: FoldedText)] = []
        var patterns: [RE2Pattern] = []
        var patternOwners: [Int] = []
        for number in numbers {
            switch leaves[number].operation {
            case .exists: existing.append(number)
            case .absent: absent.append(number)
            case .equals(let words): equals.append((number, words))
            case .contains(let wanted): phraseOwners += wanted.map { (number, $0) }
            case .matches(let wanted):
                patterns += wanted
                patternOwners += wanted.map { _ in number }
            }
        }
        self.existing = existing
        self.absent = absent
        self.equals = equals
        self.phraseOwners = phraseOwners
        self.phrases = PhraseMatcher(phraseOwners.map(\.phrase))
        self.patterns = PatternMatcher(patterns)
        self.patternOwners = patternOwners
    }

    /// Calls `holds` with each leaf that holds; with what was seen, or nil where the leaf's own words say it.
    func observe(_ values: [String], holds: (Int, String?) -> Void) {
        if values.isEmpty {
            for leaf in absent { holds(leaf, nil) }
            return
        }
        for leaf in existing { holds(leaf, nil) }
        var done: Set<Int> = []
        for value in values {
            observeWords(value, &done, holds)
            if !phrases.isEmpty {
                phrases.search(value) { number in
                    let owner = phraseOwners[number]
                    guard done.insert(owner.leaf).inserted else { return }
                    holds(owner.leaf, "\(key.name) contains \"\(owner.phrase.text)\"")
                }
            }
            if !patternOwners.isEmpty {
                patterns.search(value) { number, match in
                    guard done.insert(patternOwners[number]).inserted else { return }
                    holds(patternOwners[number], "\(key.name) matches \"\(cut(match))\"")
                }
            }
        }
    }

    private func observeWords(_ value: String, _ done: inout Set<Int>, _ holds: (Int, String?) -> Void) {
        guard !equals.isEmpty else { return }
        let folded = FoldedText(value)
        for (leaf, words) in equals where !done.contains(leaf) {
            guard words.contains(where: { $0.equals(folded, key: .message(key)) }) else { continue }
            done.insert(leaf)
            holds(leaf, "\(key.name) is \(cut(value))")
        }
    }

    /// Evidence is shown to people and stored: what matched, but no pages of it.
    private func cut(_ text: String) -> String {
        let short = String(text.unicodeScalars.prefix(80))
        return short.unicodeScalars.count < text.unicodeScalars.count ? short + "…" : short
    }
}

extension FoldedText {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension RuleKey {
    /// As rule files write it.
    package var name: String {
        switch self {
        case .kind: "kind"
        case .trust: "trust"
        case .language: "language"
        case .subject: "subject"
        case .text: "text"
        case .from: "from"
        case .to: "to"
        case .recipient: "recipient"
        case .header(let name): "header.\(name)"
        case .category: "category"
        case .urgency: "urgency"
        case .attachmentName: "attachment.name"
        case .attachmentType: "attachment.type"
        case .attachmentFlag: "attachment.flag"
        case .detail(let field): "detail.\(field.rawValue)"
        }
    }
}

extension ConditionKey {
    var name: String {
        switch self {
        case .message(let key): key.name
        case .tier: "customer.tier"
        case .hours: "hours"
        case .followUp: "ticket.follow_up"
        case .ticketState: "ticket.state"
        }
    }
}
