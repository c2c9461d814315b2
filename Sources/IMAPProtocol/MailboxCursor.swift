package import Vocabulary

/// How far a mailbox is dealt with: the highest UID below which every UID is recorded or known to be absent.
///
/// UIDs grow and have gaps, batches finish in any order, and some messages fail; the cursor only moves over what is
/// settled, so that after a crash everything above it is looked at again and nothing below it is missing.
/// A message that cannot be had is *parked* by the caller, and then it is settled too.
package struct MailboxCursor: Sendable, Hashable {
    /// Everything up to here is settled. 0 at the beginning (UIDs begin with 1).
    package private(set) var settledThrough: UID
    /// Everything up to here was listed: what is neither listed nor settled does not exist.
    package private(set) var listedThrough: UID
    /// Listed and not settled.
    private var open: Set<UID> = []
    /// The same, ascending; what is settled meanwhile is dropped from the front.
    private var order: ArraySlice<UID> = []

    package init(settledThrough: UID = UID(0)) {
        self.settledThrough = settledThrough
        listedThrough = settledThrough
    }

    /// A listing of everything from above `listedThrough` up to `through`. UIDs that are not above are ignored: a server
    /// answers `n:*` with its last message even when that is below n (RFC 9051 section 6.4.9).
    package mutating func list(_ uids: some Sequence<UID>, through: UID) {
        let new = Set(uids.lazy.filter { [listedThrough] in $0 > listedThrough && $0 <= through })
        open.formUnion(new)
        order.append(contentsOf: new.sorted())
        listedThrough = max(listedThrough, through)
        advance()
    }

    /// Recorded, parked, or confirmed to be gone.
    package mutating func settle(_ uids: some Sequence<UID>) {
        for uid in uids { open.remove(uid) }
        advance()
    }

    /// What is still to be done, ascending.
    package var openUIDs: [UID] { order.filter(open.contains) }

    package var isUpToDate: Bool { open.isEmpty }

    private mutating func advance() {
        while let first = order.first, !open.contains(first) { order.removeFirst() }
        if let first = order.first {
            settledThrough = max(settledThrough, UID(first.rawValue - 1))
        } else {
            settledThrough = max(settledThrough, listedThrough)
            order = []
        }
    }
}
