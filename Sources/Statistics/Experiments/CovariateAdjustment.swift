/// CUPED (Deng, Xu, Kohavi, Walker 2013): takes out of the metric what was known before the experiment began.
///
/// With covariates x measured before the assignment, y − θᵀ(x − x̄) has the same difference of means in expectation and
/// (1 − R²) of the variance. θ solves Cov(x)·θ = Cov(x, y), both within the arms, so that an effect does not bend it.
/// A covariate that the treatment can move biases the answer: use only what precedes it.
public struct CovariateAdjustment: Sendable, Equatable {
    /// One per covariate; 0 for one that says nothing beyond those before it (constant, or a copy).
    public let coefficients: [Double]
    /// The metric after adjustment, in the order of the input.
    public let values: [Double]
    /// The share of the within-arm variance taken out, 0…1 (R²).
    public let reduction: Double

    /// y of (1, 2, 3, 4) and x of (1, 2, 3, 5) in one arm: θ = 0.743, R² = 0.966.
    /// - Parameters:
    ///   - values: the metric; finite.
    ///   - covariates: columns of the same length; finite.
    ///   - arms: the arm of each row, from 0.
    public init(values: [Double], covariates: [[Double]], arms: [Int]) {
        precondition(
            arms.count == values.count && covariates.allSatisfy { $0.count == values.count },
            "metric, covariates and arms have one length")
        let centred = covariates.map { Self.withinArms($0, arms) }
        let target = Self.withinArms(values, arms)
        let matrix = centred.map { row in centred.map { Self.product(row, $0) } }
        let coefficients = NormalEquations.solve(matrix, centred.map { Self.product($0, target) })
        self.coefficients = coefficients
        let means = covariates.map { column in column.reduce(0) { $0 + $1 / Double(max(1, values.count)) } }
        self.values = values.indices.map { row in
            var value = values[row]
            for (index, column) in covariates.enumerated() {
                value -= coefficients[index] * (column[row] - means[index])
            }
            return value
        }
        let total = Self.product(target, target)
        let left = Self.withinArms(self.values, arms)
        let share = total > 0 ? 1 - Self.product(left, left) / total : 0
        reduction = share.isFinite ? min(1, max(0, share)) : 0
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func withinArms(_ values: [Double], _ arms: [Int]) -> [Double] {
        var summaries: [ArmSummary] = []
        for (value, arm) in zip(values, arms) {
            while summaries.count <= arm { summaries.append(ArmSummary()) }
            summaries[arm].add(value)
        }
        return zip(values, arms).map { $0 - summaries[$1].mean }
    }
}
