internal import IMAPProtocol
internal import Vocabulary

/// The FETCH commands in flight and what has come for each: pure bookkeeping, without a connection.
///
/// A message is put to the command that asked for its UID, in whatever order the server answers; what nobody asked for
/// (changed flags, a message of an abandoned run) falls away here.
struct FetchRun {
    struct Flight {
        let batch: FetchBatch
        let uids: UIDSet
        let tag: String
        var parts: [UID: PartialMessage] = [:]
        var result: (status: TaggedStatus, text: ResponseText)?
        /// Nobody waits for it any more: its answers are thrown away as they come.
        var isAbandoned = false

        /// Asked for and not there (yet).
        var unanswered: [UID] { batch.uids.filter { parts[$0]?.content == nil } }

        var messages: [FetchedMessage] { batch.uids.compactMap { parts[$0]?.message(uid: $0) } }
    }

    /// A server may tell about one message in several responses.
    struct PartialMessage {
        var data = FetchData(sequence: 0)
        var content: FetchedContent?
        /// Why there are no bytes, when the server gave a reason by its answer.
        var trouble: String?

        func message(uid: UID) -> FetchedMessage? {
            guard let content else { return nil }
            return FetchedMessage(
                uid: uid, internalDate: data.internalDate, size: data.size.map { Int(clamping: $0) } ?? content.count,
                flags: data.flags ?? [], content: content)
        }
    }

    /// Not sent yet.
    var waiting: ArraySlice<FetchBatch> = []
    /// In the order in which they were sent.
    var flights: [Flight] = []

    /// What the server was about to send: the first command that is not finished.
    var unanswered: [UID] {
        flights.first { $0.result == nil && !$0.isAbandoned }?.unanswered ?? []
    }

    mutating func add(_ batch: FetchBatch, tag: String) {
        flights.append(Flight(batch: batch, uids: UIDSet(batch.uids), tag: tag))
    }

    mutating func abandon() {
        waiting = []
        for index in flights.indices {
            flights[index].isAbandoned = true
            flights[index].parts = [:]
        }
    }

    /// False when the tag is not one of ours.
    mutating func finish(_ tag: String, _ status: TaggedStatus, _ text: ResponseText) -> Bool {
        guard let index = flights.firstIndex(where: { $0.tag == tag }) else { return false }
        flights[index].result = (status, text)
        return true
    }

    /// `file` holds the text of the message when that went to the spool.
    mutating func take(_ data: FetchData, file: SpooledMessage? = nil) {
        guard let number = data.uid else { return }
        let uid = UID(number)
        guard let index = flights.firstIndex(where: { $0.result == nil && $0.uids.contains(uid) }),
            !flights[index].isAbandoned
        else { return }
        flights[index].parts[uid, default: PartialMessage()].merge(data, file: file)
    }
}

extension FetchRun.PartialMessage {
    mutating func merge(_ new: FetchData, file: SpooledMessage? = nil) {
        if let date = new.internalDate { data.internalDate = date }
        if let size = new.size { data.size = size }
        if let flags = new.flags { data.flags = flags }
        guard let body = new.body else { return }
        switch body.content {
        // A message without a byte, whose size is announced as something: the server could not read it.
        case .bytes(let bytes) where bytes.isEmpty && (data.size ?? 0) > 0:
            trouble = "the server gives an empty text"
        case .bytes(let bytes): content = .bytes(bytes)
        case .none: trouble = "the server has no text for it"
        case .streamed where file != nil: content = file.map { .file($0) }
        case .tooLarge(let size), .streamed(let size): trouble = "its text has \(size) bytes, more than is allowed"
        }
    }
}
