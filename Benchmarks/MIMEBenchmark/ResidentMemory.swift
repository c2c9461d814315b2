import Foundation

/// Resident memory of this process, as Linux tells it in /proc/self/status. In bytes.
enum ResidentMemory {
    static var now: Int { value(of: "VmRSS:") }
    /// The most since the last `resetPeak`.
    static var peak: Int { value(of: "VmHWM:") }

    /// Writing 5 there makes the peak what is resident now (proc(5)); where that is forbidden, the peak is that of the whole
    /// life of the process.
    static func resetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    private static func value(of name: String) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
            return (Int(digits) ?? 0) * 1024
        }
        return 0
    }
}

/// CPU time of this process so far.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
