/// Corrections of p-values for several tests; the results keep the order of the input.
enum AdjustedPValues {
    /// Benjamini and Hochberg 1995, step-up: pₖ·n/k on the sorted values, made monotone from the largest down.
    ///
    /// 0.01, 0.04, 0.03 become 0.03, 0.04, 0.04.
    static func benjaminiHochberg(_ values: [Double]) -> [Double] {
        var adjusted = values
        var smallest = 1.0
        for (rank, index) in ascending(values).enumerated().reversed() {
            smallest = min(smallest, values[index] * Double(values.count) / Double(rank + 1))
            adjusted[index] = smallest
        }
        return adjusted
    }

    /// Holm 1979, step-down: pₖ·(n − k + 1) on the sorted values, made monotone from the smallest up.
    ///
    /// 0.01, 0.04, 0.03 become 0.03, 0.06, 0.06.
    static func holm(_ values: [Double]) -> [Double] {
        var adjusted = values
        var largest = 0.0
        for (rank, index) in ascending(values).enumerated() {
            largest = max(largest, min(1, values[index] * Double(values.count - rank)))
            adjusted[index] = largest
        }
        return adjusted
    }

    private static func ascending(_ values: [Double]) -> [Int] { values.indices.sorted { values[$0] < values[$1] } }
}
