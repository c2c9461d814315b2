import Foundation

/// A scripted conversation, read from the text form that `ScriptedServer` describes.
package struct Dialogue: Sendable, ExpressibleByStringLiteral {
    package enum Step: Sendable, Equatable {
        case send(Text)
        case expectLine(String)
        case expectBytes([UInt8])
        case message
        case login(smtp: Bool, capabilities: [String])
        case wait(Duration)
        case stall, freeze, drop, reset
    }

    /// What the server sends: a line whose first word may stand for a tag, or octets.
    package enum Text: Sendable, Equatable {
        case line(String, ending: Bool)
        case bytes([UInt8])
    }

    /// The steps of each connection, in order.
    package let connections: [[Step]]

    /// A dialogue of `fixtures/dialogues`, such as `smtp/two-mails.txt`.
    package init(fixture path: String) {
        self.init(text: String(decoding: Checkout.fixture("dialogues/\(path)"), as: UTF8.self), name: path)
    }

    package init(stringLiteral text: String) { self.init(text: text, name: "dialogue") }

    /// Reads a dialogue; one that cannot be read is a mistake of the test and traps with file and line.
    package init(text: String, name: String = "dialogue") {
        var connections: [[Step]] = []
        var steps: [Step] = []
        var times = 1
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            let words = line.split(separator: " ")
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if first == "CONNECTION" {
                if !steps.isEmpty { connections += Array(repeating: steps, count: times) }
                steps = []
                times = words.count > 1 ? Int(words[1].dropFirst()) ?? 1 : 1
                continue
            }
            guard let step = Self.step(String(line), words.map(String.init)) else {
                preconditionFailure("\(name):\(number): this is no step of a dialogue: \(line)")
            }
            steps.append(step)
        }
        if !steps.isEmpty { connections += Array(repeating: steps, count: times) }
        self.connections = connections
    }

    private static func step(_ line: String, _ words: [String]) -> Step? {
        switch words[0] {
        case "DROP": return .drop
        case "RESET": return .reset
        case "STALL": return .stall
        case "FREEZE": return .freeze
        case "MESSAGE": return .message
        case "WAIT": return words.count > 1 ? Int(words[1]).map { .wait(.milliseconds($0)) } : nil
        case "LOGIN": return words.count > 1 ? .login(smtp: words[1] == "smtp", capabilities: Array(words[2...])) : nil
        case "LITERAL" where words.count == 3 && words[1] == "<":
            return .send(.bytes(literal(withCRLF(Checkout.fixture("messages/\(words[2])")))))
        default: return colonStep(line)
        }
    }

    /// The steps of the form `WORD: text`.
    private static func colonStep(_ line: String) -> Step? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let word = String(line[..<colon].drop { $0 == " " })
        var text = line[line.index(after: colon)...]
        if text.first == " " { text.removeFirst() }
        switch word {
        case "S": return .send(.line(String(text), ending: true))
        case "S-": return .send(.line(String(text), ending: false))
        case "C": return .expectLine(String(text))
        case "RAW": return .send(.bytes(unescaped(text)))
        case "LITERAL": return .send(.bytes(literal(unescaped(text))))
        case "HALF":
            let whole = unescaped(text)
            return .send(.bytes(literal(whole).dropLast(whole.count - whole.count / 2)))
        default:
            guard word.hasSuffix("}"), let count = Int(word.dropFirst(2).dropLast()) else { return nil }
            let bytes = unescaped(text)
            precondition(bytes.count == count, "the dialogue says \(count) octets and has \(bytes.count): \(line)")
            if word.hasPrefix("S{") { return .send(.bytes(bytes)) }
            return word.hasPrefix("C{") ? .expectBytes(bytes) : nil
        }
    }

    private static func literal(_ bytes: [UInt8]) -> [UInt8] { Array("{\(bytes.count)}\r\n".utf8) + bytes }

    private static func withCRLF(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 32)
        for byte in bytes {
            if byte == 10 && result.last != 13 { result.append(13) }
            result.append(byte)
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                result.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "0"): result.append(0)
            case UInt8(ascii: "x"):
                result.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: result.append(escape)
            }
        }
        return result
    }
}
