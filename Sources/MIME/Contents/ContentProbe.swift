/// Looks at the content of a file while it goes by, in chunks: what kind it is, whether it is encrypted, whether it holds
/// macros, how long it is. Keeps at most the first and the last 64 KB, and the latter only of formats that have their
/// directory there.
struct ContentProbe: Sendable {
    /// What was found out.
    struct Result: Sendable, Equatable {
        /// Nil: bytes of no kind we know.
        var type: FileType?
        var isEncrypted = false
        var hasMacros = false
        var size = 0

        /// An Open XML document with a password is a compound file with the document encrypted inside (MS-OFFCRYPTO
        /// section 2.3.4.4).
        var isWrapped: Bool { type == .compound && isEncrypted }
    }

    static let window = 64 << 10

    private var size = 0
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var state = State.undecided

    private enum State: Sendable {
        case undecided
        /// The first bytes say all that we ask.
        case plain(FileType?)
        case compound(CompoundFile)
        case pdf(PDFTrailer)
        case tailed(FileType)
    }

    mutating func take(_ chunk: Bytes) {
        size += chunk.count
        let room = Swift.min(ContentProbe.window - head.count, chunk.count)
        if room > 0 { head.append(contentsOf: [UInt8](copying: chunk, 0..<room)) }
        guard room < chunk.count else { return }
        decide()
        feed(chunk.extracting(room..<chunk.count))
    }

    consuming func finish() -> Result {
        decide()
        var result = Result(size: size)
        switch state {
        case .undecided: break
        case .plain(let type):
            result.type = type
            result.isEncrypted = isEncrypted(type)
        case .compound(let file):
            result.type = file.type
            result.isEncrypted = file.isEncrypted
            result.hasMacros = file.hasMacros
        case .pdf(let trailer):
            result.type = .pdf
            result.isEncrypted = trailer.isEncrypted
        case .tailed(let type):
            result.type = type
            readEnd(&result)
        }
        return result
    }

    /// Tells the type by the first bytes, once, and gives them to who reads on.
    private mutating func decide() {
        guard case .undecided = state else { return }
        let type = sniffedType(head.span)
        switch type {
        case FileType.compound: state = .compound(CompoundFile())
        case FileType.pdf: state = .pdf(PDFTrailer())
        case FileType.zip: state = .tailed(.zip)
        case FileType.sevenZip: state = .tailed(.sevenZip)
        default: state = .plain(type)
        }
        let first = head
        switch state {
        case .compound, .pdf: feed(first.span)
        default: break
        }
    }

    private mutating func feed(_ bytes: Bytes) {
        switch state {
        case .undecided, .plain: break
        case .compound(var file):
            state = .undecided
            file.take(bytes)
            state = .compound(file)
        case .pdf(var trailer):
            state = .undecided
            trailer.take(bytes)
            state = .pdf(trailer)
        case .tailed:
            if bytes.count >= ContentProbe.window {
                tail = [UInt8](copying: bytes, bytes.count - ContentProbe.window..<bytes.count)
            } else {
                tail.append(contentsOf: [UInt8](copying: bytes, 0..<bytes.count))
                if tail.count > 4 * ContentProbe.window { tail.removeFirst(tail.count - ContentProbe.window) }
            }
        }
    }

    private func isEncrypted(_ type: FileType?) -> Bool {
        switch type {
        case FileType.rar: isEncryptedRAR(head.span)
        // RFC 5652: enveloped-data, encrypted-data; authenticated-enveloped-data is not told from compressed-data.
        case FileType.pkcs7: pkcs7Kind(head.span) == 3 || pkcs7Kind(head.span) == 6
        case FileType.openPGP: true
        default: false
        }
    }

    /// Zip and 7z have their directory at the end.
    private func readEnd(_ result: inout Result) {
        // While little has gone by behind the head, the end begins in it.
        let end = size <= head.count ? head : tail.count >= ContentProbe.window ? tail : head + tail
        if result.type == .sevenZip {
            result.isEncrypted = isEncryptedSevenZip(head.span, end: end.span, size: size)
            return
        }
        let directory = ZipDirectory(head: head.span, tail: end.span)
        result.type = directory.type
        result.isEncrypted = directory.isEncrypted
        result.hasMacros = directory.hasMacros
    }
}
