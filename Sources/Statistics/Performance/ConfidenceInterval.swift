/// 95 % confidence intervals of single numbers.
enum ConfidenceInterval {
    /// The 0.975 quantile of the normal distribution.
    static let z95 = 1.959963984540054

    /// Wilson 1927: the proportions that a score test at 5 % does not reject; stays within 0…1 and works at 0 and n.
    ///
    /// 8 of 10 gives 0.490…0.943.
    static func wilson(_ part: Int64, of whole: Int64) -> (low: Double, high: Double)? {
        guard whole > 0 else { return nil }
        let n = Double(whole)
        let share = Double(part) / n
        let square = z95 * z95
        let center = (share + square / (2 * n)) / (1 + square / n)
        let margin = z95 / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
        return (max(0, center - margin), min(1, center + margin))
    }
}
