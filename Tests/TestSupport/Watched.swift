import Dispatch
import Foundation
import Synchronization

/// A locked value that tests can wait on: threads change it, and a test goes on in the moment its condition holds.
/// Nothing looks again and again, and nothing pauses.
package final class Watched<Value: Sendable>: Sendable {
    private struct Waiter {
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Box {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
    }

    private let box: Mutex<Box>

    package init(_ value: Value) { box = Mutex(Box(value: value)) }

    package var value: Value { box.withLock { $0.value } }

    /// Changes the value and wakes those whose condition holds now.
    @discardableResult
    package func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        let (result, ready) = box.withLock { box in
            let result = body(&box.value)
            let value = box.value
            let ready = box.waiters.filter { $0.value.condition(value) }
            for key in ready.keys { box.waiters[key] = nil }
            return (result, ready.values.map(\.continuation))
        }
        for continuation in ready { continuation.resume(returning: true) }
        return result
    }

    /// Waits until the condition holds; false when it does not in time.
    package func wait(
        patience: Duration = .seconds(10), until condition: @escaping @Sendable (Value) -> Bool
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            let number: Int? = box.withLock { box in
                if condition(box.value) { return nil }
                box.nextWaiter += 1
                box.waiters[box.nextWaiter] = Waiter(condition: condition, continuation: continuation)
                return box.nextWaiter
            }
            guard let number else { return continuation.resume(returning: true) }
            let seconds = patience / .seconds(1)
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in self?.giveUp(number) }
        }
    }

    private func giveUp(_ number: Int) {
        let waiter = box.withLock { $0.waiters.removeValue(forKey: number) }
        waiter?.continuation.resume(returning: false)
    }
}
