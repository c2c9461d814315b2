import CurlTransport
import Glibc
import TestSupport
import Testing

@Suite struct SocketTests {
    @Test("the kernel gives up on a peer that acknowledges nothing for a minute (tcp(7), TCP_USER_TIMEOUT)")
    func userTimeout() async throws {
        try await withScriptedServer("LOGIN imap") { server in
            let line = Line()
            try await line.open(port: server.port)
            let descriptor = try #require(socketConnected(to: server.port))
            var milliseconds: UInt32 = 0
            var size = socklen_t(MemoryLayout<UInt32>.size)
            #expect(getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, &size) == 0)
            #expect(milliseconds == 60_000)
            var keepAlive: Int32 = 0
            size = socklen_t(MemoryLayout<Int32>.size)
            #expect(getsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &keepAlive, &size) == 0)
            #expect(keepAlive == 1)
            await line.close()
        }
    }
}

/// Our end of the connection to a port of 127.0.0.1.
private func socketConnected(to port: Int) -> Int32? {
    for descriptor in 3..<Int32(1_024) {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
        }
        if status == 0, address.sin_family == sa_family_t(AF_INET), Int(UInt16(bigEndian: address.sin_port)) == port {
            return descriptor
        }
    }
    return nil
}
