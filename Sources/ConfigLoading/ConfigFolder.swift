import Digest
import Foundation
import Replies
import Vocabulary
import Yams

/// A path that a file names, with its place; relative ones are taken from the configuration's folder.
struct ConfigPath {
    let path: String
    /// Nil for a default, which need not exist.
    let location: SourceLocation?
}

/// A file of a configuration as it was read: named from the configuration's folder.
package struct ConfigSource: Sendable, Hashable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// The folder of the configuration, on the disk or as it was when it was stored. Every file is read once, and its content
/// goes into the version.
final class ConfigFolder {
    let path: String
    private let problems: ProblemList
    /// The files of a stored configuration; nil: those on the disk.
    private let stored: [String: [UInt8]]?
    private var contents: [ConfigSource] = []
    /// Nobody writes that much by hand; a log or a database put here by mistake is not read.
    private static let sizeLimit = 4 << 20

    init(path: String, stored: [ConfigSource]? = nil, problems: ProblemList) {
        self.path = path
        self.stored = stored.map { Dictionary($0.map { ($0.name, $0.bytes) }) { first, _ in first } }
        self.problems = problems
    }

    /// All files read so far, by name.
    var sources: [ConfigSource] { contents.sorted { $0.name < $1.name } }

    func exists(_ name: String) -> Bool {
        stored.map { $0[name] != nil } ?? FileManager.default.fileExists(atPath: absolute(name))
    }

    /// The path in the file system.
    func absolute(_ name: String) -> String { name.hasPrefix("/") ? name : path + "/" + name }

    /// Short digest over names and contents of all files read so far, sorted by name: the same files give the same
    /// version on every machine.
    func digest() -> String {
        var hasher = SHA256Hasher()
        for source in sources {
            hasher.update(Array("\(source.name)\n\(source.bytes.count)\n".utf8))
            hasher.update(source.bytes)
        }
        return String(hasher.finalize().hex.prefix(12))
    }

    /// The content as text without a byte order mark; nil, and a problem, when it cannot be read.
    func text(_ name: String, required: Bool) -> String? {
        problems.noteFile(name)
        let place = SourceLocation(file: name)
        guard exists(name) else {
            if required {
                problems.report(place, "does not exist; begin with the sample of etc/postroom")
            }
            return nil
        }
        guard let data = stored?[name] ?? FileManager.default.contents(atPath: absolute(name)).map({ [UInt8]($0) })
        else {
            problems.report(place, "cannot be read; give the user that runs postroom the right to read it")
            return nil
        }
        guard data.count <= Self.sizeLimit else {
            problems.report(place, "is \(data.count >> 20) MB long; a configuration file has at most 4 MB: split it")
            return nil
        }
        var bytes = data
        contents.append(ConfigSource(name: name, bytes: bytes))
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            problems.report(place, "is not UTF-8; save it as UTF-8")
            return nil
        }
        return text
    }

    /// The root of a YAML file; nil when there is none or it cannot be read.
    func yaml(_ name: String, required: Bool) -> ConfigValue? {
        guard let text = text(name, required: required) else { return nil }
        do {
            guard let node = try Yams.compose(yaml: text, .basic) else {
                if required { problems.report(SourceLocation(file: name, line: 1), "is empty") }
                return nil
            }
            return ConfigValue(node: node, file: name, problems: problems)
        } catch {
            let (location, message) = yamlProblem(error, file: name, text: text)
            problems.report(location, message)
            return nil
        }
    }

    /// Files of a folder with that ending, by name. Others are problems, so that a mistyped name is not passed over in
    /// silence; hidden files and editors' copies are nobody's mistake.
    func files(_ folder: ConfigPath, ending: String) -> [String] {
        guard let names = list(folder) else { return [] }
        return names.compactMap { name in
            let file = folder.path + "/" + name
            if name.hasSuffix(ending) { return file }
            if !name.hasPrefix("."), !name.hasSuffix("~"), !name.hasSuffix(".md"), !name.hasSuffix(".bak"),
                !name.hasSuffix(".off")
            {
                problems.report(
                    SourceLocation(file: file),
                    "is not read: files here end in \(ending); rename it (to .off to switch it off)")
            }
            return nil
        }
    }

    /// `templates/<language>/<name>.mustache`.
    func templates(_ folder: ConfigPath) -> [TemplateSource] {
        guard let languages = list(folder) else { return [] }
        return languages.filter { !$0.hasPrefix(".") && isFolder(folder.path + "/" + $0) }.flatMap { language in
            files(ConfigPath(path: folder.path + "/" + language, location: nil), ending: TemplateSource.fileExtension)
                .compactMap { file in
                    text(file, required: false).flatMap { TemplateSource(path: file, text: $0) }
                }
        }
    }

    private func list(_ folder: ConfigPath) -> [String]? {
        if let stored {
            let names = stored.keys.filter { $0.hasPrefix(folder.path + "/") }.compactMap {
                $0.dropFirst(folder.path.count + 1).split(separator: "/").first.map(String.init)
            }
            return Set(names).sorted()
        }
        if let names = try? FileManager.default.contentsOfDirectory(atPath: absolute(folder.path)) {
            return names.sorted()
        }
        if let location = folder.location {
            problems.report(location, "folder \(folder.path) does not exist or cannot be read")
        }
        return nil
    }

    private func isFolder(_ name: String) -> Bool {
        if let stored { return stored.keys.contains { $0.hasPrefix(name + "/") } }
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: absolute(name), isDirectory: &isFolder) && isFolder.boolValue
    }
}
