/// What an adaptive policy meant to assign, and what was assigned: the sample-ratio check where shares change on the way.
///
/// Given the past, an assignment with the shares s has the expectation s and the covariance diag(s) − ssᵀ. Summed over all
/// assignments, (O − E)ᵀ·V⁺·(O − E) is chi-square with K − 1 degrees of freedom (the martingale central limit theorem);
/// with constant shares it *is* Pearson's statistic.
public struct AllocationLedger: Sendable, Equatable, Codable {
    public private(set) var observed: [Int64]
    public private(set) var expected: [Double]
    /// Σ (diag(s) − ssᵀ), row by row.
    private var covariance: [Double]

    public init(arms: Int) {
        precondition(arms > 1, "an experiment has at least two arms")
        observed = Array(repeating: 0, count: arms)
        expected = Array(repeating: 0, count: arms)
        covariance = Array(repeating: 0, count: arms * arms)
    }

    /// One assignment, and the shares it was drawn with.
    public mutating func record(arm: Int, shares: [Double]) {
        precondition(shares.count == observed.count, "every arm has a share")
        observed[arm] += 1
        for (row, share) in shares.enumerated() {
            expected[row] += share
            for (column, other) in shares.enumerated() {
                covariance[row * shares.count + column] += (row == column ? share : 0) - share * other
            }
        }
    }

    /// `noData` without an assignment. An arm whose share was always 0 or always 1 adds nothing.
    public func check() -> SampleRatio {
        guard observed.contains(where: { $0 > 0 }) else {
            return SampleRatio(statistic: 0, pValue: 1, status: .noData)
        }
        // The last arm follows from the others. Elimination of the rest: Σ (what is left)²/pivot.
        let count = observed.count
        let last = count - 1
        var rows = (0..<last).map { row in (0..<last).map { covariance[row * count + $0] } }
        var rest = (0..<last).map { Double(observed[$0]) - expected[$0] }
        let largest = (0..<last).map { rows[$0][$0] }.max() ?? 0
        var (statistic, degrees) = (0.0, 0)
        for pivot in 0..<last where rows[pivot][pivot] > 1e-9 * largest {
            statistic += rest[pivot] * rest[pivot] / rows[pivot][pivot]
            degrees += 1
            for row in pivot + 1..<max(last, pivot + 1) {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                rest[row] -= factor * rest[pivot]
                for column in pivot..<last { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        guard degrees > 0 else { return SampleRatio(statistic: 0, pValue: 1, status: .ok) }
        return SampleRatio(statistic: statistic, degrees: degrees)
    }
}
