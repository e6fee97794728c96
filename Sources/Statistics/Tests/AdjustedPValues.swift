/// Corrections of p-values for several tests at once; the results keep the order of the input, are at most 1, and a
/// hypothesis is rejected at α where its adjusted value is at most α. As statsmodels' `multipletests` and R's `p.adjust`.
public enum AdjustedPValues {
    /// pₖ·n: bounds the chance of a single false rejection, whatever the dependence (Bonferroni 1936).
    ///
    /// 0.01, 0.04, 0.03 become 0.03, 0.12, 0.09.
    public static func bonferroni(_ values: [Double]) -> [Double] {
        values.map { min(1, $0 * Double(values.count)) }
    }

    /// Holm 1979, step-down: pₖ·(n − k + 1) on the sorted values, made monotone from the smallest up. As Bonferroni, and
    /// never weaker.
    ///
    /// 0.01, 0.04, 0.03 become 0.03, 0.06, 0.06.
    public static func holm(_ values: [Double]) -> [Double] {
        var adjusted = values
        var largest = 0.0
        for (rank, index) in ascending(values).enumerated() {
            largest = max(largest, min(1, values[index] * Double(values.count - rank)))
            adjusted[index] = largest
        }
        return adjusted
    }

    /// Hommel 1988, by the algorithm of Wright 1992: stronger than Holm's, for independent or positively dependent tests.
    ///
    /// 0.01, 0.04, 0.03 become 0.03, 0.04, 0.04.
    public static func hommel(_ values: [Double]) -> [Double] {
        let count = values.count
        guard count > 1 else { return values }
        let order = ascending(values)
        let sorted = order.map { values[$0] }
        var smallest = sorted
        for m in stride(from: count, through: 2, by: -1) {
            let first = count - m
            let bound = (1...m).reduce(Double.infinity) { min($0, Double(m) * sorted[first + $1 - 1] / Double($1)) }
            for index in first..<count { smallest[index] = max(smallest[index], bound) }
            for index in 0..<first {
                smallest[index] = max(smallest[index], min(bound, Double(m) * sorted[index]))
            }
        }
        var adjusted = values
        for (rank, index) in order.enumerated() { adjusted[index] = min(1, max(sorted[rank], smallest[rank])) }
        return adjusted
    }

    /// Benjamini and Hochberg 1995, step-up: pₖ·n/k on the sorted values, made monotone from the largest down. Bounds the
    /// expected share of false rejections among all of them, for independent or positively dependent tests.
    ///
    /// 0.01, 0.04, 0.03 become 0.03, 0.04, 0.04.
    public static func benjaminiHochberg(_ values: [Double]) -> [Double] { stepUp(values, factor: 1) }

    /// Benjamini and Yekutieli 2001: the same under any dependence, at the price of the factor 1 + ½ + … + 1/n.
    ///
    /// 0.01, 0.04, 0.03 become 0.055, 0.0733, 0.0733.
    public static func benjaminiYekutieli(_ values: [Double]) -> [Double] {
        stepUp(values, factor: values.indices.reduce(0) { $0 + 1 / Double($1 + 1) })
    }

    private static func stepUp(_ values: [Double], factor: Double) -> [Double] {
        var adjusted = values
        var smallest = 1.0
        for (rank, index) in ascending(values).enumerated().reversed() {
            smallest = min(smallest, factor * values[index] * Double(values.count) / Double(rank + 1))
            adjusted[index] = smallest
        }
        return adjusted
    }

    private static func ascending(_ values: [Double]) -> [Int] { values.indices.sorted { values[$0] < values[$1] } }
}
