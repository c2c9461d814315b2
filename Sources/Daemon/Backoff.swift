/// How long to wait before the next try after a failure: doubling from one second to five minutes, with a quarter of
/// random variation, so that a hundred mailboxes of one provider do not come back in the same instant.
struct Backoff: Sendable {
    private(set) var failures = 0

    mutating func succeed() { failures = 0 }

    /// `random` is in 0..<1; the caller draws it.
    mutating func next(random: Double) -> Duration {
        let seconds = min(300, Double(1 << min(failures, 9)))
        failures += 1
        return .seconds(seconds * (0.875 + random / 4))
    }
}
