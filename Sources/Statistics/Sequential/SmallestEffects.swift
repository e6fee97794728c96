/// The changes too small for anybody to care about: part of the hypothesis "nothing has drifted", so that a huge window
/// cannot raise an alarm over a trivial difference.
public struct SmallestEffects: Codable, Sendable, Equatable {
    /// Of a numeric column's location, in standard deviations of a normal column; likewise of its spread and shape.
    public var shift: Double
    /// Of the share of missing values or of one category: 0.005 is half a percentage point.
    public var share: Double
    /// Of Σ(p − q)²/q over the cells, which for small changes is the PSI.
    public var divergence: Double

    /// - Precondition: none is negative.
    public init(shift: Double = 0.02, share: Double = 0.005, divergence: Double = 0.0005) {
        precondition(shift >= 0 && share >= 0 && divergence >= 0, "an effect is not negative")
        self.shift = shift
        self.share = share
        self.divergence = divergence
    }
}
