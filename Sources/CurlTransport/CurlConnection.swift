internal import CCurl
internal import CSystemShim
internal import Glibc

/// One authenticated byte stream. Not `Sendable`: it belongs to the thread it was opened on and ends there.
///
/// Made, it is closed; `open` connects and logs in; after `close`, or after an error, it may be opened again. One handle
/// serves one session (a second transfer on it would drop the first), so every `open` makes a new one.
package final class CurlConnection {
    package enum Scheme: String, Sendable { case imap, smtp }

    package enum WaitResult: Sendable, Hashable {
        /// There is something to receive, or the peer is gone; `receive` tells which.
        case readable
        case interrupted
        case timedOut
    }

    /// Limits for getting a session. Afterwards each call has its own deadline. There is no limit on the whole: a
    /// CONNECT_ONLY handle with CURLOPT_TIMEOUT fails at once in libcurl 8.17 (curl issue 20347).
    package struct Timeouts: Sendable, Hashable {
        /// DNS, TCP and TLS together.
        package var connect: Duration
        /// Each answer of the login dialogue.
        package var response: Duration

        package init(connect: Duration = .seconds(30), response: Duration = .seconds(60)) {
            self.connect = connect
            self.response = response
        }
    }

    let interrupter: Interrupter
    private var session: CurlSession?
    private var host = ""
    /// The last `receive` stopped because its buffer was full: there may be decrypted bytes that no `poll` will show.
    private var mayHoldMore = false

    package init(interrupter: Interrupter) { self.interrupter = interrupter }

    deinit { session?.end() }

    package var isOpen: Bool { session != nil }

    /// Connects, secures and logs in. Without credentials nobody logs in.
    ///
    /// What the server sends after the last answer of the login may be lost: libcurl reads ahead, and keeps it. So ask
    /// something and skip everything before the answer (IMAP: CAPABILITY; SMTP: EHLO).
    ///
    /// `clientName` is the name in libcurl's EHLO.
    package func open(
        _ scheme: Scheme, to endpoint: Endpoint, credentials: Credentials?, clientName: String? = nil,
        timeouts: Timeouts = Timeouts()
    ) throws(TransportError) {
        close()
        host = endpoint.host
        if let problem = endpoint.problem { throw failure(.misconfigured, problem) }
        guard CurlLibrary.isReady else { throw failure(.misconfigured, "libcurl could not be initialised") }
        let login = Login(
            scheme: scheme, endpoint: endpoint, credentials: credentials, clientName: clientName, timeouts: timeouts)
        let session = try login.perform(interrupter: interrupter)
        // Refused by no TCP socket; without it the kernel would send into the void for a quarter of an hour (tcp(7)).
        _ = system_set_tcp_user_timeout(session.socket, CurlSession.userTimeout)
        self.session = session
    }

    /// Sends all of it.
    package func send(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) throws(TransportError) {
        try send(bytes[...], until: deadline)
    }

    /// Sends all of it. The deadline is for the next piece that the peer takes: each one starts the time anew.
    package func send(_ bytes: ArraySlice<UInt8>, until deadline: ContinuousClock.Instant) throws(TransportError) {
        let allowance = deadline - .now
        var rest = bytes
        var deadline = deadline
        while !rest.isEmpty {
            let session = try opened()
            var count = 0
            let code = rest.withUnsafeBytes { curl_easy_send(session.handle, $0.baseAddress, $0.count, &count) }
            switch code {
            case CURLE_OK where count > 0:
                rest = rest.dropFirst(count)
                deadline = .now + allowance
            case CURLE_OK, CURLE_AGAIN:
                // The same bytes are offered again: OpenSSL insists on that.
                if try waitForSocket(POLLOUT, until: deadline, interruptible: false) == .timedOut {
                    throw failure(.timedOut, "the server takes nothing more")
                }
            default:
                throw broken(code, "could not send")
            }
        }
    }

    /// Waits for bytes and puts as many as there are, and as fit, at the front of the buffer.
    ///
    /// Gives how many; at least one. The end of the stream is the error `.closed`.
    package func receive(
        into buffer: inout [UInt8], until deadline: ContinuousClock.Instant
    ) throws(TransportError) -> Int {
        precondition(!buffer.isEmpty, "no room to receive into")
        while true {
            let count = try receiveAvailable(into: &buffer)
            if count > 0 { return count }
            if try waitForSocket(POLLIN, until: deadline, interruptible: false) == .timedOut {
                throw failure(.timedOut, "no answer in time")
            }
        }
    }

    /// Waits until there may be something to receive, `interrupt()` is called, or the deadline.
    package func wait(until deadline: ContinuousClock.Instant) throws(TransportError) -> WaitResult {
        if mayHoldMore { return .readable }
        return try waitForSocket(POLLIN, until: deadline, interruptible: true)
    }

    /// Ends it without a word to the peer.
    package func close() {
        session?.end()
        session = nil
        mayHoldMore = false
    }

    /// Reads until libcurl has no more or the buffer is full: one call of it gives at most one TLS record. The socket may
    /// only be waited for after CURLE_AGAIN. CURLE_OK with nothing is the end.
    private func receiveAvailable(into buffer: inout [UInt8]) throws(TransportError) -> Int {
        let session = try opened()
        var filled = 0
        while filled < buffer.count {
            var count = 0
            let code = buffer.withUnsafeMutableBytes {
                curl_easy_recv(session.handle, $0.baseAddress.map { $0 + filled }, $0.count - filled, &count)
            }
            if code == CURLE_AGAIN {
                mayHoldMore = false
                return filled
            }
            // What came before the end or the failure is delivered first; the next call meets it again.
            guard code == CURLE_OK else { if filled > 0 { break } else { throw broken(code, "could not receive") } }
            guard count > 0 else {
                if filled > 0 { break }
                close()
                throw failure(.closed, "the server closed the connection")
            }
            filled += count
        }
        mayHoldMore = true
        return filled
    }

    private func waitForSocket(
        _ events: Int32, until deadline: ContinuousClock.Instant, interruptible: Bool
    ) throws(TransportError) -> WaitResult {
        let socket = try opened().socket
        while true {
            interrupter.clear()
            if interrupter.isAborted { throw aborted() }
            if interruptible && interrupter.takeInterruption() { return .interrupted }
            var polled = [
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: interrupter.event, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&polled, 2, milliseconds(until: deadline))
            if count < 0 && errno != EINTR { throw failure(.closed, "poll failed: error \(errno)") }
            if count > 0 && polled[0].revents != 0 { return .readable }
            if count == 0 && deadline <= .now { return .timedOut }
        }
    }

    private func opened() throws(TransportError) -> CurlSession {
        if interrupter.isAborted { throw aborted() }
        guard let session else { throw failure(.closed, "the connection is closed") }
        return session
    }

    private func aborted() -> TransportError {
        close()
        return failure(.interrupted, "we were told to stop")
    }

    private func broken(_ code: CURLcode, _ what: String) -> TransportError {
        close()
        return failure(.closed, "\(what): \(String(cString: curl_easy_strerror(code)))")
    }

    private func failure(_ reason: TransportError.Reason, _ said: String) -> TransportError {
        TransportError(reason, host: host, said: said)
    }
}

/// For `poll(2)`: rounded up, so that a wait does not end just before its time and turn in circles; at most a minute.
func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = deadline - .now
    guard left > .zero else { return 0 }
    guard left < .seconds(60) else { return 60_000 }
    let (seconds, attoseconds) = left.components
    return Int32(seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}

/// The handles of one session: the easy handle stays added to the multi handle as long as it lives.
struct CurlSession {
    let multi: UnsafeMutableRawPointer
    let handle: UnsafeMutableRawPointer
    var socket: Int32

    /// In ms. A peer that acknowledges nothing for so long is gone (RFC 5482); with keepalive this holds for silence, too.
    static let userTimeout: UInt32 = 60_000

    func end() {
        curl_multi_remove_handle(multi, handle)
        curl_easy_cleanup(handle)
        curl_multi_cleanup(multi)
    }
}
