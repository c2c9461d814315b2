/// TestSupport: what the tests of several rooms share: finding fixtures, temporary folders, scripted peers.
package import Foundation

/// Folders of the checkout, found from where this source file stands.
package enum Checkout {
    package static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    package static let fixtures = root.appending(path: "fixtures")

    /// A fixture's bytes; traps when it is missing, because then the test itself is broken.
    package static func fixture(_ path: String) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: fixtures.appending(path: path).path) else {
            preconditionFailure("fixture \(path) is missing")
        }
        return [UInt8](data)
    }
}

/// A folder that is gone when the value is.
package final class TemporaryFolder: Sendable {
    package let url: URL
    package var path: String { url.path }

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "postroom-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
