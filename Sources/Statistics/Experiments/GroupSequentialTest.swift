import Foundation

/// A test at scheduled looks: as strict as its bounds at each, and at level α over all of them.
public struct GroupSequentialTest: Sendable, Equatable, Codable {
    public var alpha: Double
    public var spending: AlphaSpending
    /// The total sample sizes of the scheduled looks, increasing; the last is the planned end.
    public var looks: [Int64]

    /// - Precondition: at least one look; sizes positive and increasing.
    public init(looks: [Int64], alpha: Double = 0.05, spending: AlphaSpending = .obrienFleming) {
        precondition(
            (looks.first ?? 0) > 0 && zip(looks, looks.dropFirst()).allSatisfy { $0 < $1 },
            "looks come at increasing sample sizes")
        self.looks = looks
        self.alpha = alpha
        self.spending = spending
    }

    /// The last look that has been reached with so many observations, from 0; `nil` before the first.
    public func look(reachedBy count: Int64) -> Int? { looks.lastIndex { $0 <= count } }

    /// The two-sided bounds on |Z|.
    public func bounds() -> [Double] { bounds(alpha: alpha, through: looks.count - 1) }

    /// The difference of the means with its *repeated* interval d ± bound·se (Jennison and Turnbull 1989), which holds at
    /// all scheduled looks together, and the repeated p-value: the smallest α at which this look would have rejected.
    /// The statistic is Z. `insufficient` before the first look, where the arms have no variance, and (with its numbers) at a
    /// look too early for the normal law (`BurnIn`).
    ///
    /// Data between two looks are judged with the bound of the look passed last: keep to the schedule.
    ///
    /// - Parameter observed: observations in the whole experiment, which the looks count; those of the two arms where
    ///   there are no others.
    public func effect(control: ArmSummary, treatment: ArmSummary, observed: Int64? = nil) -> ExperimentEffect {
        let method = "group_sequential"
        guard control.count > 0, treatment.count > 0 else { return ExperimentEffect(method: method, status: .noData) }
        guard let look = look(reachedBy: observed ?? control.count + treatment.count),
            let estimate = MeanDifference.estimate(control: control, treatment: treatment, scale: .absolute),
            estimate.standardError > 0
        else {
            return ExperimentEffect(
                method: method, status: .insufficient, difference: treatment.mean - control.mean)
        }
        let z = estimate.difference / estimate.standardError
        let margin = bounds(alpha: alpha, through: look)[look] * estimate.standardError
        return ExperimentEffect(
            method: method, status: BurnIn().isOver(control, treatment) ? .ok : .insufficient,
            difference: estimate.difference, standardError: estimate.standardError,
            low: estimate.difference - margin, high: estimate.difference + margin, statistic: z,
            pValue: repeatedPValue(z.magnitude, look: look))
    }

    private func bounds(alpha: Double, through look: Int) -> [Double] {
        let end = Double(looks[looks.count - 1])
        return GroupSequentialBounds(
            fractions: looks[...look].map { Double($0) / end }, alpha: alpha, spending: spending
        ).bounds
    }

    /// By bisection on ln α, to six digits.
    private func repeatedPValue(_ z: Double, look: Int) -> Double {
        guard bounds(alpha: 0.999, through: look)[look] < z else { return 1 }
        var (low, high) = (log(1e-12), log(0.999))
        while high - low > 1e-6 {
            let middle = (low + high) / 2
            if bounds(alpha: exp(middle), through: look)[look] > z { low = middle } else { high = middle }
        }
        return exp(high)
    }
}
