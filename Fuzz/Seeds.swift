import Foundation
import MIME

/// Cuts the mails below a folder into first inputs, a folder for each target; other files than mails are files of a mail.
func writeSeeds(ofFilesIn folder: String, to out: String) {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for path in files.sorted() {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else { continue }
        let bytes = [UInt8](data)
        guard path.hasSuffix(".eml") else {
            if !path.hasSuffix(".json") { write([[0] + bytes], to: "\(out)/files") }
            continue
        }
        write([bytes, withCRLF(bytes)], to: "\(out)/raw")
        write([MailAlphabet.input(of: bytes[...])], to: "\(out)/mail")
        let message = Message(parsing: bytes)
        write(message.parts.flatMap { fields($0.header) }, to: "\(out)/fields")
        write(message.parts.compactMap { text($0, of: message) }, to: "\(out)/charsets")
        let enclosed = message.parts.filter { $0.mediaType.hasSuffix("ms-tnef") }
        write(enclosed.map { message.decoded($0) }, to: "\(out)/tnef")
        write(message.contents.attachments.map { [0] + message.decoded($0.part) }, to: "\(out)/files")
    }
}

private func fields(_ header: Header) -> [[UInt8]] {
    var inputs: [[UInt8]] = []
    for (place, name) in FuzzedField.names.enumerated() {
        let selector = UInt8(place)
        for body in header.allRaw(name) {
            inputs.append([selector] + Array(body))
            inputs.append([selector | FuzzedField.inReport] + Array(body))
            inputs.append([selector | FuzzedField.byAlphabet] + MailAlphabet.input(of: Array(body)[...]))
        }
    }
    return inputs
}

private func text(_ part: Part, of message: Message) -> [UInt8]? {
    guard part.kind == .leaf, let charset = FuzzedText.charsets.firstIndex(of: part.charset ?? "") else { return nil }
    let encoding = FuzzedText.encodings.firstIndex(of: part.transferEncoding ?? "") ?? 0
    return [UInt8(charset), UInt8(encoding)] + message.raw(part).prefix(2000)
}

private func withCRLF(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { $0 == 10 ? [13, 10] : [$0] }
}

/// The name of a seed comes from its bytes: the same again is no new file.
private func write(_ inputs: [[UInt8]], to folder: String) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for input in inputs {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in input { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let path = "\(folder)/seed-\(String(hash, radix: 16))"
        if !FileManager.default.createFile(atPath: path, contents: Data(input)) { complain("cannot write \(path)") }
    }
}
