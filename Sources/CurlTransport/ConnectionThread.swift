internal import CSystemShim
internal import Glibc

/// An OS thread as the executor of one actor: what the actor does may block, and nobody else waits for it.
///
/// Give the actor `nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }`. The
/// thread starts with the value and ends after the last job when the value is gone: every queued job holds the value,
/// so the executor outlives what runs on it. Jobs run in the order in which they came.
package final class ConnectionThread: SerialExecutor {
    private let queue: JobQueue

    /// The name shows in `top -H`, `ps -L` and debuggers; Linux keeps 15 bytes of it.
    package init(name: String) {
        queue = JobQueue(name: name)
        queue.startThread()
    }

    deinit { queue.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.append(JobQueue.Entry(job: UnownedJob(job), executor: self))
    }

    package func checkIsolated() {
        precondition(queue.isCurrentThread, "called from outside of the connection's thread")
    }
}

/// The queue between those who call and the thread. It outlives the `ConnectionThread`, because the thread holds it.
///
/// `@unchecked Sendable`: everything that changes is touched with the mutex locked only.
private final class JobQueue: @unchecked Sendable {
    struct Entry {
        let job: UnownedJob
        let executor: ConnectionThread
    }

    private let name: String
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var entries: [Entry] = []
    private var isClosed = false
    private var thread: pthread_t?

    init(name: String) {
        self.name = name
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        precondition(pthread_mutex_init(mutex, nil) == 0 && pthread_cond_init(changed, nil) == 0)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)  // a TLS handshake needs some, 8 MiB are for nothing
        var created = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &created, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        // Without a thread the actor would wait for ever. This is the process's own limit (RLIMIT_NPROC, TasksMax=).
        precondition(status == 0, "no thread for a connection (error \(status)): raise TasksMax= of the unit")
    }

    var isCurrentThread: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard let thread else { return false }
        return pthread_equal(thread, pthread_self()) != 0
    }

    func append(_ entry: Entry) {
        pthread_mutex_lock(mutex)
        entries.append(entry)
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
    }

    private func run() {
        system_name_this_thread(name)
        pthread_mutex_lock(mutex)
        thread = pthread_self()
        pthread_mutex_unlock(mutex)
        while let entries = takeEntries() {
            for entry in entries { entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor()) }
        }
    }

    /// Waits for jobs; nil when there are none and none can come. The entries leave the queue as a whole and are let go
    /// after they ran, outside of the lock: letting one go may end the executor, which calls `close()`.
    private func takeEntries() -> [Entry]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while entries.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
        guard !entries.isEmpty else { return nil }
        defer { entries = [] }
        return entries
    }
}
