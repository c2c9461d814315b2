/// The phrases of a `PhraseFinder` as a tree of bytes.
struct PhraseTree: Sendable {
    private struct Phrase {
        let index: Int
        /// A letter or digit must not follow.
        let endsWord: Bool
        /// The next phrase with the same bytes; -1 for none.
        let next: Int
    }

    fileprivate struct Node {
        var firstBranch: UInt32 = 0
        var branchCount: UInt32 = 0
        /// First phrase that ends here; -1 for none.
        var phrase: Int32 = -1
    }

    fileprivate struct Branch {
        let byte: UInt8
        let child: UInt32
    }

    private var phrases: [Phrase] = []
    private var nodes: [Node] = []
    private var branches: [Branch] = []
    /// While it grows: children and phrase of each node.
    private var growing: [(children: [Branch], phrase: Int32)] = [([], -1)]

    mutating func insert(_ bytes: [UInt8], _ index: Int, endsWord: Bool) {
        var node = 0
        for byte in bytes {
            if let known = growing[node].children.first(where: { $0.byte == byte }) {
                node = Int(known.child)
            } else {
                growing[node].children.append(Branch(byte: byte, child: UInt32(growing.count)))
                node = growing.count
                growing.append(([], -1))
            }
        }
        phrases.append(Phrase(index: index, endsWord: endsWord, next: Int(growing[node].phrase)))
        growing[node].phrase = Int32(phrases.count - 1)
    }

    /// Lays the branches of each node side by side, ascending, so that a crowded node is searched by halves.
    mutating func finish() {
        for node in growing {
            nodes.append(
                Node(
                    firstBranch: UInt32(branches.count), branchCount: UInt32(node.children.count), phrase: node.phrase))
            branches.append(contentsOf: node.children.sorted { $0.byte < $1.byte })
        }
        growing = []
    }

    func withWalker(_ body: (Walker) -> Void) {
        nodes.withUnsafeBufferPointer { nodes in
            branches.withUnsafeBufferPointer { branches in
                body(Walker(tree: self, nodes: nodes, branches: branches))
            }
        }
    }

    /// Follows a text through the tree.
    struct Walker {
        fileprivate let tree: PhraseTree
        fileprivate let nodes: UnsafeBufferPointer<Node>
        fileprivate let branches: UnsafeBufferPointer<Branch>

        /// Calls `body` with every phrase that begins at `start` and where it ends, the shortest first.
        func walk(_ bytes: [UInt8], from start: Int, _ body: (_ phrase: Int, _ end: Int) -> Void) {
            var node = nodes[0]
            var index = start
            while index < bytes.count {
                var byte = asciiLowercased(bytes[index])
                if byte == 0x0A || byte == 0x09 || byte == 0x0D { byte = 0x20 }
                guard let child = child(of: node, byte) else { return }
                node = nodes[child]
                index += 1
                if node.phrase >= 0 { report(Int(node.phrase), bytes, index, body) }
            }
        }

        private func report(_ first: Int, _ bytes: [UInt8], _ end: Int, _ body: (Int, Int) -> Void) {
            let isInsideWord = end < bytes.count && isASCIILetterOrDigit(bytes[end])
            var place = first
            while place >= 0 {
                let phrase = tree.phrases[place]
                if !(phrase.endsWord && isInsideWord) { body(phrase.index, end) }
                place = phrase.next
            }
        }

        private func child(of node: Node, _ byte: UInt8) -> Int? {
            var low = Int(node.firstBranch)
            var high = low + Int(node.branchCount)
            while high - low > 4 {
                let middle = (low + high) / 2
                if branches[middle].byte <= byte { low = middle } else { high = middle }
            }
            while low < high {
                if branches[low].byte == byte { return Int(branches[low].child) }
                low += 1
            }
            return nil
        }
    }
}
