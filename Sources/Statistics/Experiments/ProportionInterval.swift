import CBoostMath

/// Confidence intervals of one proportion, at level 1 − α; `nil` for n = 0.
public enum ProportionInterval {
    public typealias Bounds = (low: Double, high: Double)

    /// Wilson 1927: the proportions that a score test does not reject. Covers 1 − α on average, and works at 0 and n.
    ///
    /// 8 of 10 at α = 0.05: 0.490…0.943.
    public static func wilson(_ successes: Int64, of count: Int64, alpha: Double = 0.05) -> Bounds? {
        precondition(0 <= successes && successes <= count, "successes are among the trials")
        guard count > 0 else { return nil }
        let bounds = ConfidenceInterval.wilson(
            share: Double(successes) / Double(count), of: Double(count), z: td_normal_quantile(1 - alpha / 2))
        // Rounding must not shut 0 and 1 out.
        return (successes == 0 ? 0 : bounds.low, successes == count ? 1 : bounds.high)
    }

    /// Clopper and Pearson 1934: the proportions that neither one-sided binomial test at α/2 rejects. Covers at least
    /// 1 − α always, and is wide for it.
    ///
    /// 8 of 10 at α = 0.05: 0.444…0.975.
    public static func clopperPearson(_ successes: Int64, of count: Int64, alpha: Double = 0.05) -> Bounds? {
        precondition(0 <= successes && successes <= count, "successes are among the trials")
        guard count > 0 else { return nil }
        let (hits, misses) = (Double(successes), Double(count - successes))
        let low = successes == 0 ? 0 : td_beta_quantile(alpha / 2, hits, misses + 1)
        let high = successes == count ? 1 : td_beta_quantile(1 - alpha / 2, hits + 1, misses)
        return (low, high)
    }
}
