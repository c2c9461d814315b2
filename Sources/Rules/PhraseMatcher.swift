/// Finds any number of phrases in one pass over the text (Aho and Corasick, "Efficient string matching", 1975).
///
/// Time is linear in the text whatever it holds: each state reports its phrases once and then keeps silent.
struct PhraseMatcher: Sendable {
    /// Column of the table for each byte; bytes that stand in no phrase share column 0.
    private let columns: [UInt8]
    private let width: Int
    /// Set in an edge to a state that ends a phrase.
    private static let reports: Int32 = 1 << 30

    /// `next[state * width + column]`: the next state times `width`, with `reports`.
    private var next: [Int32]
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
        for edge in next.indices {
            let state = next[edge]
            next[edge] = state * Int32(width) | (outputs[Int(state)].isEmpty ? 0 : Self.reports)
        }
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

    /// Calls `found` with the index of every phrase in `bytes`, which are in the form of the phrases: each at least once per
    /// text and at most once per state.
    func search(_ bytes: [UInt8], found: (Int) -> Void) {
        var reported: Set<Int> = []
        var row = 0
        bytes.withUnsafeBufferPointer { bytes in
            columns.withUnsafeBufferPointer { columns in
                next.withUnsafeBufferPointer { next in
                    for byte in bytes {
                        let edge = next[row &+ Int(columns[Int(byte)])]
                        row = Int(edge & ~Self.reports)
                        if edge & Self.reports != 0, reported.insert(row).inserted {
                            for phrase in outputs[row / width] { found(phrase) }
                        }
                    }
                }
            }
        }
    }
}
