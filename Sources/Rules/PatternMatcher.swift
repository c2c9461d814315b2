import CRE2Shim

/// One regular expression in RE2's syntax.
///
/// RE2 runs in time linear in the text. Its automata are built while matching, under a lock of its own, so one pattern
/// may serve many threads; that is what makes `@unchecked` true.
final class RE2Pattern: @unchecked Sendable {
    /// Program and automata of one pattern may take this much; a pattern that needs more is refused when it is
    /// compiled (a text can only make RE2 slower, never larger).
    static let memoryLimit: Int64 = 4 << 20

    struct Failure: Error {
        /// RE2's own words: `missing ): (abc`.
        let message: String
    }

    let source: String
    private let handle: OpaquePointer

    init(_ source: String) throws(Failure) {
        let handle = withChars(source) { re2shim_pattern_new($0.baseAddress, $0.count, Self.memoryLimit) }
        guard let handle else { preconditionFailure("re2shim_pattern_new never gives NULL") }
        var message = [CChar](repeating: 0, count: 256)
        if re2shim_pattern_error(handle, &message, message.count) != 0 {
            re2shim_pattern_free(handle)
            throw Failure(message: String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
        }
        self.source = source
        self.handle = handle
    }

    deinit { re2shim_pattern_free(handle) }

    /// The leftmost match, or nil.
    func firstMatch(in text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                var low = 0
                var high = 0
                guard re2shim_pattern_find(handle, chars.baseAddress, chars.count, &low, &high) != 0 else { return nil }
                return String(decoding: bytes[low..<high], as: UTF8.self)
            }
        }
    }
}

/// Many patterns over the same text: one pass tells which of them match, or at least could.
///
/// A handful is put into one automaton. Of more than that an automaton outgrows any memory; then the text is searched
/// for the words without which each pattern cannot match (`FilteredRE2`), and only patterns whose words are there run.
final class PatternMatcher: Sendable {
    private static let handful = 16

    private let patterns: [RE2Pattern]
    private let set: PatternSet?
    private let filter: PatternFilter?

    init(_ patterns: [RE2Pattern]) {
        self.patterns = patterns
        let isHandful = patterns.count <= Self.handful
        set = isHandful && patterns.count > 1 ? PatternSet(patterns) : nil
        filter = isHandful ? nil : PatternFilter(patterns)
    }

    /// Calls `found` with the index of each pattern that matches `text`, and what it matched.
    func search(_ text: String, found: (Int, String) -> Void) {
        for number in candidates(text) {
            if let match = patterns[number].firstMatch(in: text) { found(number, match) }
        }
    }

    private func candidates(_ text: String) -> [Int] {
        if let filter { return filter.candidates(text) }
        // The automaton of all patterns outgrew its memory on this text; one by one they still can be searched.
        return set?.matches(text) ?? Array(patterns.indices)
    }
}

/// A few patterns in one automaton.
private final class PatternSet: @unchecked Sendable {
    /// For all automata of a key's patterns together.
    private static let memoryLimit: Int64 = 64 << 20

    private let handle: OpaquePointer
    private let count: Int

    /// Nil when they do not fit into the memory.
    init?(_ patterns: [RE2Pattern]) {
        guard let handle = re2shim_set_new(Self.memoryLimit) else { return nil }
        for pattern in patterns {
            _ = withChars(pattern.source) { re2shim_set_add(handle, $0.baseAddress, $0.count) }
        }
        guard re2shim_set_compile(handle) != 0 else {
            re2shim_set_free(handle)
            return nil
        }
        self.handle = handle
        count = patterns.count
    }

    deinit { re2shim_set_free(handle) }

    /// The numbers of those that match; nil when memory did not suffice for this text.
    func matches(_ text: String) -> [Int]? {
        var numbers = [Int32](repeating: 0, count: count)
        let found = withChars(text) {
            re2shim_set_match(handle, $0.baseAddress, $0.count, &numbers, Int32(numbers.count))
        }
        return found < 0 ? nil : numbers.prefix(Int(found)).map(Int.init)
    }
}

/// Very many patterns, sieved by the words that each needs.
private final class PatternFilter: @unchecked Sendable {
    /// One Chinese character, or three letters: shorter words are in every text.
    private static let shortestWord: Int32 = 3

    private let handle: OpaquePointer
    private let count: Int
    private let words: PhraseMatcher
    /// Words that are taken for found in every text: their letters have cases that we do not compare as RE2 does.
    private let assumed: [Int32]
    /// Those that need no word at all, in one automaton of their own.
    private let wordless: [Int]
    private let wordlessSet: PatternSet?

    /// Nil when a pattern is refused, which one that compiled never is.
    init?(_ patterns: [RE2Pattern]) {
        guard let handle = re2shim_filter_new(Self.shortestWord) else { return nil }
        for pattern in patterns {
            let number = withChars(pattern.source) {
                re2shim_filter_add(handle, $0.baseAddress, $0.count, RE2Pattern.memoryLimit)
            }
            guard number >= 0 else {
                re2shim_filter_free(handle)
                return nil
            }
        }
        let words = (0..<re2shim_filter_compile(handle)).map { Self.word(handle, $0) }
        self.handle = handle
        count = patterns.count
        self.words = PhraseMatcher(words.map(FoldedText.init(folded:)))
        assumed = words.indices.filter { !Self.isComparable(words[$0]) }.map(Int32.init)
        wordless = Self.candidates(handle, [], of: patterns.count)
        wordlessSet = wordless.count > 1 ? PatternSet(wordless.map { patterns[$0] }) : nil
    }

    deinit { re2shim_filter_free(handle) }

    private static func word(_ handle: OpaquePointer, _ number: Int32) -> [UInt8] {
        var length = 0
        guard let start = re2shim_filter_word(handle, number, &length) else { return [] }
        return UnsafeBufferPointer(start: start, count: length).map { UInt8(bitPattern: $0) }
    }

    /// Of letters beyond ASCII that have cases some have three (`å` is also the sign for angstrom).
    private static func isComparable(_ word: [UInt8]) -> Bool {
        String(decoding: word, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
            scalar.isASCII || !(scalar.properties.changesWhenLowercased || scalar.properties.changesWhenUppercased)
        }
    }

    private static func candidates(_ handle: OpaquePointer, _ words: [Int32], of count: Int) -> [Int] {
        var numbers = [Int32](repeating: 0, count: count)
        let found = re2shim_filter_candidates(handle, words, Int32(words.count), &numbers, Int32(count))
        return numbers.prefix(Int(found)).map(Int.init)
    }

    /// The numbers of those that may match.
    func candidates(_ text: String) -> [Int] {
        var found = assumed
        words.search(Folding.loweredASCII(text)) { found.append(Int32($0)) }
        let filtered = found.isEmpty ? wordless : Self.candidates(handle, found, of: count)
        guard let wordlessSet, let matching = wordlessSet.matches(text) else { return filtered }
        let idle = Set(wordless).subtracting(matching.map { wordless[$0] })
        return idle.isEmpty ? filtered : filtered.filter { !idle.contains($0) }
    }
}

private func withChars<Value>(_ text: String, _ body: (UnsafeBufferPointer<CChar>) -> Value) -> Value {
    var text = text
    return text.withUTF8 { $0.withMemoryRebound(to: CChar.self, body) }
}
