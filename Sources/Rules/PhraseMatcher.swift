/// Finds any number of phrases in one pass over the text (Aho and Corasick, "Efficient string matching", 1975).
///
/// Time is linear in the text whatever it holds: each state reports its phrases once and then keeps silent.
struct PhraseMatcher: Sendable {
    /// Column of the table for each byte; bytes that stand in no phrase share column 0.
    private let columns: [UInt8]
    private let width: Int
    /// `next[state * width + column]`.
    private let next: [Int32]
    /// Phrases that end in a state, also as the tail of a longer one.
    private let outputs: [[Int]]

    /// `phrases` in folded form; a phrase is reported by its index. An empty one is never found.
    init(_ phrases: [FoldedText]) {
        var columns = [UInt8](repeating: 0, count: 256)
        var width = 1
        for byte in phrases.lazy.flatMap(\.bytes) where columns[Int(byte)] == 0 {
            // At most 244 different bytes occur in UTF-8, so this cannot pass 255.
            columns[Int(byte)] = UInt8(width)
            width += 1
        }
        self.columns = columns
        self.width = width
        (next, outputs) = Self.automaton(phrases, columns: columns, width: width)
    }

    var isEmpty: Bool { outputs.count == 1 }

    private static func automaton(
        _ phrases: [FoldedText], columns: [UInt8], width: Int
    ) -> (next: [Int32], outputs: [[Int]]) {
        var next = [Int32](repeating: -1, count: width)
        var outputs: [[Int]] = [[]]
        for (number, phrase) in phrases.enumerated() where !phrase.bytes.isEmpty {
            var state = 0
            for byte in phrase.bytes {
                let edge = state * width + Int(columns[Int(byte)])
                if next[edge] < 0 {
                    next[edge] = Int32(outputs.count)
                    outputs.append([])
                    next.append(contentsOf: repeatElement(-1, count: width))
                }
                state = Int(next[edge])
            }
            outputs[state].append(number)
        }
        completeEdges(&next, &outputs, width: width)
        return (next, outputs)
    }

    /// Breadth first: a missing edge goes where the longest proper tail of the state would go.
    private static func completeEdges(_ next: inout [Int32], _ outputs: inout [[Int]], width: Int) {
        var tail = [Int](repeating: 0, count: outputs.count)
        var queue: [Int] = []
        for column in 0..<width {
            if next[column] < 0 { next[column] = 0 } else { queue.append(Int(next[column])) }
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            outputs[state] += outputs[tail[state]]
            for column in 0..<width {
                let edge = state * width + column
                let viaTail = next[tail[state] * width + column]
                if next[edge] < 0 {
                    next[edge] = viaTail
                } else {
                    tail[Int(next[edge])] = Int(viaTail)
                    queue.append(Int(next[edge]))
                }
            }
        }
    }

    /// Calls `found` with the index of every phrase in the folded `text`, each at least once per text and at most once
    /// per state.
    func search(_ text: String, found: (Int) -> Void) { run(text, isLowered: false, found) }

    /// The same for a text of which only ASCII capitals are made small: the form in which RE2 names what its patterns need.
    func searchLowered(_ text: String, found: (Int) -> Void) { run(text, isLowered: true, found) }

    @inline(__always)
    private func run(_ text: String, isLowered: Bool, _ found: (Int) -> Void) {
        var reported: Set<Int> = []
        var state = 0
        columns.withUnsafeBufferPointer { columns in
            next.withUnsafeBufferPointer { next in
                let step = { (byte: UInt8) in
                    state = Int(next[state &* width &+ Int(columns[Int(byte)])])
                    if state != 0, !outputs[state].isEmpty, reported.insert(state).inserted {
                        for phrase in outputs[state] { found(phrase) }
                    }
                }
                if isLowered { Folding.lowerASCII(text, step) } else { Folding.fold(text, step) }
            }
        }
    }
}
