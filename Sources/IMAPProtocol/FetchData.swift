package import FoundationEssentials

/// The items of one FETCH response that we know; others are read over.
package struct FetchData: Sendable, Equatable {
    package var sequence: UInt32
    package var uid: UInt32?
    package var flags: [String]?
    package var internalDate: Date?
    package var size: UInt64?
    package var modSeq: UInt64?
    /// Nil also when the server's ENVELOPE breaks the grammar: a message is worth more than its summary.
    package var envelope: Envelope?
    /// BODYSTRUCTURE, or BODY without a section. Nil also when it breaks the grammar.
    package var structure: BodyStructure?
    package var sections: [BodySection] = []
    package var binarySizes: [BinarySize] = []

    /// `BODY[]` or `RFC822`, from its first byte or a later one.
    package var body: BodySection? { sections.first { $0.name.isEmpty && !$0.isDecoded } }

    package init(sequence: UInt32) { self.sequence = sequence }
}

/// `BODY[name]<origin> value`, and the same of BINARY (RFC 3516 section 4.2).
package struct BodySection: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case bytes([UInt8])
        /// NIL: the server has none.
        case none
        /// Larger than the reader's limit; it was read over.
        case tooLarge(UInt64)
        /// So many bytes went to the `LiteralSink`.
        case streamed(UInt64)
    }

    /// Upper case; empty for the whole message.
    package let name: String
    /// For a partial fetch, the offset of the first byte.
    package let origin: UInt64?
    package let content: Content
    /// BINARY: the server has undone the transfer encoding.
    package let isDecoded: Bool

    package init(name: String, origin: UInt64?, content: Content, isDecoded: Bool = false) {
        self.name = name
        self.origin = origin
        self.content = content
        self.isDecoded = isDecoded
    }
}

/// `BINARY.SIZE[name] size` (RFC 3516 section 4.3): the size of a part without its transfer encoding.
package struct BinarySize: Sendable, Equatable {
    package let name: String
    package let size: UInt64

    package init(name: String, size: UInt64) {
        self.name = name
        self.size = size
    }
}
