/// Mean, standard deviation, skewness and kurtosis in two passes, scaled where powers would overflow or vanish.
struct NumericMoments {
    let mean: Double?
    let standardDeviation: Double?
    let skewness: Double?
    let kurtosis: Double?

    /// - Precondition: finite values, at least one.
    init(_ values: [Double]) {
        let count = Double(values.count)
        var largest = 0.0
        for value in values { largest = max(largest, value.magnitude) }
        // The fourth power of 10⁷⁷ is not a number any more.
        let scale = largest > 1e60 || (largest < 1e-60 && largest > 0) ? largest : 1
        var sum = 0.0
        for value in values { sum += value / scale }
        let mean = sum / count
        var (second, third, fourth) = (0.0, 0.0, 0.0)
        for value in values {
            let distance = value / scale - mean
            let square = distance * distance
            second += square
            third += square * distance
            fourth += square * square
        }
        self.mean = Self.finite(mean * scale)
        standardDeviation = values.count > 1 ? Self.finite((second / (count - 1)).squareRoot() * scale) : nil
        // What rounding leaves of a constant is no spread.
        let isSpread = second / count > 1e-28 * (mean * mean)
        guard isSpread, values.count > 2 else {
            (skewness, kurtosis) = (nil, nil)
            return
        }
        let variance = second / count
        let biased = third / count / (variance * variance.squareRoot())
        skewness = Self.finite(biased * (count * (count - 1)).squareRoot() / (count - 2))
        guard values.count > 3 else {
            kurtosis = nil
            return
        }
        let excess = fourth / count / (variance * variance) - 3
        kurtosis = Self.finite((count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * excess + 6))
    }

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
