import MailText
import Vocabulary

/// The phrases found in one mail, and what they add up to.
struct Evidence {
    enum Place {
        case subject, text
    }

    private struct Found {
        let entry: Int
        let weight: Double
        let place: Place
    }

    private let lexicon: Lexicon
    /// Each entry counts once.
    private var found: [Found] = []
    /// One bit an entry: whether it was found.
    private var seen: [UInt64]

    init(_ lexicon: Lexicon) {
        self.lexicon = lexicon
        seen = [UInt64](repeating: 0, count: (lexicon.entries.count + 63) / 64)
    }

    /// Weight of doubt: one word that says so (2) stays below certainty, one that hints (1) just passes the threshold.
    private static let doubt = 1.6
    /// Below this share, or this near to the second, we abstain.
    private static let threshold = 0.4
    private static let margin = 0.04
    /// So many reasons are kept of each kind; the weaker ones explain nothing.
    private static let reasonsKept = 8

    /// Adds the phrases of a text. The place that weighs most comes first.
    mutating func collect(_ text: FoldedText, _ factor: Double, _ place: Place) {
        for hit in lexicon.finder.longestHits(in: text.bytes) {
            let (word, bit) = (hit.phrase / 64, UInt64(1) << UInt64(hit.phrase % 64))
            guard seen[word] & bit == 0 else { continue }
            let weight = lexicon.readings[hit.phrase].weight
            guard weight != 0 else { continue }
            if lexicon.readings[hit.phrase].isNegatable, isNegated(hit, text.bytes) { continue }
            seen[word] |= bit
            found.append(Found(entry: hit.phrase, weight: weight * factor, place: place))
        }
    }

    // MARK: Negation

    private static let negations: [[UInt8]] = [
        "不", "不是", "没有", "沒有", "没", "沒", "无", "無", "非", "别", "別", "未", "不算", "不算是", "不太", "no ", "not ", "not a ",
        "not an ", "not very ", "isn't ", "isn't a ", "wasn't ", "never ", "without ", "nothing ", "non-", "not so ",
        "not that ",
    ].map { Array($0.utf8) }

    /// `不是投诉`, `not urgent`. Only for complaint and urgency: `没有发票` is about an invoice all the same.
    private func isNegated(_ hit: PhraseFinder.Hit, _ bytes: [UInt8]) -> Bool {
        let before = max(0, hit.start - 16)..<hit.start
        return Self.negations.contains { ends(bytes, before, with: $0) }
    }

    // MARK: Sums

    /// The sum of the weights for each meaning of the lexicon.
    func sums() -> [Double] {
        var sums = [Double](repeating: 0, count: lexicon.meanings.count)
        for found in found { sums[lexicon.readings[found.entry].meaning] += found.weight }
        return sums
    }

    func scoreCategories(_ sums: [Double], _ scores: inout ClassificationScores) {
        var masses: [(category: Category, mass: Double)] = []
        for (meaning, sum) in zip(lexicon.meanings, sums) where sum > 0 {
            if case .category(let category) = meaning { masses.append((category, exponential(min(sum, 12)) - 1)) }
        }
        masses.sort { ($0.mass, $1.category) > ($1.mass, $0.category) }
        let all = masses.reduce(Self.doubt) { $0 + $1.mass }
        scores.categories.reserveCapacity(masses.count)
        for (category, mass) in masses { scores.categories[category] = mass / all }
        if let best = masses.first {
            let second = masses.count > 1 ? masses[1].mass / all : 0
            scores.categoryConfidence = best.mass / all
            let isSure =
                scores.categoryConfidence >= Self.threshold && scores.categoryConfidence - second >= Self.margin
            if isSure { scores.category = best.category }
        }
    }

    /// P1 needs a strong word; P2 takes what P1 has as well; P4 only speaks when nothing presses. A complaint is P2 at
    /// least: it is answered before ordinary mail (R18).
    func scoreUrgency(_ sums: [Double], _ scores: inout ClassificationScores) {
        func sum(_ urgency: Urgency) -> Double {
            lexicon.meanings.firstIndex(of: .urgency(urgency)).map { sums[$0] } ?? 0
        }
        let (first, second, fourth) = (sum(.p1), sum(.p2), sum(.p4))
        let (urgency, strength): (Urgency?, Double) =
            if fourth >= 2, fourth > first, first < 3 {
                (.p4, fourth - first * 0.5)
            } else if first >= 2 || first >= 1.2 && first + second >= 3 {
                (.p1, first + second * 0.3)
            } else if first + second >= 1.2 { (.p2, first + second) } else if fourth >= 1 { (.p4, fourth) } else {
                (sum(.p3) > 0 ? .p3 : nil, sum(.p3))
            }
        scores.urgency = urgency
        scores.urgencyConfidence = urgency == nil ? 0 : 1 - exponential(-min(strength, 12) * 0.6)
        if scores.category == .complaint, urgency.map({ $0 > .p2 }) ?? true {
            scores.urgency = .p2
            scores.urgencyConfidence = scores.categoryConfidence
            scores.reasons.append(Reason(.urgency, "P2", because: "a complaint is P2 at least"))
        }
    }

    // MARK: Reasons

    /// The strongest phrases for categories, then those for urgency.
    func reasons() -> [Reason] {
        var categories: [Reason] = []
        var urgencies: [Reason] = []
        for found in found.sorted(by: { (abs($0.weight), $1.entry) > (abs($1.weight), $0.entry) }) {
            let reading = lexicon.readings[found.entry]
            let because = found.place == .text ? reading.inText : reading.inSubject
            let source = lexicon.entries[found.entry].source?.description ?? "shipped lexicon"
            switch lexicon.meanings[reading.meaning] {
            case .category(let category) where categories.count < Self.reasonsKept:
                categories.append(
                    Reason(.category, category.rawValue, because: because, source: source, weight: found.weight))
            case .urgency(let urgency) where urgencies.count < Self.reasonsKept:
                urgencies.append(
                    Reason(.urgency, urgency.rawValue, because: because, source: source, weight: found.weight))
            default: break
            }
        }
        return categories + urgencies
    }
}

/// e to the power of a number between -12 and 12, by its series: the last digits do not matter, and no library of
/// mathematics is needed.
private func exponential(_ power: Double) -> Double {
    let part = power / 16
    var term = 1.0
    var sum = 1.0
    for step in 1...10 {
        term *= part / Double(step)
        sum += term
    }
    let fourth = sum * sum * sum * sum
    return fourth * fourth * fourth * fourth
}
