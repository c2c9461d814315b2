import Foundation
import HostileMail
import MIME

/// MIMEBenchmark: what reading mail costs. `gmime_driver.c` does the same work with GMime; `scripts/bench-mime` runs both.
/// Each call prints one JSON line.
///
///     MIMEBenchmark FOLDER SECONDS             CPU time of whole passes over all mails of a folder
///     MIMEBenchmark --memory FILE              the most memory that reading and decoding one mail takes
///     MIMEBenchmark --mapped FILE              the same with the file mapped and decoded in pieces
///     MIMEBenchmark --hostile NUMBER [COUNT]   time and memory of one hostile mail (`HostileMail.all`)
///
/// The work: parse from memory, the fields that everybody asks for, every leaf decoded, text as UTF-8.
@main
enum MIMEBenchmark {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("--memory", 2): printMemory(of: arguments[2])
        case ("--mapped", 2): printMappedMemory(of: arguments[2])
        case ("--hostile", 2...3):
            printHostile(Int(arguments[2]), count: arguments.count == 3 ? Int(arguments[3]) : nil)
        case (let folder?, 2): printSpeed(folder: folder, seconds: Double(arguments[2]) ?? 1)
        default:
            complain("usage: MIMEBenchmark FOLDER SECONDS | --memory FILE | --mapped FILE | --hostile NUMBER [COUNT]")
            exit(64)
        }
    }

    private static func printSpeed(folder: String, seconds: Double) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let mails = names.filter { $0.hasSuffix(".eml") }.sorted().map { load("\(folder)/\($0)") }
        var totals = Totals()
        for mail in mails { totals.add(mail) }  // warm
        var passes = 0
        var spent = 0.0
        let start = cpuSeconds()
        repeat {
            totals = Totals()
            for mail in mails { totals.add(mail) }
            passes += 1
            spent = cpuSeconds() - start
        } while spent < seconds
        print(
            """
            {"reader":"Postroom","bytes":\(mails.reduce(0) { $0 + $1.count }),"mails":\(mails.count),\
            "parts":\(totals.parts),"decoded":\(totals.decoded),"text":\(totals.text),\
            "seconds_per_pass":\(spent / Double(passes))}
            """)
    }

    private static func load(_ path: String) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else {
            complain("cannot read \(path)")
            exit(66)
        }
        return [UInt8](data)
    }

    private static func printMemory(of path: String) {
        let before = ResidentMemory.now
        let bytes = load(path)
        ResidentMemory.resetPeak()
        var totals = Totals()
        totals.add(bytes)
        printMemory("Postroom, in memory, files decoded as a whole", bytes.count, before, totals)
    }

    /// As a large mail is read in life: mapped, its files handed on in pieces.
    private static func printMappedMemory(of path: String) {
        let before = ResidentMemory.now
        guard let file = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            complain("cannot read \(path)")
            exit(66)
        }
        var totals = Totals()
        file.withUnsafeBytes { region in
            let region = region.assumingMemoryBound(to: UInt8.self)
            // The closure ends after the message does.
            totals.addInPieces(Message(parsing: MessageBytes(region: region) {}))
        }
        printMemory("Postroom, mapped, files decoded in pieces", file.count, before, totals)
    }

    private static func printMemory(_ reader: String, _ size: Int, _ before: Int, _ totals: Totals) {
        let peak = ResidentMemory.peak
        print(
            """
            {"reader":"\(reader)","bytes":\(size),"before":\(before),"peak":\(peak),"decoded":\(totals.decoded)}
            """)
    }

    private static func printHostile(_ number: Int?, count: Int?) {
        guard let number, HostileMail.all.indices.contains(number) else {
            complain("hostile mails have numbers from 0 to \(HostileMail.all.count - 1)")
            exit(64)
        }
        let kind = HostileMail.all[number]
        let before = ResidentMemory.now
        let bytes = kind.bytes(count ?? kind.count)
        ResidentMemory.resetPeak()
        let start = cpuSeconds()
        let message = Message(parsing: bytes)
        let read = cpuSeconds() - start
        let readPeak = ResidentMemory.peak
        var totals = Totals()
        totals.addAll(of: message)
        let all = cpuSeconds() - start
        print(
            """
            {"name":"\(kind)","bytes":\(bytes.count),"parse_seconds":\(read),"seconds":\(all),\
            "before":\(before),"parse_peak":\(readPeak),"peak":\(ResidentMemory.peak),"work":\(message.work),\
            "parts":\(message.parts.count),"defects":\(message.defects.count)}
            """)
    }
}
