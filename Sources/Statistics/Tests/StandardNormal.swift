import CBoostMath

/// The standard normal distribution, for modules that have no numerical library of their own.
public enum StandardNormal {
    /// The x with P(X ≤ x) = `probability`; NaN outside (0, 1).
    public static func quantile(_ probability: Double) -> Double { td_normal_quantile(probability) }

    /// P(X ≤ x).
    public static func lowerTail(_ x: Double) -> Double { td_normal_lower_tail(x) }
}
