import Testing

@testable import MIME

/// The standard library's decoder is the judge.
private func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

private func agrees(_ bytes: [UInt8]) -> Bool {
    isValidUTF8(bytes.span, 0..<bytes.count) == isUTF8(bytes)
}

@Test func everySequenceOfTwoAndThreeBytesIsJudgedRight() {
    let edges: [UInt8] = [
        0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xEF, 0xF4, 0xFF,
    ]
    for first in UInt8.min...UInt8.max {
        for second in UInt8.min...UInt8.max {
            #expect(agrees([first, second]), "\(first) \(second)")
            for third in edges where first >= 0xC0 { #expect(agrees([first, second, third])) }
        }
    }
}

@Test func everyEdgeOfFourBytesIsJudgedRight() {
    let edges: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0xBF, 0xC0]
    for first in UInt8(0xEF)...0xF8 {
        for second in edges {
            for third in edges {
                for fourth in edges { #expect(agrees([first, second, third, fourth])) }
            }
        }
    }
}

/// The fast paths look at 6, 8 and 32 bytes at once: damage at each place of each alignment must be seen.
@Test(
    "damage is seen wherever it stands",
    arguments: [
        "plain text, and nothing but plain text, once more", "请尽快处理这张订单，谢谢您的帮助和耐心等待回复",
        "aé漢😀b漢字ü漢漢漢漢漢漢漢漢z",
    ])
func damageIsSeen(_ text: String) {
    let good = Array(text.utf8) + Array(text.utf8)
    for start in 0..<12 {
        let bytes = [UInt8](repeating: 0x61, count: start) + good
        #expect(isUTF8(bytes) && agrees(bytes))
        for place in bytes.indices {
            for wrong: UInt8 in [0x80, 0xBF, 0xC0, 0xE0, 0xED, 0xF5, 0xFF] {
                var bad = bytes
                bad[place] = wrong
                #expect(agrees(bad), "\(wrong) at \(place)")
            }
            #expect(agrees(Array(bytes[..<place])), "cut at \(place)")
        }
    }
}
