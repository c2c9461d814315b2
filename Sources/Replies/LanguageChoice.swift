package import Vocabulary

/// The language among `offered` in which a person who writes `wanted` reads best: the same tag; then the same script of
/// Chinese whatever the region (`zh-TW`, `zh-HK` and `zh-MO` are written in traditional characters); then the same
/// primary subtag; then `otherwise`; nil when not even that is offered.
package func closestLanguage(
    to wanted: Language, among offered: [Language], otherwise: Language
) -> Language? {
    if offered.contains(wanted) { return wanted }
    let tag = asciiLowercased(wanted.rawValue)
    if let script = chineseScript(of: tag) {
        if let same = offered.first(where: { chineseScript(of: asciiLowercased($0.rawValue)) == script }) {
            return same
        }
        // The other script is still easier to read than another language.
        if let other = offered.first(where: { chineseScript(of: asciiLowercased($0.rawValue)) != nil }) { return other }
    } else if let same = offered.first(where: { primary(asciiLowercased($0.rawValue)) == primary(tag) }) {
        return same
    }
    return offered.contains(otherwise) ? otherwise : nil
}

private func primary(_ tag: String) -> Substring {
    tag.prefix { $0 != "-" && $0 != "_" }
}

private enum ChineseScript { case simplified, traditional }

private func chineseScript(of tag: String) -> ChineseScript? {
    let subtags = tag.split { $0 == "-" || $0 == "_" }
    guard subtags.first == "zh" else { return nil }
    let traditional = subtags.contains { ["hant", "tw", "hk", "mo"].contains($0) }
    return traditional && !subtags.contains("hans") ? .traditional : .simplified
}
