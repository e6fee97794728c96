/// Mean, spread and range of sorted values.
struct Moments: Equatable {
    var mean: Double = 0
    /// Population standard deviation: divided by n, as `numpy.std`.
    var standardDeviation: Double = 0
    var minimum: Double?
    var maximum: Double?

    init() {}

    /// - Parameter values: ascending and finite, so that the same values give the same digits in whatever order they
    ///   came. Two passes; values up to the largest double don't overflow on the way.
    init(sorted values: [Double]) {
        guard let first = values.first, let last = values.last else { return }
        minimum = first
        maximum = last
        let largest = max(first.magnitude, last.magnitude)
        // A power of two, so that scaling loses no digit; only where the squares could overflow.
        let scale: Double = largest > 0x1p400 ? 0x1p-600 : 1
        let count = Double(values.count)
        let center = first == last ? first * scale : values.reduce(0) { $0 + $1 * scale } / count
        let squares = values.reduce(0) { sum, value in
            let deviation = value * scale - center
            return sum + deviation * deviation
        }
        mean = min(max(center / scale, first), last)
        standardDeviation = min((squares / count).squareRoot() / scale, .greatestFiniteMagnitude)
    }
}
