import TestSupport
import Testing

/// The fault matrix: whatever a server, the disk or the machine does, every mail ends in a named state, once, and the
/// other mails are not affected. `scripts/faults` prints it as a table.
///
/// Each row has a server, a store and a daemon of its own. Beside its outcome every row checks that the cursor never
/// passes an unrecorded UID, that the store is consistent, that what is archived is what was sent, and that a further
/// run changes nothing. Rows come one after another: some measure time.
@Suite("FaultMatrix", .serialized) struct FaultMatrixTests {
    @Test("login", arguments: FaultMatrix.login) func login(_ row: FaultRow) async throws { try await run(row) }
    @Test("mailbox", arguments: FaultMatrix.mailbox) func mailbox(_ row: FaultRow) async throws { try await run(row) }
    @Test("listing", arguments: FaultMatrix.listing) func listing(_ row: FaultRow) async throws { try await run(row) }
    @Test("breaks", arguments: FaultMatrix.breaks) func breaks(_ row: FaultRow) async throws { try await run(row) }
    @Test("fetching", arguments: FaultMatrix.fetching) func fetching(_ row: FaultRow) async throws {
        try await run(row)
    }
    @Test("telling", arguments: FaultMatrix.telling) func telling(_ row: FaultRow) async throws { try await run(row) }
    @Test("waiting", arguments: FaultMatrix.waiting) func waiting(_ row: FaultRow) async throws { try await run(row) }
    @Test("outside", arguments: FaultMatrix.outside) func outside(_ row: FaultRow) async throws { try await run(row) }

    private func run(_ row: FaultRow) async throws {
        let began = ContinuousClock.now
        let differences = try await row.verify()
        FaultTable.add(row, differences: differences, took: ContinuousClock.now - began)
    }
}

/// The rows, by where the trouble is.
enum FaultMatrix {}
