/// How long to wait before the next attempt: exponential with full jitter, so that clients who failed together do not
/// come back together (Brooker, "Exponential Backoff and Jitter", 2015).
public struct Backoff: Sendable, Equatable {
    /// The longest wait after the first failure, microseconds.
    public var baseMicroseconds: Int64
    /// The longest wait ever, microseconds.
    public var capMicroseconds: Int64

    public init(baseMicroseconds: Int64 = 1_000_000, capMicroseconds: Int64 = 300_000_000) {
        precondition(
            baseMicroseconds > 0 && capMicroseconds >= baseMicroseconds, "a backoff's base is positive, its cap larger")
        self.baseMicroseconds = baseMicroseconds
        self.capMicroseconds = capMicroseconds
    }

    /// The longest wait after so many failures (1 for the first): base · 2^(failures − 1), at most the cap.
    public func ceilingMicroseconds(failures: Int) -> Int64 {
        let doublings = min(max(failures, 1) - 1, 62)
        let (product, overflow) = baseMicroseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
        return overflow ? capMicroseconds : min(product, capMicroseconds)
    }

    /// A wait drawn evenly from 1 µs to the ceiling.
    public func delayMicroseconds(failures: Int, using generator: inout some RandomNumberGenerator) -> Int64 {
        Int64.random(in: 1...ceilingMicroseconds(failures: failures), using: &generator)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the notifier's chance, the same for the same seed.
struct JitterGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter name: a second seed, so that endpoints draw apart from one another (FNV-1a of its bytes).
    init(seed: UInt64, name: String) {
        state = name.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
