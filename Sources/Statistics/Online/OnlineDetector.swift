/// What a detector says of the value it was given last.
public enum OnlineSignal: String, Codable, Sendable, CaseIterable {
    case none
    /// The signal may be changing; only DDM, EDDM and the HDDMs say so.
    case warning
    /// The signal has changed. What the detector knew of it before is dropped with the next value, by ADWIN at once.
    case drift
    /// Not taken: no number, infinite, larger than 1e100, or outside what the detector is defined for.
    case refused
}

/// A detector of change in one stream of numbers, with bounded memory: errors, scores, a feature.
///
/// The classic detectors keep no stated false-alarm budget; what they cost and how fast they are is measured in
/// `docs/statistics.md`. Their state is a value: encoded and decoded in mid-stream, a detector goes on exactly as it was.
public protocol OnlineDetector: Codable, Equatable, Sendable {
    /// Takes the next value. A refused one changes nothing but is counted.
    mutating func update(_ value: Double) -> OnlineSignal
    /// Values taken since the start, the last reset or the last drift.
    var count: Int64 { get }
    /// Values refused since the start.
    var refusedCount: Int64 { get }
    /// Forgets the stream; what was refused stays counted.
    mutating func reset()
}

/// Which values a detector takes.
enum OnlineDomain {
    /// Sums of squares of as many values as a lifetime holds stay finite.
    static func holdsNumber(_ value: Double) -> Bool { abs(value) <= 1e100 }
    /// 1 is an error, 0 is none.
    static func holdsError(_ value: Double) -> Bool { value == 0 || value == 1 }
    /// A loss between 0 and 1.
    static func holdsShare(_ value: Double) -> Bool { value >= 0 && value <= 1 }
}

/// A mean over all values so far (Welford 1962).
struct RunningMean: Codable, Equatable, Sendable {
    private(set) var count: Int64 = 0
    private(set) var mean = 0.0

    mutating func add(_ value: Double) {
        count += 1
        mean += (value - mean) / Double(count)
    }
}
