import Glibc
import Synchronization

/// What a scripted server saw; shared by the server and its thread.
final class ScriptedRecord: Sendable {
    struct State {
        var received: [[UInt8]] = []
        var messages: [[UInt8]] = []
        var mismatches: [String] = []
        var finished = 0
    }
    let state = Mutex(State())

    func began() { state.withLock { $0.received.append([]) } }
    func received(_ bytes: [UInt8]) { state.withLock { $0.received[$0.received.count - 1] += bytes } }
    func kept(_ message: [UInt8]) { state.withLock { $0.messages.append(message) } }
    func mismatch(_ text: String) { state.withLock { $0.mismatches.append(text) } }
    func finished() { state.withLock { $0.finished += 1 } }
}

/// The thread's side of a scripted server: sockets in, actions of the `DialoguePlayer` out.
struct ScriptedRun: Sendable {
    let dialogue: Dialogue
    let listener: Int32
    let stop: Int32
    let patience: Duration
    let record: ScriptedRecord

    func serve() {
        defer {
            _ = close(listener)
            _ = close(stop)
        }
        for number in 0... {
            let isWanted = number < dialogue.connections.count
            guard wait(for: listener, stopFirst: !isWanted) == .readable else { return }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            defer { _ = close(client) }
            var one: Int32 = 1
            setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
            record.began()
            if !isWanted {
                record.mismatch("connection \(number + 1) came, the dialogue has no more")
            } else if !play(DialoguePlayer(dialogue.connections[number], connection: number + 1), with: client) {
                return
            }
        }
    }

    /// Plays one connection; false when the server is to end.
    private func play(_ player: consuming DialoguePlayer, with client: Int32) -> Bool {
        var isFrozen = false
        while true {
            switch player.advance() {
            case .send(let bytes): send(bytes, to: client)
            case .wait(let time):
                if wait(for: nil, until: .now + time) == .stopped { return false }
            case .message(let message): record.kept(message)
            case .freeze: isFrozen = true
            case .drop:
                record.finished()
                return true
            case .reset:
                record.finished()
                var hard = linger(l_onoff: 1, l_linger: 0)
                setsockopt(client, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
                return true
            case .mismatch(let text):
                record.mismatch(text)
                return true
            case .needInput(nil):
                switch receive(from: client, stopFirst: true, hangUpOnly: isFrozen) {
                case .bytes(let bytes):
                    record.received(bytes)
                    player.take(bytes)
                case .stopped:
                    record.finished()
                    return false
                case .closed, .timedOut:
                    record.finished()
                    return true
                }
            case .needInput(let wanted?):
                switch receive(from: client, until: .now + patience) {
                case .bytes(let bytes):
                    record.received(bytes)
                    player.take(bytes)
                case .stopped:
                    record.mismatch("\(wanted), but the test ended")
                    return false
                case .timedOut:
                    record.mismatch("\(wanted), but nothing came in \(patience)")
                    return true
                case .closed:
                    record.mismatch("\(wanted), but the client closed the connection")
                    return true
                }
            }
        }
    }

    private enum Answer { case bytes([UInt8]), closed, timedOut, stopped }
    private enum Readiness { case readable, timedOut, stopped }

    private func receive(
        from client: Int32, until deadline: ContinuousClock.Instant? = nil, stopFirst: Bool = false,
        hangUpOnly: Bool = false
    ) -> Answer {
        switch wait(for: client, until: deadline, stopFirst: stopFirst, hangUpOnly: hangUpOnly) {
        case .stopped: return .stopped
        case .timedOut: return .timedOut
        case .readable: break
        }
        if hangUpOnly { return .closed }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(client, &buffer, buffer.count, 0)
        return count > 0 ? .bytes(Array(buffer[..<count])) : .closed
    }

    /// When the client has gone away the rest is dropped: the next read tells.
    private func send(_ bytes: [UInt8], to client: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    /// Waits for a descriptor, a moment, or the end of the server. What has already arrived comes before the end, unless
    /// `stopFirst`: so a test that is over is still compared to its last line.
    private func wait(
        for descriptor: Int32?, until deadline: ContinuousClock.Instant? = nil, stopFirst: Bool = false,
        hangUpOnly: Bool = false
    ) -> Readiness {
        let peerClosed: Int16 = 0x2000  // POLLRDHUP, which the Glibc module does not show
        var sources = [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
        if let descriptor {
            sources.append(pollfd(fd: descriptor, events: hangUpOnly ? peerClosed : Int16(POLLIN), revents: 0))
        }
        while true {
            let left = deadline.map { max(0, ContinuousClock.now.duration(to: $0) / .milliseconds(1)).rounded(.up) }
            let count = poll(&sources, nfds_t(sources.count), left.map { Int32($0) } ?? -1)
            if count < 0 && errno == EINTR { continue }
            let isStopped = sources[0].revents != 0
            let isReadable = sources.count > 1 && sources[1].revents != 0
            if isReadable && !(stopFirst && isStopped) { return .readable }
            if isStopped { return .stopped }
            return .timedOut
        }
    }
}
