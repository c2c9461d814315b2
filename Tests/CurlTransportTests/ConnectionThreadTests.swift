import CurlTransport
import Foundation
import Synchronization
import Testing

/// An actor on a thread of its own, as the sessions are.
private actor Blocking {
    private nonisolated let thread: ConnectionThread
    private let ended: EndMark?
    private(set) var order: [Int] = []
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(name: String, ended: EndMark? = nil) {
        thread = ConnectionThread(name: name)
        self.ended = ended
    }

    isolated deinit { ended?.set(threadName()) }

    func threadName() -> String { currentThreadName() }
    func add(_ number: Int) { order.append(number) }
    func block(on gate: DispatchSemaphore) { gate.wait() }
    func isolated() { preconditionIsolated() }
}

private func currentThreadName() -> String {
    (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))?.trimmingCharacters(in: .newlines) ?? ""
}

private final class EndMark: Sendable {
    private let name = Mutex<String?>(nil)
    private let gate = DispatchSemaphore(value: 0)
    func set(_ value: String) {
        name.withLock { $0 = value }
        gate.signal()
    }
    func wait() -> String? {
        _ = gate.wait(timeout: .now() + 10)
        return name.withLock { $0 }
    }
}

private func threads(named name: String) -> Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return tasks.count { task in
        let comm = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
        return comm?.trimmingCharacters(in: .newlines) == name
    }
}

struct ConnectionThreadTests {
    @Test("an actor's code runs on the thread that was made for it, in order")
    func runsThere() async {
        let actor = Blocking(name: "ct-order-投诉")
        #expect(await actor.threadName().hasPrefix("ct-order-"))
        for number in 0..<100 { await actor.add(number) }
        #expect(await actor.order == Array(0..<100))
        await actor.isolated()
    }

    @Test("actors that block hold up nobody, not even where there are more of them than cores")
    func blocking() async {
        let gate = DispatchSemaphore(value: 0)
        let actors = (0..<32).map { Blocking(name: "ct-block-\($0)") }
        await withTaskGroup(of: Void.self) { group in
            for actor in actors { group.addTask { await actor.block(on: gate) } }
            // The pool is free: this runs while all of them block.
            group.addTask { for _ in actors { gate.signal() } }
        }
    }

    @Test("the thread ends when the actor is gone, and the actor ends on its thread")
    func ends() async {
        let mark = EndMark()
        do {
            let actor = Blocking(name: "ct-ends", ended: mark)
            _ = await actor.threadName()
            #expect(threads(named: "ct-ends") == 1)
        }
        #expect(mark.wait() == "ct-ends")
        let limit = ContinuousClock.now + .seconds(10)
        while threads(named: "ct-ends") > 0 && .now < limit { await Task.yield() }
        #expect(threads(named: "ct-ends") == 0)
    }

    @Test("a thread whose actor never did anything ends too")
    func unused() async {
        do { _ = Blocking(name: "ct-unused") }
        let limit = ContinuousClock.now + .seconds(10)
        while threads(named: "ct-unused") > 0 && .now < limit { await Task.yield() }
        #expect(threads(named: "ct-unused") == 0)
    }
}
