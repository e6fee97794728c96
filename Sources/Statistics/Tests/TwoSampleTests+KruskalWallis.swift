extension TwoSampleTests {
    /// The Kruskal–Wallis test on two or more samples (1952): H = 12/(N(N + 1))·Σ R²/n − 3(N + 1) of the rank sums R,
    /// divided by 1 − Σ(t³ − t)/(N³ − N) for ties; χ² with k − 1 degrees of freedom. Sensitive to shifts. Equals SciPy's
    /// `kruskal`. All values equal: 0, p = 1.
    ///
    /// (1, 2, 3) and (4, 5, 6): H = 3.857, p = 0.0495.
    public static func kruskalWallis(_ samples: [[Double]]) -> TestResult {
        precondition(samples.count > 1, "a comparison needs two samples")
        guard let groups = RankedGroups(samples) else {
            return TestResult(statistic: 0, pValue: 1, method: "chi_square", status: .noData)
        }
        let degrees = samples.count - 1
        let total = groups.total
        let correction = 1 - groups.tieTerm / (total * total * total - total)
        guard groups.distinct > 1, correction > 0 else {
            return TestResult(statistic: 0, pValue: 1, method: "chi_square", degreesOfFreedom: Double(degrees))
        }
        // About the mean rank, so that nothing large cancels.
        let middle = (total + 1) / 2
        let squares = zip(groups.rankSums, groups.sizes).reduce(0) { sum, group in
            let distance = group.0 / group.1 - middle
            return sum + group.1 * distance * distance
        }
        let statistic = 12 / (total * (total + 1)) * squares / correction
        return TestResult(
            statistic: statistic, pValue: chiSquareTail(statistic, degrees: degrees), method: "chi_square",
            degreesOfFreedom: Double(degrees))
    }
}
