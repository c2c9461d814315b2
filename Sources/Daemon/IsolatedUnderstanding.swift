import CSystemShim
import CurlTransport
import Foundation
import Glibc
package import IMAPClient
import Logging
import MIME
package import Triage

/// Understands messages in a child process: for those that were being worked on when the process died.
///
/// The child is this same program (`postroom understand-marked`). It gets one message at a time on standard input and
/// hands the understanding back on standard output; it has no store, no network use and limits on CPU and memory. If it
/// dies or takes too long, a new one is started for the next message; what to do about the message is the caller's.
///
/// A frame is a length of four bytes, most significant first, then that many bytes. A length with its highest bit set is
/// that of the path of a file, for messages too large for memory.
package actor IsolatedUnderstanding {
    package struct Failure: Error, CustomStringConvertible, Sendable {
        package let description: String
        /// There is no working child at all (no process, bad configuration): no message can be blamed for that.
        package var isUnavailable = false
    }

    /// Limits of the child.
    package struct Limits: Sendable {
        package var secondsPerMessage = 20
        package var cpuSeconds: UInt64 = 120
        package var addressSpaceBytes: UInt64 = 2 << 30
        package init() {}
    }

    private let arguments: [String]
    private let limits: Limits
    private var child: Child?
    private nonisolated let thread = ConnectionThread(name: "isolated")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `arguments`: how the program is called to read frames, the program itself first.
    package init(arguments: [String], limits: Limits = Limits()) {
        self.arguments = arguments
        self.limits = limits
    }

    /// The understanding, or why there is none. Of a file the child is told the path.
    package func understand(_ content: FetchedContent) throws(Failure) -> Understanding {
        let child = try startedChild()
        do throws(Failure) {
            let answer = try child.exchange(content, seconds: limits.secondsPerMessage)
            guard let understanding = try? JSONDecoder().decode(Understanding.self, from: Data(answer)) else {
                throw Failure(description: "the child's answer could not be read")
            }
            return understanding
        } catch {
            self.child = nil
            throw Failure(description: error.description + child.end())
        }
    }

    /// Ends the child, if there is one.
    package func finish() {
        _ = child?.end()
        child = nil
    }

    private func startedChild() throws(Failure) -> Child {
        if let child { return child }
        do throws(Failure) {
            let started = try Child(arguments: arguments, limits: limits)
            // An empty frame says that it has loaded its configuration and waits.
            guard try started.read(seconds: limits.secondsPerMessage).isEmpty else {
                throw Failure(description: "the child said something before it was asked")
            }
            child = started
            return started
        } catch {
            throw Failure(
                description: "no child process to understand mail in: \(error.description)", isUnavailable: true)
        }
    }
}

/// A running child and the two pipes to it. Used on one thread.
private final class Child {
    private let process: pid_t
    private let toChild: Int32
    private let fromChild: Int32
    private var isRunning = true

    init(arguments: [String], limits: IsolatedUnderstanding.Limits) throws(IsolatedUnderstanding.Failure) {
        var down: [Int32] = [-1, -1], up: [Int32] = [-1, -1]
        guard system_pipe(&down) == 0 else { throw .init(description: "no pipe to a child: error \(errno)") }
        guard system_pipe(&up) == 0 else {
            down.forEach { _ = close($0) }
            throw .init(description: "no pipe from a child: error \(errno)")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, down[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, up[1], STDOUT_FILENO)
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var started = pid_t()
        let status = posix_spawn(&started, arguments[0], &actions, nil, &pointers, environ)
        close(down[0])
        close(up[1])
        guard status == 0 else {
            close(down[1])
            close(up[0])
            throw .init(description: "no child process: error \(status)")
        }
        (process, toChild, fromChild) = (started, down[1], up[0])
        // It has no right to more than a hostile message should get.
        _ = system_limit_address_space(started, limits.addressSpaceBytes)
        _ = system_limit_cpu_seconds(started, limits.cpuSeconds)
        _ = system_limit_core_size(started, 0)
    }

    deinit { _ = end() }

    func exchange(_ content: FetchedContent, seconds: Int) throws(IsolatedUnderstanding.Failure) -> [UInt8] {
        switch content {
        case .bytes(let bytes): try write(bigEndian(bytes.count) + bytes)
        case .file(let file): try write(bigEndian(file.path.utf8.count | pathBit) + Array(file.path.utf8))
        }
        return try read(seconds: seconds)
    }

    /// The next frame.
    func read(seconds: Int) throws(IsolatedUnderstanding.Failure) -> [UInt8] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        let head = try read(4, until: deadline)
        return try read(head.reduce(0) { $0 << 8 | Int($1) }, until: deadline)
    }

    private func bigEndian(_ count: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    }

    private func write(_ bytes: [UInt8]) throws(IsolatedUnderstanding.Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(toChild, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw .init(description: "the child ended while it was given the message") }
            rest = rest.dropFirst(written)
        }
    }

    private func read(
        _ count: Int, until deadline: ContinuousClock.Instant
    ) throws(IsolatedUnderstanding.Failure) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while result.count < count {
            let left = ContinuousClock.now.duration(to: deadline)
            let milliseconds = Int32(
                clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000)
            var waiting = pollfd(fd: fromChild, events: Int16(POLLIN), revents: 0)
            guard milliseconds > 0, poll(&waiting, 1, milliseconds) > 0 else {
                throw .init(description: "the child took too long")
            }
            let got = Glibc.read(fromChild, &buffer, min(buffer.count, count - result.count))
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw .init(description: "the child ended while it understood the message") }
            result.append(contentsOf: buffer[..<got])
        }
        return result
    }

    /// Ends it and says how it ended, for the reason that is recorded: ` (signal 6)`.
    func end() -> String {
        guard isRunning else { return "" }
        isRunning = false
        close(toChild)
        close(fromChild)
        // A child that has died is not hurt by this; one that hangs must not be waited for.
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 || signal == SIGKILL ? "" : " (signal \(signal))"
    }
}

/// In a frame's length.
private let pathBit = 1 << 31

/// The child's side: reads frames from standard input until it ends, and answers each.
package enum MarkedMessageServer {
    package static func run(options: TriageOptions) {
        _ = system_signal_when_parent_dies(SIGKILL)
        FileHandle.standardOutput.write(Data([0, 0, 0, 0]))
        while let head = readExactly(4) {
            let length = head.reduce(0) { $0 << 8 | Int($1) }
            guard let bytes = readExactly(length & ~pathBit) else { return }
            FaultPoint.beforeUnderstanding(bytes)
            var content = MessageBytes(bytes)
            if length & pathBit != 0 {
                guard let mapped = MappedFile.bytes(of: String(decoding: bytes, as: UTF8.self)) else { return }
                content = mapped
            }
            let understanding = Triage.understand(Message(parsing: content), options: options)
            guard let data = try? JSONEncoder().encode(understanding) else { return }
            let answer = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: data.count >> $0) } + [UInt8](data)
            FileHandle.standardOutput.write(Data(answer))
        }
    }

    private static func readExactly(_ count: Int) -> [UInt8]? {
        var result = [UInt8](repeating: 0, count: count), filled = 0
        while filled < count {
            let got = result.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress! + filled, count - filled) }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { return nil }
            filled += got
        }
        return result
    }
}
