import Glibc
import Synchronization

/// The socket of one client, and the orders that other threads give to who serves it.
package final class FakeLine: Sendable {
    package enum Order: Sendable, Equatable {
        /// Say to who idles what has changed.
        case announce
        case say(String)
        case drop, reset
        /// Read on, and never answer again.
        case stall
    }

    enum Event { case input([UInt8]), orders([Order]), closed, timedOut }

    private let socket: Int32
    private let bell: (reader: Int32, writer: Int32)
    private let orders = Mutex<(list: [Order], isClosed: Bool)>(([], false))

    init?(socket: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        (self.socket, bell) = (socket, (ends[0], ends[1]))
    }

    /// From any thread.
    func give(_ order: Order) {
        orders.withLock { orders in
            guard !orders.isClosed else { return }
            orders.list.append(order)
            var byte: UInt8 = 0
            _ = write(bell.writer, &byte, 1)
        }
    }

    func close() {
        orders.withLock { orders in
            orders.isClosed = true
            for descriptor in [socket, bell.reader, bell.writer] { _ = Glibc.close(descriptor) }
        }
    }

    /// The next thing that happens. With `hearing` false input is left unread until the client goes away.
    func next(within patience: Duration? = nil, hearing: Bool = true) -> Event {
        let hungUp: Int16 = 0x2000  // POLLRDHUP, which the Glibc module does not show
        var sources = [
            pollfd(fd: socket, events: hearing ? Int16(POLLIN) : hungUp, revents: 0),
            pollfd(fd: bell.reader, events: Int16(POLLIN), revents: 0),
        ]
        let limit = patience.map { Int32(max(0, $0 / .milliseconds(1)).rounded(.up)) } ?? -1
        var ready: Int32
        repeat { ready = poll(&sources, 2, limit) } while ready < 0 && errno == EINTR
        if ready == 0 { return .timedOut }
        if sources[1].revents != 0 { return .orders(takeOrders()) }
        guard hearing else { return .closed }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? .input(Array(buffer[..<count])) : .closed
    }

    private func takeOrders() -> [Order] {
        orders.withLock { orders in
            var buffer = [UInt8](repeating: 0, count: 256)
            _ = read(bell.reader, &buffer, min(buffer.count, max(1, orders.list.count)))
            defer { orders.list = [] }
            return orders.list
        }
    }

    /// False when the client has gone away.
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// The close that follows is a TCP reset.
    func hardenClose() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    }
}
