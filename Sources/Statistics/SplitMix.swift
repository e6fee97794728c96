import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014), for choices that a seed fixes: the same everywhere for the same seed.
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.finished(state)
    }

    /// A hash of one number.
    public static func mixed(_ value: UInt64) -> UInt64 { finished(value &* 0x9E37_79B9_7F4A_7C15) }

    /// One value of the standard normal distribution (Box and Muller 1958).
    public mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: 0..<1, using: &self).nextUp)).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }

    private static func finished(_ state: UInt64) -> UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
