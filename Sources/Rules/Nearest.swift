/// The known word that a mistyped one most likely means; nil when none is near.
///
/// Distance by insertion, deletion, exchange and swap of neighbours, without regard to case, dashes and underscores;
/// at most a third of the word may be wrong.
package func nearest(to word: String, in known: some Sequence<String>) -> String? {
    let wanted = plain(word)
    var best: (word: String, distance: Int)?
    for candidate in known {
        let distance = editDistance(wanted, plain(candidate))
        if distance < best?.distance ?? max(1, wanted.count / 3) + 1 { best = (candidate, distance) }
    }
    return best?.word
}

/// What is said of a word when there are too many others to list.
let nothingNear = "nothing known is like it"

/// `; did you mean X?` or, when nothing is near, the list of what there is. Of `attachment` alone that is everything
/// that is called `attachment.something`.
package func advice(for word: String, known: [String]) -> String {
    if word.contains("，") || word.contains("、") {
        return "between two values write a comma and a space, no full-width sign"
    }
    if let meant = Synonyms.meant(by: word, known: known) { return "did you mean \(meant)?" }
    if let near = nearest(to: word, in: known) { return "did you mean \(near)?" }
    let family = family(of: word, in: known)
    if let last = family.last {
        let others = family.dropLast().joined(separator: ", ")
        return "did you mean \(others.isEmpty ? last : others + " or " + last)?"
    }
    guard known.count <= 20 else { return nothingNear }
    return "known are \(known.joined(separator: ", "))"
}

/// Known words with a dot, of which a mistyped one has the part before it.
private func family(of word: String, in known: [String]) -> [String] {
    func prefix(_ word: String) -> Substring { word.prefix { $0 != "." } }
    let dotted = known.filter { $0.contains(".") }
    guard let near = nearest(to: String(prefix(word)), in: dotted.map { String(prefix($0)) }) else { return [] }
    return dotted.filter { prefix($0) == near }
}

private func plain(_ word: String) -> [Unicode.Scalar] {
    word.lowercased().unicodeScalars.prefix(64).map { $0 == "-" || $0 == " " ? "_" : $0 }
}

/// Optimal string alignment distance.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in left.indices {
        var row = [i + 1] + [Int](repeating: 0, count: right.count)
        for j in right.indices {
            row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
            }
        }
        (beforeLast, last) = (last, row)
    }
    return last[right.count]
}
