import Testing

@testable import MailText

@Suite struct PhraseFinderTests {
    private func found(_ phrases: [String], in text: String) -> [String] {
        let folded = FoldedText(text)
        return PhraseFinder(phrases).longestHits(in: folded.bytes).map { phrases[$0.phrase] }
    }

    @Test("phrases are found whatever stands around them") func finds() {
        #expect(found(["投诉", "退款"], in: "我要投诉并退款。") == ["投诉", "退款"])
        #expect(found(["urgent"], in: "This is URGENT!") == ["urgent"])
        #expect(found(["as soon as possible"], in: "as soon\nas possible") == ["as soon as possible"])
        #expect(found(["urgent"], in: "ｕｒｇｅｎｔ") == ["urgent"])
    }

    @Test("a word is found whole, with a star also as a beginning") func borders() {
        #expect(found(["order"], in: "border orders order1") == [])
        #expect(found(["complain*"], in: "complaints") == ["complain*"])
        #expect(found(["asap"], in: "请asap处理") == ["asap"])
    }

    @Test("of phrases inside one another the longest counts, of equal ones all") func longest() {
        #expect(found(["满意", "不满意"], in: "很不满意") == ["不满意"])
        #expect(found(["急", "紧急", "不紧急"], in: "不紧急，但急") == ["不紧急", "急"])
        #expect(Set(found(["a b", "A B"], in: "a b")) == ["a b", "A B"])
    }

    @Test("an accented letter goes on with a word") func accents() {
        #expect(found(["f", "caf"], in: "FÜRTH CAFÉ f. caf") == ["f", "caf"])
    }

    @Test("suffixes of a longer phrase that fails are found") func suffixes() {
        #expect(found(["abcde*", "bcx*", "c*"], in: "zz abcdx bcx") == ["bcx*"])
        #expect(found(["一二三四", "二三五", "三"], in: "一二三五") == ["二三五"])
    }

    /// What the table finds, told without any table: each phrase at each place.
    private func everywhere(_ phrases: [String], in bytes: [UInt8]) -> Set<PhraseFinder.Hit> {
        var hits: Set<PhraseFinder.Hit> = []
        for (index, phrase) in phrases.enumerated() {
            var wanted = Array(phrase.utf8)
            let isPrefix = wanted.last == UInt8(ascii: "*")
            if isPrefix { wanted.removeLast() }
            for start in bytes.indices where bytes[start...].starts(with: wanted) {
                let end = start + wanted.count
                let opensInWord = start > 0 && isASCIILetterOrDigit(bytes[start - 1])
                if isASCIILetterOrDigit(wanted[0]), opensInWord { continue }
                let goesOn =
                    end < bytes.count && (isASCIILetterOrDigit(bytes[end]) || (0xC3...0xC9).contains(bytes[end]))
                if !isPrefix, isASCIILetterOrDigit(wanted[wanted.count - 1]), goesOn { continue }
                hits.insert(PhraseFinder.Hit(phrase: index, start: start, end: end))
            }
        }
        return hits
    }

    @Test("every phrase is found at every place, in order") func complete() {
        var seed: UInt64 = 7
        func text(_ length: Int) -> String {
            (0..<length).map { _ in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return ["a", "b", "a", " ", "#", "请", "问", "é"][Int(seed >> 33 % 8)]
            }.joined()
        }
        for round in 0..<300 {
            let phrases = (0..<12).map { text(1 + ($0 + round) % 9) + ($0 % 3 == 0 ? "*" : "") }
            let bytes = Array(text(round % 60).utf8)
            var found: [PhraseFinder.Hit] = []
            PhraseFinder(phrases).forEachHit(in: bytes) { found.append($0) }
            #expect(Set(found) == everywhere(phrases, in: bytes), "\(phrases)")
            #expect(found.map(\.start) == found.map(\.start).sorted())
        }
    }

    @Test("no phrases, empty phrases, empty text") func empty() {
        #expect(found([], in: "text") == [])
        #expect(found(["", "*"], in: "text") == [])
        #expect(found(["a"], in: "") == [])
    }

    @Test("folding leads back to the text as written") func folding() {
        let source = "电话：１３８　０"
        let folded = FoldedText(source)
        #expect(String(decoding: folded.bytes, as: UTF8.self) == "电话:138 0")
        let digits = 7..<10
        let original = folded.original(digits)
        #expect(String(decoding: Array(source.utf8)[original], as: UTF8.self) == "１３８")
    }
}

@Suite struct HostileTextTests {
    /// These run in the blink of an eye when the work is linear, and for hours when it is not.
    @Test(
        "two megabytes of one pattern are read",
        arguments: [
            ">", "> ", ">\n", "\n", "-- \n", "On wrote:\n", "From: a\n", "谢谢\n", "a", "在写道：", "|", "此致\n", "1234567890",
            ":", "\u{3000}",
        ])
    func large(_ unit: String) {
        let text = String(repeating: unit, count: 2_000_000 / unit.utf8.count)
        let written = writtenText(plain: text)
        #expect(written.plain.utf8.count <= TextLimits.standard.textBytes)
    }
}
