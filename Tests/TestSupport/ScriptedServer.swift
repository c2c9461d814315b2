import Dispatch
import Foundation
import Glibc
import Synchronization
/// ScriptedServer: a peer on 127.0.0.1 that plays a dialogue, for tests of IMAP and SMTP clients.
///
/// A dialogue is a text, inline or a file under `fixtures/dialogues`. One line is one step:
///
///     # a comment; empty lines are skipped too
///     S: * OK ready            send this line and CRLF
///     S-: * 1 FETCH (BODY[]    send this, without CRLF
///     S{5}: a\r\nbc            send exactly these 5 octets (the count is checked when the dialogue is read)
///     LITERAL: Subject: x\r\n  send `{12}` CRLF and these octets: an IMAP literal
///     LITERAL < rfc/001-x.eml  the same with a file below `fixtures/messages`; LF becomes CRLF
///     HALF: Subject: x\r\n     send the announcement of all, and only the first half of the octets
///     RAW: \x00\xff\r          send these octets as they are
///     C: TAG UID FETCH 1:9 *   the client must send this line; `*` stands for any octets, also none
///     C{5}: a\r\nbc            the client must send these octets (the content of its literal)
///     MESSAGE                  read lines to the final dot (RFC 5321 section 4.5.2) and keep the message, dots undone
///     LOGIN imap IDLE MOVE     greet, answer CAPABILITY with these, and accept any login with PLAIN or LOGIN
///     LOGIN smtp PIPELINING    the same for EHLO; ends when AUTH is accepted
///     WAIT 50 ms               pause
///     STALL                    say nothing more but keep reading, until the client goes away
///     FREEZE                   the same, and read nothing either
///     DROP                     close the connection
///     RESET                    close it with a TCP reset
///     CONNECTION               what follows is for the next connection
///     CONNECTION x3            what follows is played for three connections, one after another
///
/// A word beginning with `TAG` at the start of a `C:` line matches any one word and keeps it; at the start of an `S:` or
/// `S-:` line it stands for what was kept last under that name. So pipelined commands are `C: TAG1 …`, `C: TAG2 …`, then
/// `S: TAG1 OK`. `S:`, `S-:` and `C:` are taken as they stand (IMAP needs its backslashes); in the other texts
/// `\r \n \t \0 \\ \xHH` are escapes.
///
/// After the last step of a connection the server reads on without answering until the client closes it. Connections
/// are served one after another; more of them than the dialogue has are closed at once and counted as a mismatch.
///
/// A mismatch closes the connection, so the client under test fails at once, and `verify()` reports it with what was
/// wanted and what came. `withScriptedServer` calls it for you. The same dialogues drive a pure session without a
/// socket: see `DialoguePlayer`.
package import Testing

/// Runs `body` with a server that plays `dialogue`; afterwards any mismatch fails the test.
package func withScriptedServer<Result>(
    _ dialogue: Dialogue, sourceLocation: Testing.SourceLocation = #_sourceLocation,
    isolation: isolated (any Actor)? = #isolation, _ body: (ScriptedServer) async throws -> Result
) async throws -> Result {
    let server = try ScriptedServer(dialogue)
    do {
        let result = try await body(server)
        server.verify(sourceLocation: sourceLocation)
        return result
    } catch {
        server.verify(sourceLocation: sourceLocation)  // the mismatch explains the client's error
        throw error
    }
}

package final class ScriptedServer: Sendable {
    /// Where it listens, on 127.0.0.1.
    package let port: Int
    private let record = ScriptedRecord()
    /// A pipe whose closing ends the thread wherever it waits.
    private let stopPipe: Mutex<Int32>
    private let ended = DispatchSemaphore(value: 0)

    /// Begins to listen and to play. `patience` is how long a `C:` step waits for the client.
    package init(_ dialogue: Dialogue, patience: Duration = .seconds(20)) throws {
        let listener: Int32
        (listener, port) = try Self.listen()
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ScriptedServerError("pipe", errno) }
        stopPipe = Mutex(ends[1])
        let run = ScriptedRun(
            dialogue: dialogue, listener: listener, stop: ends[0], patience: patience, record: record)
        let thread = Thread { [ended] in
            run.serve()
            ended.signal()
        }
        thread.name = "scripted server"
        thread.start()
    }

    deinit { stop() }

    /// Ends the server: what has arrived is still compared, open connections are closed, the port refuses.
    package func stop() {
        let first = stopPipe.withLock { descriptor in
            guard descriptor >= 0 else { return false }
            _ = close(descriptor)
            descriptor = -1
            return true
        }
        if first { ended.wait() }
    }

    /// What each connection has sent so far, octet for octet.
    package var received: [[UInt8]] { record.state.withLock { $0.received } }
    /// The same as text, one string a connection.
    package var receivedText: [String] { received.map { String(decoding: $0, as: UTF8.self) } }
    /// The messages that `MESSAGE` steps read.
    package var messages: [[UInt8]] { record.state.withLock { $0.messages } }
    package var mismatches: [String] { record.state.withLock { $0.mismatches } }
    /// How many connections were played to their last step.
    package var finishedConnections: Int { record.state.withLock { $0.finished } }

    /// Stops the server, and fails the test if a client said something else than the dialogue, or not all of it.
    package func verify(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        stop()
        for mismatch in mismatches {
            Issue.record("scripted server: \(mismatch)", sourceLocation: sourceLocation)
        }
    }

    static func listen() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw ScriptedServerError("socket", errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(listener, plain, length) == 0 && Glibc.listen(listener, 16) == 0
                    && getsockname(listener, plain, &length) == 0
            }
        }
        guard bound else { throw ScriptedServerError("bind", errno) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}

package struct ScriptedServerError: Error, CustomStringConvertible {
    package let description: String
    init(_ call: String, _ number: Int32) { description = "\(call): \(String(cString: strerror(number)))" }
}
