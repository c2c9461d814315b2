import Foundation

/// Messages in files: `.eml`, mbox, Maildir, a folder of any of these, or standard input.
enum MessageFiles {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Calls `use` with an id (the file's name without `.eml`; `name#n` in an mbox) and the bytes of each message, in
    /// the order of names.
    static func each(in path: String, _ use: (String, [UInt8]) throws -> Void) throws {
        if path == "-" {
            return try use("-", [UInt8](FileHandle.standardInput.readDataToEndOfFile()))
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(description: "\(path): no such file or folder")
        }
        if !isFolder.boolValue { return try file(path, use) }
        let maildir = ["cur", "new"].map { path + "/" + $0 }
        let isMaildir = maildir.allSatisfy { FileManager.default.fileExists(atPath: $0) }
        for folder in isMaildir ? maildir : [path] {
            for name in try names(in: folder) where isMaildir || name.hasSuffix(".eml") || name.hasSuffix(".mbox") {
                try file(folder + "/" + name, use)
            }
        }
    }

    private static func names(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw Failure(description: "\(folder): cannot be listed; are you allowed to read it?")
        }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func file(_ path: String, _ use: (String, [UInt8]) throws -> Void) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(description: "\(path): cannot be read; are you allowed to?")
        }
        let bytes = [UInt8](data)
        let name = (path as NSString).lastPathComponent
        let id = name.hasSuffix(".eml") ? String(name.dropLast(4)) : name
        guard isMbox(bytes, name: name) else { return try use(id, bytes) }
        for (index, message) in splitMbox(bytes).enumerated() { try use("\(id)#\(index + 1)", message) }
    }

    /// An `.eml` may begin with a stray `From ` line, which the parser reads as a defect; it is no mbox for that.
    private static func isMbox(_ bytes: [UInt8], name: String) -> Bool {
        !name.hasSuffix(".eml") && bytes.starts(with: Array("From ".utf8))
    }

    /// The messages of an mbox (RFC 4155, the mboxrd variant: `>From ` at the start of a line loses one `>`).
    private static func splitMbox(_ bytes: [UInt8]) -> [[UInt8]] {
        let separator = Array("From ".utf8)
        var messages: [[UInt8]] = [], lineStart = 0, afterEmptyLine = true
        while lineStart < bytes.count {
            let lineEnd = bytes[lineStart...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            let line = bytes[lineStart..<lineEnd]
            if afterEmptyLine, line.starts(with: separator) {
                messages.append([])
            } else if !messages.isEmpty {
                messages[messages.count - 1].append(contentsOf: unquoted(line))
            }
            afterEmptyLine = line.allSatisfy { $0 == 0x0A || $0 == 0x0D }
            lineStart = lineEnd
        }
        return messages
    }

    private static func unquoted(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.first == UInt8(ascii: ">"),
            line.drop(while: { $0 == UInt8(ascii: ">") }).starts(with: Array("From ".utf8))
        else { return line }
        return line.dropFirst()
    }
}
