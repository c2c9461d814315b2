import ArgumentParser

/// The exit codes of sysexits(3) that Postroom uses. systemd does not restart the unit on 78.
enum ExitStatus {
    static let usage = ExitCode(64)
    static let dataError = ExitCode(65)
    static let noInput = ExitCode(66)
    static let software = ExitCode(70)
    static let ioError = ExitCode(74)
    static let temporary = ExitCode(75)
    static let config = ExitCode(78)
}
