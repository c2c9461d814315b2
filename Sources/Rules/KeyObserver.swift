import Vocabulary

/// Everything that the rules ask of one key, arranged so that each value is read once however many rules ask.
struct KeyObserver: Sendable {
    let key: RuleKey
    private let existing: [Int]
    private let absent: [Int]
    /// Which leaves want a word.
    private let wanted: [FoldedText: [Int]]
    private let phrases: PhraseMatcher
    /// Which leaf asked for each phrase.
    private let phraseOwners: [(leaf: Int, phrase: FoldedText)]
    private let edges: [Edge]
    private let patterns: PatternMatcher
    private let patternOwners: [Int]
    private let ranges: [(leaf: Int, ranges: [NumberRange])]

    /// A phrase at the beginning or at the end.
    private struct Edge: Sendable {
        let leaf: Int
        let phrase: FoldedText
        let isEnd: Bool
    }

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
        var wanted: [FoldedText: [Int]] = [:]
        var phraseOwners: [(leaf: Int, phrase: FoldedText)] = []
        var edges: [Edge] = []
        var patterns: [RE2Pattern] = []
        var patternOwners: [Int] = []
        var ranges: [(leaf: Int, ranges: [NumberRange])] = []
        for number in numbers {
            switch leaves[number].operation {
            case .exists: existing.append(number)
            case .absent: absent.append(number)
            case .equals(let words): for word in words { wanted[word, default: []].append(number) }
            case .contains(let words): phraseOwners += words.map { (number, $0) }
            case .starts(let words): edges += words.map { Edge(leaf: number, phrase: $0, isEnd: false) }
            case .ends(let words): edges += words.map { Edge(leaf: number, phrase: $0, isEnd: true) }
            case .matches(let wanted):
                patterns += wanted
                patternOwners += wanted.map { _ in number }
            case .within(let wanted): ranges.append((number, wanted))
            }
        }
        self.existing = existing
        self.absent = absent
        self.wanted = wanted
        self.phraseOwners = phraseOwners
        self.edges = edges
        self.phrases = PhraseMatcher(phraseOwners.map(\.phrase))
        self.patterns = PatternMatcher(patterns)
        self.patternOwners = patternOwners
        self.ranges = ranges
    }

    var isNumeric: Bool { ConditionKey.message(key).form.isNumeric }

    /// Calls `holds` with each leaf that holds for numbers; with what was seen.
    func observe(_ numbers: [Double], holds: (Int, String?) -> Void) {
        for leaf in numbers.isEmpty ? absent : existing { holds(leaf, nil) }
        for (leaf, ranges) in ranges {
            guard let number = numbers.first(where: { number in ranges.contains { $0.contains(number) } }) else {
                continue
            }
            holds(leaf, "\(key.name) is \(ConditionKey.message(key).form.words(number))")
        }
    }

    /// Calls `holds` with each leaf that holds; with what was seen, or nil where the leaf's own words say it.
    func observe(_ values: [String], holds: (Int, String?) -> Void) {
        if values.isEmpty {
            for leaf in absent { holds(leaf, nil) }
            return
        }
        for leaf in existing { holds(leaf, nil) }
        var done: Set<Int> = []
        let comparesWords = !wanted.isEmpty || !edges.isEmpty || !phrases.isEmpty
        for value in values {
            if comparesWords {
                let folded = FoldedText(value)
                observeWords(value, folded, &done, holds)
                phrases.search(folded.bytes) { number in
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

    private func observeWords(
        _ value: String, _ folded: FoldedText, _ done: inout Set<Int>, _ holds: (Int, String?) -> Void
    ) {
        if !wanted.isEmpty {
            for name in folded.names(for: .message(key)) {
                for leaf in wanted[name] ?? [] where done.insert(leaf).inserted {
                    holds(leaf, "\(key.name) is \(cut(value))")
                }
            }
        }
        for edge in edges where !done.contains(edge.leaf) {
            let phrase = edge.phrase.bytes
            guard edge.isEnd ? folded.hasSuffix(phrase) : folded.hasPrefix(phrase) else { continue }
            done.insert(edge.leaf)
            holds(edge.leaf, "\(key.name) \(edge.isEnd ? "ends" : "starts") with \"\(edge.phrase.text)\"")
        }
    }

    /// Evidence is shown to people and stored: what matched, but no pages of it.
    private func cut(_ text: String) -> String {
        let short = String(text.unicodeScalars.prefix(80))
        return short.unicodeScalars.count < text.unicodeScalars.count ? short + "…" : short
    }
}

extension ConditionKey.Form {
    /// A value as a person reads it: `2.5 MB`, `3 d`, `18:00`, `2026-11-11`.
    func words(_ number: Double) -> String {
        switch self {
        case .text: return ""
        case .number: return number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .size:
            let units = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")]
            guard let (factor, unit) = units.first(where: { number >= Double($0.0) }) else {
                return "\(Int(number)) B"
            }
            return "\((number / Double(factor) * 10).rounded() / 10) \(unit)"
        case .duration:
            let units = [(86_400, "d"), (3600, "h"), (60, "min")]
            guard let (factor, unit) = units.first(where: { number >= Double($0.0) }) else {
                return "\(Int(number)) s"
            }
            return "\((number / Double(factor) * 10).rounded() / 10) \(unit)"
        case .timeOfDay: return "\(padded(Int(number) / 60, 2)):\(padded(Int(number) % 60, 2))"
        case .day:
            let day = Int(number)
            return "\(padded(day / 10_000, 4))-\(padded(day / 100 % 100, 2))-\(padded(day % 100, 2))"
        }
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
