import IMAPClient
import TestSupport
import Testing

/// A day of waiting for mail, with time compressed: 540 seconds of an IDLE are a tenth of a second, so 160 renewals are
/// 24 hours. The server breaks off, falls silent, says goodbye and forgets to announce, by chance; mail comes all the
/// while. In the evening nothing may be missing. The seed is fixed, so that a bad day can be lived again.
@Suite("A simulated day", .serialized) struct SimulatedDayTests {
    static let renewals = 160

    @Test("24 hours of IDLE with a server that fails by chance lose nothing", arguments: [3 as UInt64])
    func day(_ seed: UInt64) async throws {
        let server = try FakeIMAPServer()
        defer { server.stop() }
        let trial = try Trial(
            server,
            account: { account in
                account.idleRenewal = .milliseconds(100)
                account.pollInterval = .milliseconds(400)
                account.commandTimeout = .milliseconds(400)
                account.connectTimeout = .milliseconds(1_000)
            })
        defer { trial.stop() }
        try await trial.serving {
            await trial.awaitIdling()
            let day = await Self.live(server, SeededRandom(seed))
            server.change { $0.isSilentInIdle = false }
            await trial.awaitTold(day.mails, patience: .seconds(15))
            print("simulated day: \(day.mails) mails, \(day.troubles) troubles, \(server.state.logins) logins")
        }
        let delivered = server.state.delivered.count
        #expect(try trial.measured() == Outcome(recorded: delivered))
        #expect(try trial.brokenPromises() == [])
        #expect(delivered > 20, "a day without mail proves nothing")
        #expect(server.state.logins > 3, "a day without trouble proves nothing")
        #expect(server.state.mostOpen <= 2, "connections were left open")
    }

    /// One step a renewal, or the time that one takes while nobody idles.
    private static func live(_ server: FakeIMAPServer, _ random: SeededRandom) async -> (mails: Int, troubles: Int) {
        var (random, mails, troubles) = (random, 0, 0)
        for _ in 0..<renewals {
            let idles = server.state.idles
            _ = await server.watched.wait(patience: .milliseconds(100)) { $0.idles > idles }
            for _ in 0..<random.next() % 3 where random.next() % 2 == 0 {
                mails += 1
                server.deliver(CustomerMail.number(mails))
            }
            // Drawn in any case, so that the same seed gives the same day as far as time allows.
            let (isBad, kind) = (random.next() % 100 < 15, random.next() % 7)
            // Trouble comes to who listens: a line that is down cannot fail.
            guard isBad, server.state.idling > 0 else { continue }
            troubles += 1
            makeTrouble(server, kind)
        }
        return (mails, troubles)
    }

    private static func makeTrouble(_ server: FakeIMAPServer, _ kind: UInt64) {
        switch kind {
        case 0: server.order(.drop)
        case 1: server.order(.reset)
        case 2: server.order(.say("* BYE idle for too long"))
        case 3: server.order(.stall)
        case 4: server.change { $0.isSilentInIdle.toggle() }
        case 5:
            server.watched.change { $0.faults = [.cut("GREETING", at: .octet(0), .drop)] }
            server.order(.drop)
        default:
            server.watched.change { $0.faults = [.cut("UID FETCH", holding: FakeFault.text, at: .literal(30), .drop)] }
        }
    }
}
