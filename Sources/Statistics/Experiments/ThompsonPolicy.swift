/// Thompson sampling (Thompson 1933) as a traffic policy: an arm gets traffic in proportion to the probability that it is
/// the best. For optimising while learning; the mean of an arm that was starved is biased, so decide by a fixed allocation
/// where the size of the effect matters.
///
/// The shares are computed exactly (`BayesianComparison`), not by drawing from the posteriors: the same policy in law, and
/// every assignment's probability is known, which is what the sample-ratio check is judged against (`ledger`).
public struct ThompsonPolicy: Sendable, Equatable, Codable {
    public private(set) var posteriors: [BetaPosterior]
    /// The shares in force. They change when `updateShares` is called, and not with every outcome.
    public private(set) var shares: [Double]
    public private(set) var ledger: AllocationLedger
    /// No arm gets less, so that a bad start can be made good.
    public let minimumShare: Double

    /// - Precondition: at least two arms; `minimumShare`·arms at most 1.
    public init(arms: Int, minimumShare: Double = 0.01, prior: (alpha: Double, beta: Double) = (1, 1)) {
        precondition(minimumShare >= 0 && minimumShare * Double(arms) <= 1, "the smallest shares fit into one")
        self.minimumShare = minimumShare
        posteriors = Array(repeating: BetaPosterior(prior: prior), count: arms)
        shares = Array(repeating: 1 / Double(arms), count: arms)
        ledger = AllocationLedger(arms: arms)
    }

    /// Draws the arm of one unit, and enters it in the ledger.
    public mutating func assign(using generator: inout some RandomNumberGenerator) -> Int {
        var rest = Double.random(in: 0..<1, using: &generator)
        let chosen = shares.firstIndex { share in
            rest -= share
            return rest < 0
        }
        // Rounding may leave a last crumb: it belongs to the largest share.
        let arm = chosen ?? shares.indices.max { shares[$0] < shares[$1] } ?? 0
        ledger.record(arm: arm, shares: shares)
        return arm
    }

    public mutating func record(arm: Int, success: Bool) { posteriors[arm].add(success: success) }

    /// Shares by what is known now: minimum + (1 − arms·minimum)·P(best).
    public mutating func updateShares() {
        let free = 1 - minimumShare * Double(posteriors.count)
        shares = BayesianComparison(posteriors).probabilityBest.map { minimumShare + free * $0 }
    }
}
