import CIconv
import Glibc

// Byte primitives: everything of this room that the compiler calls unsafe, each with its bounds checked right here, so
// that the rest of the room is ordinary checked Swift.

/// The bytes that a parser walks over. A `Span` checks its bounds and copies nothing.
typealias Bytes = Span<UInt8>

/// The bytes of a message, held once for it and for everything that points into it: an array, or a region of memory that
/// somebody else keeps, such as a mapped file. Copying the value copies no byte.
package struct MessageBytes: Sendable {
    private let array: [UInt8]
    private let region: Region?

    package init(_ array: [UInt8]) {
        self.array = array
        region = nil
    }

    /// `region` must stay as it is until `release` is called, which happens once, when nobody needs it any more.
    @unsafe
    package init(region: UnsafeBufferPointer<UInt8>, release: @escaping @Sendable () -> Void) {
        array = []
        self.region = unsafe Region(region, release)
    }

    package var count: Int { region?.count ?? array.count }

    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            // The region lives as long as any copy of this value, and this one is borrowed while the span is used.
            if let region { return unsafe _overrideLifetime(region.bytes.span, borrowing: self) }
            return array.span
        }
    }

    /// A copy of a range; no copy when that is a whole array.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        if region == nil && range == 0..<array.count { return array }
        return Array(copying: span, range)
    }

    @safe
    private final class Region: Sendable {
        nonisolated(unsafe) let bytes: UnsafeBufferPointer<UInt8>
        private let release: @Sendable () -> Void

        init(_ bytes: UnsafeBufferPointer<UInt8>, _ release: @escaping @Sendable () -> Void) {
            unsafe self.bytes = unsafe bytes
            self.release = release
        }

        var count: Int { unsafe bytes.count }

        deinit { release() }
    }
}

/// The first place of `byte` in `from..<to`, or -1.
@inline(__always)
func findByte(_ bytes: Bytes, _ byte: UInt8, from: Int, to: Int) -> Int {
    precondition(from >= 0 && from <= to && to <= bytes.count)
    // `memchr` reads within from..<to, which lies inside the span by the check above.
    return unsafe bytes.withUnsafeBufferPointer { buffer in
        guard from < to, let base = buffer.baseAddress,
            let hit = unsafe memchr(base + from, Int32(byte), to &- from)
        else { return -1 }
        return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
}

/// Eight bytes at once, the first in the lowest bits.
@inline(__always)
func load64(_ bytes: Bytes, at index: Int) -> UInt64 {
    // `bytes.bytes` checks that eight bytes are there; any bit pattern is a valid integer.
    UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
}

/// Writes eight bytes at once, the lowest bits first.
@inline(__always)
func store64(_ bytes: inout MutableSpan<UInt8>, at index: Int, _ value: UInt64) {
    // The precondition keeps all eight bytes inside the span.
    unsafe bytes.withUnsafeMutableBytes { buffer in
        precondition(index >= 0 && index &+ 8 <= buffer.count)
        unsafe buffer.storeBytes(of: value.littleEndian, toByteOffset: index, as: UInt64.self)
    }
}

/// The text of bytes that should be UTF-8; what is not becomes U+FFFD.
func text(_ bytes: Bytes, _ range: Range<Int>) -> String {
    if let valid = validText(bytes, range) { return valid }
    // `String(decoding:)` reads the buffer only during the call.
    return unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
}

/// The text of bytes that are UTF-8, else nil.
func validText(_ bytes: Bytes, _ range: Range<Int>) -> String? {
    guard isValidUTF8(bytes, range) else { return nil }
    // The line above has checked them.
    return unsafe String(copying: UTF8Span(unchecked: bytes.extracting(range)))
}

/// The text of bytes that the caller has found to be ASCII.
func asciiText(_ bytes: Bytes, _ range: Range<Int>) -> String {
    assert(isASCII(bytes, range), "the caller has looked")
    // ASCII is UTF-8.
    return unsafe String(copying: UTF8Span(unchecked: bytes.extracting(range), isKnownASCII: true))
}

/// The text of what a decoder of ours has written: characters from tables that were checked when they were built.
func writtenText(_ bytes: Bytes) -> String {
    assert(isValidUTF8(bytes, 0..<bytes.count), "a decoder writes characters")
    // Whole characters alone are written: `store` and `append` in `Charset.swift`.
    return unsafe String(copying: UTF8Span(unchecked: bytes))
}

/// A conversion of glibc's iconv to UTF-8. Not copyable: it owns its descriptor and closes it.
@safe
struct IconvDescriptor: ~Copyable {
    private let descriptor: iconv_t

    /// Nil when iconv does not know the charset.
    init?(from charset: String) {
        guard let opened = unsafe iconv_open("UTF-8", charset), Int(bitPattern: opened) != -1 else { return nil }
        unsafe descriptor = unsafe opened
    }

    deinit { unsafe _ = iconv_close(descriptor) }

    /// Back to the initial shift state.
    func reset() { unsafe _ = iconv(descriptor, nil, nil, nil, nil) }

    /// One call of iconv: bytes read, bytes written, and errno or 0.
    func convert(
        _ source: Bytes, _ range: Range<Int>, into target: inout MutableSpan<UInt8>, at index: Int
    ) -> (read: Int, written: Int, error: Int32) {
        precondition(range.lowerBound >= 0 && range.upperBound <= source.count && index >= 0 && index <= target.count)
        guard !range.isEmpty else { return (0, 0, 0) }
        // iconv never writes to its input and keeps within the counts given, which are those of the checked ranges.
        return unsafe source.withUnsafeBufferPointer { read in
            unsafe target.withUnsafeMutableBufferPointer { write in
                guard let from = read.baseAddress, let to = write.baseAddress else { return (0, 0, E2BIG) }
                var input: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutableRawPointer(
                    mutating: from + range.lowerBound
                ).assumingMemoryBound(to: CChar.self)
                var output: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutableRawPointer(to + index)
                    .assumingMemoryBound(to: CChar.self)
                var inputLeft = range.count
                var outputLeft = write.count - index
                let result = unsafe iconv(descriptor, &input, &inputLeft, &output, &outputLeft)
                let failed = result == Int.max || result == -1 || result == Int(bitPattern: UInt.max)
                return (range.count - inputLeft, write.count - index - outputLeft, failed ? errno : 0)
            }
        }
    }

    /// Writes what the converter still holds back (a base letter that might take an accent).
    func finish(into target: inout MutableSpan<UInt8>, at index: Int) -> Int {
        precondition(index >= 0 && index <= target.count)
        // As in `convert`; a nil input asks iconv for its pending output.
        return unsafe target.withUnsafeMutableBufferPointer { write in
            guard let to = write.baseAddress else { return 0 }
            var output: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutableRawPointer(to + index)
                .assumingMemoryBound(to: CChar.self)
            var outputLeft = write.count - index
            unsafe _ = iconv(descriptor, nil, nil, &output, &outputLeft)
            return write.count - index - outputLeft
        }
    }
}

extension Array where Element == UInt8 {
    /// A copy of a range of a span.
    init(copying bytes: Bytes, _ range: Range<Int>) {
        let slice = bytes.extracting(range)
        // The buffer is only read during the call.
        self = unsafe slice.withUnsafeBufferPointer { unsafe Array($0) }
    }
}

/// `errno` of iconv: the output is full; the bytes mean nothing.
let outputFull: Int32 = E2BIG
let illegalSequence: Int32 = EILSEQ
