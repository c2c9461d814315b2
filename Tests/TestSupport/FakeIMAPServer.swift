/// FakeIMAPServer: a mail server with memory, for tests of what the whole program does when a server misbehaves.
///
/// `ScriptedServer` plays one dialogue, line by line. This one holds mailboxes and answers whatever a client asks in
/// whatever order: it speaks IMAP4rev1 (RFC 3501) with UIDPLUS, MOVE, IDLE, ID, NAMESPACE, UNSELECT and LITERAL+ as far as
/// they are announced. Mail may be delivered while clients wait, several at once may be connected, and what goes wrong is
/// said by `FakeFault`s, by the quirks of single messages (`FakeMessage.body`) and by orders to the open connections.
///
///     let server = try FakeIMAPServer { $0.add(mail, to: "INBOX"); $0.faults = [.drop("UID FETCH", at: .literal(10))] }
///     await server.watched.wait { $0.open == 0 }
///
/// What a client may never do (a bare EXPUNGE, CLOSE, a command that no standard knows, mail marked as seen) is refused
/// and noted in `clientErrors`; every test looks there at the end.
import Foundation
import Glibc
import Synchronization

package final class FakeIMAPServer: Sendable {
    /// On 127.0.0.1.
    package let port: Int
    package let watched: Watched<FakeIMAPState>
    private let listener: Int32
    private let lines = Mutex<[Int: FakeLine]>([:])
    private let stopPipe: (reader: Int32, writer: Int32)
    private let isStopped = Mutex(false)

    /// Begins to listen.
    package init(_ arrange: (inout FakeIMAPState) -> Void = { _ in }) throws {
        var state = FakeIMAPState()
        arrange(&state)
        watched = Watched(state)
        (listener, port) = try ScriptedServer.listen()
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ScriptedServerError("pipe", errno) }
        stopPipe = (ends[0], ends[1])
        let thread = Thread { [listener, reader = ends[0], weak self] in
            while Self.awaitClient(listener, reader) {
                guard let self, self.admit(accept(listener, nil, nil)) else { break }
            }
            _ = close(listener)
            _ = close(reader)
        }
        thread.name = "fake imap"
        thread.start()
    }

    deinit { stop() }

    /// Closes everything; the port refuses from now on.
    package func stop() {
        let isFirst = isStopped.withLock { stopped in
            defer { stopped = true }
            return !stopped
        }
        guard isFirst else { return }
        _ = close(stopPipe.writer)
        order(.drop)
    }

    package var state: FakeIMAPState { watched.value }

    /// Changes the mailboxes, and tells the clients that wait.
    @discardableResult
    package func change<Result: Sendable>(_ body: (inout FakeIMAPState) -> Result) -> Result {
        let result = watched.change(body)
        order(.announce)
        return result
    }

    /// New mail, announced at once to who idles there. Gives its UID.
    @discardableResult
    package func deliver(_ bytes: [UInt8], to mailbox: String = "INBOX") -> UInt32 {
        change { $0.add(bytes, to: mailbox) }
    }

    /// Has every open connection do something: say a line, go deaf, break.
    package func order(_ order: FakeLine.Order) {
        for line in lines.withLock({ Array($0.values) }) { line.give(order) }
    }

    // MARK: - Connections

    private static func awaitClient(_ listener: Int32, _ stop: Int32) -> Bool {
        var sources = [
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&sources, 2, -1) < 0 && errno == EINTR {}
        return sources[1].revents == 0
    }

    /// Starts a thread for a client; false when the listener is broken.
    private func admit(_ socket: Int32) -> Bool {
        guard socket >= 0 else { return false }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard let line = FakeLine(socket: socket) else { return false }
        let number = watched.change { state in
            state.connections += 1
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            return state.connections
        }
        lines.withLock { $0[number] = line }
        let watched = watched
        let thread = Thread { [weak self] in
            FakeConversation(number: number, line: line, watched: watched).run()
            self?.lines.withLock { _ = $0.removeValue(forKey: number) }
            line.close()
            watched.change { $0.open -= 1 }
        }
        thread.name = "fake imap \(number)"
        thread.start()
        if isStopped.withLock({ $0 }) { line.give(.drop) }
        return true
    }
}
