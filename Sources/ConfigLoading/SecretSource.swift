import CurlTransport
import Foundation
import Rules
import Vocabulary

/// Reads secrets from where the configuration says they are. They never stand in a file that is backed up, shown to a
/// colleague or put under version control together with the rest.
///
///     password: { credential: imap-support }       systemd's LoadCredential= (systemd.exec(5)): the safest
///     password: { file: /etc/postroom-secrets/x }  not readable by others
///     password: { env: POSTROOM_IMAP_PASSWORD }    for containers and tests
struct SecretReader {
    let environment: [String: String]
    let folder: ConfigFolder
    let loading: SecretLoading

    private static let remedy =
        "name where it is: { credential: NAME }, { file: PATH } or { env: NAME }"

    /// Nil, and a problem, when there is none. A problem never repeats what stands in the file.
    func secret(_ value: ConfigValue) -> Secret? {
        if value.scalar != nil {
            value.report(
                value.isEmpty
                    ? "there is no value; \(Self.remedy)"
                    : "a secret must not stand in this file; change it, since it was readable here, and \(Self.remedy)")
            return nil
        }
        guard let table = value.table("a secret") else { return nil }
        let sources = ["credential", "file", "env"].compactMap { kind in table[kind].map { (kind, $0) } }
        table.finish()
        guard sources.count == 1, let (kind, place) = sources.first else {
            if sources.isEmpty == false || table.all.isEmpty {
                value.report("a secret has exactly one place; \(Self.remedy)")
            }
            return nil
        }
        guard let name = place.text("a name") else { return nil }
        if loading == .skipped { return Secret("") }
        let found =
            switch kind {
            case "credential": credential(name, at: place)
            case "file": file(folder.absolute(name), at: place)
            default: variable(name, at: place)
            }
        guard let found else { return nil }
        guard !found.isEmpty else {
            place.report("the secret there is empty")
            return nil
        }
        return Secret(found)
    }

    private func credential(_ name: String, at place: ConfigValue) -> String? {
        guard !name.contains("/"), !name.hasPrefix(".") else {
            place.report("\(name) is no name of a credential; write the name of LoadCredential=NAME:path, or use file:")
            return nil
        }
        guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else {
            place.report(
                "credential \(name): CREDENTIALS_DIRECTORY is not set, so this was not started by systemd with "
                    + "LoadCredential=\(name):…; outside of it set the variable to a folder with a file \(name)")
            return nil
        }
        guard let text = contents(directory + "/" + name) else {
            place.report(
                "credential \(name) is not in $CREDENTIALS_DIRECTORY; add LoadCredential=\(name):… to the unit")
            return nil
        }
        return text
    }

    private func file(_ path: String, at place: ConfigValue) -> String? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            place.report("\(path) does not exist or cannot be reached")
            return nil
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard mode & 0o007 == 0 else {
            place.report("\(path) can be read or changed by everybody; chmod o= it")
            return nil
        }
        guard let text = contents(path) else {
            place.report("\(path) cannot be read; give it to the user that runs postroom")
            return nil
        }
        return text
    }

    private func variable(_ name: String, at place: ConfigValue) -> String? {
        guard let text = environment[name] else {
            place.report("environment variable \(name) is not set")
            return nil
        }
        return text
    }

    /// Without the line end that editors add.
    private func contents(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64 << 10,
            var text = String(data: data, encoding: .utf8)
        else { return nil }
        if text.hasSuffix("\r\n") { text.removeLast() } else if text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}
