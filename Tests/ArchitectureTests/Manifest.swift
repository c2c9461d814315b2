import Foundation
import TestSupport

/// What `Package.swift` says about targets, read from its text: `room("Name", [dependencies])` and the like.
struct Manifest: Sendable {
    /// Direct dependencies by target, products by their product name.
    let dependencies: [String: Set<String>]
    /// Folders that the manifest makes targets of.
    var targets: Set<String> { Set(dependencies.keys) }

    /// Words with which a target starts.
    private static let starts = ["room(", ".systemLibrary(", ".target(", ".executableTarget("]

    init() {
        let data = FileManager.default.contents(atPath: Checkout.root.appending(path: "Package.swift").path) ?? Data()
        let text = String(decoding: data, as: UTF8.self)
        // Everything after `targets:`; the helper functions above it are no targets.
        let body = text.range(of: "\n    targets: [").map { String(text[$0.upperBound...]) } ?? ""
        var found: [String: Set<String>] = [:]
        for start in Self.starts {
            var rest = body[...]
            while let range = rest.range(of: "\n        " + start) {
                rest = rest[range.upperBound...]
                let call = Self.untilClosed(rest)
                guard let name = Self.quoted(in: call).first else { continue }
                found[name] = Self.dependencies(in: call)
            }
        }
        dependencies = found
    }

    /// The text up to the bracket that closes the call.
    private static func untilClosed(_ text: Substring) -> Substring {
        var depth = 1
        for (index, character) in zip(text.indices, text) {
            if "([".contains(character) { depth += 1 }
            if ")]".contains(character) { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    private static func quoted(in text: some StringProtocol) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// The strings of the list of dependencies; `.product(name: "X", package: "y")` counts as `X`, `log` as `Logging`.
    private static func dependencies(in call: Substring) -> Set<String> {
        let afterName = call.drop { $0 != "," }
        let start: Substring
        if let labelled = afterName.range(of: "dependencies: [") {
            start = afterName[labelled.upperBound...]
        } else if let list = afterName.range(of: "["), !afterName[..<list.lowerBound].contains(":") {
            start = afterName[list.upperBound...]
        } else {
            return []
        }
        var list = String(untilClosed(start))
        while let product = list.range(of: ", package: \"") {
            let end = list[product.upperBound...].firstIndex(of: "\"") ?? list.index(before: list.endIndex)
            list.removeSubrange(product.lowerBound...end)
        }
        let words = list.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        return Set(quoted(in: list)).union(words.contains("log") ? ["Logging"] : [])
    }
}
