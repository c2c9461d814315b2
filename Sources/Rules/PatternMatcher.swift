import CRE2Shim

/// One regular expression in RE2's syntax.
///
/// RE2 runs in time linear in the text. Its automata are built while matching, under a lock of its own, so one pattern
/// may serve many threads; that is what makes `@unchecked` true.
final class RE2Pattern: @unchecked Sendable {
    /// Program and automata of one pattern may take this much; a pattern that needs more is refused when it is
    /// compiled (a text can only make RE2 slower, never larger).
    private static let memoryLimit: Int64 = 4 << 20

    struct Failure: Error {
        /// RE2's own words: `missing ): (abc`.
        let message: String
    }

    let source: String
    private let handle: OpaquePointer

    init(_ source: String) throws(Failure) {
        var text = source
        let handle: OpaquePointer? = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { re2shim_pattern_new($0.baseAddress, $0.count, Self.memoryLimit) }
        }
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

/// Many patterns over the same text: one pass tells which of them match at all.
final class PatternMatcher: @unchecked Sendable {
    /// For all automata of a key's patterns together.
    private static let memoryLimit: Int64 = 64 << 20

    private let patterns: [RE2Pattern]
    /// Nil for a single pattern, or when the set does not fit into its memory: then each pattern runs by itself.
    private let set: OpaquePointer?

    init(_ patterns: [RE2Pattern]) {
        self.patterns = patterns
        set = patterns.count > 1 ? Self.compiledSet(patterns) : nil
    }

    deinit { if let set { re2shim_set_free(set) } }

    private static func compiledSet(_ patterns: [RE2Pattern]) -> OpaquePointer? {
        guard let set = re2shim_set_new(memoryLimit) else { return nil }
        for pattern in patterns {
            var source = pattern.source
            _ = source.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { re2shim_set_add(set, $0.baseAddress, $0.count) }
            }
        }
        guard re2shim_set_compile(set) != 0 else {
            re2shim_set_free(set)
            return nil
        }
        return set
    }

    /// Calls `found` with the index of each pattern that matches `text`, and what it matched.
    func search(_ text: String, found: (Int, String) -> Void) {
        for number in candidates(text) {
            if let match = patterns[number].firstMatch(in: text) { found(number, match) }
        }
    }

    private func candidates(_ text: String) -> [Int] {
        guard let set else { return Array(patterns.indices) }
        var numbers = [Int32](repeating: 0, count: patterns.count)
        var text = text
        let count = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                re2shim_set_match(set, $0.baseAddress, $0.count, &numbers, Int32(patterns.count))
            }
        }
        // The automaton of all patterns outgrew its memory on this text; one by one they still can be searched.
        guard count >= 0 else { return Array(patterns.indices) }
        return numbers.prefix(Int(count)).map(Int.init)
    }
}
