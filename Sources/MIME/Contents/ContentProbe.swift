/// Looks at the content of a file while it goes by, in chunks: what kind it is, whether it is encrypted, whether it holds
/// macros, how long it is. What is found does not depend on how the content is cut into chunks.
///
/// Keeps the first 64 KB, and of zip and 7z archives, which have their directory at the end, up to 2 MB of that, of which the
/// last 1 MB counts. Of other archives and of PKCS #7 only the first 64 KB are looked at.
struct ContentProbe: Sendable {
    /// What was found out.
    struct Result: Sendable, Equatable {
        /// Nil: bytes of no kind we know.
        var type: FileType?
        var isEncrypted = false
        var hasMacros = false
        /// The directory of the archive is longer than what is kept, or damaged: what is inside is not all known.
        var isUnread = false
        var size = 0

        /// An Open XML document with a password is a compound file with the document encrypted inside (MS-OFFCRYPTO
        /// section 2.3.4.4).
        var isWrapped: Bool { type == .compound && isEncrypted }
    }

    static let headLimit = 64 << 10
    static let tailLimit = 1 << 20

    private var size = 0
    private var head: [UInt8] = []
    /// What stands behind the head; of long archives the last of it, at least `tailLimit`.
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
        let room = Swift.min(ContentProbe.headLimit - head.count, chunk.count)
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
        case .tailed: keep(bytes)
        }
    }

    private mutating func keep(_ bytes: Bytes) {
        let limit = ContentProbe.tailLimit
        if bytes.count >= limit { tail.removeAll(keepingCapacity: true) }
        tail.append(contentsOf: [UInt8](copying: bytes, Swift.max(0, bytes.count - limit)..<bytes.count))
        // Seldom, so that no byte is moved more than once on average.
        if tail.count > 2 * limit { tail.removeFirst(tail.count - limit) }
    }

    private func isEncrypted(_ type: FileType?) -> Bool {
        switch type {
        case FileType.rar: isEncryptedRAR(head.span)
        case FileType.pkcs7: isEncryptedPKCS7(head.span)
        case FileType.openPGP: true
        default: false
        }
    }

    /// Zip and 7z have their directory at the end.
    private func readEnd(_ result: inout Result) {
        let behind = size - head.count
        let end = Array((behind < ContentProbe.tailLimit ? head + tail : tail).suffix(ContentProbe.tailLimit))
        if result.type == .sevenZip {
            let isEncrypted = isEncryptedSevenZip(head.span, end: end.span, size: size)
            result.isEncrypted = isEncrypted == true
            result.isUnread = isEncrypted == nil
            return
        }
        let directory = ZipDirectory(head: head.span, tail: end.span, size: size)
        result.type = directory.type
        result.isEncrypted = directory.isEncrypted
        result.hasMacros = directory.hasMacros
        result.isUnread = !directory.isWhole
    }
}
