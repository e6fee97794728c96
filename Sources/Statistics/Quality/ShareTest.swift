import CBoostMath

/// Exact statements about a share of which `hits` of `count` trials were seen: right at one hit in ten million as at a
/// hundred of a hundred. For trials that do not depend on each other.
public enum ShareTest {
    /// P(X ≥ hits) for X binomial with `count` trials at `share`: the p-value of the one-sided exact test of
    /// "the share is at most `share`". By the incomplete beta function I_share(hits, count − hits + 1)
    /// (Clopper and Pearson 1934). 1 for no hit; 0 for a hit where the share is 0.
    ///
    /// 3 of 20 at a share of 0.01: 0.0010.
    ///
    /// - Precondition: 0 ≤ hits ≤ count.
    public static func upperTail(hits: Int64, count: Int64, share: Double) -> Double {
        precondition(hits >= 0 && hits <= count, "hits are among the trials")
        if hits == 0 || share >= 1 { return 1 }
        if share <= 0 { return 0 }
        return td_beta_lower_tail(share, Double(hits), Double(count - hits) + 1)
    }

    /// The largest share that `hits` of `count` do not contradict at this error: the upper end of the one-sided interval
    /// of Clopper and Pearson 1934, the (1 − error) quantile of Beta(hits + 1, count − hits). 1 for no trial.
    ///
    /// 0 of 1,000 at an error of 0.001: 0.0069.
    ///
    /// - Precondition: 0 ≤ hits ≤ count, 0 < error < 1.
    public static func upperBound(hits: Int64, count: Int64, error: Double) -> Double {
        precondition(hits >= 0 && hits <= count && error > 0 && error < 1)
        if hits == count { return 1 }
        return td_beta_quantile(1 - error, Double(hits) + 1, Double(count - hits))
    }

    /// The largest share of new values that may lie outside the smallest and largest of `count` values of the same
    /// continuous law: that share has the law Beta(2, count − 1) whatever the law of the values (Wilks 1941). 1 for
    /// fewer than two.
    ///
    /// 1,000 values, error 0.001: 0.0092.
    ///
    /// - Precondition: 0 < error < 1.
    public static func outsideRange(ofSample count: Int64, error: Double) -> Double {
        precondition(error > 0 && error < 1)
        return count < 2 ? 1 : td_beta_quantile(1 - error, 2, Double(count) - 1)
    }
}
