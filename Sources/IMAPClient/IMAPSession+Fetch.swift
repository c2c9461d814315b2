internal import IMAPProtocol
package import Vocabulary

// Getting messages.

extension IMAPSession {
    /// Fetches all batches in order and hands each to `handle`; while that works, the next one is read and the one after
    /// it is already asked for. A slow `handle` slows the server down: nothing is read ahead beyond one batch.
    ///
    /// When `handle` throws, the fetch ends there and the session is good for other commands.
    package nonisolated func fetch(
        _ batches: [FetchBatch], handle: (FetchedBatch) async throws -> Void
    ) async throws {
        try await startFetch(batches)
        var current = try await nextBatch()
        while let batch = current {
            async let next = nextBatch()
            do {
                try await handle(batch)
            } catch {
                _ = try? await next
                try? await abandonFetch()
                throw error
            }
            current = try await next
        }
    }

    /// Sends the first commands. Then call `nextBatch()` until it gives nil.
    package func startFetch(_ batches: [FetchBatch]) throws(IMAPError) {
        guard selected != nil else { throw error(.notReady, "UID FETCH", "no mailbox is selected") }
        try abandonFetch()
        fetchRun.waiting = batches[...].filter { !$0.uids.isEmpty }[...]
        try fillWindow()
    }

    /// The next batch, whole; nil after the last. Every UID that was asked for is in it, as fetched, missing or failed.
    ///
    /// When it throws, nothing of the batch counts as seen.
    package func nextBatch() throws(IMAPError) -> FetchedBatch? {
        guard let flight = try nextFlight() else { return nil }
        // Before the slow path, and before the caller works: so the server is never idle.
        try fillWindow()
        var batch = FetchedBatch()
        batch.messages = flight.messages
        if !flight.unanswered.isEmpty { try settle(flight, &batch) }
        return batch
    }

    /// Forgets a running fetch. What the server still sends for it is read over.
    package func abandonFetch() throws(IMAPError) {
        fetchRun.abandon()
        while try nextFlight() != nil {}
    }

    /// The first bytes of a message that is too large to be fetched whole: header and beginning. Nil when it is gone.
    package func fetchHead(of uid: UID, bytes: Int = 64 << 10) throws(IMAPError) -> FetchedMessage? {
        guard selected != nil else { throw error(.notReady, "UID FETCH", "no mailbox is selected") }
        var part = FetchRun.PartialMessage()
        try run(.fetchHead(uid, bytes: bytes)) { response in
            if case .fetch(let data) = response, data.uid == uid.rawValue { part.merge(data) }
        }
        return part.message(uid: uid)
    }

    // MARK: - Commands in flight

    private func fillWindow() throws(IMAPError) {
        while fetchRun.flights.count < max(account.fetchLimits.window, 1), let batch = fetchRun.waiting.popFirst() {
            try fly(batch)
        }
    }

    private func fly(_ batch: FetchBatch) throws(IMAPError) {
        let tag = try start(.fetch(UIDSet(batch.uids)))
        outstanding.remove(tag)
        fetchRun.add(batch, tag: tag)
    }

    /// Reads until the oldest command is finished, and takes it out.
    private func nextFlight() throws(IMAPError) -> FetchRun.Flight? {
        guard !fetchRun.flights.isEmpty else { return nil }
        while fetchRun.flights[0].result == nil {
            try note(try nextResponse(for: "UID FETCH"), "UID FETCH")
        }
        return fetchRun.flights.removeFirst()
    }

    // MARK: - What was not answered

    /// A message that was left out may be gone, or the server refuses it, or its answer could not be read. Who still
    /// exists is asked for alone, so that one bad message costs no other.
    private func settle(_ flight: FetchRun.Flight, _ batch: inout FetchedBatch) throws(IMAPError) {
        if let result = flight.result, result.status != .ok {
            let error = refusal(result.status, "UID FETCH", result.text)
            // The server is in trouble as a whole: no message is to blame.
            if error.isPassing { throw error }
        }
        let unanswered = flight.unanswered
        let existing = try existing(of: UIDSet(unanswered))
        for uid in unanswered {
            if !existing.contains(uid) {
                batch.missing.append(uid)
            } else if let trouble = flight.parts[uid]?.trouble {
                batch.failed.append(FetchFailure(uid: uid, said: trouble))
            } else {
                try fetchAlone(uid, &batch)
            }
        }
        batch.messages.sort { $0.uid < $1.uid }
    }

    private func fetchAlone(_ uid: UID, _ batch: inout FetchedBatch) throws(IMAPError) {
        let single = FetchBatch(uids: [uid], announcedBytes: 0)
        let tag = try start(.fetch(UIDSet([uid])))
        var flight = FetchRun.Flight(batch: single, uids: UIDSet([uid]), tag: tag)
        var said = "the server leaves it out of its answers"
        do throws(IMAPError) {
            _ = try finish(tag, "UID FETCH") { response in
                if case .fetch(let data) = response, data.uid == uid.rawValue {
                    flight.parts[uid, default: FetchRun.PartialMessage()].merge(data, file: spooled)
                }
                if case .malformed = response { said = "the server's answer cannot be read" }
            }
        } catch let error where !error.endsSession && !error.isPassing {
            said = error.said
        }
        if let message = flight.messages.first {
            batch.messages.append(message)
        } else {
            batch.failed.append(FetchFailure(uid: uid, said: flight.parts[uid]?.trouble ?? said))
        }
    }
}
