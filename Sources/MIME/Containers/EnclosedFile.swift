/// What was found inside one leaf of a message: a body text or a file that a container (TNEF, text with uuencoded
/// files, AppleDouble) holds.
struct EnclosedFile: Sendable, Equatable {
    /// A range of the container's bytes where they hold the content as it is, so that a large file is not copied; else
    /// bytes of its own.
    enum Content: Sendable, Equatable {
        case range(Range<Int>)
        case bytes([UInt8])

        var count: Int {
            switch self {
            case .range(let range): range.count
            case .bytes(let bytes): bytes.count
            }
        }
    }

    /// Lower-cased; `application/octet-stream` where the container says nothing.
    var mediaType: String
    /// As it was sent; it may hold a path or anything else.
    var filename: String?
    /// Of a text, where the container says it.
    var charset: String?
    /// Without angle brackets; body texts refer to inline images by it.
    var contentID: String?
    var content: Content
    /// A text of the message itself: bodies beside each other are alternatives.
    var isBody = false
    /// Of an embedded message, what it holds in turn; ranges are again of the container's bytes. Empty where nothing
    /// could be read or `Limits.enclosedNesting` was reached: then there is only `content`.
    var enclosed: [EnclosedFile] = []
}
