/// Unpacks LZMA and LZMA2 (lzma-specification.txt of the LZMA SDK), for the headers of 7z archives only: the output is
/// its own dictionary and its size is known and small.
struct LZMADecoder {
    private let outputSize: Int
    private var output: [UInt8] = []
    // Settings: literal context bits, literal position bits, position bits.
    private var lc = 0
    private var lp = 0
    private var pb = 0
    // The range coder.
    private var range: UInt32 = 0
    private var code: UInt32 = 0
    private var index = 0
    private var end = 0
    private var isOver = false
    // The state: what the last packets were, and the last four distances.
    private var state = 0
    private var distances: [Int] = [0, 0, 0, 0]
    private var probabilities: [UInt16] = []

    init(outputSize: Int) { self.outputSize = outputSize }

    /// Where the probabilities of each kind of decision stand in their array.
    private enum Place {
        static let isMatch = 0
        static let isRepeat = isMatch + 12 * 16
        static let isRepeat0 = isRepeat + 12
        static let isRepeat1 = isRepeat0 + 12
        static let isRepeat2 = isRepeat1 + 12
        static let isRepeat0Long = isRepeat2 + 12
        static let slot = isRepeat0Long + 12 * 16
        static let special = slot + 4 * 64
        static let align = special + 128
        static let matchLength = align + 16
        static let repeatLength = matchLength + lengthCount
        static let literal = repeatLength + lengthCount
        /// Choice, choice 2, low and mid by position, high.
        static let lengthCount = 2 + 16 * 8 + 16 * 8 + 256
    }

    /// `properties`: one byte of settings, four of dictionary size, which we do not need.
    mutating func decodeLZMA(_ bytes: Bytes, _ packed: Range<Int>, properties: [UInt8]) -> [UInt8]? {
        guard let settings = properties.first, setUp(settings), start(bytes, packed) else { return nil }
        run(bytes, until: outputSize)
        return output.count == outputSize ? output : nil
    }

    mutating func decodeLZMA2(_ bytes: Bytes, _ packed: Range<Int>) -> [UInt8]? {
        var cursor = packed.lowerBound
        while cursor < packed.upperBound, bytes[cursor] != 0 {
            let control = bytes[cursor]
            guard cursor + 3 <= packed.upperBound else { return nil }
            var size = Int(bytes[cursor + 1]) << 8 | Int(bytes[cursor + 2])
            cursor += 3
            if control < 0x80 {
                // A chunk that is not compressed.
                guard control <= 2, size < packed.upperBound - cursor, output.count + size < outputSize else {
                    return nil
                }
                for place in cursor...cursor + size { output.append(bytes[place]) }
                cursor += size + 1
                continue
            }
            size += Int(control & 0x1F) << 16
            guard cursor + 2 <= packed.upperBound else { return nil }
            let packedSize = Int(bytes[cursor]) << 8 | Int(bytes[cursor + 1])
            cursor += 2
            if control >= 0xC0 {
                guard cursor < packed.upperBound, setUp(bytes[cursor]) else { return nil }
                cursor += 1
            } else if control >= 0xA0 {
                reset()
            }
            guard packedSize < packed.upperBound - cursor, output.count + size < outputSize, !probabilities.isEmpty,
                start(bytes, cursor..<cursor + packedSize + 1)
            else { return nil }
            let wanted = output.count + size + 1
            run(bytes, until: wanted)
            guard output.count == wanted else { return nil }
            cursor += packedSize + 1
        }
        return output.count == outputSize ? output : nil
    }

    private mutating func setUp(_ settings: UInt8) -> Bool {
        guard settings < 9 * 5 * 5 else { return false }
        lc = Int(settings) % 9
        lp = Int(settings) / 9 % 5
        pb = Int(settings) / 45
        // LZMA2's own bound; it keeps the table of probabilities small.
        guard lc + lp <= 4 else { return false }
        reset()
        return true
    }

    private mutating func reset() {
        probabilities = [UInt16](repeating: 1024, count: Place.literal + 0x300 << (lc + lp))
        state = 0
        distances = [0, 0, 0, 0]
    }

    private mutating func start(_ bytes: Bytes, _ packed: Range<Int>) -> Bool {
        guard packed.count >= 5, bytes[packed.lowerBound] == 0 else { return false }
        (index, end, isOver) = (packed.lowerBound + 1, packed.upperBound, false)
        range = UInt32.max
        code = 0
        for _ in 0..<4 { code = code << 8 | next(bytes) }
        return true
    }

    private mutating func next(_ bytes: Bytes) -> UInt32 {
        guard index < end else {
            isOver = true
            return 0
        }
        index += 1
        return UInt32(bytes[index - 1])
    }

    private mutating func normalize(_ bytes: Bytes) {
        if range < 1 << 24 {
            range <<= 8
            code = code << 8 | next(bytes)
        }
    }

    private mutating func bit(_ bytes: Bytes, _ place: Int) -> Int {
        let probability = UInt32(probabilities[place])
        let bound = (range >> 11) &* probability
        let isSet = code >= bound
        if isSet {
            probabilities[place] = UInt16(probability - probability >> 5)
            range &-= bound
            code &-= bound
        } else {
            probabilities[place] = UInt16(probability + (2048 - probability) >> 5)
            range = bound
        }
        normalize(bytes)
        return isSet ? 1 : 0
    }

    private mutating func directBits(_ bytes: Bytes, _ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            range >>= 1
            let isSet = code >= range
            if isSet { code &-= range }
            normalize(bytes)
            value = value << 1 | (isSet ? 1 : 0)
        }
        return value
    }

    private mutating func tree(_ bytes: Bytes, _ place: Int, bits: Int) -> Int {
        var node = 1
        for _ in 0..<bits { node = node << 1 | bit(bytes, place + node) }
        return node - 1 << bits
    }

    private mutating func reverseTree(_ bytes: Bytes, _ place: Int, bits: Int) -> Int {
        var node = 1
        var value = 0
        for shift in 0..<bits {
            let one = bit(bytes, place + node)
            node = node << 1 | one
            value |= one << shift
        }
        return value
    }

    /// Packets, until so much is written, the input is used up or it makes no sense.
    private mutating func run(_ bytes: Bytes, until wanted: Int) {
        while output.count < wanted && !isOver {
            let position = output.count & (1 << pb - 1)
            if bit(bytes, Place.isMatch + state * 16 + position) == 0 {
                literal(bytes)
                continue
            }
            guard let length = match(bytes, position), distances[0] < output.count else { return }
            for _ in 0..<Swift.min(length, wanted - output.count) {
                output.append(output[output.count - 1 - distances[0]])
            }
        }
    }

    private mutating func literal(_ bytes: Bytes) {
        let previous = Int(output.last ?? 0)
        let context = (output.count & (1 << lp - 1)) << lc + previous >> (8 - lc)
        let place = Place.literal + 0x300 * context
        var symbol = 1
        if state >= 7, distances[0] < output.count {
            var matched = Int(output[output.count - 1 - distances[0]])
            while symbol < 0x100 {
                let matchBit = matched >> 7 & 1
                matched <<= 1
                let one = bit(bytes, place + (1 + matchBit) << 8 + symbol)
                symbol = symbol << 1 | one
                if one != matchBit { break }
            }
        }
        while symbol < 0x100 { symbol = symbol << 1 | bit(bytes, place + symbol) }
        output.append(UInt8(truncatingIfNeeded: symbol))
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
    }

    /// The length of a match or repeated match, its distance in `distances[0]`; nil at the end marker.
    private mutating func match(_ bytes: Bytes, _ position: Int) -> Int? {
        if bit(bytes, Place.isRepeat + state) == 0 {
            distances = [distances[0], distances[0], distances[1], distances[2]]
            let length = length(bytes, Place.matchLength, position)
            state = state < 7 ? 7 : 10
            distances[0] = distance(bytes, length)
            return distances[0] == 0xFFFF_FFFF ? nil : length + 2
        }
        if bit(bytes, Place.isRepeat0 + state) == 0 {
            if bit(bytes, Place.isRepeat0Long + state * 16 + position) == 0 {
                state = state < 7 ? 9 : 11
                return 1
            }
        } else {
            var which = 1
            if bit(bytes, Place.isRepeat1 + state) != 0 { which = bit(bytes, Place.isRepeat2 + state) == 0 ? 2 : 3 }
            distances.insert(distances.remove(at: which), at: 0)
        }
        let length = length(bytes, Place.repeatLength, position)
        state = state < 7 ? 8 : 11
        return length + 2
    }

    private mutating func length(_ bytes: Bytes, _ place: Int, _ position: Int) -> Int {
        if bit(bytes, place) == 0 { return tree(bytes, place + 2 + position * 8, bits: 3) }
        if bit(bytes, place + 1) == 0 { return 8 + tree(bytes, place + 130 + position * 8, bits: 3) }
        return 16 + tree(bytes, place + 258, bits: 8)
    }

    private mutating func distance(_ bytes: Bytes, _ length: Int) -> Int {
        let slot = tree(bytes, Place.slot + Swift.min(length, 3) * 64, bits: 6)
        if slot < 4 { return slot }
        let bits = slot >> 1 - 1
        var distance = (2 | slot & 1) << bits
        if slot < 14 {
            distance += reverseTree(bytes, Place.special + distance - slot, bits: bits)
        } else {
            distance += directBits(bytes, bits - 4) << 4
            distance += reverseTree(bytes, Place.align, bits: 4)
        }
        return distance
    }
}
