import MailText
package import Vocabulary

/// Phrases and what they speak for. The shipped one reads Chinese (both scripts), English and some Japanese; admins add
/// their own entries in the configuration.
package struct Lexicon: Sendable {
    package struct Entry: Sendable, Hashable {
        /// What a phrase is evidence for.
        package enum Meaning: Sendable, Hashable {
            case category(Category)
            case urgency(Urgency)
        }

        /// In any case; `complain*` also finds `complaint`. ASCII words are found whole.
        package let phrase: String
        package let meaning: Meaning
        /// About 1 for a word that hints, 2 for one that says so, 3 and more for one that settles it. Negative speaks
        /// against.
        package let weight: Double
        /// Where an admin wrote it; nil for a shipped one.
        package let source: SourceLocation?

        package init(_ phrase: String, _ meaning: Meaning, weight: Double, source: SourceLocation? = nil) {
            self.phrase = phrase
            self.meaning = meaning
            self.weight = weight
            self.source = source
        }
    }

    package let entries: [Entry]
    /// Finds `entries` by their index.
    let finder: PhraseFinder
    /// What the entries mean, in the order of their first entry, and for each entry which of them. With the weights and
    /// the words of the reasons beside, so that a hit costs no copy of an entry.
    let meanings: [Entry.Meaning]
    let readings: [Reading]

    struct Reading: Sendable {
        let meaning: Int
        let weight: Double
        /// Complaint and urgency: a negation before the phrase takes it back.
        let isNegatable: Bool
        let inText: String
        let inSubject: String
    }

    /// An entry given later replaces an earlier one with the same phrase and meaning, so that an admin can weaken or
    /// silence (weight 0) a shipped one.
    package init(entries: [Entry]) {
        struct Key: Hashable {
            let phrase: String
            let meaning: Entry.Meaning
        }
        var places: [Key: Int] = [:]
        var kept: [Entry] = []
        for entry in entries {
            let key = Key(phrase: asciiLowercased(entry.phrase), meaning: entry.meaning)
            if let place = places[key] {
                kept[place] = entry
            } else {
                places[key] = kept.count
                kept.append(entry)
            }
        }
        self.entries = kept
        finder = PhraseFinder(kept.map(\.phrase))
        (meanings, readings) = Self.readings(of: kept)
    }

    private static func readings(of entries: [Entry]) -> ([Entry.Meaning], [Reading]) {
        var places: [Entry.Meaning: Int] = [:]
        var meanings: [Entry.Meaning] = []
        let readings = entries.map { entry in
            let place = places[entry.meaning, default: meanings.count]
            if place == meanings.count {
                places[entry.meaning] = place
                meanings.append(entry.meaning)
            }
            let isNegatable =
                switch entry.meaning {
                case .category(let category): category == .complaint
                case .urgency: true
                }
            return Reading(
                meaning: place, weight: entry.weight, isNegatable: isNegatable,
                inText: "\"\(entry.phrase)\" in the text",
                inSubject: "\"\(entry.phrase)\" in the subject")
        }
        return (meanings, readings)
    }

    package static let shipped = Lexicon(entries: LexiconTables.entries)

    /// This lexicon and more entries; the work is that of building it anew.
    package func adding(_ more: [Entry]) -> Lexicon { Lexicon(entries: entries + more) }
}
