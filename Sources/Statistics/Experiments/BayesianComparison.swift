/// Bayesian comparison of proportions: beta posteriors, and everything else by numerical integration of their laws, without
/// a random number.
///
/// P(best) is what it says under the prior, and not a p-value: to stop when it first passes 95 % rejects a true "no
/// difference" far more often than 5 % of the time (the suite "experiments" measures how often).
public struct BayesianComparison: Sendable, Equatable {
    public let posteriors: [BetaPosterior]
    /// Per arm, P(it has the largest proportion); they add up to 1.
    public let probabilityBest: [Double]
    /// Per arm, E[largest proportion − its own]: what choosing it costs on average, as a proportion.
    public let expectedLoss: [Double]

    /// 500 of 5,000 against 560 of 5,000, uniform priors: P(best) 0.0257 and 0.9743.
    public init(_ posteriors: [BetaPosterior]) {
        precondition(posteriors.count > 1, "a comparison has at least two arms")
        self.posteriors = posteriors
        var probabilities: [Double] = []
        var largest = 0.0
        for (index, posterior) in posteriors.enumerated() {
            var (probability, mean) = (0.0, 0.0)
            for node in posterior.quadrature(points: Self.pointCount(posterior, posteriors)) {
                var weight = node.weight
                for (other, law) in posteriors.enumerated() where other != index && weight > 0 {
                    weight *= law.lowerTail(node.x)
                }
                probability += weight
                mean += weight * node.x
            }
            probabilities.append(probability)
            largest += mean
        }
        let sum = probabilities.reduce(0, +)
        probabilityBest = probabilities.map { $0 / sum }
        expectedLoss = posteriors.map { max(0, largest - $0.mean) }
    }

    /// The interval of `treatment`'s proportion minus `control`'s with equal tails of posterior probability.
    public func difference(
        of treatment: Int, from control: Int = 0, alpha: Double = 0.05
    ) -> (mean: Double, low: Double, high: Double) {
        let (first, second) = (posteriors[control], posteriors[treatment])
        let nodes = first.quadrature(points: Self.pointCount(first, [first, second]))
        func lowerTail(_ difference: Double) -> Double {
            nodes.reduce(0) { $0 + ($1.weight > 1e-18 ? $1.weight * second.lowerTail($1.x + difference) : 0) }
        }
        let center = second.mean - first.mean
        let spread = 12 * (first.deviation + second.deviation)
        let (low, high) = (max(-1, center - spread), min(1, center + spread))
        return (
            center, Bisection.root(of: lowerTail, equals: alpha / 2, from: low, to: high, steps: 50),
            Bisection.root(of: lowerTail, equals: 1 - alpha / 2, from: low, to: high, steps: 50)
        )
    }

    /// Enough points for the narrowest of the laws to be smooth between two of them.
    private static func pointCount(_ own: BetaPosterior, _ all: [BetaPosterior]) -> Int {
        let narrowest = all.map(\.deviation).min() ?? own.deviation
        return min(100_000, max(200, Int(200 * own.deviation / narrowest)))
    }
}
