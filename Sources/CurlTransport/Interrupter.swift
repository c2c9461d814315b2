internal import CSystemShim
internal import Glibc
internal import Synchronization

/// The one way into a connection from another thread: wakes its `poll(2)`.
///
/// Two strengths. `interrupt()` ends a wait for news (an IDLE) and leaves a running command alone; when nothing waits for
/// news it is remembered for the next wait. `abort()` ends every wait, for good.
package final class Interrupter: Sendable {
    /// Readable when something was asked for since the flags were last looked at.
    let event: Int32
    private let interrupted = Atomic(false)
    private let aborted = Atomic(false)

    package init() {
        event = system_event_create()
        // Out of descriptors: the connection that comes next will fail with an error that says so.
    }

    deinit { if event >= 0 { close(event) } }

    package func interrupt() {
        interrupted.store(true, ordering: .releasing)
        wake()
    }

    package func abort() {
        aborted.store(true, ordering: .releasing)
        wake()
    }

    package var isAborted: Bool { aborted.load(ordering: .acquiring) }

    /// Whether an interruption is pending; it is used up by asking.
    package func takeInterruption() -> Bool { interrupted.exchange(false, ordering: .acquiringAndReleasing) }

    /// Makes the event unreadable. Call it before the flags are looked at, never after: a flag that is set in between
    /// then makes the event readable again.
    func clear() { if event >= 0 { system_event_clear(event) } }

    private func wake() { if event >= 0 { system_event_signal(event) } }
}
