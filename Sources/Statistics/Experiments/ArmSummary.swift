/// What the tests on means need to know of one arm (variant) of an experiment: a value that adds and merges.
///
/// The sum of squared deviations is kept beside the mean (Welford 1962; merged as Chan, Golub, LeVeque 1979), so that
/// large means lose no digits. (1, 2, 3, 4): mean 2.5, variance 1.667.
public struct ArmSummary: Sendable, Equatable, Codable {
    public private(set) var count: Int64 = 0
    /// 0 where there is no value.
    public private(set) var mean = 0.0
    /// Σ (x − mean)².
    public private(set) var squares = 0.0
    /// Σ (x − mean)³ (Pébay 2008); `nil` where it was not published.
    public private(set) var cubes: Double? = 0
    /// Whether the values are 0 and 1: their variance is then known from the mean, p(1 − p), and not estimated.
    public let isProportion: Bool

    /// No value yet.
    public init(isProportion: Bool = false) { self.isProportion = isProportion }

    /// Values that are not finite are left out.
    public init(_ values: some Sequence<Double>, isProportion: Bool = false) {
        self.init(isProportion: isProportion)
        for value in values { add(value) }
    }

    /// - Precondition: 0 ≤ successes ≤ count.
    public init(successes: Int64, of count: Int64) {
        precondition(0 <= successes && successes <= count, "successes are among the trials")
        isProportion = true
        self.count = count
        mean = count > 0 ? Double(successes) / Double(count) : 0
        squares = Double(successes) * (1 - mean)
        cubes = squares * (1 - 2 * mean)
    }

    /// From published numbers: n, mean and the sample variance (over n − 1).
    public init(count: Int64, mean: Double, variance: Double) {
        precondition(count >= 0 && variance >= 0, "counts and variances are not negative")
        isProportion = false
        self.count = count
        self.mean = mean
        squares = variance * Double(max(0, count - 1))
        cubes = nil
    }

    /// A value that is not finite is left out.
    public mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        count += 1
        let number = Double(count)
        let deviation = value - mean
        let step = deviation / number
        let term = deviation * step * (number - 1)
        cubes = cubes.map { $0 + step * (term * (number - 2) - 3 * squares) }
        mean += step
        squares += term
    }

    /// As if the other's values had been added here.
    public mutating func merge(_ other: ArmSummary) {
        guard other.count > 0 else { return }
        let (own, others) = (Double(count), Double(other.count))
        let total = own + others
        let deviation = other.mean - mean
        let joint = deviation * deviation * (own * others / total)
        if let first = cubes, let second = other.cubes {
            cubes =
                first + second + joint * deviation * ((own - others) / total)
                + 3 * deviation * (own * other.squares - others * squares) / total
        } else {
            cubes = nil
        }
        squares += other.squares + joint
        mean += deviation * (others / total)
        count += other.count
    }

    /// Over n − 1; for a proportion p(1 − p). `nil` below two values (a proportion: below one).
    public var variance: Double? {
        if isProportion { return count > 0 ? squares / Double(count) : nil }
        return count > 1 ? squares / Double(count - 1) : nil
    }

    /// Of a proportion.
    var successes: Int64 { Int64((mean * Double(count)).rounded()) }
}
