import Foundation
import Glibc

/// A message that reached the sink, which stands for the rest of the world.
package struct SinkMessage: Sendable {
    /// The arguments of MAIL and of each RCPT, as the sink got them: `<ada@example.com>`.
    package let mail: String
    package let recipients: [String]
    /// The message with CRLF; without what the sink puts in front, with the Received fields of the relays before it.
    package let bytes: [UInt8]

    /// The same without the Received fields that relays put in front: what the sender wrote.
    package var asWritten: [UInt8] {
        var rest = bytes[...]
        while rest.starts(with: Array("Received:".utf8)) {
            repeat { rest = rest.drop { $0 != 10 }.dropFirst() } while rest.first == 32 || rest.first == 9
        }
        return Array(rest)
    }

    /// Reads a file of the sink. `smtp-sink` writes lines with LF, envelope and its own Received field first, and an
    /// empty line at the end.
    init(file: [UInt8]) {
        var mail = ""
        var recipients: [String] = []
        var rest = file[...]
        while rest.starts(with: Array("X-".utf8)) {
            let line = String(decoding: rest.prefix { $0 != 10 }, as: UTF8.self)
            rest = rest.drop { $0 != 10 }.dropFirst()
            guard let colon = line.firstIndex(of: ":") else { break }
            let value = String(line[colon...].dropFirst(2))
            switch line[..<colon] {
            case "X-Mail-Args": mail = value
            case "X-Rcpt-Args": recipients.append(value)
            default: break
            }
        }
        if rest.starts(with: Array("Received:".utf8)) {
            repeat { rest = rest.drop { $0 != 10 }.dropFirst() } while rest.first == 9
        }
        if rest.last == 10 { rest = rest.dropLast() }
        self.mail = mail
        self.recipients = recipients
        bytes = rest.reduce(into: []) { result, byte in
            if byte == 10 { result.append(13) }
            result.append(byte)
        }
    }
}

extension MailHost {
    private var sinkFolder: URL { folder.appending(path: "sink") }

    /// How many messages have reached the sink.
    package var sinkCount: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: sinkFolder.path).count) ?? 0
    }

    /// The sink's messages once there are `count` of them and Postfix has nothing left to send; after `patience` those
    /// that are there.
    package func sinkMessages(
        atLeast count: Int = 0, patience: Duration = .seconds(20)
    ) throws -> [SinkMessage] {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if try sinkCount >= count && command("queue").contains("queue is empty") { break }
            usleep(20_000)  // nothing tells us when a relay has done its work
        }
        return try FileManager.default.contentsOfDirectory(atPath: sinkFolder.path).sorted().compactMap { name in
            FileManager.default.contents(atPath: sinkFolder.appending(path: name).path).map {
                SinkMessage(file: [UInt8]($0))
            }
        }
    }

    /// A user's messages in a mailbox, in order of UID, as Dovecot gives them: with LF, and with the
    /// fields that delivery puts in front.
    package func messages(of user: String = "support", in mailbox: String = "INBOX") throws -> [String] {
        let text = try command("doveadm", "fetch", "-u", "\(user)@\(domain)", "text", "mailbox", mailbox, "all")
        let mark = "text:\nReturn-Path: "  // LMTP puts this field in front of every message
        return "\n\(text)".components(separatedBy: "\n\(mark)").dropFirst().map { "Return-Path: \($0)" }
    }
}
